"""Hosts that are never asked, because their operators or the law want it so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from linkcrawler.errors import ConfigError
from linkcrawler.urls import host_of

_NAME = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\Z|\d+(\.\d+){3}\Z|\[[0-9a-f:.]+\]\Z")


@dataclass(frozen=True, slots=True)
class DeniedHosts:
    """Each name stands for its host and all hosts below it."""

    names: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Self:
        """Read LINKCRAWLER_DENY_HOSTS; ConfigError for what is no name of a host."""
        names = {entry.strip().lower().strip(".") for entry in entries} - {""}
        for name in sorted(names):
            if not _NAME.match(name):
                raise ConfigError(
                    f"LINKCRAWLER_DENY_HOSTS: {name!r} is not understood; expected names of hosts parted by commas, "
                    "such as shop.example.org,example.com, each with all hosts below it"
                )
        return cls(frozenset(names))

    def covers(self, url: str) -> bool:
        """Whether the host of a canonical address is one of these or below one.

        >>> denied = DeniedHosts.parse(["example.com"])
        >>> denied.covers("https://www.example.com/"), denied.covers("https://notexample.com/")
        (True, False)
        """
        host = host_of(url)
        while self.names and host:
            if host in self.names:
                return True
            host = host.partition(".")[2]
        return False
