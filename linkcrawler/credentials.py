"""Addresses of servers as they may be shown: credentials are never printed or logged."""

from urllib.parse import urlsplit


def without_password(url: str) -> str:
    """The address with ``…`` for the user and the password."""
    parts = urlsplit(url)
    return parts._replace(netloc="…@" + parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else url
