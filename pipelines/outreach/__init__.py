"""Outreach logs: what the target's side says of whom it asked, and what that tells of a link.

reading   a file (CSV, TSV, XLSX) -> rows of text with their line numbers
columns   the header -> which column holds what
rows      a row -> a Contact, or why it is none
joining   a link and the contacts with its site -> evidence
"""
