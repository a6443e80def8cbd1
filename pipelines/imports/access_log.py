"""Lines of a web server's log: combined format (Apache, nginx, with or without the host in front), or JSON objects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from pipelines.imports.vocabulary import LogKeys
from pipelines.tables.columns import folded

_QUOTED = r'"((?:[^"\\]|\\.)*+)"'
_LINE = re.compile(
    rf"(?:([\w.-]+(?::\d+)?) (?=\S+ \S+ \S+ \[))?(\S+) \S+ [^\[\]]*\[([^\]]{{11,40}})\] {_QUOTED} \d{{3}} (?:\d+|-)"
    rf"(?: {_QUOTED} {_QUOTED})?"
)
_DAY = re.compile(r"(\d{1,2})/(\w{3})/(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MILLISECONDS_FROM = 1e11
_SKIPPED = frozenset(("", "-"))


@dataclass(frozen=True, slots=True)
class Click:
    """A request that names where it came from."""

    client: str
    day: date
    host: str
    """Of the server, without port; empty if the log does not tell."""
    path: str
    referrer: str
    """As it was sent; empty if none was."""
    agent: str


def is_line(line: str, keys: LogKeys) -> bool:
    """Whether a line is one of a log that tells requests."""
    if line.startswith("{"):
        entry = _entry(line)
        return bool(entry and _value(entry, keys.path) and _has(entry, keys.referrer))
    return bool(_LINE.match(line))


def read_click(line: str, keys: LogKeys) -> Click:
    """Raises ValueError with what was expected if the line is no request."""
    return _of_json(line, keys) if line.startswith("{") else _of_text(line)


def _of_text(line: str) -> Click:
    found = _LINE.match(line)
    if not found:
        raise ValueError(f"expected a line in combined format, got {line[:80]!r}")
    host, client, time, request, referrer, agent = found.groups()
    if referrer is None:
        raise ValueError("the line ends before the referrer: have the server write the combined format")
    return Click(client, _day(time[:11]), _host(host or ""), _path(request), _sent(referrer), agent)


def _of_json(line: str, keys: LogKeys) -> Click:
    entry = _entry(line)
    if entry is None:
        raise ValueError(f"expected a JSON object, got {line[:80]!r}")
    time, path = _value(entry, keys.time), _value(entry, keys.path)
    if not time or not path:
        raise ValueError(f"expected an object with time and path of the request, got {line[:80]!r}")
    return Click(
        client=_value(entry, keys.client),
        day=_moment(time),
        host=_host(_value(entry, keys.host)),
        path=_path(path),
        referrer=_sent(_value(entry, keys.referrer)),
        agent=_value(entry, keys.agent),
    )


def _entry(line: str) -> Mapping[str, Any] | None:
    """With keys folded, those of inner objects joined to the outer ones."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None
    return _joined(found, "", 3) if isinstance(found, dict) else None


def _joined(entry: Mapping[str, Any], before: str, depth: int) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for key, value in entry.items():
        name = before + folded(key)
        if isinstance(value, dict) and depth:
            joined |= _joined(value, name, depth - 1)
        else:
            joined[name] = value
    return joined


def _has(entry: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(folded(name) in entry for name in names)


def _value(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = entry.get(folded(name))
        if isinstance(value, list):
            value = next(iter(value), None)
        if isinstance(value, str | int | float) and str(value) not in _SKIPPED:
            return str(value)
    return ""


@lru_cache(maxsize=1 << 10)
def _day(text: str) -> date:
    found = _DAY.match(text)
    if not found or found[2].lower() not in _MONTHS:
        raise ValueError(f"expected a day such as 31/Jan/2026, got {text[:40]!r}")
    return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))


def _moment(text: str) -> date:
    """The day in UTC, of a time as ISO 8601, as in the text format, or in seconds or milliseconds since 1970."""
    try:
        seconds = float(text)
    except ValueError:
        if _DAY.match(text):
            return _day(text[:11])
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS_FROM else seconds, UTC).date()
    except (OverflowError, OSError) as error:
        raise ValueError(f"expected a time, got {text[:40]!r}") from error


def _host(text: str) -> str:
    return text.lower().partition(":")[0]


def _path(request: str) -> str:
    """Out of ``GET /path HTTP/1.1``, or the path alone."""
    words = request.split(" ")
    return words[1] if len(words) > 1 and words[0].isupper() else words[0]


def _sent(referrer: str) -> str:
    return "" if referrer in _SKIPPED else referrer
