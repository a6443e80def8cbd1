"""The sections that say when links appeared, how long they stand, and which pages go on earning them."""

import itertools
from collections.abc import Iterator, Mapping

from pipelines.reports.figures.accrual import AGES, Curve
from pipelines.reports.figures.collecting import Figures
from pipelines.reports.figures.months import by_year, every_month
from pipelines.reports.figures.survival import Step, survival_at
from pipelines.reports.page.counts import counts_bars, counts_table, groups_in, number, numbered
from pipelines.reports.page.parts import Bars, Line, Lines, Row, Section, Table
from pipelines.reports.report import GROUPS, MODES, UNKNOWN, Counts

MONTHS_DRAWN = 36
"""Longer periods are drawn by year."""
DAYS_TOLD = (30, 90, 180, 365, 730)
AGES_TOLD = (0, 1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 60)


def time_sections(figures: Figures) -> Iterator[Section]:
    groups = groups_in(figures.summary.links)
    yield _appeared(figures, groups)
    yield _new_and_lost(figures, groups)
    yield _target_pages(figures, groups)
    yield _accrual(figures)
    yield _survival(figures)


def _appeared(figures: Figures, groups: tuple[str, ...]) -> Section:
    dated = {month: counts for month, counts in figures.summary.appeared.items() if month != UNKNOWN}
    undated = sum(figures.summary.appeared.get(UNKNOWN, {}).values())
    rows, first = _by_period(dated)
    linked = {name: counts for name, counts in rows.items() if any(counts.values())}
    table = counts_table(f"Links by {first.lower()} of their appearance", first, linked, groups)
    notes = (
        (
            f"Only links whose dates leave a single month: {number(undated)} more could have appeared in any of "
            "several. The first visit to a page says by when a link stood there, not since when."
        ),
    )
    chart = counts_bars(table.caption, rows, groups, lying=False) if rows else None
    return Section(key="appearance", title="First appearance over time", notes=notes, chart=chart, tables=(table,))


def _new_and_lost(figures: Figures, groups: tuple[str, ...]) -> Section:
    months = every_month({*figures.summary.first_seen, *figures.lost})
    new = {month: figures.summary.first_seen.get(month, _NONE) for month in months}
    lost = {month: figures.lost.get(month, _NONE) for month in months}
    first = "Month"
    if len(months) > MONTHS_DRAWN:
        new, lost, first = by_year(new), by_year(lost), "Year"
    table = Table(
        caption=f"New and lost links by {first.lower()}",
        head=(first, *(f"new, {group}" for group in groups), *(f"lost, {group}" for group in groups)),
        rows=tuple(
            Row(
                name=name,
                cells=(
                    *(number(new[name][group]) for group in groups),
                    *(number(lost[name][group]) for group in groups),
                ),
            )
            for name in new
            if any((*new[name].values(), *lost[name].values()))
        ),
    )
    chart = Bars(
        title=f"{table.caption} (lost below the line)",
        unit="links",
        categories=tuple(new),
        series={group: tuple(counts[group] for counts in new.values()) for group in groups}
        | {f"{group}, lost": tuple(-counts[group] for counts in lost.values()) for group in groups},
        stacked=True,
    )
    notes = (
        (
            "New: the first visit that found the link. Lost: the newest visit that still found it; only a later "
            "successful visit of the whole page calls a link lost."
        ),
    )
    return Section(
        key="timeline", title="New and lost links", notes=notes, chart=chart if months else None, tables=(table,)
    )


def _target_pages(figures: Figures, groups: tuple[str, ...]) -> Section:
    rows, total = figures.summary.target_pages, figures.summary.target_pages_total
    caption = f"The most linked target pages ({number(len(rows))} of {number(total)})"
    table = counts_table(
        caption, "Target page", rows, groups, lambda url: {"target_url": url} if not url.endswith("/") else None
    )
    return Section(
        key="target-pages",
        title="Target pages",
        notes=("Numbers in the chart are those of the rows.",),
        chart=counts_bars(caption, numbered(rows), groups) if rows else None,
        tables=(table,),
    )


