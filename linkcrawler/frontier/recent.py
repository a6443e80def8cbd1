"""Addresses that this process gave to the frontier lately: nine in ten links of a site lead to one of them."""

from array import array
from collections.abc import Iterable

SLOTS = 1 << 20
"""8 MiB. A newer address takes the place of an older one in the same slot, which the frontier then refuses itself."""


class Recent:
    """A table of 64-bit hashes. That an unknown address finds its own hash there has a chance of one in 2^64 a look."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._table, self._mask = array("q", bytes(8 * slots)), slots - 1

    def note(self, urls: Iterable[str]) -> None:
        table, mask = self._table, self._mask
        for url in urls:
            name = hash(url)
            table[name & mask] = name

    def unknown(self, urls: Iterable[str]) -> list[str]:
        """Those that are not in the table, in their order."""
        table, mask = self._table, self._mask
        return [url for url in urls if table[(name := hash(url)) & mask] != name]
