"""Alert rules and the board: every expression is PromQL, over figures that a worker really tells."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.deploy.conftest import DEPLOY
from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker
from tests.watching.test_metrics import ask, free_port

OPERATIONS = DEPLOY.parent / "docs" / "operations.md"


def alerts() -> list[dict[str, Any]]:
    document = yaml.safe_load((DEPLOY / "watching" / "alerts.yaml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    for rule in alerts():
        yield rule["expr"]
    for panel in json.loads((DEPLOY / "watching" / "board.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def names(expression: str) -> set[str]:
    """The figures that an expression reads."""
    promql_parser.parse(expression)
    return set(re.findall(r"\b(?:linkcrawler|process)_[a-z_]+", expression))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the figures that a worker of a shared crawl tells."""
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    folder: Path = tmp_path_factory.mktemp("figures")
    address = f"127.0.0.1:{free_port()}"
    with Web(lambda host, path: Reply(404)) as web, RedisServer(folder) as redis:
        settings = {"LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_METRICS": address, "LINKCRAWLER_STAY": 1}
        worker = start_worker(crawl_command("target.example", "http://a.example/", {}, settings), folder, web.proxy)
        try:
            text = ask(f"http://{address}/metrics")[1]
        finally:
            worker.kill()
            worker.wait()
    # A counter with labels has no sample until something is counted; its name stands in the TYPE line.
    typed = re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)
    return {*typed, *re.findall(r"^([a-z_]+)", text, re.MULTILINE)}


@pytest.mark.redis
def test_every_expression_reads_figures_that_exist(told: set[str]) -> None:
    read = set().union(*map(names, expressions()))
    assert len(read) > 15
    assert read - told == set()


@pytest.mark.redis
def test_the_page_lists_every_figure_of_ours(told: set[str]) -> None:
    listed = set(re.findall(r"^\| `(linkcrawler_\w+)", OPERATIONS.read_text(), re.MULTILINE))
    ours = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in told if name.startswith("linkcrawler_")}
    assert listed == ours


def test_an_expression_that_is_none_is_found() -> None:
    with pytest.raises(ValueError, match="unclosed"):
        promql_parser.parse("sum(rate(linkcrawler_links_total[5m])")


def test_each_alert_leads_to_a_recipe() -> None:
    headings = re.findall(r"^#+ (.+)$", OPERATIONS.read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for rule in alerts():
        page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert page == "docs/operations.md"
        assert anchor in anchors, rule["alert"]
