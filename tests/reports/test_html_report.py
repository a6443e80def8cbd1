"""``linkcrawler report --html``: every figure against an independent query, and a file that needs nothing else."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html

from tests.commands.calling import call
from tests.reports import oracle
from tests.reports.conftest import Written
from tests.reports.oracle import GROUPS, by_group, facts, parted


def number(count: int) -> str:
    return f"{count:,}"


def numbers(counts: list[int]) -> list[str]:
    return [number(count) for count in (*counts, sum(counts))]


def rows(report: Written, caption: str) -> dict[str, list[str]]:
    """Name to cells of the one table whose caption begins so, without its head."""
    (found,) = [table for name, table in report.tables().items() if name.startswith(caption)]
    return {row[0]: row[1:] for row in found[1:]}


def test_links_and_domains_by_mode(report: Written) -> None:
    found = facts(report.store)
    told = rows(report, "Links, linking domains and decisions")

    assert told["links"] == numbers(by_group(found))
    domains = [len({fact.domain for fact in found if fact.group == group}) for group in GROUPS]
    assert told["linking domains"] == [*map(number, domains), number(len({fact.domain for fact in found}))]


def test_decisions_and_shares_are_those_of_the_other_forms(report: Written) -> None:
    done = call("linkcrawler", "report", "--store", f"sqlite:///{report.store}", "--json", folder=report.store.parent)
    summary = json.loads(done.out)

    decisions = [number(summary["decisions"][group]) for group in (*GROUPS, "total")]
    assert rows(report, "Links, linking domains and decisions")["decisions"] == decisions
    shares = {
        f"{what}, {mode}": [f"{share[name]:.1%}" for name in ("raw", "adjusted", "low", "high")]
        for what, modes in summary["shares"].items()
        for mode, share in modes.items()
    }
    assert rows(report, "Shares of the modes") == shares
    assert len(shares) == 6


@pytest.mark.parametrize(
    ("caption", "field"),
    [
        ("Links by region", "region"),
        ("The most frequent anchors", "anchor"),
        ("The most linked target pages", "target_url"),
    ],
)
def test_counts_by_one_thing(report: Written, caption: str, field: str) -> None:
    expected = parted(facts(report.store), lambda fact: getattr(fact, field))
    told = rows(report, caption)

    hostile = [name for name in expected if "<script>" in name]
    assert {name: told[name] for name in expected if name not in hostile} == {
        name: numbers(counts) for name, counts in expected.items() if name not in hostile
    }
    assert len(told) == len(expected)


def test_channels(report: Written) -> None:
    found = [fact for fact in facts(report.store) if fact.channel]
    expected = {
        channel.replace("_", " "): [
            next(fact.group for fact in found if fact.channel == channel),
            number(sum(fact.channel == channel for fact in found)),
        ]
        for channel in {fact.channel for fact in found}
    }

    assert rows(report, "Links by channel") == expected


def test_appearance_where_the_interval_lies_in_one_month(report: Written) -> None:
    listed = call(
        "linkcrawler", "links", "--store", f"sqlite:///{report.store}", "--format", "jsonl", folder=report.store.parent
    )
    expected: dict[str, list[int]] = {}
    unknown = 0
    for link in map(json.loads, listed.out.splitlines()):
        month, until = (str(link["appearance"][bound])[:7] for bound in ("not_before", "not_after"))
        if month != until:
            unknown += 1
            continue
        counts = expected.setdefault(month, [0] * len(GROUPS))
        counts[GROUPS.index(link["mode"] or "unclassified")] += 1

    assert rows(report, "Links by month of their appearance") == {m: numbers(c) for m, c in expected.items()}
    assert f"{unknown} more could have appeared" in report.file.read_text(encoding="utf-8")


def test_new_and_lost_links(report: Written) -> None:
    found = facts(report.store)
    expected = {
        str(year): [
            *map(number, by_group(fact for fact in found if fact.first.year == year)),
            *map(number, by_group(fact for fact in found if fact.last.year == year and fact.status == "lost")),
        ]
        for year in {fact.first.year for fact in found}
    }

    assert rows(report, "New and lost links by year") == expected


def test_passive_links_by_page_age(report: Written) -> None:
    found = facts(report.store)
    ages = (0, 3, 6, 12, 24, 10_000)
    expected = {}
    for page in {fact.target_url for fact in found}:
        links = [fact for fact in found if fact.target_url == page]
        first = min(fact.first for fact in links)
        passive = [fact for fact in links if fact.group == "passive"]
        if passive:
            aged = [oracle.months_between(first, fact.first) for fact in passive]
            parts = [sum(start <= age < end for age in aged) for start, end in pairwise(ages)]
            newest = max(fact.first for fact in passive)
            counts = map(number, (len(links), len(passive), *parts))
            expected[page] = [f"{first:%Y-%m}", f"{newest:%Y-%m}", *counts]

    assert rows(report, "Passive links of a target page") == expected


def test_curve_of_passive_links(report: Written) -> None:
    found = facts(report.store)
    told = rows(report, "Mean passive links a target page")

    assert len(told) > 6
    assert {age: cells[0] for age, cells in told.items()} == {
        age: f"{oracle.mean_passive(found, int(age)):.2f}" for age in told
    }


def test_survival(report: Written) -> None:
    found = facts(report.store)
    assert {fact.status for fact in found if fact.was_lost} == {"lost", "live"}, "some came back"
    expected = {}
    for mode in GROUPS[:3]:
        of_mode = [fact for fact in found if fact.group == mode]
        longest = max(fact.days for fact in of_mode)
        expected[mode] = [
            number(len(of_mode)),
            number(sum(fact.was_lost for fact in of_mode)),
            number(longest),
            *(f"{oracle.surviving(of_mode, day):.1%}" for day in (30, 90, 180, 365, 730)),
        ]

    assert rows(report, "Share that still stands") == expected


def test_disclosure_audit(report: Written) -> None:
    active = [fact for fact in facts(report.store) if fact.group == "active"]
    kinds = {
        "words on the page": lambda fact: "disclosed-beside" in fact.signals,
        "rel attribute (sponsored)": lambda fact: "rel-sponsored" in fact.signals,
        "structured data": lambda fact: False,
        "legally required mark": lambda fact: False,
        "nothing": lambda fact: not fact.signals & {"disclosed-beside", "rel-sponsored"},
        "rel nofollow (no declaration)": lambda fact: "nofollow" in fact.rel,
        "rel ugc (no declaration)": lambda fact: "ugc" in fact.rel,
    }
    audits = [[fact for fact in active if fact.known], [fact for fact in active if not fact.known]]
    assert all(audits)

    told = rows(report, "How pages declare active links")
    assert told.pop("active links") == [number(len(audits[0])), "", number(len(audits[1])), ""]
    assert told == {
        name: [
            cell
            for audit in audits
            for cell in (number(sum(map(fits, audit))), f"{sum(map(fits, audit)) / len(audit):.1%}")
        ]
        for name, fits in kinds.items()
    }


def test_coverage(report: Written) -> None:
    found = facts(report.store)
    known = rows(report, "What is known of the links")
    for name, count in {
        "status live": sum(fact.status == "live" for fact in found),
        "status lost": sum(fact.status == "lost" for fact in found),
        "status unverified": sum(fact.status == "unverified" for fact in found),
        "not judged yet": by_group(found)[3],
        "undetermined": by_group(found)[2],
    }.items():
        assert known[name] == [number(count), f"{count / len(found):.1%}"]

    visits = oracle.visits_by_outcome(report.store)
    told = rows(report, "How visits ended")
    assert sorted(cells[0] for cells in told.values()) == sorted(map(number, visits.values()))
    assert told["page read"] == [number(visits["ok"]), f"{visits['ok'] / sum(visits.values()):.1%}"]
    languages = parted(found, lambda fact: fact.language)
    assert {name: cells[0] for name, cells in rows(report, "Languages of the pages").items()} == {
        name: number(sum(counts)) for name, counts in languages.items()
    }


def test_the_file_needs_nothing_else(report: Written) -> None:
    text = report.file.read_text(encoding="utf-8")
    document = html.fromstring(text)

    addresses = [value for element in document.iter() for name, value in element.items() if name in ("src", "href")]
    assert addresses
    assert [value for value in addresses if not value.startswith("#")] == []
    assert not list(document.iter("script", "link", "iframe", "object", "img"))
    assert "@import" not in text
    assert [value for value in re.findall(r"url\(([^)]*)", text) if not value.startswith("#")] == []


def test_words_of_hostile_pages_are_text(report: Written) -> None:
    anchors = rows(report, "The most frequent anchors")

    assert any(name.startswith("<script>alert('anchor')</script><img") for name in anchors)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", report.file.read_text(encoding="utf-8"))


def test_every_id_is_one_of_a_kind_and_every_reference_has_one(report: Written) -> None:
    document = html.fromstring(report.file.read_text(encoding="utf-8"))
    ids = [element.get("id") for element in document.iter() if element.get("id")]

    assert len(ids) == len(set(ids))
    assert {value[1:] for element in document.iter() for value in [element.get("href", "")] if value} <= set(ids)


def test_the_same_links_are_drawn_the_same(report: Written, tmp_path: Path) -> None:
    again = call(
        "linkcrawler", "report", "--store", f"sqlite:///{report.store}", "--html", "again.html", folder=tmp_path
    )

    assert again.status == 0
    drawings = [re.findall(r"<svg.*?</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
                for file in (report.file, tmp_path / "again.html")]  # fmt: skip
    assert drawings[0] == drawings[1]
    assert len(drawings[0]) >= 10


def test_no_colour_stands_for_good_or_bad(report: Written) -> None:
    colours = set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6})"', report.file.read_text(encoding="utf-8")))

    assert {"#0072b2", "#e69f00", "#999999"} <= {colour.lower() for colour in colours}
    for colour in colours:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert not (red > 180 and green < 60 and blue < 60), colour
        assert not (green > 120 and red < 90 and blue < 90), colour


def test_two_forms_at_once_are_refused(filled: Path, tmp_path: Path) -> None:
    done = call(
        "linkcrawler", "report", "--store", f"sqlite:///{filled}", "--html", "a.html", "--json", folder=tmp_path
    )

    assert done.status == 2
    assert "give one of them" in done.err


def test_a_file_that_cannot_be_written_is_named(filled: Path, tmp_path: Path) -> None:
    done = call("linkcrawler", "report", "--store", f"sqlite:///{filled}", "--html", "no/such/r.html", folder=tmp_path)

    assert done.status == 2
    assert "no/such/r.html" in done.err
