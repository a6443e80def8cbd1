"""Which content keeps earning: passive links of a target page by the page's age.

A page's age is counted in months from the month by which its first known link stood there, whatever its mode: when the
page itself was published is not known. A link counts from the month by which it is proven to have stood there.

The curve is the mean cumulative number of passive links a page (Nelson's estimate): for each age, the passive links
that pages gained at that age over the pages that were watched for so long, added up. Pages that are younger leave the
mean without bending the curve.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from linkcrawler.records import Link
from linkcrawler.vocabulary import Mode
from pipelines.queries.standing import standing_of
from pipelines.reports.figures.months import month_name, month_number

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


@dataclass(slots=True)
class _Page:
    first: int
    links: int
    passive: Counter[int]


class Accruals:
    """Collects links. Memory grows with target pages and the months of their passive links."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}
        self._until = 0

    def add(self, link: Link) -> None:
        month = month_number(link.appearance.not_after or link.first_seen)
        self._until = max(self._until, month_number(link.last_seen))
        page = self._pages.setdefault(link.target_url, _Page(month, 0, Counter()))
        page.first = min(page.first, month)
        page.links += 1
        standing = standing_of(link)
        if standing and standing.mode is Mode.PASSIVE:
            page.passive[month] += 1

    def pages(self, *, top: int) -> tuple[PageAccrual, ...]:
        """The pages with the most passive links, most first; pages without any are left out."""
        earning = [(url, page) for url, page in self._pages.items() if page.passive]
        earning.sort(key=lambda entry: (-entry[1].passive.total(), entry[0]))
        return tuple(_told(url, page) for url, page in earning[:top])

    def curves(self) -> tuple[Curve, ...]:
        """All pages, then those of each of the newest years; empty if no link was added."""
        if not self._pages:
            return ()
        by_year: dict[str, list[_Page]] = {}
        for page in self._pages.values():
            by_year.setdefault(month_name(page.first)[:4], []).append(page)
        newest = sorted(by_year)[-COHORTS:] if len(by_year) > 1 else []
        return (
            self._curve(ALL, self._pages.values()),
            *(self._curve(year, by_year[year]) for year in newest),
        )

    def _curve(self, cohort: str, pages: Iterable[_Page]) -> Curve:
        watched: Counter[int] = Counter()
        gained: Counter[int] = Counter()
        for page in pages:
            watched[self._until - page.first] += 1
            for month, count in page.passive.items():
                gained[month - page.first] += count
        at_risk, running, mean = [], 0.0, []
        remaining = watched.total()
        for age in range(max(watched) + 1):
            at_risk.append(remaining)
            running += gained[age] / remaining
            mean.append(running)
            remaining -= watched[age]
        return Curve(cohort, watched.total(), tuple(range(len(mean))), tuple(at_risk), tuple(mean))


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
        passive=page.passive.total(),
        by_age=by_age,
        newest=month_name(max(page.passive)),
    )
