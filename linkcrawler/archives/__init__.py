"""Where links are that others have crawled: WARC and WAT files, the index of captures, the graph of hosts."""
