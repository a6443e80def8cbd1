"""Splits the ids of links into ranges, so that several machines share one store without talking to each other."""

from dataclasses import dataclass

from linkcrawler.errors import UsageError

_IDS = 1 << 64
"""Ids are 16 hex digits of a digest, hence spread evenly."""


@dataclass(frozen=True, slots=True)
class IdRange:
    """Ids from ``start`` on, up to but without ``end``; an empty ``end`` is beyond all ids."""

    start: str = ""
    end: str = ""

    @property
    def share(self) -> float:
        """Of all ids, 0 to 1."""
        return ((int(self.end, 16) if self.end else _IDS) - int(self.start or "0", 16)) / _IDS

    def __contains__(self, link_id: str) -> bool:
        return self.start <= link_id and (not self.end or link_id < self.end)


ALL_IDS = IdRange()


def shard(text: str) -> IdRange:
    """``2/4`` is the second of four ranges that make up all ids. Raises UsageError if it is none.

    >>> shard("2/4")
    IdRange(start='4000000000000000', end='8000000000000000')
    """
    part, slash, parts = text.partition("/")
    if not (slash and part.isascii() and parts.isascii() and part.isdigit() and parts.isdigit()):
        raise UsageError(f"shard {text!r} is not understood: expected i/n, for example 1/4 to 4/4 on four machines")
    index, count = int(part), int(parts)
    if not 1 <= index <= count:
        raise UsageError(f"shard {text}: expected 1/{max(count, 1)} to {max(count, 1)}/{max(count, 1)}")
    return IdRange(_edge(index - 1, count), _edge(index, count))


def beginning_with(digits: str) -> IdRange:
    """The ids that begin with these hex digits.

    >>> beginning_with("00ff")
    IdRange(start='00ff000000000000', end='0100000000000000')
    """
    after = int(digits, 16) + 1
    unit = 16 ** (16 - len(digits))
    return IdRange(f"{(after - 1) * unit:016x}", f"{after * unit:016x}" if after * unit < _IDS else "")


def _edge(index: int, count: int) -> str:
    return "" if index in (0, count) else f"{_IDS * index // count:016x}"
