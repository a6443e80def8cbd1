"""A second opinion: walks the demo web with the standard library's parsers, without linkcrawler's capture."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from linkcrawler.urls import canonicalize
from tests.demo.server import HERE, DemoWeb

TARGET = "tidepool.example"
AFFILIATE_NETWORK = "www.awin1.com"

_UNREADABLE = re.compile(r"http://\[")
_WEB = re.compile(r"https?://(?!\[)", re.IGNORECASE)

Placements = Counter[tuple[str, str]]
"""Number of placements by (source URL, target URL)."""


class Walk:
    """Follows every link that stays on its host, from the seeds on; each page once."""

    def __init__(self, web: DemoWeb) -> None:
        self.placements: Placements = Counter()
        self.outcomes: Counter[str] = Counter()
        self.links_seen = 0
        """Links of any form, on all pages, and the destinations of redirects."""
        self._web = web
        self._robots: dict[str, RobotFileParser] = {}
        lines = (HERE / "seeds.txt").read_text(encoding="utf-8").splitlines()
        waiting = [_canonical(line) for line in lines if line and not line.startswith("#")]
        seen = set(waiting)
        while waiting:
            for url in self._visit(waiting.pop()) - seen:
                seen.add(url)
                waiting.append(url)

    def _visit(self, url: str) -> set[str]:
        """Count what one address answers; the addresses to go on with."""
        host = urlsplit(url).hostname or ""
        if not self._allowed(host, url):
            self.outcomes["robots"] += 1
            return set()
        answer = self._web.answer(url)
        if answer.status != 200 or answer.content_type != "text/html":
            self.outcomes[{301: "redirected", 404: "gone"}.get(answer.status, "not_html")] += 1
            self.links_seen += bool(answer.location)
            return {answer.location} - {""}
        self.outcomes["ok"] += 1
        page = _Anchors(url)
        page.feed(answer.body.decode("utf-8", "replace"))
        self.links_seen += len(page.found)
        links = [_through(_canonical(link)) for link in page.found if _WEB.match(link)]
        self.placements.update((url, link) for link in links if urlsplit(link).hostname == TARGET)
        return {link for link in links if urlsplit(link).hostname == host}

    def _allowed(self, host: str, url: str) -> bool:
        if host not in self._robots:
            self._robots[host] = RobotFileParser()
            rules = self._web.answer(f"http://{host}/robots.txt")
            self._robots[host].parse(rules.body.decode().splitlines() if rules.status == 200 else [])
        return self._robots[host].can_fetch("linkcrawler", url)


class _Anchors(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = url
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "base":
            self.base = href
        elif tag in ("a", "area"):
            self.found.append(href if _UNREADABLE.match(href) else urljoin(self.base, href))


def _canonical(url: str) -> str:
    canonical = canonicalize(url)
    assert canonical, url
    return canonical


def _through(url: str) -> str:
    """Where an affiliate network's address leads."""
    parts = urlsplit(url)
    return parse_qs(parts.query)["ued"][0] if parts.hostname == AFFILIATE_NETWORK else url
