"""What people read: the report, the story of a link, tables."""
