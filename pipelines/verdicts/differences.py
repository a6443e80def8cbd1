"""What changed between two verdicts on the same link, and through which evidence. Pure; streams are read once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from linkcrawler.records import Evidence
from linkcrawler.vocabulary import Channel, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One link and the verdict on it; ``mode`` and ``channel`` are None if there is none."""

    id: str
    source_url: str
    target_url: str
    mode: Mode | None
    channel: Channel | None
    confidence: float
    evidence: tuple[Evidence, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Move:
    """One piece of evidence that weighs differently; None: it is not there."""

    signal: str
    channel: Channel
    before: float | None
    after: float | None
    detail: str

    @property
    def by(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def kind(self) -> str:
        return "gained" if self.before is None else "lost" if self.after is None else "reweighed"


@dataclass(frozen=True, slots=True)
class Difference:
    before: Judged
    after: Judged
    moves: tuple[Move, ...]
    """Farthest first. Empty where only priors or calibration differ."""


@dataclass(slots=True)
class Tally:
    """Counts over all links; grows with the number of signals, not of links."""

    same: int = 0
    """Mode and channel are the same."""
    mode_changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    channel_changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Within one mode."""
    only_before: int = 0
    only_after: int = 0
    signals: dict[str, Counter[str]] = field(default_factory=dict)
    """Signal to how often it was gained, lost or reweighed, over links whose mode or channel changed."""

    def add(self, before: Judged | None, after: Judged | None) -> Difference | None:
        """Count one link; returns what differs if its mode or channel does."""
        if before is None or after is None:
            self.only_before += after is None
            self.only_after += before is None
            return None
        if (before.mode, before.channel) == (after.mode, after.channel):
            self.same += 1
            return None
        if before.mode is not after.mode:
            self.mode_changed[_said(before.mode), _said(after.mode)] += 1
        else:
            self.channel_changed[_said(before.channel), _said(after.channel)] += 1
        moves = moves_between(before.evidence, after.evidence)
        for signal, kind in {(move.signal, move.kind) for move in moves}:
            self.signals.setdefault(signal, Counter())[kind] += 1
        return Difference(before, after, moves)


def moves_between(before: Sequence[Evidence], after: Sequence[Evidence]) -> tuple[Move, ...]:
    """Evidence that is not in both with the same weight, farthest first."""
    old = {(item.signal, item.channel): item for item in before}
    new = {(item.signal, item.channel): item for item in after}
    moves = []
    for key in old.keys() | new.keys():
        one, other = old.get(key), new.get(key)
        if one is None or other is None or one.weight != other.weight:
            detail = (other or one).detail  # type: ignore[union-attr]
            moves.append(Move(*key, one.weight if one else None, other.weight if other else None, detail))
    return tuple(sorted(moves, key=lambda move: (-abs(move.by), move.signal, move.channel)))


def paired(before: Iterable[Judged], after: Iterable[Judged]) -> Iterator[tuple[Judged | None, Judged | None]]:
    """Joins two streams that are ordered by id; each link once, with None where a stream lacks it."""
    left, right = iter(before), iter(after)
    one, other = next(left, None), next(right, None)
    while one or other:
        if other is None or (one and one.id < other.id):
            yield one, None
            one = next(left, None)
        elif one is None or other.id < one.id:
            yield None, other
            other = next(right, None)
        else:
            yield one, other
            one, other = next(left, None), next(right, None)


def _said(word: Mode | Channel | None) -> str:
    return word.value if word else "unclassified"
