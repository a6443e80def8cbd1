"""Reads a body piece by piece: unpacked, never longer than allowed."""

import zlib

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Body:
    """Collects the pieces of a response with the given Content-Encoding. What cannot be unpacked ends the body."""

    def __init__(self, encoding: str, most_bytes: int) -> None:
        self._most, self._encoding = most_bytes, encoding.strip().lower()
        self._unpacker = zlib.decompressobj(_GZIP if "gzip" in self._encoding else _ZLIB) if self.packed else None
        self._begun = False
        self.content = bytearray()
        self.cut = False
        """True once something was left out."""

    @property
    def packed(self) -> bool:
        return self._encoding in ("gzip", "x-gzip", "deflate")

    @property
    def readable(self) -> bool:
        """False for an encoding that was not asked for and is not understood."""
        return self.packed or self._encoding in ("", "identity")

    def feed(self, piece: bytes) -> bool:
        """Take a piece of the body; False if no more is wanted."""
        room = self._most - len(self.content)
        if self._unpacker is None:
            self.content += piece[:room]
            self.cut = len(piece) > room
        else:
            self._unpack(piece, room)
        return not self.cut

    def _unpack(self, piece: bytes, room: int) -> None:
        assert self._unpacker is not None
        try:
            # One byte more than there is room for tells whether something is left out; a bomb is never unpacked.
            more = self._unpacker.decompress(piece, room + 1)
        except zlib.error:
            if self._begun or self._encoding != "deflate":
                self.cut = True
                return
            # Some servers send deflate without zlib's header.
            self._unpacker, self._begun = zlib.decompressobj(_RAW), True
            self._unpack(piece, room)
            return
        self._begun = True
        self.content += more[:room]
        self.cut = len(more) > room