def _accrual(figures: Figures) -> Section:
    ends = (*(f"{start} to {end - 1}" for start, end in itertools.pairwise(AGES)), f"{AGES[-1]} and more")
    pages = Table(
        caption="Passive links of a target page by the page's age in months",
        head=("Target page", "first link", "newest passive", "links", "passive", *(f"age {end}" for end in ends)),
        rows=tuple(
            Row(
                name=page.url,
                cells=(page.first, page.newest, number(page.links), number(page.passive), *map(number, page.by_age)),
                filters={"target_url": page.url, "mode": "passive"} if not page.url.endswith("/") else None,
            )
            for page in figures.accruing
        ),
        words=2,
    )
    chart = Lines(
        title="Mean passive links a target page, by the page's age",
        x_unit="months since the page's first known link",
        y_unit="passive links a page",
        lines=tuple(Line(name=_cohort(curve), x=curve.ages, y=curve.mean) for curve in figures.curves),
    )
    notes = (
        (
            "Which content keeps earning. A page's age counts from the month by which its first known link stood "
            "there; a passive link counts from the month by which it is proven to have stood. The curve adds up, for "
            "each age, the passive links gained at that age over the pages watched for so long: its end rests on the "
            "few pages known longest. Years part pages by their first link."
        ),
    )
    return Section(
        key="accrual",
        title="Passive links by page age",
        notes=notes,
        chart=chart if figures.curves else None,
        tables=(_curves_table(chart.title, figures.curves), pages),
    )


def _curves_table(caption: str, curves: tuple[Curve, ...]) -> Table:
    longest = max((len(curve.ages) for curve in curves), default=0)
    return Table(
        caption=caption,
        head=("Age in months", *(_cohort(curve) for curve in curves)),
        rows=tuple(
            Row(
                name=str(age),
                cells=tuple(f"{curve.mean[age]:.2f}" if age < len(curve.mean) else "–" for curve in curves),
            )
            for age in AGES_TOLD
            if age < longest
        ),
    )


def _cohort(curve: Curve) -> str:
    return f"{curve.cohort} ({number(curve.pages)})"


def _survival(figures: Figures) -> Section:
    chart: Lines | None = Lines(
        title="Share of links that still stand, by days since the first visit that found them",
        x_unit="days",
        y_unit="share that stands",
        lines=tuple(_life(mode, figures.survival[mode], figures.watched_days[mode]) for mode in MODES),
        share=True,
    )
    told = [day for day in DAYS_TOLD if day <= max(figures.watched_days.values())]
    table = Table(
        caption="Share that still stands after so many days",
        head=("Mode", "links", "lost", "watched (days)", *(number(day) for day in told)),
        rows=tuple(
            Row(
                name=mode,
                cells=(
                    number(figures.summary.links[mode]),
                    number(sum(step.lost for step in figures.survival[mode])),
                    number(figures.watched_days[mode]),
                    *(_share_at(figures.survival[mode], day, figures.watched_days[mode]) for day in told),
                ),
                filters={"mode": mode},
            )
            for mode in MODES
        ),
    )
    notes: tuple[str, ...] = (
        (
            "Kaplan-Meier estimate with 95 % intervals. A life begins with the first visit that found the link and "
            "ends with its first loss, at the newest visit that still found it, whether it came back or not. Links "
            "that were never lost are censored at the newest visit that found them."
        ),
    )
    if not any(figures.watched_days.values()):
        chart, notes = None, (*notes, "No link was seen on two days yet: scrapy crawl recheck visits pages again.")
    return Section(key="survival", title="Survival of links", notes=notes, chart=chart, tables=(table,))


def _life(mode: str, steps: tuple[Step, ...], longest: int) -> Line:
    days = (0, *(step.day for step in steps), longest)
    last = steps[-1] if steps else None
    return Line(
        name=mode,
        x=days,
        y=(1.0, *(step.survival for step in steps), last.survival if last else 1.0),
        low=(1.0, *(step.low for step in steps), last.low if last else 1.0),
        high=(1.0, *(step.high for step in steps), last.high if last else 1.0),
    )


def _share_at(steps: tuple[Step, ...], day: int, longest: int) -> str:
    return f"{survival_at(steps, day):.1%}" if day <= longest else "–"


def _by_period(months: Mapping[str, Counts]) -> tuple[dict[str, Counts], str]:
    """Every month from the first to the last, or years if these are too many; and what one is called."""
    filled = {month: months.get(month, _NONE) for month in every_month(months)}
    return (by_year(filled), "Year") if len(filled) > MONTHS_DRAWN else (filled, "Month")


_NONE: Counts = dict.fromkeys(GROUPS, 0)
