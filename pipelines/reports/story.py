"""The story of one link in words: where it stands, since when, how it came there, what would overturn that."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from linkcrawler.records import Context, Evidence, Link, Placement, Verdict
from linkcrawler.vocabulary import Kind, Mode, Region
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of
from pipelines.reports.terminal import printable
from pipelines.verdicts.axes import axes
from pipelines.verdicts.overturn import Overturn

_REGION_WORDS = {
    Region.BODY: "in the main text",
    Region.LIST: "in a list that is the main content",
    Region.NAV: "in the navigation",
    Region.HEADER: "in the page header",
    Region.FOOTER: "in the page footer",
    Region.SIDEBAR: "in the sidebar",
    Region.COMMENT: "in a comment or post of a user",
    Region.BIO: "in an author box or byline",
    Region.RELATED: "among teasers of other pages",
    Region.AD: "in an advertisement",
    Region.OTHER: "in none of the usual parts of a page",
}

_STATUS_WORDS = {
    "live": "it stood there at the newest visit",
    "lost": "lost: a later successful visit did not find it",
    "unverified": "unverified: the page could not be read at the newest visit",
}

_ADDED_WORDS = {"with_page": "added together with its page", "later": "added to its page later"}

_SURENESS = ((0.95, "nearly certain"), (0.85, "very likely"), (0.7, "likely"), (0.5, "more likely than not"))

SIGNALS_SHOWN = 8
"""Signals named per mode under what would overturn a verdict; the strongest."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[str, ...]


def tell(
    link: Link, changes: Overturn | None, reasons: Mapping[str, str], known: Sequence[str] = ()
) -> tuple[Section, ...]:
    """The sections of the story.

    ``changes``: what would overturn the verdict, None if that is not known. ``reasons``: why a signal tells something.
    ``known``: lines on what others say of the link.
    """
    sections = [
        Section(f"Link {link.id}", tuple(_what(link))),
        Section("Where it stands", tuple(_where(link))),
        Section("Since when", tuple(_since(link))),
    ]
    if known:
        sections.append(Section("What others say of it", tuple(known)))
    if override := link.override:
        note = f": {printable(override.note)}" if override.note else ""
        said = f"{override.mode}, {override.channel.replace('_', ' ')}"
        line = f"{printable(override.by)} said on {_day(override.at)}: {said}{note}."
        sections.append(Section("What a person says of it", (line, "This goes before the verdict below.")))
    if link.verdict is None:
        return (*sections, Section("How it came to stand there", ("Not classified yet: run linkcrawler classify.",)))
    sections += [
        Section("How it came to stand there", tuple(_how(link.verdict))),
        Section("In four respects", tuple(_respects(link, link.verdict))),
        Section("Evidence", tuple(_evidence(link.verdict, reasons))),
    ]
    told = tuple(_overturning(changes)) if changes else ("Another model judged it: run linkcrawler classify.",)
    sections.append(Section("What would overturn it", told))
    return tuple(sections)


def _what(link: Link) -> Iterator[str]:
    yield f"from  {printable(link.source_url)}"
    yield f"to    {printable(link.target_url)}   (target {printable(link.target)})"
    page = link.page
    if page and page.title:
        facts = [
            f"language {page.language}" if page.language else "",
            f"by {textwrap.shorten(printable(page.author), 80, placeholder=' …')}" if page.author else "",
            f"published {page.published} ({_source_words(page.published_source)})" if page.published else "",
        ]
        told = ", ".join(filter(None, facts))
        yield f"page  “{printable(page.title)}”" + (f" ({told})" if told else "")


def _where(link: Link) -> Iterator[str]:
    lead = lead_placement(link)
    yield f"{_REGION_WORDS[lead.region].capitalize()}{_markup(lead)}."
    if lead.context.heading:
        yield f"Under the heading {' > '.join(f'“{printable(text)}”' for text in lead.context.heading)}."
    if text := quoted(lead):
        yield text
    others = len(link.placements) - 1
    if others > 0:
        regions = sorted({placement.region for placement in link.placements if placement is not lead})
        yield f"{_times(others, 'more placement')} of it on the page ({', '.join(regions)})."


def _markup(lead: Placement) -> str:
    rel = f", rel “{' '.join(lead.rel)}”" if lead.rel else ""
    via = f", through {printable(lead.via[0])}" if lead.via else ""
    image = ", an image" if lead.image else ""
    return (f", as {lead.kind} markup" if lead.kind not in (Kind.A, Kind.AREA) else "") + image + rel + via


