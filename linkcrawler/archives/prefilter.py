"""Whether bytes may hold a link to a target, before anything of them is parsed."""

import html
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from linkcrawler.targets import Target

_ESCAPED_NAME = re.compile(rb"%(?:25)*(?:2[de]|3\d|[46][1-9a-f]|[57][\da])")
"""Escapes of letters, digits, dots and hyphens, which nobody needs but who hides a name."""
_ENTITY = re.compile(rb"&(?:#|period)")
_ODD_HOST = re.compile(rb"//[^/?#\s\"'<>\\\x80-\xff]*[\x80-\xff]")
_BASE64_HTTP = b"aHR0c"
"""How an http address begins in base64."""
_DROPPED = b"\t\r\n\0"
"""What browsers drop inside an address; without NUL an ASCII name in UTF-16 can be read."""
_LOWER = bytes(range(256)).lower()


class Prefilter:
    """Says no only where capture would find nothing."""

    def __init__(self, targets: tuple[Target, ...]) -> None:
        names = dict.fromkeys(spelling for target in targets for spelling in target.spellings)
        self._needles = tuple(dict.fromkeys(needle for name in names for needle in _written(name)))
        self._packed = tuple(dict.fromkeys(piece for target in targets for piece in _packed(target.domain)))

    def may_name(self, raw: bytes) -> bool:
        lowered = raw.translate(_LOWER, _DROPPED)
        if self._named(lowered):
            return True
        if _BASE64_HTTP in raw and any(piece in raw for piece in self._packed):
            return True
        return self._hidden(raw, lowered)

    def _named(self, lowered: bytes) -> bool:
        return any(needle in lowered for needle in self._needles)

    def _hidden(self, raw: bytes, lowered: bytes) -> bool:
        """Behind escapes, or in a host name whose letters are mapped to others."""
        if _ENTITY.search(lowered) or _ESCAPED_NAME.search(lowered):
            plain = html.unescape(unquote_to_bytes(unquote_to_bytes(lowered)).decode("utf-8", "replace"))
            if self._named(plain.encode("utf-8", "replace").translate(_LOWER, _DROPPED)):
                return True
        if raw.isascii():
            return False
        return _ODD_HOST.search(raw) is not None or b"\r\n\r\n\xff\xfe" in raw or b"\r\n\r\n\xfe\xff" in raw


def _written(name: str) -> Iterator[bytes]:
    yield name.encode()
    if not name.isascii():
        yield json.dumps(name)[1:-1].lower().encode()


def _packed(domain: str) -> Iterator[bytes]:
    """What of a name is the same in base64 whatever stands around it, for each of the three ways it can lie."""
    name = domain.encode()
    for before in range(3):
        packed = b64encode(b"\0" * before + name)
        first, last = -(-before * 4 // 3), (before + len(name)) * 4 // 3
        yield packed[first:last]
