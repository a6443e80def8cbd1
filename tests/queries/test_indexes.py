"""Every documented question, and every filter by itself, is looked up: SQLite tells how it would go about it."""

import re
import sqlite3
from pathlib import Path

import pytest

from pipelines.queries.filter_fields import FIELDS, parse
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.mongodb.filter import query
from pipelines.stores.mongodb.schema import INDEXES
from pipelines.stores.reading import unasked
from pipelines.stores.sqlite.filter import count_by, count_links, select_rows
from tests.queries.questions import Question, questions

VALUES = {
    "id": "0123456789abcdef", "mode": "active", "channel": "guest_post", "overruled": "yes", "min_confidence": "0.9",
    "max_confidence": "0.2", "signal": "sample", "model": "hand", "target": "example.org",
    "target_url": "example.org/docs", "source_url": "site1.test/page", "source_domain": "site1.test",
    "source_host": "site1.test", "language": "de", "region": "bio", "kind": "iframe", "rel": "nofollow",
    "anchor": "long study", "text": "our partners", "heading": "tools", "status": "lost", "first_seen_from": "7d",
    "first_seen_to": "2020-01-01", "last_seen_from": "7d", "last_seen_to": "2020-01-01", "appeared_from": "7d",
    "lost_reason": "removed",
}  # fmt: skip
READ_WHOLE = {"appeared_to", "added", "one_per", "sort", "after", "limit"}
"""Filters that docs/commands.md says read what the others leave, and what is no filter."""


def plan(url: str, statement: tuple[str, list[object]]) -> list[str]:
    with sqlite3.connect(Path(url.removeprefix("sqlite:///"))) as file:
        return [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])]


def reads_every_link(steps: list[str]) -> bool:
    """Not so an index that holds some links only, or one that is counted from end to end."""
    return any(re.match(r"SCAN (l|links|o)\b(?! USING (COVERING|INDEX links_(rel|overruled)))", step) for step in steps)


def test_every_filter_is_tried() -> None:
    assert VALUES.keys() | READ_WHOLE == {field.name for field in FIELDS}


@pytest.mark.parametrize("name", VALUES)
def test_a_filter_alone_is_looked_up(filled_sqlite: str, name: str) -> None:
    where = parse([(name, VALUES[name])])

    steps = plan(filled_sqlite, select_rows(unasked(where)))

    assert not reads_every_link(steps), steps


@pytest.mark.parametrize("sort", ["id", "-first_seen", "confidence", "anchor"])
def test_ids_are_looked_up_whatever_the_order(filled_sqlite: str, sort: str) -> None:
    """As the processes that write a large export ask for their part."""
    steps = plan(filled_sqlite, select_rows(LinkFilter(ids=("0123456789abcdef", "00" * 8), sort=sort)))

    assert [step for step in steps if step.startswith("SEARCH l USING") and "(id=?)" in step], steps


def test_links_without_a_marking_rel_are_counted_from_an_index_alone(filled_sqlite: str) -> None:
    """They are most links: none is looked up, but none is read either."""
    steps = plan(filled_sqlite, count_links(parse([("rel", "none")])))

    assert [step for step in steps if re.match(r"(SCAN|SEARCH) l USING COVERING INDEX", step)], steps


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_a_question_is_looked_up(filled_sqlite: str, question: Question) -> None:
    where = question.where
    if question.command[0] == "compare":
        statement = count_by(parse([("target", "example.org")]), ("source_domain", "mode"), 0)
    elif question.counted_by:
        statement = count_by(where, question.counted_by, 10)
    else:
        statement = select_rows(where)

    steps = plan(filled_sqlite, statement)
    if where.one_per and not where.region:
        # All links in the order asked for: read from the newest on, as far as the reader goes.
        assert [step for step in steps if step.startswith("SCAN l")] == ["SCAN l USING INDEX links_first_seen"]
    else:
        assert not reads_every_link(steps), steps


def prefixes() -> set[str]:
    return {next(iter(index.document["key"])) for index in INDEXES["links"]} | {"_id"}


def narrowed(document: object) -> set[str]:
    """The fields that a filter document is looked up by; of alternatives each must have one."""
    if not isinstance(document, dict):
        return set()
    found = set[str]()
    for field, value in document.items():
        if field == "$and":
            found |= set().union(*map(narrowed, value))
        elif field == "$or":
            sides = [narrowed(side) & prefixes() for side in value]
            found |= set().union(*sides) if all(sides) else set()
        else:
            found.add(field)
    return found


@pytest.mark.parametrize("name", [name for name in VALUES if name not in ("heading", "lost_reason")])
def test_mongodb_has_an_index_that_begins_with_each_filter(name: str) -> None:
    """Neither FerretDB nor mongo-java-server tells how it would go about a query: the index list is held to it."""
    pairs = [(name, VALUES[name])] if name == "kind" else [(name, VALUES[name]), ("kind", "any")]
    where = parse(pairs)

    assert narrowed(query(unasked(where))) & prefixes()
