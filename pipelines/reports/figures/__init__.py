"""What the report shows beyond its summary: each figure from links that pass by once. Pure functions."""
