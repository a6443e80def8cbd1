"""How hosts are treated, seen from their side."""

import signal
from statistics import median

from tests.faults.rig import Rig, Row, by_host, manners, page
from tests.servers.web import Reply


def one_host(workers: int = 8, pages: int = 50, delay: float = 0.5) -> Row:
    """Many workers, one host: pages, redirects, retries and robots.txt; one worker is restarted on the way."""
    failed = set[str]()

    def answer(host: str, path: str) -> Reply:
        if path == "/robots.txt":
            return Reply(200, b"User-agent: *\nDisallow: /no\n")
        number = int(path.rpartition("/")[2])
        if path.startswith("/from/"):
            return Reply(302, headers={"Location": f"/page/{number}"})
        if number % 10 == 3 and path not in failed:
            failed.add(path)
            return Reply(503)
        return page([])

    kinds = ("page", "page", "page", "from", "no")
    seeds = [f"http://one.example/{kinds[i % len(kinds)]}/{i}" for i in range(pages)]
    with Rig(answer, seeds, DOWNLOAD_DELAY=delay, LINKCRAWLER_LEASE_SECONDS=10, LINKCRAWLER_LONGEST_BACK_OFF=1) as rig:
        rig.start(workers)
        rig.wait_for_pages(pages // 3)
        rig.workers[0].send_signal(signal.SIGTERM)
        rig.start(1)
        ended = rig.wait(300)
        seen = manners(rig.web.hits)
        return Row(
            f"{workers} workers on one host, delay {delay} s, a restart on the way",
            f"{seen.requests} requests, {seen.rate:.2f} a second, at most {seen.most_open} open, "
            f"shortest gap {seen.shortest_gap:.3f} s",
            f"<= {1 / delay:.1f} a second, 1 open, gap >= {delay - 0.005:.3f} s",
            ended and seen.rate <= 1 / delay and seen.most_open == 1 and seen.shortest_gap >= delay - 0.005,
        )


def fair_shares(hosts: int = 8, pages: int = 40, delay: float = 0.1) -> Row:
    """All hosts are served side by side: the crawl takes little longer than one host alone must."""
    seeds = [f"http://h{i % hosts}.example/{i}" for i in range(hosts * pages)]
    with Rig(lambda host, path: Reply(404) if path == "/robots.txt" else page([]), seeds, DOWNLOAD_DELAY=delay) as rig:
        rig.start(1)
        ended = rig.wait(120)
        hits = rig.web.hits
        seconds = max(hit.ended for hit in hits) - min(hit.began for hit in hits)
        ideal = pages * delay  # the first request of each host is that for robots.txt
        return Row(
            f"{hosts} hosts x {pages} pages at {delay} s",
            f"{seconds:.2f} s, ideal {ideal:.2f} s: {seconds / ideal:.2f}x",
            "<= 1.25x",
            ended and seconds / ideal <= 1.25,
        )


def one_slow_host(hosts: int = 200, pages: int = 4) -> Row:
    """A host that takes three seconds an answer does not delay the others."""
    seeds = [f"http://h{i % hosts}.example/{i}" for i in range(hosts * pages)]
    times = {}
    for slow in (False, True):

        def answer(host: str, path: str, slow: bool = slow) -> Reply:
            if path == "/robots.txt":
                return Reply(404)
            return Reply(200, page([]).body, wait=3.0 if slow and host == "h0.example" else 0.0)

        with Rig(answer, seeds, DOWNLOAD_DELAY=1.0) as rig:
            rig.start(1)
            rig.wait(120)
            begin = min(hit.began for hit in rig.web.hits)
            others = [hits for host, hits in by_host(rig.web.hits).items() if host != "h0.example"]
            times[slow] = median(hits[-1].ended - begin for hits in others)
    more = times[True] / times[False] - 1
    return Row(
        f"1 slow among {hosts} hosts",
        f"the others end after {times[True]:.2f} s, without it {times[False]:.2f} s: {more:+.1%}",
        "< +5 %",
        more < 0.05,
    )


def starvation(big: int = 20_000, small: int = 200, pages: int = 5) -> Row:
    """A host with very many URLs does not hold up small ones."""
    seeds = [f"http://big.example/{i}" for i in range(big)]
    seeds += [f"http://s{i % small}.example/{i}" for i in range(small * pages)]
    with Rig(lambda host, path: Reply(404) if path == "/robots.txt" else page([]), seeds, DOWNLOAD_DELAY=0.2) as rig:
        rig.start(2, follow="none")
        rig.wait_for_pages(small * pages, 180)
        hosts = by_host(rig.web.pages())
        done = sum(len(hosts.get(f"s{i}.example", ())) == pages for i in range(small))
        asked = len(hosts.get("big.example", ()))
        return Row(
            f"1 host with {big} URLs, {small} with {pages}",
            f"{done} small hosts done when {asked} pages of the big one were ({asked / big:.2%})",
            "all small ones done before 2 % of the big one",
            done >= small * 0.95 and asked <= big * 0.02,
        )