def quoted(placement: Placement) -> str:
    """The sentence around the anchor, else the words before and after it, with the anchor «marked»."""
    anchor = printable(placement.anchor)
    mark = f"«{anchor}»" if anchor else ""
    context: Context = placement.context
    sentence = printable(context.sentence)
    before = printable(context.before)
    starts = [found.start() for found in re.finditer(re.escape(anchor), sentence)] if anchor else []
    if starts:
        # Short anchors such as a footnote's number occur more than once: what precedes tells them apart.
        start = max(starts, key=lambda place: _shared_ending(sentence[:place], before))
        return f"{sentence[:start]}{mark}{sentence[start + len(anchor) :]}"
    return " ".join(piece for piece in (before, mark, printable(context.after)) if piece)


def _shared_ending(one: str, other: str) -> int:
    pairs = zip(reversed(one.rstrip()), reversed(other.rstrip()), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _since(link: Link) -> Iterator[str]:
    appearance = link.appearance
    early, late = appearance.not_before, appearance.not_after
    if early and late:
        yield (
            f"It appeared between {_day(early)} ({_source_words(appearance.not_before_source)}) and "
            f"{_day(late)} ({_source_words(appearance.not_after_source)})."
        )
    elif late:
        yield f"It appeared by {_day(late)} ({_source_words(appearance.not_after_source)}); since when is not known."
    elif early:
        yield f"It appeared after {_day(early)} ({_source_words(appearance.not_before_source)})."
    if appearance.added in _ADDED_WORDS:
        yield f"It was {_ADDED_WORDS[appearance.added]}."
    if appearance.conflict:
        yield f"The dates disagree: {printable(appearance.conflict)}."
    span = f"from {_minute(link.first_seen)} to" if link.first_seen != link.last_seen else "on"
    yield f"Seen {span} {_minute(link.last_seen)} UTC; {_STATUS_WORDS[link.status]}."


def _how(verdict: Verdict) -> Iterator[str]:
    channel = verdict.channel.replace("_", " ")
    told = "the evidence does not tell" if verdict.mode is Mode.UNDETERMINED else sureness(verdict.confidence)
    yield f"{verdict.mode.capitalize()}, {channel}: {told} (confidence {verdict.confidence:.2f})."
    yield f"Judged on {_day(verdict.judged_at)} by model {verdict.model}."


def _respects(link: Link, verdict: Verdict) -> Iterator[str]:
    standing = standing_of(link) or verdict
    found = axes(standing.channel, verdict.evidence, lead_placement(link))
    yield f"Set off by: {_plain(found.initiator)}. Given for it: {_plain(found.consideration)}."
    yield f"Words written by: {_plain(found.control)}. Declared by: {', '.join(map(_plain, found.disclosure))}."


def _plain(word: str) -> str:
    return "not known" if word == "unknown" else word.replace("_", " ")


def sureness(confidence: float) -> str:
    """A probability in words.

    >>> sureness(0.9)
    'very likely'
    """
    return next((words for least, words in _SURENESS if confidence >= least), "a leaning, no more")


def _evidence(verdict: Verdict, reasons: Mapping[str, str]) -> Iterator[str]:
    if not verdict.evidence:
        yield "No signal fired."
        return
    fired: dict[str, list[Evidence]] = {}
    for piece in verdict.evidence:
        fired.setdefault(piece.signal, []).append(piece)
    for signal, pieces in fired.items():
        weights = ", ".join(f"{piece.weight:+.2f} {piece.channel}" for piece in pieces)
        detail = printable(pieces[0].detail)
        yield f"{signal}: {weights}" + (f"; found “{detail}”" if detail else "")
        if signal in reasons:
            yield f"    {reasons[signal]}"
    yield "Weights are log-odds: what the signal adds for or against a channel."


def _overturning(changes: Overturn) -> Iterator[str]:
    for change in changes.without:
        together = " (all of them)" if len(change.signals) > 1 else ""
        yield f"Without {', '.join(change.signals)}{together} it would be {change.mode}."
    if not changes.without:
        yield "No evidence that could be taken away would change the mode."
    by_mode: dict[Mode, list[str]] = {}
    for change in changes.added:
        by_mode.setdefault(change.mode, []).extend(change.signals)
    for mode in sorted(by_mode):
        names = by_mode[mode]
        more = f" and {len(names) - SIGNALS_SHOWN} more" if len(names) > SIGNALS_SHOWN else ""
        yield f"Any one of these signals would make it {mode}: {', '.join(names[:SIGNALS_SHOWN])}{more}."
    if not by_mode:
        yield "No single further signal of the page would change the mode."


def _source_words(source: str) -> str:
    return printable(source).replace("_", " ") or "source not recorded"


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
