"""Sums up links, the modes side by side. Groups stand in alphabetical order: none is better than another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from linkcrawler.vocabulary import MODE_OF, Channel, Mode, Region
from pipelines.queries.decisions import Decisions
from pipelines.reports.figures.tally import Tally
from pipelines.reports.prevalence import Share, confusion_of, prevalence
from pipelines.stores.brief import Brief, told
from pipelines.stores.protocol import HYPERLINK, UNCLASSIFIED, LinkFilter, Store
from pipelines.verdicts.model import Model

MODES: tuple[str, ...] = tuple(sorted(Mode))
GROUPS = (*MODES, UNCLASSIFIED)
UNKNOWN = "unknown"

Key = TypeVar("Key", bound=tuple[object, ...])

Counts = dict[str, int]
"""Count by group, every group present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a report says. Every table counts links, unless it is named otherwise."""

    links: Counts
    """By group, and ``total``."""
    domains: Counts
    """Linking registered domains. One that holds links of several groups counts in each, and once in ``total``."""
    decisions: Counts
    """See :mod:`pipelines.queries.decisions`."""
    undetermined_share: dict[str, float | None]
    """Of the classified ``links`` and ``decisions``, 0 to 1; None if there are none."""
    channels: dict[str, Counts]
    """Mode to the channels that belong to it, all of them, and any other that its verdicts named."""
    regions: dict[str, Counts]
    """Region (of the lead placement) to groups."""
    target_pages: dict[str, Counts]
    """The most linked ones to groups, most links first."""
    target_pages_total: int
    first_seen: dict[str, Counts]
    """Month of the first visit that saw the link (2026-11) to groups, oldest first."""
    appeared: dict[str, Counts]
    """Month in which the link must have appeared, as far as the dates tell; the rest under ``unknown``."""
    targets: Counts
    """Watched target to links."""
    shares: dict[str, dict[Mode, Share]]
    """``links`` and ``decisions`` to modes: the share as counted, and corrected for known errors of the model."""
    shares_note: str
    """Why ``shares`` is empty; else what it rests on."""


class Collector:
    """Takes links and keeps counts only; what may have very many names is counted on disk."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._kinds: Counter[tuple[str, str, str, str, bool, str]] = Counter()
        self._months: Counter[tuple[str, str, str]] = Counter()
        self._domains = Tally(GROUPS)
        self.target_pages = Tally(GROUPS)
        """By the month in which each link is proven to have stood there."""
        self._decisions = Decisions((*GROUPS, *map(_said, MODES)))

    def add(self, links: Sequence[Brief]) -> None:
        self._kinds.update(map(_KIND, links))
        self._months.update([(link.mode, link.first_seen[:_MONTH], link.appeared or UNKNOWN) for link in links])
        self._domains.add([(link.source_domain, "", link.mode) for link in links])
        self.target_pages.add(map(_TARGET_PAGE, links))
        for link in links:
            if link.overruled:
                self._decisions.add(link, link.mode, _said(link.mode))
            else:
                self._decisions.add(link, link.mode)

    def close(self) -> None:
        self._domains.close()
        self.target_pages.close()
        self._decisions.close()

    def summary(self, *, top: int) -> Summary:
        """The counts so far, with the ``top`` most linked target pages."""
        of_group, of_channel, of_region, of_target = (_parted(self._kinds, place) for place in range(4))
        links = {"total": self._kinds.total()} | {group: of_group[group].total() for group in GROUPS}
        found = self._decisions.counts()
        decisions = {"total": found["total"]} | {group: found[group] for group in GROUPS}
        shares, note = self._shares(links, decisions, {mode: found[_said(mode)] for mode in Mode})
        first_seen, appeared = _parted(self._months, 1), _parted(self._months, 2)
        return Summary(
            links=links,
            domains=self._domains.names(),
            decisions=decisions,
            undetermined_share={"links": _undetermined(links), "decisions": _undetermined(decisions)},
            channels={mode: _channels(mode, of_channel) for mode in MODES},
            regions={region: _counts(of_region[region]) for region in sorted({*Region, *of_region})},
            target_pages=self.target_pages.ranked(top),
            target_pages_total=self.target_pages.names()["total"],
            first_seen={month: _counts(first_seen[month]) for month in sorted(first_seen)},
            appeared={month: _counts(appeared[month]) for month in sorted(appeared)},
            targets={target: of_target[target].total() for target in sorted(of_target)},
            shares=shares,
            shares_note=note,
        )

    def _shares(
        self, links: Counts, decisions: Counts, said: dict[Mode, int]
    ) -> tuple[dict[str, dict[Mode, Share]], str]:
        """``said``: decisions with a link that a person judged; what people say has no errors of the model."""
        rates = confusion_of(self._model.figures)
        if rates is None:
            return {}, f"no measured rates: model {self._model.core_id} was not measured on enough labelled links"
        if others := self._judged_by_others():
            return {}, f"no measured rates: {others} links were judged by other models than {self._model.core_id}"
        certain = Counter[Mode]()
        for (group, *_, overruled, _), count in self._kinds.items():
            if overruled:
                certain[Mode(group)] += count
        judged = {mode: links[mode] - certain[mode] for mode in Mode}
        labelled = round(sum(map(sum, rates.values())))
        return (
            {
                "links": prevalence(judged, rates, certain=certain),
                "decisions": prevalence({mode: decisions[mode] - said[mode] for mode in Mode}, rates, certain=said),
            },
            f"rates of model {self._model.core_id} on {labelled} labelled links, cross-validated by site",
        )

    def _judged_by_others(self) -> int:
        known = self._model.core_id
        return sum(
            count
            for (*_, overruled, model), count in self._kinds.items()
            if model and not overruled and not model.startswith(known)
        )


async def summarise(store: Store, model: Model, *, target: str = "", top: int) -> Summary:
    """One pass over the links (to one target, if one is given) that a reader can follow.

    ``model`` is the one whose measured errors ``shares`` are corrected for.
    """
    with closing(Collector(model)) as collector:
        async for batch in store.briefs(LinkFilter(target=target, kind=HYPERLINK)):
            collector.add(batch)
        return collector.summary(top=top)


_MONTH = len("2026-01")
_KIND: Callable[[Brief], Any] = told("mode", "channel", "region", "target", "overruled", "model")
_TARGET_PAGE: Callable[[Brief], Any] = told("target_url", "proven", "mode")


def _parted(counts: Counter[Key], place: int) -> dict[str, Counter[str]]:
    """By the value at that place, then by group, which is the first."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, count in counts.items():
        found[str(key[place])][str(key[0])] += count
    return found


def _said(mode: str) -> str:
    """The group of what a person says."""
    return f"said {mode}"


def _channels(mode: str, found: Mapping[str, Counter[str]]) -> Counts:
    named = {channel.value for channel in Channel if MODE_OF[channel] == mode}
    named |= {channel for channel, counts in found.items() if channel and counts[mode]}
    return {channel: found[channel][mode] if channel in found else 0 for channel in sorted(named)}


def _counts(found: Counter[str]) -> Counts:
    return {group: found[group] for group in GROUPS}


def _undetermined(counts: Counts) -> float | None:
    classified = sum(counts[mode] for mode in MODES)
    return round(counts[Mode.UNDETERMINED] / classified, 4) if classified else None
