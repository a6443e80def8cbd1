"""Sums up links, the modes side by side. Groups stand in alphabetical order: none is better than another."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from linkcrawler.domains import domain_of
from linkcrawler.records import Appearance, Link
from linkcrawler.vocabulary import MODE_OF, Channel, Mode, Region
from pipelines.queries.decisions import Decisions
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of
from pipelines.reports.prevalence import Share, confusion_of, prevalence
from pipelines.stores.protocol import UNCLASSIFIED
from pipelines.verdicts.model import Model

MODES: tuple[str, ...] = tuple(sorted(Mode))
GROUPS = (*MODES, UNCLASSIFIED)
UNKNOWN = "unknown"

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
    """Takes links one by one and keeps counts only: memory grows with distinct pages and domains, not with links."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._others = 0
        self._said: Counter[Mode] = Counter()
        self._links: Counter[str] = Counter()
        self._targets: Counter[str] = Counter()
        self._channels: dict[str, Counter[str]] = {mode: Counter() for mode in MODES}
        self._domains: dict[str, set[str]] = {group: set() for group in GROUPS}
        self._decisions = Decisions((*GROUPS, *map(_said, MODES)))
        self._regions: dict[str, Counter[str]] = {region: Counter() for region in sorted(Region)}
        self._target_pages: dict[str, Counter[str]] = {}
        self._first_seen: dict[str, Counter[str]] = {}
        self._appeared: dict[str, Counter[str]] = {}

    def add(self, link: Link) -> None:
        lead, standing = lead_placement(link), standing_of(link)
        group: str = standing.mode.value if standing else UNCLASSIFIED
        self._links[group] += 1
        self._targets[link.target] += 1
        self._domains[group].add(domain_of(link.source_url))
        self._decisions.add(link, lead, group)
        if link.override:
            self._said[link.override.mode] += 1
            self._decisions.add(link, lead, _said(link.override.mode))
        elif link.verdict and not link.verdict.model.startswith(self._model.core_id):
            self._others += 1
        if standing:
            self._channels[group][standing.channel.value] += 1
        self._regions[lead.region][group] += 1
        self._target_pages.setdefault(link.target_url, Counter())[group] += 1
        self._first_seen.setdefault(f"{link.first_seen:%Y-%m}", Counter())[group] += 1
        self._appeared.setdefault(month_of(link.appearance), Counter())[group] += 1

    def summary(self, *, top: int) -> Summary:
        """The counts so far, with the ``top`` most linked target pages."""
        links = {"total": self._links.total()} | _counts(self._links)
        found = self._decisions.counts()
        decisions = {"total": found["total"]} | {group: found[group] for group in GROUPS}
        shares, note = self._shares(links, decisions, {mode: found[_said(mode)] for mode in Mode})
        ranked = sorted(self._target_pages.items(), key=lambda entry: (-entry[1].total(), entry[0]))
        return Summary(
            links=links,
            domains={"total": len(set().union(*self._domains.values()))}
            | {group: len(found) for group, found in self._domains.items()},
            decisions=decisions,
            undetermined_share={"links": _undetermined(links), "decisions": _undetermined(decisions)},
            channels={mode: _channels(mode, found) for mode, found in self._channels.items()},
            regions={region: _counts(found) for region, found in self._regions.items()},
            target_pages={url: _counts(found) for url, found in ranked[:top]},
            target_pages_total=len(ranked),
            first_seen={month: _counts(self._first_seen[month]) for month in sorted(self._first_seen)},
            appeared={month: _counts(self._appeared[month]) for month in sorted(self._appeared)},
            targets=dict(sorted(self._targets.items())),
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
        if self._others:
            return {}, f"no measured rates: {self._others} links were judged by other models than {self._model.core_id}"
        judged = {mode: links[mode] - self._said[mode] for mode in Mode}
        labelled = round(sum(map(sum, rates.values())))
        return (
            {
                "links": prevalence(judged, rates, certain=self._said),
                "decisions": prevalence({mode: decisions[mode] - said[mode] for mode in Mode}, rates, certain=said),
            },
            f"rates of model {self._model.core_id} on {labelled} labelled links, cross-validated by site",
        )


async def summarise(links: AsyncIterator[Link], model: Model, *, top: int) -> Summary:
    """One pass over the links; ``model`` is the one whose measured errors shares are corrected for."""
    collector = Collector(model)
    async for link in links:
        collector.add(link)
    return collector.summary(top=top)


def month_of(appearance: Appearance) -> str:
    """The month that both bounds of the interval lie in, or ``unknown``."""
    early, late = appearance.not_before, appearance.not_after
    if early is None or late is None or (early.year, early.month) != (late.year, late.month):
        return UNKNOWN
    return f"{early:%Y-%m}"


def _said(mode: str) -> str:
    """The group of what a person says."""
    return f"said {mode}"


def _channels(mode: str, found: Counter[str]) -> Counts:
    named = {channel.value for channel in Channel if MODE_OF[channel] == mode} | found.keys()
    return {channel: found[channel] for channel in sorted(named)}


def _counts(found: Counter[str]) -> Counts:
    return {group: found[group] for group in GROUPS}


def _undetermined(counts: Counts) -> float | None:
    classified = sum(counts[mode] for mode in MODES)
    return round(counts[Mode.UNDETERMINED] / classified, 4) if classified else None
