"""Whether bytes may hold a link to a target, before anything of them is parsed."""

import html
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from linkcrawler.archives.needles import ESCAPED_NAME, Needles
from linkcrawler.targets import Target

_ENTITY = re.compile(rb"&(?:#|period)")
_ANY_ENTITY = re.compile(rb"&[#a-z]")
_ODD_HOST = re.compile(rb"//[^/?#\s\"'<>\\\x80-\xff]*[\x80-\xff]")
_DROPPED = b"\t\r\n\0"
"""What browsers drop inside an address; without NUL an ASCII name in UTF-16 can be read."""
_LOWER = bytes(range(256)).lower()


class Prefilter:
    """Says no only where capture would find nothing."""

    def __init__(self, targets: tuple[Target, ...]) -> None:
        names = dict.fromkeys(spelling for target in targets for spelling in target.spellings)
        written = dict.fromkeys(needle for name in names for needle in _written(name))
        packed = dict.fromkeys(piece for target in targets for piece in _packed(target.domain))
        self._needles = Needles(tuple(written), tuple(packed))
        self._international = not all(name.isascii() for name in names)
        self._entity = _ANY_ENTITY if self._international else _ENTITY

    def in_page(self, raw: bytes) -> bool:
        """For HTML, in whatever encoding, with or without the head of its response."""
        lowered = raw.translate(_LOWER, _DROPPED)
        if self._needles.named(lowered) or self._needles.packed(raw):
            return True
        if self._entity.search(lowered) or ESCAPED_NAME.search(raw):
            plain = html.unescape(_unescaped(lowered).decode("utf-8", "replace")).encode("utf-8", "replace")
            if self._needles.named(plain.translate(_LOWER, _DROPPED)):
                return True
        return not raw.isascii() and (_ODD_HOST.search(raw) is not None or _utf16(raw))

    def in_metadata(self, raw: bytes) -> bool:
        """For JSON that holds addresses as a page has them. Of names in letters beyond ASCII only those of targets that
        have such: to look for others, which browsers would map to ASCII, takes half as long again."""
        signs = self._needles.signs(raw)
        if signs.named or signs.packed:
            return True
        if signs.escaped and self._needles.named(_unescaped(raw.lower())):
            return True
        return self._international and not raw.isascii() and _ODD_HOST.search(raw) is not None


def _unescaped(lowered: bytes) -> bytes:
    return unquote_to_bytes(unquote_to_bytes(lowered)).lower()


def _utf16(raw: bytes) -> bool:
    """Whether a response's body, or the bytes themselves, begin with a byte order mark of UTF-16."""
    start = raw[raw.find(b"\r\n\r\n") + 4 :][:2] if raw.startswith(b"HTTP/") else raw[:2]
    return start in (b"\xff\xfe", b"\xfe\xff")


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
