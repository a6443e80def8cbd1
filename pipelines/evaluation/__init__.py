"""How well pages are read and links are judged, measured on labelled saved pages."""
