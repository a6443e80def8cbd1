"""The API: its document, its pages, its filters against SQL, and whatever its document allows to be asked."""

import json
import sqlite3
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pipelines.queries.filter_fields import FIELDS
from tests.web.asking import ask
from tests.web.conftest import Served

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MISSING = "/api/v1/links/0000000000000000"


def get(site: Served, path: str, **query: str | int) -> Any:
    answer = ask(site, f"/api/v1{path}?{urlencode(query)}")
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return json.loads(answer.text)


def sql(site: Served, query: str) -> list[Any]:
    with sqlite3.connect(site.store) as connection:
        return [row[0] if len(row) == 1 else row for row in connection.execute(query)]


def test_the_document_names_the_filters_of_the_command_line(site: Served) -> None:
    document = get(site, "/openapi.json")

    told = {parameter["name"] for parameter in document["paths"]["/links"]["get"]["parameters"]}
    assert told == {field.name for field in FIELDS}
    assert {*document["paths"]} == {
        "/links", "/links/{id}", "/links/{id}/events", "/links/{id}/override", "/counts", "/totals", "/openapi.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ({}, "1"),
        ({"mode": "passive"}, "mode = 'passive'"),
        ({"mode": "unclassified"}, "mode IS NULL"),
        ({"channel": "guest_post", "status": "lost"}, "channel = 'guest_post' AND status = 'lost'"),
        ({"overruled": "yes"}, "override IS NOT NULL"),
        ({"language": "de", "region": "comment"}, "language = 'de' AND region = 'comment'"),
        ({"first_seen_from": "2025-01-01"}, "first_seen >= '2025-01-01'"),
        ({"target_url": "https://example.org/tides", "min_confidence": "0.9"},
         "target_url LIKE 'https://example.org/tides%' AND confidence >= 0.9"),
    ],
)  # fmt: skip
def test_all_pages_together_are_what_the_filters_say(site: Served, query: dict[str, str], condition: str) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = get(site, "/links", **query, limit=37, after=cursor)
        seen += [link["id"] for link in page["links"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == sql(site, f"SELECT id FROM links WHERE {condition} ORDER BY id")
    assert get(site, "/counts", **query) == {"counts": [{"links": len(seen)}]}


def test_counts_by_two_fields(site: Served) -> None:
    answer = ask(site, "/api/v1/counts?by=mode&by=status")

    told = {(count["mode"], count["status"]): count["links"] for count in json.loads(answer.text)["counts"]}
    assert told == {
        (mode or "", status): count
        for mode, status, count in sql(site, "SELECT mode, status, count(*) FROM links GROUP BY mode, status")
    }


def test_totals(site: Served) -> None:
    told = get(site, "/totals")

    assert [[told["links"]], [told["pages"]], [told["visits"]]] == [
        sql(site, f"SELECT count(*) FROM {table}") for table in ("links", "pages", "visits")
    ]


def test_a_link_its_events_and_what_a_person_says(own_site: Served) -> None:
    (link,) = sql(own_site, "SELECT id FROM links WHERE status = 'lost' AND override IS NULL ORDER BY id LIMIT 1")
    path = f"/links/{link}"
    assert get(own_site, path)["id"] == link
    kinds = [event["kind"] for event in get(own_site, f"{path}/events")["events"]]
    assert kinds == sql(own_site, f"SELECT kind FROM events WHERE link = '{link}' ORDER BY at, id")
    assert "lost" in kinds

    body = json.dumps({"by": "ann", "channel": "reference_work", "note": "seen"})
    said = ask(own_site, f"/api/v1{path}/override", "PUT", body, content_type="application/json")
    assert (said.status, json.loads(said.text)["mode"]) == (200, "passive")
    told = get(own_site, path)
    assert (told["mode"], told["channel"], told["override"]["by"]) == ("passive", "reference_work", "ann")
    assert ask(own_site, f"/api/v1{path}/override", "DELETE").status == 204
    assert get(own_site, path)["override"] is None


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/v1/links?mode=x", 400, "expected one of active"),
        ("/api/v1/links?colour=red", 400, "'colour' is not known"),
        ("/api/v1/links?after=abc", 400, "cursor 'abc'"),
        ("/api/v1/links?mode=active&mode=passive", 400, "given twice"),
        ("/api/v1/counts?by=colour", 400, "by 'colour'"),
        (MISSING, 404, "no link has the id"),
        (f"{MISSING}/events", 404, "no link has the id"),
        ("/api/v1/nothing", 404, "Not Found"),
    ],
)
def test_errors_say_what_to_do(site: Served, path: str, status: int, says: str) -> None:
    answer = ask(site, path)

    assert answer.status == status
    assert says in json.loads(answer.text)["error"]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"by": "ann"}', '{"by": "", "mode": "active"}', '{"by": "a", "mode": "good"}',
     '{"by": "a", "mode": "passive", "channel": "guest_post"}', '{"by": "a", "mode": "active", "x": 1}', "\udcff"],
)  # fmt: skip
def test_a_body_that_is_not_understood_changes_nothing(site: Served, body: str) -> None:
    (link,) = sql(site, "SELECT id FROM links WHERE mode = 'passive' AND override IS NULL ORDER BY id LIMIT 1")
    path = f"/api/v1/links/{link}/override"

    answer = ask(site, path, "PUT", body.encode("utf-8", "surrogateescape"), content_type="application/json")

    assert (answer.status, "error" in json.loads(answer.text)) == (400, True)
    assert get(site, f"/links/{link}")["override"] is None


def test_whatever_the_document_allows_is_answered_as_it_says(own_site: Served) -> None:
    schema = schemathesis.openapi.from_url(f"{own_site.address}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    (link,) = sql(own_site, "SELECT id FROM links ORDER BY id LIMIT 1")
    assert {operation.label for operation in operations} >= {"GET /links", "GET /counts", "PUT /links/{id}/override"}

    for operation in operations:
        _ask_whatever(operation, link)


def _ask_whatever(operation: schemathesis.APIOperation, link: str) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), of_a_link=st.booleans())
    def ask_it(case: schemathesis.Case, of_a_link: bool) -> None:
        if of_a_link and case.path_parameters:
            case.path_parameters["id"] = link
        case.call_and_validate(checks=CHECKS)

    ask_it()
