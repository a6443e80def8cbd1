"""The sections that say how many links there are, of what mode, and where they stand."""

from collections.abc import Iterator

from linkcrawler.vocabulary import MODE_OF, Channel
from pipelines.reports.figures.collecting import Figures
from pipelines.reports.page.counts import counts_bars, counts_table, groups_in, number, numbered, percent
from pipelines.reports.page.parts import Bars, Ranges, Row, Section, Table
from pipelines.reports.report import MODES, Counts, Summary
from pipelines.stores.protocol import UNCLASSIFIED

NO_TEXT = "(no text)"


def shape_sections(figures: Figures) -> Iterator[Section]:
    summary = figures.summary
    groups = groups_in(summary.links)
    yield _summary(figures)
    yield _side_by_side(summary)
    yield _shares(summary)
    yield _channels(summary)
    yield _named("regions", "Regions", "Region", {name: c for name, c in summary.regions.items() if any(c.values())},
                 groups, "region", ("Where on the page the placement that speaks for the link stands.",))  # fmt: skip
    yield _anchors(figures, groups)


def _summary(figures: Figures) -> Section:
    summary = figures.summary
    seen = (figures.from_visit, figures.to_visit)
    period = " to ".join(f"{time:%Y-%m-%d}" for time in seen if time)
    rows = (
        Row(name="links", cells=(number(summary.links["total"]),), filters={}),
        Row(name="linking domains", cells=(number(summary.domains["total"]),)),
        Row(name="decisions to link", cells=(number(summary.decisions["total"]),)),
        Row(name="target pages", cells=(number(summary.target_pages_total),)),
        Row(name="seen by visits", cells=(period,)),
        *(
            Row(name=f"links to {name}", cells=(number(count),), filters={"target": name})
            for name, count in summary.targets.items()
        ),
    )
    notes = [
        (
            "How each link came to stand where it stands. Passive: the author put it there unasked. Active: someone "
            "acting for the target had it placed. Undetermined: the evidence does not tell. None is better than "
            "another."
        )
    ]
    if waiting := summary.links[UNCLASSIFIED]:
        notes.append(f"Not judged yet: {number(waiting)}. Run linkcrawler classify.")
    table = Table(caption="What this report covers", head=("What", "How many"), rows=rows)
    return Section(key="summary", title="Summary", notes=tuple(notes), tables=(table,))


def _side_by_side(summary: Summary) -> Section:
    groups = groups_in(summary.links)
    rows = {"links": summary.links, "linking domains": summary.domains, "decisions": summary.decisions}
    shares = summary.undetermined_share
    table = Table(
        caption="Links, linking domains and decisions by mode",
        head=("", *groups, "total"),
        rows=tuple(
            Row(name=name, cells=tuple(number(counts[column]) for column in (*groups, "total")))
            for name, counts in rows.items()
        ),
    )
    chart = Bars(
        title=table.caption,
        unit="count",
        categories=tuple(rows),
        series={group: tuple(counts[group] for counts in rows.values()) for group in groups},
    )
    notes = (
        (
            "A decision is one choice to link: several links of one page, a block repeated on many pages and copies "
            "of one text count once. A domain or decision that shows several modes counts under each, and once in "
            "the total."
        ),
        (
            f"The evidence does not tell for {percent(shares['links'])} of the judged links and "
            f"{percent(shares['decisions'])} of the judged decisions."
        ),
    )
    return Section(key="modes", title="Modes side by side", notes=notes, chart=chart, tables=(table,))


def _shares(summary: Summary) -> Section:
    rows = [(f"{what}, {mode}", share) for what, shares in summary.shares.items() for mode, share in shares.items()]
    title = "Shares, corrected for known errors"
    if not rows:
        return Section(key="shares", title=title, notes=(f"Shares are as counted; {summary.shares_note}.",))
    table = Table(
        caption="Shares of the modes",
        head=("Share of", "as counted", "corrected", "95 % from", "to"),
        rows=tuple(
            Row(name=name, cells=tuple(map(percent, (share.raw, share.adjusted, share.low, share.high))))
            for name, share in rows
        ),
    )
    chart = Ranges(
        title=table.caption,
        names=tuple(name for name, _ in rows),
        counted=tuple(share.raw for _, share in rows),
        corrected=tuple(share.adjusted for _, share in rows),
        low=tuple(share.low for _, share in rows),
        high=tuple(share.high for _, share in rows),
    )
    notes = (
        (
            f"Corrected for what the model is known to miss and to mistake ({summary.shares_note}), the interval for "
            "chance in these labels and in what was judged. It holds as far as these links are misjudged as often as "
            "those."
        ),
    )
    return Section(key="shares", title=title, notes=notes, chart=chart, tables=(table,))


def _channels(summary: Summary) -> Section:
    found = [(mode, channel, count) for mode in MODES for channel, count in summary.channels[mode].items() if count]
    table = Table(
        caption="Links by channel",
        head=("Channel", "mode", "links"),
        rows=tuple(
            Row(name=_plain(channel), cells=(mode, number(count)), filters={"mode": mode, "channel": channel})
            for mode, channel, count in found
        ),
        words=1,
    )
    chart = Bars(
        title=table.caption,
        unit="links",
        categories=tuple(_plain(channel) + _unlike(mode, channel) for mode, channel, _ in found),
        series={mode: tuple(count if mode == of else 0 for of, _, count in found) for mode in MODES},
        lying=True,
        stacked=True,
    )
    notes = ("How, more closely, the links came about. Each channel belongs to one mode.",)
    return Section(key="channels", title="Channels", notes=notes, chart=chart if found else None, tables=(table,))


def _unlike(mode: str, channel: str) -> str:
    """Names the mode where a verdict gave the channel another than its own, so that no two bars share a name."""
    return "" if MODE_OF[Channel(channel)] == mode else f" ({mode})"


def _named(
    key: str, title: str, first: str, rows: dict[str, Counts], groups: tuple[str, ...], by: str, notes: tuple[str, ...]
) -> Section:
    table = counts_table(f"Links by {first.lower()}", first, rows, groups, lambda name: {by: name})
    chart = counts_bars(table.caption, rows, groups) if rows else None
    return Section(key=key, title=title, notes=notes, chart=chart, tables=(table,))


def _anchors(figures: Figures, groups: tuple[str, ...]) -> Section:
    rows = {text or NO_TEXT: counts for text, counts in figures.anchors.items()}
    caption = f"The most frequent anchors ({number(len(rows))} of {number(figures.anchors_total)})"
    table = counts_table(caption, "Anchor", rows, groups, lambda text: {"anchor": text} if text != NO_TEXT else None)
    return Section(
        key="anchors",
        title="Anchors",
        notes=("The words that carry the links. Numbers in the chart are those of the rows.",),
        chart=counts_bars(caption, numbered(rows), groups) if rows else None,
        tables=(table,),
    )


def _plain(channel: str) -> str:
    return channel.replace("_", " ")
