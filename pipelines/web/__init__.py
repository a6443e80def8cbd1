"""The local web interface: the report live, tables of links, a page for each link, an API."""
