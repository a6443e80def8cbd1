"""What happened to links: derived from visits, listed, sent to whom it concerns."""
