"""``make demo`` as a user runs it, against what its pages are known to hold."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.demo.oracle import Walk
from tests.demo.server import HERE, DemoWeb
from tests.demo.truth import TrueLink, read_known_wrong, read_truth

TRUTH = read_truth()
LINKS = {link.key: link for link in TRUTH.links}
SEEDS = [line for line in (HERE / "seeds.txt").read_text(encoding="utf-8").splitlines() if line.startswith("http")]
BIN = Path(sys.executable).parent
CHECKOUT = Path(__file__).parent.parent

WRONG = read_known_wrong()


@dataclass(frozen=True)
class Demo:
    """One finished run."""

    output: str
    log: str
    hits: list[dict[str, Any]]
    links: dict[tuple[str, str], dict[str, Any]]
    report: dict[str, Any]

    def stats(self, prefix: str) -> dict[str, int]:
        """Scrapy's stats under a prefix, as the crawl's log shows them."""
        return {name: int(number) for name, number in re.findall(rf"'{prefix}([a-z_]+)': (\d+)", self.log)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    store, hits = folder / "demo.db", folder / "hits.jsonl"
    astray = {"LINKCRAWLER_STORE": "mongodb://nowhere.example/x", "http_proxy": "http://127.0.0.1:9", "no_proxy": "*"}
    argv = [sys.executable, "-m", "tests.demo", "--store", str(store), "--hits", str(hits)]
    run = subprocess.run(argv, cwd=CHECKOUT, env={**os.environ, **astray}, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
    links = [json.loads(line) for line in _linkcrawler("links", store, "--format", "jsonl").splitlines()]
    return Demo(
        output=run.stdout,
        log=store.with_suffix(".log").read_text(encoding="utf-8"),
        hits=[json.loads(line) for line in hits.read_text(encoding="utf-8").splitlines()],
        links={(link["source_url"], link["target_url"]): link for link in links},
        report=json.loads(_linkcrawler("report", store, "--json")),
    )


def _linkcrawler(command: str, store: Path, *options: str) -> str:
    argv = [str(BIN / "linkcrawler"), command, "--store", f"sqlite:///{store}", *options]
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout


def _each_link(what: str, links: Iterable[TrueLink] = TRUTH.links) -> pytest.MarkDecorator:
    """One test per link; what is known to be wrong must fail."""
    wrong = WRONG.get(what, {})
    cases = [
        pytest.param(link, marks=[pytest.mark.xfail(strict=True, reason=wrong[link.key])] if link.key in wrong else [])
        for link in links
    ]
    return pytest.mark.parametrize("truth", cases, ids=lambda link: " ".join(link.key))


def test_truth_agrees_with_a_second_parser() -> None:
    walk = Walk(DemoWeb())

    assert walk.placements == {key: len(link.regions) for key, link in LINKS.items()}
    assert walk.outcomes == TRUTH.visits


def test_every_link_is_found_and_nothing_else(demo: Demo) -> None:
    assert {key: len(link["placements"]) for key, link in demo.links.items()} == {
        key: len(link.regions) for key, link in LINKS.items()
    }


def test_visits_end_as_the_pages_say(demo: Demo) -> None:
    assert demo.stats("linkcrawler/visits/") == TRUTH.visits


def test_what_was_seen_is_what_was_kept_and_refused(demo: Demo) -> None:
    refused = demo.stats("linkcrawler/urls/refused/")
    admitted = demo.stats("linkcrawler/urls/")["admitted"]

    assert admitted + sum(refused.values()) == Walk(DemoWeb()).links_seen
    assert admitted + len(SEEDS) == sum(TRUTH.visits.values())
    assert demo.stats("linkcrawler/pages/refused/") == {"robots": TRUTH.visits["robots"]}
    assert refused.keys() == {"duplicate", "malformed", "not_http", "off_scope", "on_target"}


@_each_link("region")
def test_region(demo: Demo, truth: TrueLink) -> None:
    got = [placement["region"] for placement in demo.links[truth.key]["placements"]]

    assert all(region in right for region, right in zip(got, truth.regions, strict=True)), (got, truth.regions)


@_each_link("mode")
def test_mode(demo: Demo, truth: TrueLink) -> None:
    assert demo.links[truth.key]["mode"] == truth.mode


@_each_link("channel")
def test_channel(demo: Demo, truth: TrueLink) -> None:
    assert demo.links[truth.key]["channel"] == truth.channel


@_each_link("published", [link for link in TRUTH.links if link.published])
def test_publication_date(demo: Demo, truth: TrueLink) -> None:
    assert truth.published
    assert demo.links[truth.key]["page"]["published"] == truth.published.isoformat()


def test_known_wrong_names_links_of_the_demo() -> None:
    assert {key for links in WRONG.values() for key in links} <= LINKS.keys()


def test_report_counts_are_those_of_the_truth(demo: Demo) -> None:
    """Apart from the links that are known to be judged wrongly, each of which counts as what it is taken for."""
    modes = Counter(WRONG["mode"].get(link.key, link.mode) for link in TRUTH.links)
    channels = Counter(WRONG["channel"].get(link.key, link.channel) for link in TRUTH.links)
    reported = demo.report["channels"].values()

    assert {name: n for name, n in demo.report["links"].items() if n} == {**modes, "total": len(LINKS)}
    assert {name: n for group in reported for name, n in group.items() if n} == channels
    assert demo.report["domains"]["total"] == len({urlsplit(link.source_url).hostname for link in TRUTH.links})


def test_forbidden_pages_and_the_target_are_never_asked(demo: Demo) -> None:
    asked = {hit["url"] for hit in demo.hits}

    assert not [url for url in asked if "/memberlist.php" in url or "/go/" in url]
    assert not [url for url in asked if "tidepool.example/" in url]
    assert "http://forum.buoyage.example/robots.txt" in asked


def test_one_request_per_host_at_a_time(demo: Demo) -> None:
    assert {hit["open_on_host"] for hit in demo.hits} == {1}


def test_no_address_is_asked_twice(demo: Demo) -> None:
    assert max(Counter(hit["url"] for hit in demo.hits).values()) == 1


def test_the_commands_are_shown_as_a_user_types_them(demo: Demo) -> None:
    shown = [line.split()[1:] for line in demo.output.splitlines() if line.startswith("$ ")]

    assert [words[1:4] if words[0].startswith("http_proxy=") else words[:2] for words in shown] == [
        ["scrapy", "crawl", "backlinks"],
        ["linkcrawler", "classify"],
        ["linkcrawler", "report"],
        ["linkcrawler", "explain"],
        ["linkcrawler", "links"],
    ]
