"""Outreach logs: what the target's side says of whom it asked, and what that tells of a link.

columns   the header -> which column holds what
rows      a row -> a Contact, or why it is none
joining   a link and the contacts with its site -> evidence
"""
