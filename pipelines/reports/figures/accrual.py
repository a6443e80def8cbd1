"""Which content keeps earning: passive links of a target page by the page's age.

A page's age is counted in months from the month by which its first known link stood there, whatever its mode: when the
page itself was published is not known. A link counts from the month by which it is proven to have stood there.

The curve is the mean cumulative number of passive links a page (Nelson's estimate): for each age, the passive links
that pages gained at that age over the pages that were watched for so long, added up. Pages that are younger leave the
mean without bending the curve.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linkcrawler.vocabulary import Mode
from pipelines.reports.figures.months import month_name, number_of
from pipelines.reports.figures.tally import Entry

AGES = (0, 3, 6, 12, 24)
"""Months at which the columns of a page's table begin; the last is open."""
COHORTS = 4
"""Years of pages that get a curve of their own, the newest."""
ALL = "all pages"


@dataclass(frozen=True, slots=True)
class PageAccrual:
    """One target page."""

    url: str
    first: str
    """Month (2026-11) by which its first known link stood there."""
    links: int
    passive: int
    by_age: tuple[int, ...]
    """Passive links by age, parted at :data:`AGES`."""
    newest: str
    """Month of its newest passive link; empty without one."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Mean cumulative passive links a page, by age."""

    cohort: str
    """Year of the pages' first known links, or ``all pages``."""
    pages: int
    ages: tuple[int, ...]
    """Months, from 0 without gaps to the last age that a page was watched at."""
    at_risk: tuple[int, ...]
    """Pages that were watched at that age."""
    mean: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    first: int
    links: int
    passive: Mapping[int, int]
    """Month to passive links."""

    @property
    def earned(self) -> int:
        return sum(self.passive.values())


class Accruals:
    """Takes pages one by one. Memory grows with months and the number of pages that are to be told, not with pages."""

    def __init__(self, *, top: int) -> None:
        self._top = top
        self._earning: list[tuple[int, str, _Page]] = []
        self._cohorts: dict[str, _Cohort] = {}

    def add(self, url: str, entries: Iterable[Entry]) -> None:
        """All links of one target page, by the month in which each is proven to have stood."""
        links, passive, months = 0, Counter[int](), set[int]()
        for name, group, count in entries:
            month = number_of(name)
            months.add(month)
            links += count
            if group == Mode.PASSIVE:
                passive[month] += count
        page = _Page(min(months), links, passive)
        for cohort in (ALL, month_name(page.first)[:4]):
            self._cohorts.setdefault(cohort, _Cohort()).add(page)
        if passive:
            self._earning.append((-page.earned, url, page))
            if len(self._earning) > 2 * self._top + _SPARE:
                self._keep_top()

    def pages(self) -> tuple[PageAccrual, ...]:
        """The pages with the most passive links, most first; pages without any are left out."""
        self._keep_top()
        return tuple(_told(url, page) for _, url, page in self._earning)

    def curves(self, until: str) -> tuple[Curve, ...]:
        """All pages, then those of each of the newest years; empty if no page was added. ``until``: the last month."""
        years = sorted(self._cohorts.keys() - {ALL})
        newest = years[-COHORTS:] if len(years) > 1 else []
        names = (ALL, *newest) if years else ()
        return tuple(self._cohorts[name].curve(name, number_of(until)) for name in names)

    def _keep_top(self) -> None:
        self._earning.sort(key=lambda entry: entry[:2])
        del self._earning[self._top :]


_SPARE = 1_000


class _Cohort:
    def __init__(self) -> None:
        self._first: Counter[int] = Counter()
        self._gained: Counter[int] = Counter()

    def add(self, page: _Page) -> None:
        self._first[page.first] += 1
        for month, count in page.passive.items():
            self._gained[month - page.first] += count

    def curve(self, name: str, until: int) -> Curve:
        watched = Counter({until - month: pages for month, pages in self._first.items()})
        at_risk, running, mean = [], 0.0, []
        remaining = watched.total()
        for age in range(max(watched) + 1):
            at_risk.append(remaining)
            running += self._gained[age] / remaining
            mean.append(running)
            remaining -= watched[age]
        return Curve(name, watched.total(), tuple(range(len(mean))), tuple(at_risk), tuple(mean))


def _told(url: str, page: _Page) -> PageAccrual:
    ends = (*AGES[1:], None)
    by_age = tuple(
        sum(
            count
            for month, count in page.passive.items()
            if start <= month - page.first and (end is None or month - page.first < end)
        )
        for start, end in zip(AGES, ends, strict=True)
    )
    return PageAccrual(
        url=url,
        first=month_name(page.first),
        links=page.links,
        passive=page.earned,
        by_age=by_age,
        newest=month_name(max(page.passive)),
    )
