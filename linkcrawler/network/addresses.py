"""Which addresses may be connected to: public ones, and those that the operator allows by name."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Self

from linkcrawler.errors import ConfigError
from linkcrawler.network import AddressRefused

# IPv6 blocks that carry an IPv4 address in their last 32 bits: translation (RFC 6052), compatible (RFC 4291).
_CARRIERS = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"), IPv6Network("::ffff:0:0:0/96"))
# Public in the registries, but never a web server that strangers may ask: local translation, benchmarks, site-local.
_EXTRA = (
    IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"), IPv6Network("2001::/23"), IPv6Network("100::/64"),
    IPv6Network("5f00::/16"), IPv6Network("3fff::/20"),
    IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("100.64.0.0/10"),
)  # fmt: skip
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".localdomain", ".intranet", ".corp")


@dataclass(frozen=True, slots=True)
class Gate:
    """Names and networks that are allowed although they are not public."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = field(default=())

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Self:
        """Read LINKCRAWLER_ALLOW_HOSTS: host names (``.example.org`` with all below it), addresses, networks."""
        names, networks = set(), []
        for entry in filter(None, (entry.strip().lower() for entry in entries)):
            try:
                networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError as error:
                if "/" in entry or "*" in entry:
                    raise ConfigError(
                        f"LINKCRAWLER_ALLOW_HOSTS: {entry!r} is not understood; expected names, addresses and networks "
                        "parted by commas, such as wiki.intranet.example,.lab.example,10.0.0.0/8"
                    ) from error
                names.add(entry)
        return cls(frozenset(names), tuple(networks))

    def admits_name(self, host: str) -> bool:
        parts = host.split(".")
        return host in self.names or any("." + ".".join(parts[i:]) in self.names for i in range(len(parts)))

    def check_address(self, text: str) -> None:
        """Raise AddressRefused unless ``text`` is an address in plain notation that may be connected to."""
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError as error:
            raise AddressRefused(f"{text!r} is no address in plain notation") from error
        for inner in (address, *_carried(address)):
            if not any(inner.version == net.version and inner in net for net in self.networks) and not _public(inner):
                raise AddressRefused(f"{text} is not a public address; LINKCRAWLER_ALLOW_HOSTS can allow it")

    def check_host(self, host: str) -> None:
        """Raise AddressRefused for a host that is itself an address, in any notation, or a name of private networks.

        Asks no name server: behind a proxy it is the proxy that resolves names.
        """
        name = host.lower().strip("[]").rstrip(".")
        if self.admits_name(name):
            return
        if name == "localhost" or name.endswith(_LOCAL_NAMES):
            raise AddressRefused(f"{host} is a name of private networks; LINKCRAWLER_ALLOW_HOSTS can allow it")
        address = as_address(name)
        if address:
            self.check_address(address)


def _public(address: IPv4Address | IPv6Address) -> bool:
    if any(address.version == network.version and address in network for network in _EXTRA):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """IPv4 addresses that traffic to an IPv6 address would reach."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _CARRIERS):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(inner for inner in found if inner is not None)


def as_address(name: str) -> str:
    """The plain notation of a host that is an address in any form that resolvers take (0x7f.1, 017700000001)."""
    if ":" in name:
        return name
    try:
        return socket.inet_ntoa(socket.inet_aton(name)) if name and " " not in name else ""
    except OSError:
        return ""
