"""Micro-benchmarks of the steps of a crawl, in CPU time, comparable between commits:

pytest tests/benchmarks/bench_parts.py --benchmark-timer=time.process_time --benchmark-autosave
pytest tests/benchmarks/bench_parts.py --benchmark-timer=time.process_time --benchmark-compare

Pages are generated, 150 KB and 116 links each; ``test_capture_speed.py`` does the same for real ones. The file's name
keeps it out of ``make test``.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import lxml.html
import pytest
from redis.asyncio import Redis

from linkcrawler.capture import capture_page, load_vocabulary
from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate, Frontier
from linkcrawler.frontier.recent import Recent
from linkcrawler.frontier.redis.backend import RedisFrontier
from linkcrawler.records import Link, Page, Placement
from linkcrawler.targets import TargetIndex, parse_targets
from linkcrawler.traps import Novelty, endless
from linkcrawler.urls import Base, canonicalize
from pipelines.evidence import gather, load_signals
from pipelines.stores.connect import open_store
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import load_model
from tests.benchmarks.crawl import box
from tests.benchmarks.stored_links import visits
from tests.servers.redis import RedisServer

Benchmark = Callable[..., object]
URL = "http://www.amber-basin1.test/cedar/page-1.html"
LINKS_AT_ONCE = 1000

ENDS = ("com", "org", "de", "co.uk")


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def pages() -> list[bytes]:
    chance = random.Random(1)
    names = [f"www.amber-basin{number}.test" for number in range(200)]
    addresses = [f"http://{names[number % 200]}/cedar/page-{number}.html" for number in range(2000)]
    return [box._page(chance, number, addresses, names) for number in range(20)]


@pytest.fixture(scope="module")
def links(pages: list[bytes]) -> list[str]:
    return [link.get("href") or "" for page in pages for link in lxml.html.document_fromstring(page).iter("a")]


def test_capture_a_page(pages: list[bytes], benchmark: Benchmark) -> None:
    targets, vocabulary = parse_targets("nowhere.example"), load_vocabulary()
    bodies = iter(pages * 10_000)

    benchmark(lambda: capture_page(next(bodies), URL, targets=targets, vocabulary=vocabulary))


def test_capture_a_page_that_links(pages: list[bytes], benchmark: Benchmark) -> None:
    targets, vocabulary = parse_targets(box.TARGET), load_vocabulary()
    link = f' see <a href="https://www.{box.TARGET}/study">this study</a></p>'.encode()
    page = pages[0].replace(b"</p>", link, 1)

    benchmark(lambda: capture_page(page, URL, targets=targets, vocabulary=vocabulary))


def test_search_a_page_for_1000_targets(pages: list[bytes], benchmark: Benchmark) -> None:
    specs = (f"{name}{number}.{end}" for number in range(250) for name, end in zip("abcd", ENDS, strict=True))
    watched = TargetIndex(parse_targets(",".join(specs)))

    benchmark(lambda: [watched.spelled_in(page) for page in pages])


def test_resolve_a_pages_links(links: list[str], benchmark: Benchmark) -> None:
    benchmark(lambda: Base(URL).resolve_all(links[:116]))


def test_canonicalise_what_is_not_canonical(benchmark: Benchmark) -> None:
    numbers = count()

    benchmark(lambda: canonicalize(f"HTTP://Example.test:80/a b/{next(numbers)}?z=1&a=2#top"))


def test_screen_a_pages_links(links: list[str], benchmark: Benchmark) -> None:
    recent, novelty = Recent(), Novelty()
    recent.note(links[10:116])

    def screen() -> int:
        return sum(not endless(link, 2026) and not novelty.exhausted(link) for link in recent.unknown(links[:116]))

    benchmark(screen)


def _batches() -> Iterator[list[Candidate]]:
    numbers = count()
    while True:
        yield [Candidate(f"http://h{n % 50}.test/page/{next(numbers)}") for n in range(LINKS_AT_ONCE)]


def _admit(loop: asyncio.AbstractEventLoop, frontier: Frontier, benchmark: Benchmark) -> None:
    batches = _batches()
    loop.run_until_complete(frontier.open())
    loop.run_until_complete(frontier.begin(restart=True))
    try:
        benchmark.pedantic(  # type: ignore[attr-defined]
            lambda batch: loop.run_until_complete(frontier.admit(batch)),
            setup=lambda: ((next(batches),), {}),
            rounds=50,
        )
    finally:
        loop.run_until_complete(frontier.close())


def test_admit_1000_new_links_in_redis(loop: asyncio.AbstractEventLoop, tmp_path: Path, benchmark: Benchmark) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    with RedisServer(tmp_path, append_only=False) as server:
        _admit(loop, RedisFrontier(Redis.from_url(server.url), "bench", Limits(delay=1.0)), benchmark)


def test_admit_1000_new_links_in_process(loop: asyncio.AbstractEventLoop, tmp_path: Path, benchmark: Benchmark) -> None:
    path = tmp_path / "frontier.db"
    _admit(loop, EmbeddedFrontier(path, "bench", Limits(delay=1.0), clock=time.monotonic), benchmark)


def test_store_100_visits(loop: asyncio.AbstractEventLoop, tmp_path: Path, benchmark: Benchmark) -> None:
    waiting = visits(100_000)

    async def measure() -> None:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            puts.append(store.put)
            await done.wait()

    puts: list[Callable[..., object]] = []
    done = asyncio.Event()
    opened = loop.create_task(measure())
    while not puts:
        loop.run_until_complete(asyncio.sleep(0.01))
    benchmark.pedantic(  # type: ignore[attr-defined]
        lambda batch: loop.run_until_complete(puts[0](batch)),
        setup=lambda: (([next(waiting) for _ in range(100)],), {}),
        rounds=30,
    )
    done.set()
    loop.run_until_complete(opened)


def test_classify_a_link(benchmark: Benchmark) -> None:
    model = load_model()
    signals = load_signals(model)
    found = [(visit.page, sighting) for visit in visits(300) for sighting in visit.sightings]
    stored = iter([_link(page, sighting.placements) for page, sighting in found] * 1000)

    def classify() -> object:
        link = next(stored)
        return judge(gather(link, signals), model, at=datetime.now(UTC), state=link.state)

    benchmark(classify)


def _link(page: Page | None, placements: tuple[Placement, ...]) -> Link:
    seen, lead = datetime(2026, 1, 1, tzinfo=UTC), placements[0]
    assert page is not None
    return Link(
        id="0123456789abcdef", source_url=page.url, target_url=lead.target_url, target=lead.target, first_seen=seen,
        last_seen=seen, placements=placements, page=page,
    )  # fmt: skip
