"""What runs the page and which services it embeds, by the traces in config/engines.toml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from linkcrawler.capture.metadata import Metadata
from linkcrawler.config import expression, load
from linkcrawler.walk import Walk

MAX_ASSETS = 400
MAX_SCRIPT_CHARS = 200_000

_KINDS = ("generator", "names", "assets", "address", "credits")
_CASED = re.compile(r"\\[A-Z]|\(\?P")
"""What means something else in lower case."""

_SIGNS = re.compile(r"(\\(?:x\w\w|u\w{4}|\d+|.)|\[\^?\]?(?:\\.|[^\]])*\]|.)([?*+]|\{[^}]*\})?", re.DOTALL)
"""Each single sign, set or bracket of a pattern, and how often it may stand."""

_PLAIN = re.compile(r"(?:[^\W_]|[ _/<>\"'=:;,@!~-]|\\[./?+-])+")
"""A pattern that means nothing but itself."""

Table = tuple[tuple[str, tuple["Trace", ...]], ...]
"""Names, each with its traces."""

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


class Trace(NamedTuple):
    """What to look for in one kind of sight, in lower case: a text, and the pattern where the text does not say it all.

    A text is found in a tenth of the time that a pattern of several alternatives takes.
    """

    kind: str
    text: str
    pattern: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Sights:
    """What a page shows of what runs it: one string per kind of trace, in lower case."""

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


def sights_of(walk: Walk, metadata: Metadata, url: str) -> Sights:
    """Collect the traces of one page, bounded."""
    assets: list[str] = []
    for element in walk.elements("script", "link", "iframe", "img", "embed", "source"):
        get = element.get
        address = get("src") or get("data-src") or (get("href") if element.tag == "link" else "")
        if address and not address.startswith("data:"):
            assets.append(address[:300])
        if len(assets) >= MAX_ASSETS:
            break
    outer = [walk.root, *walk.root.iterchildren("body")]
    outer += [child for body in outer[1:] for child in body.iterchildren("div", "main", "section", "table")][:30]
    outer += [inner for element in outer[2:] for inner in element.iterchildren("div", "main", "section")][:60]
    names = " ".join(f"{element.get('id', '')} {element.get('class', '')}"[:600] for element in outer)
    links = walk.elements("a")
    edges = [(element.get("href") or "")[:200] for element in links[:10] + links[-60:]]
    seen = metadata.meta("generator"), f" {names} ", "\n".join(assets), url, "\n".join(edges)
    return Sights(*map(str.lower, seen))


def _compiled(entries: tuple[Traces, ...]) -> Table:
    return tuple((entry.name, tuple(_traces(entry))) for entry in entries)


def _traces(entry: Traces) -> Iterator[Trace]:
    for kind in _KINDS:
        if pattern := getattr(entry, kind):
            where = f"{entry.name}.{kind}"
            expression(_FILE, where, pattern)
            for part in _alternatives(pattern):
                yield Trace(kind, _telling(part), _pattern(where, part))


def _telling(part: str) -> str:
    """The longest text that stands in whatever the pattern fits, in lower case: all of it if it is plain."""
    texts, depth = [""], 0
    for sign, times in _SIGNS.findall(part):
        depth += (sign == "(") - (sign == ")")
        if depth or times or not _PLAIN.fullmatch(sign):
            texts.append("")
        else:
            texts[-1] += sign[-1]
    return max(texts, key=len).lower()


def _pattern(where: str, part: str) -> re.Pattern[str] | None:
    if _PLAIN.fullmatch(part):
        return None
    # In lower case, because a pattern without regard to case cannot leap to its letters: 3 ms a page.
    written, flags = (part.lower(), re.NOFLAG) if _CASED.search(part) is None else (part, re.IGNORECASE)
    return expression(_FILE, where, written, flags)


def _alternatives(pattern: str) -> list[str]:
    """The pattern's alternatives, told apart outside of groups and sets."""
    parts, depth, start = [], 0, 0
    for match in _SIGNS.finditer(pattern):
        sign = match[1]
        if sign == "|" and not depth:
            parts.append(pattern[start : match.start()])
            start = match.end(1)
        depth += (sign == "(") - (sign == ")")
    return [*parts, pattern[start:]]


def _matching(table: Table, sights: Sights) -> Iterator[str]:
    shown = {kind: text for kind in _KINDS if (text := getattr(sights, kind))}
    for name, traces in table if shown else ():
        for kind, text, pattern in traces:
            if kind in shown and text in shown[kind] and (pattern is None or pattern.search(shown[kind])):
                yield name
                break
