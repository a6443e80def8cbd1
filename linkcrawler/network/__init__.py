"""Fetching from a web that may be hostile: which addresses are connected to, how much is read, for how long."""

TRUNCATED = "truncated"
"""Flag of a response whose body was cut: by size, by time, or because the connection broke off."""


class AddressRefused(OSError):
    """The host is, or resolves to, an address that a crawler of the public web has no business with."""
