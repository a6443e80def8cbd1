"""What runs the page and which services it embeds, by the traces in config/engines.toml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from lxml.etree import _Element

from linkcrawler.capture.metadata import Metadata
from linkcrawler.config import expression, load

MAX_ASSETS = 400
MAX_SCRIPT_CHARS = 200_000

_KINDS = ("generator", "names", "assets", "address", "credits")
_CASED = re.compile(r"\\[A-Z]|\(\?P")
"""What means something else in lower case."""

Table = tuple[tuple[str, tuple[tuple[str, re.Pattern[str]], ...]], ...]
"""Names, each with its patterns by kind of trace."""

_FILE = "engines.toml"
_EXAMPLE = '[[engine]] name = "discourse"  generator = "discourse"  names = "crawler-post"  assets = "/discourse-"'


class Traces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What gives one engine or service away. All patterns are regular expressions, searched without regard to case."""

    name: str
    generator: str = ""
    """In the generator meta tag."""
    names: str = ""
    """In class and id of html, body and the outermost elements."""
    assets: str = ""
    """In addresses of scripts, styles, frames and images."""
    address: str = ""
    """In the page's own address."""
    credits: str = ""
    """In addresses that the page links to (a forum's "powered by")."""


class EngineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of config/engines.toml."""

    engine: tuple[Traces, ...]
    service: tuple[Traces, ...]


@dataclass(frozen=True, slots=True)
class Sights:
    """What a page shows of what runs it: one string per kind of trace."""

    generator: str = ""
    names: str = ""
    assets: str = ""
    address: str = ""
    credits: str = ""


@dataclass(frozen=True, slots=True)
class EngineSigns:
    """The traces, ready to be looked for."""

    engines: Table
    services: Table

    def engine(self, sights: Sights) -> str:
        """Name of the engine that the generator tag names, else of the first in the file's order that left a trace."""
        named = Sights(generator=sights.generator)
        return next(_matching(self.engines, named), "") or next(_matching(self.engines, sights), "")

    def services_in(self, sights: Sights) -> tuple[str, ...]:
        """Names of all services that left a trace."""
        return tuple(_matching(self.services, sights))


def load_engine_signs() -> EngineSigns:
    """Read config/engines.toml. Raises ConfigError if it does not have the declared shape."""
    file = load(_FILE, EngineFile, _EXAMPLE)
    return EngineSigns(_compiled(file.engine), _compiled(file.service))


def sights_of(root: _Element, metadata: Metadata, url: str) -> Sights:
    """Collect the traces of one page, bounded."""
    assets: list[str] = []
    for element in root.iter("script", "link", "iframe", "img", "embed", "source"):
        get = element.get
        address = get("src") or get("data-src") or (get("href") if element.tag == "link" else "")
        if address and not address.startswith("data:"):
            assets.append(address[:300])
        if len(assets) >= MAX_ASSETS:
            break
    outer = [root, *root.iterchildren("body")]
    outer += [child for body in outer[1:] for child in body.iterchildren("div", "main", "section", "table")][:30]
    outer += [inner for element in outer[2:] for inner in element.iterchildren("div", "main", "section")][:60]
    names = " ".join(f"{element.get('id', '')} {element.get('class', '')}"[:600] for element in outer)
    links = [(element.get("href") or "")[:200] for element in root.iter("a")]
    edges = links[:10] + links[-60:]
    return Sights(metadata.meta("generator"), f" {names} ", "\n".join(assets), url, "\n".join(edges))


def _compiled(entries: tuple[Traces, ...]) -> Table:
    return tuple((entry.name, tuple(_patterns(entry))) for entry in entries)


def _patterns(entry: Traces) -> Iterator[tuple[str, re.Pattern[str]]]:
    for kind in _KINDS:
        if pattern := getattr(entry, kind):
            # In lower case, because a pattern without regard to case cannot leap to its letters: 3 ms a page.
            plain = _CASED.search(pattern) is None
            written, flags = (pattern.lower(), re.NOFLAG) if plain else (pattern, re.IGNORECASE)
            yield kind, expression(_FILE, f"{entry.name}.{kind}", written, flags)


def _matching(table: Table, sights: Sights) -> Iterator[str]:
    shown = {kind: getattr(sights, kind).lower() for kind in _KINDS}
    for name, patterns in table:
        if any(pattern.search(shown[kind]) for kind, pattern in patterns):
            yield name
