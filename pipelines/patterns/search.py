"""The first phase of classification: traces what is new, sorts all marks, gives each link what the patterns found.

Restartable at any point: traces are kept per link and made again only for links that changed; groups are read anew in
one pass; findings are compared with those stored, and a link whose findings changed is due for a new verdict.
Memory: one batch of links, and what was found by key. It grows with the campaigns and the target addresses, not with
the links.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from linkcrawler.records import Link
from linkcrawler.targets import parse_target
from linkcrawler.urls import digest
from pipelines.patterns import anchors, authors, bursts, embeds, insertions, owners, reciprocal, sentences, syndication
from pipelines.patterns.groups import Bases, Folding, Group, Hands
from pipelines.patterns.records import VERSION, Finding, Trace, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import Subject, look
from pipelines.stores.protocol import Store

Progress = Callable[[int, int], None]
BASE = "1"
"""Every link's address; sorts before the groups that are measured against it."""
WRITTEN_AT_ONCE = 500

Reader = Callable[[Group, Bases, Settings], Finding | None]
READERS: dict[str, Reader] = {
    anchors.KIND: anchors.read,
    "n": anchors.read_commenter,
    sentences.TEXT: sentences.read,
    sentences.COMMENT: sentences.read_comment,
    embeds.EMBED: embeds.read,
    embeds.SITEWIDE: embeds.read_sitewide,
    authors.KIND: authors.read,
    insertions.KIND: insertions.read,
}
_EXPLAINED_BY_COPY = frozenset(("repeated-sentence", "repeated-anchor", "repeated-author", "burst"))
"""What copies of one text share anyway."""


@dataclass(slots=True)
class Found:
    """What one search did: links traced anew, links by signal, links whose findings changed."""

    traced: int = 0
    changed: int = 0
    by_signal: Counter[str] = field(default_factory=Counter)
    skipped_buckets: int = 0


async def find_patterns(store: Store, settings: Settings, *, on_progress: Progress = lambda done, total: None) -> Found:
    """Bring the stored findings in step with the stored links."""
    found = Found()
    watched = frozenset(parse_target(target).domain for target in await store.targets())
    version = trace_version(settings, watched)
    total = (await store.totals()).links
    async for batch in store.untraced(version):
        await store.put_traces([trace_of(link, stamp, settings, watched) for stamp, link in batch])
        found.traced += len(batch)
        on_progress(found.traced, total)
    reading = Reading(settings, await store.owned())
    await reading.read(store)
    found.skipped_buckets = reading.copies.skipped
    await _give(store, reading.findings(), found)
    return found


def trace_version(settings: Settings, watched: frozenset[str]) -> str:
    """Names all that marks follow from beside the link: the rules, config/patterns.toml and the watched targets."""
    words = msgspec.json.encode(settings, order="deterministic").decode()
    return f"{VERSION}{digest(words, *sorted(watched))}"


def trace_of(link: Link, stamp: str, settings: Settings, watched: frozenset[str]) -> Trace:
    """The marks of one link. Pure."""
    subject = look(link, settings)
    return Trace(link.id, stamp, tuple(sorted(set(_marks(subject, settings, watched)))))


def _marks(subject: Subject, settings: Settings, watched: frozenset[str]) -> Iterator[str]:
    yield mark(f"{BASE}:{subject.target_id}", subject.site, subject.day)
    yield from owners.marks(subject, settings)
    yield from reciprocal.marks(subject, watched)
    for pattern in (anchors, sentences, embeds, authors, insertions, syndication):
        yield from pattern.marks(subject, settings)
    yield from anchors.commenter_marks(subject)


class Reading:
    """Reads all groups in the order of their keys and keeps what was found, by key."""

    def __init__(self, settings: Settings, owned: owners.Owned) -> None:
        self._settings = settings
        self._owned = owned
        self._hands = Hands()
        self._bases = Bases()
        self._exchange = reciprocal.Exchange()
        self._found: dict[str, tuple[Finding, ...]] = {}
        self.copies = syndication.Copies(settings.limits.same_text_bits)

    async def read(self, store: Store) -> None:
        folding = Folding(self._hands)
        async for rows in store.marks():
            for row in rows:
                if group := folding.feed(row):
                    self._take(group)
        if group := folding.end():
            self._take(group)

    def findings(self) -> dict[str, tuple[Finding, ...]]:
        """By key, once all groups are read."""
        limits = self._settings.limits
        late = self._exchange.findings(self._bases.span, limits) | self.copies.findings(self._hands, self._settings)
        return self._found | {key: (finding,) for key, finding in late.items()}

    def _take(self, group: Group) -> None:
        kind = group.key[0]
        if kind == owners.KIND:
            self._found |= owners.read(group, self._hands, self._owned, self._settings)
        elif kind == BASE:
            self._bases.add(group, self._settings.limits.least_sites)
        elif kind == reciprocal.KIND:
            self._exchange.add(group)
        elif kind == syndication.KIND:
            self.copies.add(group)
        elif kind == syndication.DATED:
            self.copies.date(group)
        elif kind != insertions.SINGLE:
            readers = (READERS[kind], bursts.read) if kind in bursts.OF_KINDS else (READERS[kind],)
            if findings := tuple(filter(None, (read(group, self._bases, self._settings) for read in readers))):
                self._found[group.key] = findings


async def _give(store: Store, by_key: dict[str, tuple[Finding, ...]], found: Found) -> None:
    """Compare what each link should have with what it has; both streams are ordered by link id."""
    stored = _one_by_one(store.found())
    old = await anext(stored, None)
    changes: list[tuple[str, tuple[Finding, ...]]] = []
    async for batch in store.traces():
        for link, marks in batch:
            while old and old[0] < link:
                old = await anext(stored, None)
            now = findings_for(marks, by_key)
            found.by_signal.update(finding.signal for finding in now)
            if now != (old[1] if old and old[0] == link else ()):
                changes.append((link, now))
        while len(changes) >= WRITTEN_AT_ONCE:
            await store.put_findings(changes[:WRITTEN_AT_ONCE])
            found.changed += WRITTEN_AT_ONCE
            del changes[:WRITTEN_AT_ONCE]
    if changes:
        await store.put_findings(changes)
        found.changed += len(changes)


def findings_for(marks: tuple[str, ...], by_key: dict[str, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """What a link's marks lead to, one finding per signal."""
    findings: dict[str, Finding] = {}
    for one in marks:
        key, _, more = one.split(" ", 2)
        keys = [key]
        if key[0] == insertions.SINGLE:
            findings["inserted-later"] = insertions.single(more)
        elif key[0] == syndication.KIND:
            keys = [syndication.key_of(key.split(":")[1], more)]
        elif key[0] == owners.KIND:
            keys = [key + more, key]
        for finding in (finding for name in keys for finding in by_key.get(name, ())):
            findings.setdefault(finding.signal, finding)
    if "syndicated-text" in findings:
        findings = {signal: finding for signal, finding in findings.items() if signal not in _EXPLAINED_BY_COPY}
    return tuple(findings[signal] for signal in sorted(findings))


async def _one_by_one(
    batches: AsyncIterator[Sequence[tuple[str, tuple[Finding, ...]]]],
) -> AsyncIterator[tuple[str, tuple[Finding, ...]]]:
    async for batch in batches:
        for one in batch:
            yield one
