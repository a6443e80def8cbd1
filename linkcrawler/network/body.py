"""Reads a body piece by piece: unpacked, never longer than allowed."""

import importlib.util
import zlib
from io import BytesIO
from typing import Any

_zlib: Any = importlib.import_module("isal.isal_zlib") if importlib.util.find_spec("isal") else zlib
"""The optional extra ``speed`` unpacks a page in less than half of the time."""
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_MEMBER = b"\x1f\x8b"
"""How each member of a gzip file begins (RFC 1952); there may be several, one after the other."""
MOST_MEMBERS = 1000
"""Block gzip makes members of 64 KiB; each costs a copy of what follows it."""
_OVERHEAD = 4096
"""Bytes by which packed data may exceed what they hold."""
_UNREADABLE = frozenset(
    ("br", "zstd", "compress", "x-compress", "dcb", "dcz", "sdch", "bzip2", "x-bzip2", "xz", "lzma", "pack200-gzip")
)
"""Packings that were not asked for. Other words (``utf-8``, ``none``) are no packing: browsers pass over them too."""


class Body:
    """Collects the pieces of a response with the given Content-Encoding. What cannot be unpacked ends the body."""

    def __init__(self, encoding: str, most_bytes: int) -> None:
        names = [name.strip().lower() for name in encoding.split(",")]
        packings = [name for name in names if name in ("gzip", "x-gzip", "deflate") or name in _UNREADABLE]
        self.readable = len(packings) < 2 and _UNREADABLE.isdisjoint(packings)
        """False for packings that are not understood, and for several at once."""
        self._deflate = packings == ["deflate"]
        self._unpacker = _zlib.decompressobj(_ZLIB if self._deflate else _GZIP) if packings else None
        self._most, self._taken, self._members, self._begun = most_bytes, 0, 1, False
        self._rest = b""
        """What is too short to tell what it begins."""
        self._over = False
        """True once the packed data ended before the body did."""
        self._content = BytesIO()
        """Gives its bytes away without a copy, unlike a bytearray."""
        self.cut = False
        """True once something was left out."""

    def feed(self, piece: bytes) -> bool:
        """Take a piece of the body; False if no more is wanted."""
        if self._unpacker is None:
            self._keep(piece, self._most - self._content.tell())
        else:
            self._taken += len(piece)
            self._unpack(self._rest + piece)
            self.cut = self.cut or (not self._over and self._taken > self._most + _OVERHEAD)
        return not (self.cut or self._over)

    def take(self) -> bytes:
        """The content, to be had once."""
        content, self._content = self._content.getvalue(), BytesIO()
        return content

    def whole(self, *, ended: bool) -> bool:
        """Whether nothing is missing; ``ended``: the connection brought all that it promised."""
        if self.cut or self._over:
            return not self.cut
        return ended and (self._unpacker is None or self._unpacker.eof)

    def _unpack(self, packed: bytes) -> None:
        self._rest = b""
        while packed and not (self.cut or self._over):
            assert self._unpacker is not None
            if len(packed) < len(_MEMBER) and (self._unpacker.eof or not self._begun):
                self._rest = packed
                return
            if self._unpacker.eof:
                self._next_member(packed)
            else:
                self._inflate(packed)
                packed = self._unpacker.unused_data

    def _next_member(self, packed: bytes) -> None:
        """Padding and other bytes after the last member are no part of the page."""
        self._over = self._deflate or not packed.startswith(_MEMBER)
        self._members += 1
        self.cut = not self._over and self._members > MOST_MEMBERS
        self._unpacker = self._unpacker if self._over else _zlib.decompressobj(_GZIP)

    def _inflate(self, packed: bytes) -> None:
        assert self._unpacker is not None
        room = self._most - self._content.tell()
        try:
            # One byte more than there is room for tells whether something is left out; a bomb is never unpacked.
            more = self._unpacker.decompress(packed, room + 1)
        except (zlib.error, _zlib.error):
            if self._begun or not self._deflate:
                self.cut = True
                return
            # Some servers send deflate without zlib's header.
            self._unpacker, self._begun = _zlib.decompressobj(_RAW), True
            self._inflate(packed)
            return
        self._begun = True
        self._keep(more, room)

    def _keep(self, more: bytes, room: int) -> None:
        self._content.write(more[:room])
        self.cut = len(more) > room
