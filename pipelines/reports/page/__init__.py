"""The report as a page to look at: sections of text, tables and charts, drawn and written."""
