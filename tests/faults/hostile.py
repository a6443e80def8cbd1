"""Hosts that mean no good, beside healthy ones."""

import gzip
import time
from collections.abc import Sequence

from tests.faults.rig import Rig, Row, page
from tests.servers.web import Reply

MIB = 1024 * 1024
_BOMB = gzip.compress(b"<p>\0" * (50 * MIB))
_DEEP = b"<html><body>" + b"<div>" * 10_000 + b"deep"
_LINKS = b"<html><body>" + b"".join(b'<a href="/x/%d">x</a>' % i for i in range(200_000))
_HTML = {"Content-Type": "text/html"}
KINDS = ("bomb", "endless", "loris", "silent", "loop", "deep", "links", "headers", "resets")


def _hostile(kind: str, path: str) -> Reply:
    match kind:
        case "bomb":
            return Reply(200, _BOMB, {**_HTML, "Content-Encoding": "gzip"})
        case "endless":
            return Reply(200, b"x" * 65536, _HTML, pieces=1_000_000)
        case "loris":
            return Reply(200, b"x", _HTML, pieces=1_000_000, pause=0.2)
        case "silent":
            return Reply(wait=600)
        case "loop":
            return Reply(302, headers={"Location": f"/loop{path}"[:1500]})
        case "deep":
            return Reply(200, _DEEP)
        case "links":
            return Reply(200, _LINKS)
        case "headers":
            return Reply(200, b"x", {f"X-{i}": "y" * 1000 for i in range(2000)})
    return Reply(hang_up=True)


def four_traps() -> Row:
    return trap(kinds=("day", "tag", "filter", "search"))


def trap(workers: int = 2, pages: int = 10_000, posts: int = 200, kinds: Sequence[str] = ("day",)) -> Row:
    """Endless pages of one kind, or of several, beside ordinary ones on the same host."""

    def answer(host: str, path: str) -> Reply:
        if path == "/robots.txt":
            return Reply(404)
        number = int(path.rpartition("/")[2])
        if path.startswith("/post/"):
            own = f"{chr(97 + number % 26)}{chr(97 + number // 26)}"
            links = [f"/post/{n}" for n in (2 * number + 1, 2 * number + 2) if n < posts]
            links += [f"/{kind}/0" for kind in kinds]
            return page(links, f"On {own} there is {own}thing that {own} says about {own}ness alone")
        kind = path.split("/")[1]
        return page([f"/{kind}/{(number + step) % pages}" for step in range(1, 40)], f"No {kind} here, go on to next")

    with Rig(answer, ["http://trap.example/post/0"], DOWNLOAD_DELAY=0.01) as rig:
        rig.start(workers, follow="host")
        ended = rig.wait(200)
        found = sum(path.startswith("/post/") for path in {hit.path for hit in rig.web.pages()})
        spent = sum(not hit.path.startswith("/post/") for hit in rig.web.pages())
        return Row(
            f"{pages:,} endless pages each of {', '.join(kinds)} beside {posts} posts on one host, {workers} workers",
            f"{spent} fetches spent in the trap, {found} posts found",
            "<= 200 fetches, all posts",
            ended and found == posts and spent <= 200,
        )


def beside_healthy_hosts(healthy: int = 30, pages: int = 40, each: int = 2) -> Row:
    """Healthy throughput with and without hostile hosts, and the memory of the worker."""

    def answer(host: str, path: str) -> Reply:
        if path == "/robots.txt":
            return Reply(404)
        kind = host.partition("-")[0]
        return _hostile(kind, path) if kind in KINDS else page([])

    good = [f"http://h{i % healthy}.example/{i}" for i in range(healthy * pages)]
    bad = [f"http://{kind}-{i}.example/{i}" for i in range(each) for kind in KINDS]
    moments, memory, oldest = {}, {False: 0.0, True: 0.0}, 0.0
    for hostile in (False, True):
        seeds = [*bad, *good] if hostile else good
        with Rig(answer, seeds, DOWNLOAD_DELAY=0.5, LINKCRAWLER_LEASE_SECONDS=60) as rig:
            rig.start(1, follow="none")
            end = time.monotonic() + 180
            while time.monotonic() < end:
                memory[hostile] = max(memory[hostile], rig.peak_memory())
                if sum("-" not in hit.host for hit in rig.web.pages()) >= len(good):
                    break
                time.sleep(0.05)
            mine = [hit for hit in rig.web.pages() if "-" not in hit.host]
            begin = min(hit.began for hit in rig.web.hits)
            moments[hostile] = sorted(hit.began - begin for hit in mine)
            if hostile:
                rig.wait(150)
                closed = [hit.ended - hit.began for hit in rig.web.hits if hit.ended]
                oldest = max(closed)
    share = sum(moment <= moments[False][-1] for moment in moments[True]) / len(good)
    return Row(
        f"{len(bad)} hostile beside {healthy} healthy hosts",
        f"healthy pages in the time they take alone: {share:.0%} (all after {moments[True][-1]:.1f} s, alone "
        f"{moments[False][-1]:.1f} s), memory {memory[True]:.0f} MiB "
        f"(without them {memory[False]:.0f}), longest request {oldest:.0f} s",
        ">= 90 %, <= 300 MiB, <= 35 s",
        share >= 0.9 and memory[True] <= 300 and oldest <= 35,
    )
