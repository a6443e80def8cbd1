"""JSON-LD of a page as a flat list of nodes: what schema.org says the page and its author are."""

import json
import re
from typing import Any

from lxml.etree import _Element

from linkcrawler.walk import Walk

MAX_SCRIPTS, MAX_CHARS, MAX_NODES, MAX_DEPTH = 40, 400_000, 600, 8

_JSON_BEGINS, _JSON_ENDS = ("{", "["), ("}", "]")

Node = dict[str, Any]

# Publishers wrap the data in XML sections, comments and stray semicolons.
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$"
)


def data_scripts(walk: Walk) -> list[_Element]:
    """The scripts that say of themselves that they are JSON-LD."""
    return [script for script in walk.elements("script") if "ld+json" in (script.get("type") or "").lower()]


def json_ld(walk: Walk) -> list[Node]:
    """All JSON-LD objects of the page, outer ones first within each script; those that do not parse are left out.

    Bounded by :data:`MAX_SCRIPTS` scripts of :data:`MAX_CHARS` characters and :data:`MAX_NODES` objects.
    """
    nodes: list[Node] = []
    scripts = 0
    for script in data_scripts(walk):
        text = script.text
        if not text:
            continue
        scripts += 1
        if scripts > MAX_SCRIPTS or len(nodes) >= MAX_NODES:
            break
        if len(text) <= MAX_CHARS:
            nodes += _flatten(_decode(text))
    return nodes[:MAX_NODES]


def types_of(node: Node) -> tuple[str, ...]:
    """schema.org types of a node without their namespace."""
    raw = node.get("@type")
    values = raw if isinstance(raw, list) else [raw]
    names = (_clean(value).rsplit("/", 1)[-1].rsplit("#", 1)[-1] for value in values if isinstance(value, str))
    return tuple(name[:60] for name in names if name)


def texts(value: Any, *keys: str) -> list[str]:
    """The strings in a property: itself, the members of a list, or the first of ``keys`` that an object has."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = next((item[key] for key in keys if item.get(key)), None)
        if isinstance(item, list):
            found += [_clean(inner) for inner in item[:20] if isinstance(inner, str)]
        elif isinstance(item, str):
            found.append(_clean(item))
    return [text for text in found if text][:20]


def _clean(text: str) -> str:
    """Whitespace folded; halves of surrogate pairs and NUL, which no database stores, dropped."""
    return " ".join(text.replace("\0", " ").encode("utf-8", "ignore").decode().split())


def _decode(text: str) -> Any:
    told = text.strip()
    if told[:1] not in _JSON_BEGINS or told[-1:] not in _JSON_ENDS:
        text = _WRAPPING.sub("", _WRAPPING.sub("", text))
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _flatten(data: Any) -> list[Node]:
    nodes: list[Node] = []
    waiting = [(data, 0)]
    for item, depth in waiting:
        if len(nodes) >= MAX_NODES or len(waiting) > 20 * MAX_NODES:
            break
        if isinstance(item, dict):
            nodes.append(item)
        if depth < MAX_DEPTH and isinstance(item, dict | list):
            inner = item.values() if isinstance(item, dict) else item
            waiting += [(value, depth + 1) for value in inner if isinstance(value, dict | list)]
    return nodes
