"""``linkcrawler compare``, and ``links`` that counts, collapses and pages."""

import json
import re

from tests.commands.calling import call_here
from tests.queries.conftest import filled_sqlite

__all__ = ["filled_sqlite"]

BOTH = ("--target", "example.org", "--target", "rival.org")


def sites(url: str, *more: str) -> dict[str, dict[str, dict[str, int]]]:
    done = call_here("compare", *BOTH, *more, "--format", "jsonl", "--store", url)
    assert done.status == 0, done.err
    return {row["source_domain"]: row["targets"] for row in map(json.loads, done.out.splitlines())}


def test_each_combination_is_told_and_can_be_asked_for(filled_sqlite: str) -> None:
    every = sites(filled_sqlite)

    mine = sites(filled_sqlite, "--linking-to", "example.org", "--not-linking-to", "rival.org")
    theirs = sites(filled_sqlite, "--linking-to", "rival.org", "--not-linking-to", "example.org")
    both = sites(filled_sqlite, "--linking-to", "rival.org", "--linking-to", "example.org")
    assert set(mine) == {"site0.test"}
    assert set(theirs) == {"site1.test"}
    assert every == both | mine | theirs
    assert all(targets["rival.org"] and targets["example.org"] for targets in both.values())


def test_the_numbers_are_those_of_links(filled_sqlite: str) -> None:
    told = sites(filled_sqlite)["site2.test"]["rival.org"]

    done = call_here(
        "links", "--target", "rival.org", "--source-domain", "site2.test", "--count-by", "mode", "--format", "jsonl",
        "--store", filled_sqlite,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert {row["mode"] or "unclassified": row["links"] for row in rows} == told


def test_calls_that_must_be_corrected(filled_sqlite: str) -> None:
    one = call_here("compare", "--target", "example.org", "--store", filled_sqlite)
    unknown = call_here("compare", "--target", "example.org", "--target", "none.org", "--store", filled_sqlite)

    assert one.status != 0
    assert unknown.status != 0


def test_a_cursor_leads_to_the_next_page(filled_sqlite: str) -> None:
    options = ("links", "--sort", "-first_seen", "--format", "jsonl", "--store", filled_sqlite)
    whole = call_here(*options).out.splitlines()

    first = call_here(*options, "--limit", "10", "--next")
    found = re.fullmatch(r"next: --after (\S+)\n", first.err)
    assert found
    second = call_here(*options, "--limit", "10", "--after", found[1])
    assert first.out.splitlines() + second.out.splitlines() == whole[:20]


def test_counts_as_a_table(filled_sqlite: str) -> None:
    done = call_here("links", "--count-by", "target", "--store", filled_sqlite)

    header, *rows = [line.split("\t") for line in done.out.splitlines()]
    assert header == ["target", "links"]
    assert [int(count) for _, count in rows] == sorted((int(count) for _, count in rows), reverse=True)
