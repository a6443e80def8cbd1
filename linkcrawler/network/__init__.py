"""Fetching from a web that may be hostile: which addresses are connected to, how much is read, for how long."""

TRUNCATED = "truncated"
"""Flag of a response whose body is not all there: cut by size, by time, or because the connection or its packing broke
off; or not read, because it is not wanted or cannot be unpacked (then its Content-Encoding is still a header)."""

HTML_ONLY = "linkcrawler_html_only"
"""Meta key of a request whose answer is closed after the headers if it is a page (status 200) of another type."""

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "application/xml", "text/xml", ""))
"""Content types that are read as HTML; a page without one may be any."""


class AddressRefused(OSError):
    """The host is, or resolves to, an address that a crawler of the public web has no business with."""
