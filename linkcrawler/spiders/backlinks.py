"""``scrapy crawl backlinks``: fetch pages, keep what points at the target, follow the rest within scope."""

from collections import Counter
from dataclasses import replace

from scrapy.http import Response

from linkcrawler.capture import Capture, capture_page
from linkcrawler.capture.sightings import sightings
from linkcrawler.capture.vocabulary import load_vocabulary
from linkcrawler.crawl import plan_crawl
from linkcrawler.errors import UsageError
from linkcrawler.frontier.protocol import Candidate, Lease
from linkcrawler.frontier.settle import Fetched
from linkcrawler.http_times import header_time
from linkcrawler.network import TRUNCATED
from linkcrawler.records import Visit
from linkcrawler.seeds import read_seeds
from linkcrawler.spiders.fetching import FetchSpider, now
from linkcrawler.urls import canonicalize, spelling
from linkcrawler.vocabulary import Outcome, Refusal

_ARGUMENTS = ("target", "seeds", "follow", "max_pages", "max_depth", "restart")
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")


class BacklinksSpider(FetchSpider):
    """Finds pages that link to a target.

    Arguments (``-a name=value``): target (several: a.org,b.org), seeds (file, addresses, or - for standard input),
    follow (none, host, domain, web; default domain), max_pages, max_depth (default 0: no limit),
    restart=1 (begin anew).
    """

    name = "backlinks"

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        unknown = arguments.keys() - set(_ARGUMENTS)
        if unknown:
            raise UsageError(f"-a {min(unknown)}= is not known: expected one of {', '.join(_ARGUMENTS)}")
        super().__init__(name)
        self.plan = plan_crawl(
            self.name,
            target=arguments.get("target"),
            seeds=arguments.get("seeds"),
            follow=arguments.get("follow", "domain"),
            max_pages=arguments.get("max_pages", "0"),
            max_depth=arguments.get("max_depth", "0"),
        )
        self.seeds = read_seeds(self.plan.seeds)
        self.restart = arguments.get("restart", "0") not in ("0", "")
        self._vocabulary = load_vocabulary()

    def read_page(self, response: Response, lease: Lease) -> Fetched:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        if content_type.partition(";")[0].strip() not in _HTML_TYPES:
            visit = self.visit(lease, Outcome.NOT_HTML, status=response.status, detail=content_type[:100])
            return Fetched(lease=lease, visit=visit)
        at = now()
        url = canonicalize(response.url) or lease.candidate.url
        captured = capture_page(
            response.body,
            url,
            status=response.status,
            content_type=content_type,
            last_modified=header_time(response, "Last-Modified"),
            fetched=at,
            targets=self.plan.targets,
            vocabulary=self._vocabulary,
        )
        page = replace(captured.page, truncated=captured.page.truncated or TRUNCATED in response.flags)
        visit = Visit(
            url=url,
            at=at,
            outcome=Outcome.TRUNCATED if page.truncated else Outcome.OK,
            status=response.status,
            page=page,
            sightings=sightings(captured.placements, source_url=url, seen_at=at),
        )
        candidates, refused = self._follow(captured, url, lease)
        return Fetched(lease=lease, visit=visit, candidates=candidates, refused=refused)

    def _follow(self, captured: Capture, url: str, lease: Lease) -> tuple[tuple[Candidate, ...], dict[Refusal, int]]:
        depth = lease.candidate.depth + 1
        refused = Counter[Refusal](captured.refused)
        candidates = []
        for link in captured.outlinks:
            refusal = self.plan.refusal(link, depth, url)
            if refusal:
                refused[refusal] += 1
            else:
                spelled = spelling(captured.base_url, captured.hrefs.get(link, link), link)
                candidates.append(Candidate(link, depth, spelled=spelled))
        return tuple(candidates), dict(refused)

