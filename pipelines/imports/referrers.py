"""Makes seeds of the referrers of a log. What is no page with a link is counted by reason.

Spam: names that are sent to get into reports, from a list and by their words; and one visitor who comes from one page
to twenty and more of ours, as no reader does. Requests of programs that are no browsers are theirs alone. A browser
tells other sites no more than ``https://host/`` unless the page allows it: such a seed is the site's front page, and
the link may stand on any page of it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from linkcrawler.domains import domain_of
from linkcrawler.targets import Target
from linkcrawler.urls import MAX_URL_CHARS, canonicalize, host_of, join
from pipelines.imports.access_log import Click
from pipelines.imports.table_rows import OTHER_TARGET, OWN_SITE
from pipelines.imports.vocabulary import Referrers
from pipelines.stores.seeds import KnownSeed

ORIGIN = "access log"

NO_REFERRER, NO_PAGE, SEARCH, SPAM, SPRAYED, ROBOT = (
    "without a referrer", "from no web page", "from a search engine or mailbox", "spam by name",
    "spam: one visitor, many pages", "by a robot",
)  # fmt: skip
_WWW = "www."


@dataclass(slots=True)
class _Page:
    """What a log tells of one referrer."""

    clicks: Counter[str] = field(default_factory=Counter)
    """By the page of ours that was asked for."""
    days: dict[str, tuple[date, date, int]] = field(default_factory=dict)
    """First day, last day and first line, by the page of ours."""
    paths_of: dict[str, set[str]] = field(default_factory=dict)
    """Pages of ours by visitor."""
    sprayed: bool = False


class ClickCounter:
    """Collects clicks one by one; memory grows with distinct pages, not with lines."""

    def __init__(self, target: Target | None, lists: Referrers) -> None:
        self._target = target
        self._lists = lists
        self._pages: dict[tuple[str, str], _Page] = {}
        """By referrer and target."""
        self._by_robot: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        """Lines by why they give no seed."""
        self.repeated = 0

    def add(self, line: int, click: Click) -> None:
        """Raises ValueError if the log does not tell whose site it is of."""
        if not click.referrer:
            self.passed_over[NO_REFERRER] += 1
            return
        url = canonicalize(click.referrer) if click.referrer[:4].lower() == "http" else None
        if url is None or len(url) > MAX_URL_CHARS or "." not in host_of(url):
            self.passed_over[NO_PAGE] += 1
            return
        spec, asked = self._asked(click)
        if not asked:
            self.passed_over[OTHER_TARGET] += 1
        elif reason := self._no_seed(url, click):
            self.passed_over[reason] += 1
        else:
            self._note(url, spec, asked, click, line)

    def _asked(self, click: Click) -> tuple[str, str]:
        """The target and our page that was asked for; no page if it belongs to another target."""
        target = self._target
        host = click.host or (target.host or target.domain if target else "")
        if not host:
            raise ValueError("the log does not say whose site was asked: add --target example.org")
        asked = canonicalize(join(f"https://{host}/", click.path) or "") or ""
        if target is None:
            return host.removeprefix(_WWW), asked
        return target.spec, asked if asked and target.matches(asked) else ""

    def _no_seed(self, url: str, click: Click) -> str:
        host, lists = host_of(url), self._lists
        own = self._target.holds(url) if self._target else host.removeprefix(_WWW) == click.host.removeprefix(_WWW)
        if own:
            return OWN_SITE
        names = host.split(".")
        above = {".".join(names[start:]) for start in range(len(names))}
        if above & lists.spam or any(word in host for word in lists.spam_words):
            return SPAM
        if above & lists.search or domain_of(url).partition(".")[0] in lists.search_names:
            return SEARCH
        agent = click.agent.lower()
        return ROBOT if any(word in agent for word in lists.bots) else ""

    def _note(self, url: str, spec: str, asked: str, click: Click, line: int) -> None:
        page = self._pages.setdefault((url, spec), _Page())
        page.clicks[asked] += 1
        first, last, row = page.days.get(asked, (click.day, click.day, line))
        page.days[asked] = (min(first, click.day), max(last, click.day), min(row, line))
        if not page.sprayed:
            paths = page.paths_of.setdefault(click.client, set())
            paths.add(asked)
            # A front page stands for all pages of its site: from there a reader may well come to many of ours.
            if len(paths) >= self._lists.sprayed and urlsplit(url).path != "/":
                page.sprayed = True
                page.paths_of.clear()

    def seeds(self, source: str, noted_at: datetime) -> Iterator[KnownSeed]:
        """Each referrer with each page of ours that it led to, once; the rest is counted."""
        for (url, spec), page in self._pages.items():
            if page.sprayed:
                self.passed_over[SPRAYED] += page.clicks.total()
                continue
            self.repeated += page.clicks.total() - len(page.days)
            for asked, (first, last, row) in page.days.items():
                yield KnownSeed(
                    url=url,
                    origin=ORIGIN,
                    source=source,
                    row=row,
                    target=spec,
                    target_url=asked,
                    since=first,
                    last=last,
                    noted_at=noted_at,
                )
