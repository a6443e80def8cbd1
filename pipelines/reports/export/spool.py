"""Lines of an export on their way from the order in which links are stored to that of their ids.

Each writer sorts its lines by the beginning of the id into :data:`PARTS` parts and appends them, a block at a time, to
a file of its own in a folder that all writers share. Ids are digests, so that the parts are much alike: a 1024th of all
lines, which is sorted in memory.
"""

import os
import struct
from itertools import accumulate
from pathlib import Path

import msgspec

PARTS = 1024
BYTES_A_LINE = 8_000
"""Of the disk; generated links take 1,400 as CSV and 3,300 as JSON Lines."""
_HELD = 3_000_000
"""Bytes of lines in memory before they go to the file."""
_ID_AT = {"csv": len('"'), "parquet": len('"'), "jsonl": len('{"id":"')}
_DIGITS = 3
_BITS = 4 * _DIGITS - PARTS.bit_length() + 1
"""Of these digits that tell no parts apart."""
_HEAD = struct.Struct(f">{PARTS + 1}I")
"""Before each block: where each part begins in it, and where the last one ends."""
_PLACE = struct.Struct(">II")


class Spool:
    def __init__(self, folder: Path, form: str) -> None:
        self._folder = folder
        self._at = _ID_AT[form]
        self._parts: list[list[bytes]] = [[] for _ in range(PARTS)]
        self._held = 0
        self._blocks: list[tuple[int, int]] = []

    def add(self, lines: list[bytes]) -> None:
        parts, start, end = self._parts, self._at, self._at + _DIGITS
        for line in lines:
            parts[int(line[start:end], 16) >> _BITS].append(line)
        self._held += sum(map(len, lines))
        if self._held >= _HELD:
            self.flush()

    def flush(self) -> None:
        """Into the file, for whichever writer takes the part."""
        packed = [msgspec.msgpack.encode(lines) if lines else b"" for lines in self._parts]
        with (self._folder / str(os.getpid())).open("ab") as file:
            file.write(_HEAD.pack(*accumulate(map(len, packed), initial=_HEAD.size)))
            file.writelines(packed)
        for lines in self._parts:
            lines.clear()
        self._held = 0

    def take(self, part: int) -> list[bytes]:
        """All writers' lines of a part in the order of their ids: what precedes the id is the same in each.

        Only once all writers have flushed their last lines.
        """
        if not self._blocks:
            self._blocks = [block for path in self._folder.iterdir() for block in _blocks(path)]
        found: list[bytes] = []
        for file, block in self._blocks:
            start, end = _PLACE.unpack(os.pread(file, _PLACE.size, block + _PLACE.size // 2 * part))
            if end > start:
                found += msgspec.msgpack.decode(os.pread(file, end - start, block + start), type=list[bytes])
        found.sort()
        return found


def _blocks(path: Path) -> list[tuple[int, int]]:
    """The open file with the place of each of its blocks. It stays open until the process ends."""
    file, size = os.open(path, os.O_RDONLY), path.stat().st_size
    found = [(file, 0)]
    while (end := found[-1][1] + _HEAD.unpack(os.pread(file, _HEAD.size, found[-1][1]))[-1]) < size:
        found.append((file, end))
    return found
