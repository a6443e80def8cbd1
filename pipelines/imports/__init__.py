"""Lists of linking pages from elsewhere: exports of other programs, and referrers in servers' logs.

table_rows   a row of an export -> a seed with what the vendor says of its link, or why it is none
access_log   a line of a log -> a click
referrers    clicks -> seeds; spam, searches and own pages are counted
importing    a file -> what it is, and all of that
"""
