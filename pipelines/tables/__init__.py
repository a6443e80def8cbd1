"""Tables that other programs export: read out of whatever file they come in, with their columns found by name.

reading   a file (CSV, TSV, XLSX, JSON) -> rows of text with their line numbers
columns   the header -> which column holds what
days      a column of days -> their order, and each day
"""
