"""Which hosts link to a target, out of a graph of hosts or domains as Common Crawl publishes it.

Vertices are lines ``id TAB reversed.name`` (domains: and the number of hosts), edges ``from TAB to``, packed or not.
The edges are read once, the vertices twice: what a linking vertex is called is known only when its edge has been seen.
Memory holds a block of text, the ids of the target and one bit for each vertex.
"""

import gzip
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from linkcrawler.domains import registered_domain
from linkcrawler.errors import UsageError
from linkcrawler.targets import Target

_gzip: Any = importlib.import_module("isal.igzip") if importlib.util.find_spec("isal") else gzip
BLOCK = 1 << 20
FEW = 16
"""So many ids are looked for in a whole block before its lines are parted."""
MOST_ID = 1 << 32
"""Common Crawl counts 3e8 hosts; a bit for each of 2**32 takes 512 MiB."""


@dataclass(slots=True)
class Linkers:
    """What a graph says of a target."""

    hosts: list[str] = field(default_factory=list)
    """Names that link to the target, in the graph's order, without those on the target's own site."""
    edges: int = 0
    own: int = 0
    """Linking names on the target's own site."""
    bad: int = 0
    """Lines that are no vertex and no edge."""


def find_linkers(vertices: Sequence[Path], edges: Sequence[Path], target: Target) -> Linkers:
    """Read the graph. UsageError if a file cannot be read or the graph does not have the target."""
    found = Linkers()
    wanted = set(_ids_of(vertices, target, found))
    if not wanted:
        raise UsageError(
            f"the graph has no vertex for {target.spec}: expected a line such as 42<TAB>{_reversed(target.domain)} in "
            f"{', '.join(map(str, vertices[:3]))}; a graph of domains knows registered domains only"
        )
    linking = _Bits()
    needles = [b"\t" + number + b"\n" for number in wanted] if len(wanted) <= FEW else []
    for block in _blocks(edges):
        _note(block, wanted, needles, linking, found)
    _name(vertices, linking, target, found)
    return found


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files themselves; of a folder all that lie in it, sorted."""
    return [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]


class _Bits:
    """A set of small numbers, one bit each."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, number: int) -> None:
        at = number >> 3
        if at >= len(self._bytes):
            self._bytes.extend(bytes(at + 1 - len(self._bytes)))
        self._bytes[at] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        at = number >> 3
        return at < len(self._bytes) and bool(self._bytes[at] >> (number & 7) & 1)


def _note(block: bytes, wanted: set[bytes], needles: list[bytes], linking: _Bits, found: Linkers) -> None:
    """Note the sources of the block's edges that lead to the target."""
    lines = block.count(b"\n")
    found.edges += lines
    if needles and not any(needle in block for needle in needles):
        return
    parts = block.split()
    if len(parts) != 2 * lines:
        pairs = [line.split() for line in block.splitlines()]
        parts = [part for pair in pairs if len(pair) == 2 for part in pair]
        found.bad += lines - len(parts) // 2
    for source, to in zip(parts[::2], parts[1::2], strict=True):
        if to in wanted:
            if source.isdigit() and (number := int(source)) < MOST_ID:
                linking.add(number)
            else:
                found.bad += 1


def _ids_of(vertices: Sequence[Path], target: Target, found: Linkers) -> Iterator[bytes]:
    name = _reversed(target.host or target.domain).encode()
    for block in _blocks(vertices):
        if b"\t" + name not in block:
            continue
        for line in block.splitlines():
            number, _, rest = line.partition(b"\t")
            called = rest.partition(b"\t")[0]
            if called == name or (not target.host and called.startswith(name + b".")):
                if number.isdigit():
                    yield number
                else:
                    found.bad += 1


def _name(vertices: Sequence[Path], linking: _Bits, target: Target, found: Linkers) -> None:
    for block in _blocks(vertices):
        for line in block.splitlines():
            number, tab, rest = line.partition(b"\t")
            if not (tab and number.isdigit()):
                found.bad += 1
            elif int(number) in linking:
                host = _reversed(rest.partition(b"\t")[0].decode("ascii", "replace"))
                if registered_domain(host) == target.domain:
                    found.own += 1
                else:
                    found.hosts.append(host)


def _reversed(host: str) -> str:
    """``www.example.org`` for ``org.example.www``, and back. Older graphs leave out ``www``."""
    return ".".join(reversed(host.split(".")))


def _blocks(paths: Sequence[Path]) -> Iterator[bytes]:
    """The text of the files in blocks of whole lines, each line ended by a line feed."""
    for path in paths:
        try:
            with _open(path) as stream:
                rest = b""
                while block := stream.read(BLOCK):
                    block = rest + block
                    end = block.rfind(b"\n") + 1
                    rest = block[end:]
                    if end:
                        yield block[:end]
                if rest:
                    yield rest + b"\n"
        except (OSError, EOFError) as error:
            raise UsageError(
                f"{path} cannot be read ({error}): expected a file of a web graph, such as vertices.txt.gz"
            ) from error


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    opened: BinaryIO = _gzip.open(path, "rb") if packed else path.open("rb")
    return opened
