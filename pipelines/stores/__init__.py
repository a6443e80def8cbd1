"""Where visits and links are kept: one protocol, two backends."""
