"""Tables as JSON: an object a line, or one document that holds a list of objects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pipelines.tables.rows import BadRow, Row

_KEYS_OF = 100
"""Objects whose keys make the header."""
_DEPTH = 6
"""Levels of a document at which the list may lie."""
_BEGINNING = re.compile(r"\s*[{\[]")

_decode = msgspec.json.decode


def is_json(text: str) -> bool:
    return bool(_BEGINNING.match(text))


def json_rows(text: str) -> Iterator[Row | BadRow]:
    """The header as line 0, then each object as a row; an object within an object gives columns ``outer.inner``."""
    found = list(_objects(text))
    keys = dict.fromkeys(key for _, one in found[:_KEYS_OF] if isinstance(one, dict) for key in one)
    yield 0, tuple(keys)
    for number, one in found:
        if isinstance(one, dict):
            yield number, tuple(one.get(key, "") for key in keys)
        else:
            yield BadRow(number, one)


def _objects(text: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Number and object, or what is wrong with it."""
    if (entries := _entries_of(text)) is not None:
        for number, entry in enumerate(entries, 1):
            yield number, _flat(entry) if isinstance(entry, dict) else "expected a JSON object"
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _read(line)


def _entries_of(text: str) -> list[Any] | None:
    try:
        document = _decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return _list_in(document, _DEPTH) or ([document] if isinstance(document, dict) else None)


def _list_in(value: object, depth: int) -> list[Any] | None:
    if isinstance(value, list):
        # Interfaces wrap their list: {"tasks": [{"result": [{"items": [...]}]}]}.
        only = value[0] if len(value) == 1 and isinstance(value[0], dict) and depth else None
        if only and (inner := _list_in(only, depth - 1)):
            return inner
        return value if any(isinstance(entry, dict) for entry in value) else None
    if isinstance(value, dict) and depth:
        return next((found for entry in value.values() if (found := _list_in(entry, depth - 1))), None)
    return None


def _read(line: str) -> dict[str, str] | str:
    try:
        entry = _decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        return f"expected a JSON object ({error})"
    return _flat(entry) if isinstance(entry, dict) else "expected a JSON object"


def _flat(entry: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            found |= {f"{key}.{inner}": _cell(one) for inner, one in value.items()}
        else:
            found[key] = _cell(value)
    return found


def _cell(value: object) -> str:
    if isinstance(value, list):
        value = next(iter(value), None)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()
