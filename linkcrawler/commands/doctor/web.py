"""The web: are names found, and what does a site's robots.txt allow us."""

import asyncio
import socket
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

from linkcrawler import settings
from linkcrawler.commands.doctor.finding import Finding, fail, ok, warn
from linkcrawler.robots.record import MOST_BYTES, Answer, Rules, record

NAME_SECONDS = 5.0
SITE_SECONDS = 30.0


async def findings(name: str, site: str) -> AsyncIterator[Finding]:
    yield await _name(name)
    if site:
        yield await asyncio.to_thread(_robots, site)


async def _name(name: str) -> Finding:
    remedy = "see /etc/resolv.conf; behind a proxy that finds names itself, set http_proxy and https_proxy"
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(NAME_SECONDS):
            await asyncio.get_running_loop().getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    except TimeoutError:
        return warn("names", f"{name} is not found within {NAME_SECONDS:.0f} s", remedy)
    except OSError as error:
        return warn("names", f"{name} is not found ({error})", remedy)
    return ok("names", f"{name} found in {time.perf_counter() - begun:.2f} s")


def _robots(site: str) -> Finding:
    parts = urlsplit(site)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return fail("robots.txt", f"{site!r} is no address", "write for example --site https://example.org/")
    address = urljoin(site, "/robots.txt")
    request = urllib.request.Request(address, headers={"User-Agent": settings.USER_AGENT})  # noqa: S310 checked above
    try:
        with urllib.request.urlopen(request, timeout=SITE_SECONDS) as reply:  # noqa: S310
            answer = Answer(status=reply.status, body=reply.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        answer = Answer(status=error.code)
    except OSError as error:
        answer = Answer(status=0, problem=str(error))
    rules = Rules(record(answer, None, time.time()), settings.ROBOTSTXT_USER_AGENT)
    said = f"{address} (status {answer.status or answer.problem})"
    if not rules.allows(site):
        return warn("robots.txt", f"{said} forbids {site} to {settings.ROBOTSTXT_USER_AGENT}", "it will not be asked")
    return ok("robots.txt", f"{said} allows {site}" + (f", every {rules.crawl_delay:g} s" if rules.crawl_delay else ""))
