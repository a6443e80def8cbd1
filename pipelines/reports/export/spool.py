"""Lines of an export on their way from the order in which links are stored to that of their ids.

Each writer sorts its lines into files by the beginning of the id, :data:`PARTS` of them in a folder that all writers
share. Ids are digests, so that the parts are much alike: a 256th of all lines, which is sorted in memory.
"""

import os
from pathlib import Path

import msgspec

PARTS = 256
BYTES_A_LINE = 8_000
"""Of the disk; generated links take 1,400 as CSV and 3,300 as JSON Lines."""
_HELD = 10_000_000
"""Bytes of lines in memory before they go to the files."""
_ID_AT = {"csv": len('"'), "jsonl": len('{"id":"')}
_SIZE = 4


class Spool:
    def __init__(self, folder: Path, form: str) -> None:
        self._folder = folder
        self._at = _ID_AT[form]
        self._parts: list[list[bytes]] = [[] for _ in range(PARTS)]
        self._held = 0

    def add(self, lines: list[bytes]) -> None:
        parts, start, end = self._parts, self._at, self._at + 2
        for line in lines:
            parts[int(line[start:end], 16)].append(line)
        self._held += sum(map(len, lines))
        if self._held >= _HELD:
            self.flush()

    def flush(self) -> None:
        """Into the files, for whichever writer takes the part."""
        for part, lines in enumerate(self._parts):
            if lines:
                packed = msgspec.msgpack.encode(lines)
                with (self._folder / f"{part}-{os.getpid()}").open("ab") as file:
                    file.write(len(packed).to_bytes(_SIZE, "big"))
                    file.write(packed)
                lines.clear()
        self._held = 0

    def take(self, part: int) -> list[bytes]:
        """All writers' lines of a part in the order of their ids, once: what precedes the id is the same in each."""
        found: list[bytes] = []
        for path in self._folder.glob(f"{part}-*"):
            with path.open("rb") as file:
                while size := file.read(_SIZE):
                    found += msgspec.msgpack.decode(file.read(int.from_bytes(size, "big")), type=list[bytes])
            path.unlink()
        found.sort()
        return found
