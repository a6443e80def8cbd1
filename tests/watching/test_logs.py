"""Logs for machines: every line of a worker is one JSON object that says which crawl and which worker."""

import json
import logging
import sys
from pathlib import Path

from linkcrawler.watching.logs import JsonFormatter
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker


def test_a_worker_logs_json_lines(tmp_path: Path) -> None:
    with Web(lambda host, path: Reply(404)) as web:
        command = crawl_command("target.example", "http://a.example/", {}, {"LINKCRAWLER_LOG": "json"})
        worker = start_worker(command, tmp_path, web.proxy)
        assert worker.wait(60) == 0
    lines = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines() if line.startswith("{")]
    last = lines[-1]
    assert last["worker"] == worker.pid
    assert last.keys() >= {"time", "level", "logger", "message", "crawl", "node"}
    assert any("1 pages" in line["message"] for line in lines)


def test_a_line_names_the_host_and_keeps_the_traceback_on_one_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        failure = sys.exc_info()
    record = logging.LogRecord("a.b", logging.ERROR, __file__, 1, "no answer: %s", ("https://a.example/x",), failure)
    text = JsonFormatter("0123").format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert (line["crawl"], line["host"], line["level"]) == ("0123", "a.example", "error")
    assert "ValueError: two" in line["error"]


def test_an_address_that_cannot_be_read_costs_no_line() -> None:
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "%s", ("http://[broken",), None)
    assert "host" not in json.loads(JsonFormatter("").format(record))
