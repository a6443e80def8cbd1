"""What the embedded frontier adds to the contract: it lives in a file, and a killed crawl goes on from it."""

from pathlib import Path

import pytest

from linkcrawler.errors import StoreError, UsageError
from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.protocol import Candidate


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(path: Path, clock: Clock, **options: int) -> EmbeddedFrontier:
    frontier = EmbeddedFrontier(path, "crawl", delay=1.0, clock=clock, **options)
    frontier.begin()
    return frontier


def urls(*names: str) -> list[Candidate]:
    return [Candidate(f"https://{name}.example/") for name in names]


def test_what_was_leased_when_the_process_died_is_queued_again(tmp_path: Path) -> None:
    clock = Clock()
    first = opened(tmp_path / "f.db", clock)
    first.admit(urls("a", "b", "c"))
    done, lost = first.reserve(), first.reserve()
    assert done is not None
    assert lost is not None
    first.ack(done)
    first.close()

    second = EmbeddedFrontier(tmp_path / "f.db", "crawl", delay=1.0, clock=clock)
    assert second.begin().resumed
    clock.now = 5.0
    left = {lease.candidate.url for lease in iter(second.reserve, None)}

    assert left == {"https://b.example/", "https://c.example/"}
    assert second.status().done == 1


def test_a_finished_crawl_begins_anew(tmp_path: Path) -> None:
    clock = Clock()
    first = opened(tmp_path / "f.db", clock)
    first.admit(urls("a"))
    lease = first.reserve()
    assert lease is not None
    first.ack(lease)
    first.finish()
    first.close()

    second = EmbeddedFrontier(tmp_path / "f.db", "crawl", delay=1.0, clock=clock)
    assert not second.begin().resumed
    assert second.admit(urls("a")).kept == 1


def test_restart_forgets_an_unfinished_crawl(tmp_path: Path) -> None:
    clock = Clock()
    opened(tmp_path / "f.db", clock).close()
    second = EmbeddedFrontier(tmp_path / "f.db", "crawl", delay=1.0, clock=clock)

    assert not second.begin(restart=True).resumed


def test_a_larger_budget_goes_on_where_the_smaller_one_ended(tmp_path: Path) -> None:
    clock = Clock()
    first = opened(tmp_path / "f.db", clock, max_pages=1)
    first.admit(urls("a", "b"))
    lease = first.reserve()
    assert lease is not None
    assert first.reserve() is None
    first.ack(lease)
    assert first.status().pending == 0
    first.finish()
    first.close()

    second = EmbeddedFrontier(tmp_path / "f.db", "crawl", delay=1.0, clock=clock, max_pages=2)
    assert second.begin().resumed
    clock.now = 5.0
    lease = second.reserve()
    assert lease is not None
    assert lease.candidate.url == "https://b.example/"


def test_a_page_that_keeps_failing_is_given_up(tmp_path: Path) -> None:
    clock = Clock()
    frontier = opened(tmp_path / "f.db", clock, max_attempts=2)
    frontier.admit(urls("a"))
    first = frontier.reserve()
    assert first is not None
    assert frontier.nack(first, reason="reset")
    assert frontier.reserve() is None
    clock.now = 10.0
    second = frontier.reserve()
    assert second is not None
    assert second.attempt == 2
    assert not frontier.nack(second, reason="reset")

    status = frontier.status()
    assert (status.pending, status.dead) == (0, 1)


def test_two_processes_cannot_run_one_crawl(tmp_path: Path) -> None:
    clock = Clock()
    first = opened(tmp_path / "f.db", clock)
    with pytest.raises(UsageError, match="already running"):
        EmbeddedFrontier(tmp_path / "f.db", "crawl", delay=1.0, clock=clock)
    first.close()
    EmbeddedFrontier(tmp_path / "f.db", "crawl", delay=1.0, clock=clock).close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one " * 20)
    with pytest.raises(StoreError, match=r"notes\.txt.*cannot be opened"):
        EmbeddedFrontier(path, "crawl", delay=1.0, clock=Clock())
