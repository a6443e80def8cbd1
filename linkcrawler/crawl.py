"""What one crawl is: its targets, its seeds, how far it goes. Two commands with the same plan are the same crawl."""

from dataclasses import dataclass
from enum import StrEnum

from linkcrawler.domains import domain_of
from linkcrawler.errors import UsageError
from linkcrawler.targets import Target, parse_targets
from linkcrawler.urls import digest, host_of
from linkcrawler.vocabulary import Refusal


class Follow(StrEnum):
    """Which links of a page are followed."""

    NONE = "none"
    HOST = "host"
    DOMAIN = "domain"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPlan:
    """The arguments of a crawl, checked."""

    spider: str
    targets: tuple[Target, ...]
    seeds: str
    follow: Follow = Follow.DOMAIN
    max_pages: int = 0
    """0: no limit."""
    max_depth: int = 0
    """0: no limit. Seeds have depth 0."""

    @property
    def key(self) -> str:
        """Identity of the crawl: budgets may change between runs, what is looked for and where may not."""
        return digest(self.spider, *sorted(target.spec for target in self.targets), self.seeds, self.follow)

    def refusal(self, url: str, depth: int, found_on: str) -> Refusal | None:
        """Why a link found on the page ``found_on`` is not followed; None if it is."""
        for target in self.targets:
            if target.matches(url):
                return Refusal.ON_TARGET
        if not self._in_scope(url, found_on):
            return Refusal.OFF_SCOPE
        if self.max_depth and depth > self.max_depth:
            return Refusal.TOO_DEEP
        return None

    def _in_scope(self, url: str, found_on: str) -> bool:
        match self.follow:
            case Follow.NONE:
                return False
            case Follow.HOST:
                return host_of(url) == host_of(found_on)
            case Follow.DOMAIN:
                return domain_of(url) == domain_of(found_on)
            case Follow.WEB:
                return True


def plan_crawl(
    spider: str, *, target: str | None, seeds: str | None, follow: str, max_pages: str, max_depth: str
) -> CrawlPlan:
    """Check the arguments that ``scrapy crawl -a`` passes as text; UsageError says which one is wrong and why."""
    if not target:
        raise UsageError("no target given: write for example -a target=example.org")
    if not seeds:
        raise UsageError("no seeds given: write for example -a seeds=seeds.txt or -a seeds=https://example.org/blog")
    if follow not in set(Follow):
        known = ", ".join(Follow)
        raise UsageError(f"follow={follow!r} is not understood: expected one of {known}; write -a follow=domain")
    return CrawlPlan(
        spider=spider,
        targets=parse_targets(target),
        seeds=seeds,
        follow=Follow(follow),
        max_pages=_count("max_pages", max_pages),
        max_depth=_count("max_depth", max_depth),
    )


def _count(name: str, text: str) -> int:
    if text.isdecimal():
        return int(text)
    raise UsageError(f"{name}={text!r} is not understood: expected a whole number, 0 for no limit; write -a {name}=100")
