"""``linkcrawler links``: what each filter lets pass, and what each format holds."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pyarrow.parquet
import pytest

from tests.commands.calling import BIN, call_here, on_terminal
from tests.commands.conftest import Run
from tests.commands.sample import CITED, FOOTER, fill, id_of, visit

SEA = id_of("https://sea.test/tides", "/study")
MAIL = id_of("https://sea.test/tides?utm_source=mail", "/study")
GUEST = id_of("https://blog.test/guest", "/")
GUEST_STUDY = id_of("https://blog.test/guest", "/study")
FOOTERS = {id_of(f"https://shop.test/{number}", "/") for number in (1, 2, 3)}
HELP = id_of("https://shop.test/3", "/help")
FORUM = id_of("https://forum.test/t/1", "/x")
LISTED = id_of("https://list.test/", "/")
EVERY = {SEA, MAIL, GUEST, GUEST_STUDY, *FOOTERS, HELP, FORUM, LISTED}

FILTERS = [
    ([], EVERY),
    (["--id", SEA, "--id", GUEST], {SEA, GUEST}),
    (["--mode", "active"], {GUEST, *FOOTERS, LISTED}),
    (["--mode", "unclassified"], {FORUM}),
    (["--channel", "editorial_citation"], {SEA, MAIL, GUEST_STUDY}),
    (["--min-confidence", "0.95"], set()),
    (["--min-confidence", "0.9", "--mode", "undetermined"], {HELP}),
    (["--max-confidence", "0.95", "--region", "bio"], {GUEST}),
    (["--signal", "sample", "--language", "de"], {GUEST, GUEST_STUDY}),
    (["--signal", "unheard"], set()),
    (["--model", "hand", "--channel", "unclear"], {HELP}),
    (["--target", "example.org"], EVERY),
    (["--target", "example.com"], set()),
    (["--target-url", "/study"], {SEA, MAIL, GUEST_STUDY}),
    (["--source-url", "?utm"], {MAIL}),
    (["--source-domain", "shop.test"], {*FOOTERS, HELP}),
    (["--language", "fr"], {LISTED}),
    (["--region", "footer"], {*FOOTERS, HELP}),
    (["--kind", "area"], set()),
    (["--rel", "nofollow"], {GUEST}),
    (["--anchor", "LONG study"], {SEA, MAIL, GUEST_STUDY}),
    (["--text", "tides DIFFER"], {SEA, MAIL, GUEST_STUDY}),
    (["--heading", "the sea"], {SEA, MAIL, GUEST_STUDY}),
    (["--status", "lost"], {LISTED}),
    (["--first-seen-from", "2026-04-01"], {GUEST, GUEST_STUDY}),
    (["--first-seen-to", "2026-03-01"], EVERY - {GUEST, GUEST_STUDY}),
    (["--first-seen-to", "2026-03-01T11:59:59Z"], set()),
    (["--last-seen-from", "2026-03-01T14:00:00+01:00"], {GUEST, GUEST_STUDY}),
    (["--last-seen-to", "2026-03-31"], EVERY - {GUEST, GUEST_STUDY}),
    (["--mode", "passive", "--limit", "2", "--source-url", "test"], None),
]


@pytest.mark.parametrize(("filters", "want"), FILTERS, ids=lambda value: " ".join(value) if type(value) is list else "")
def test_filter(sqlite_url: str, filters: list[str], want: set[str] | None) -> None:
    done = call_here("links", "--store", sqlite_url, "--format", "jsonl", *filters)

    got = [json.loads(line)["id"] for line in done.out.splitlines()]
    assert done.status == 0
    assert got == sorted(got)
    if want is None:
        assert len(got) == 2
    else:
        assert set(got) == want
    assert done.err == ("" if got else "no link fits these filters\n")


def test_jsonl_holds_what_scripts_rely_on(run: Run, sqlite_url: str) -> None:
    done = run("links", "--store", sqlite_url, "--format", "jsonl", "--id", SEA)

    link = json.loads(done.out)
    assert link["source_url"] == "https://sea.test/tides"
    assert (link["target_url"], link["target"]) == ("https://example.org/study", "example.org")
    assert (link["anchor"], link["rel"], link["region"]) == ("a long study", [], "body")
    assert link["context"] == {
        "sentence": CITED.context.sentence,
        "before": "As",
        "after": "of Example shows, tides differ.",
        "heading": ["The sea", "Tides"],
    }
    assert link["first_seen"] == link["last_seen"] == "2026-03-01T12:00:00Z"
    assert link["appearance"].keys() >= {"not_before", "not_before_source", "not_after", "not_after_source"}
    assert (link["status"], link["mode"], link["channel"]) == ("live", "passive", "editorial_citation")
    assert (link["confidence"], link["model"]) == (0.91, "hand-made")
    assert link["evidence"] == [
        {"signal": "sample", "channel": "editorial_citation", "weight": 1.5, "detail": "a sign"}
    ]
    assert [placement["region"] for placement in link["placements"]] == ["body", "footer"]


def test_a_link_without_verdict_has_mode_null(run: Run, sqlite_url: str) -> None:
    done = run("links", "--store", sqlite_url, "--format", "jsonl", "--id", FORUM)

    link = json.loads(done.out)
    assert (link["mode"], link["channel"], link["confidence"], link["evidence"]) == (None, None, None, [])


def test_csv_is_flat_and_safe_for_spreadsheets(run: Run, sqlite_url: str) -> None:
    done = run("links", "--store", sqlite_url, "--format", "csv")

    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(done.out, newline=""))}
    assert rows.keys() == EVERY
    assert rows[FORUM]["anchor"].startswith("'=HYPERLINK")
    assert rows[FORUM]["sentence"] == '\'+1\nsee, "this"'
    assert rows[SEA]["heading"] == "The sea > Tides"
    assert rows[SEA]["evidence"] == "sample +1.50 editorial_citation (a sign)"
    assert rows[SEA]["page_published"] == "2025-06-02"
    assert rows[SEA]["placements"] == "2"


def test_parquet_holds_the_same_as_csv_with_types(run: Run, sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "links.parquet"
    assert run("links", "--store", sqlite_url, "--format", "parquet", "--output", str(file)).status == 0
    text = run("links", "--store", sqlite_url, "--format", "csv").out

    table = pyarrow.parquet.read_table(file).to_pylist()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert list(table[0]) == list(rows[0])
    hostile = next(row for row in table if row["id"] == FORUM)
    assert hostile["anchor"].startswith("=HYPERLINK")
    assert hostile["confidence"] is None
    assert next(row for row in table if row["id"] == SEA)["confidence"] == 0.91


def test_a_piped_table_has_tabs_and_no_control_characters(run: Run, sqlite_url: str) -> None:
    done = run("links", "--store", sqlite_url)

    header, *lines = done.out.splitlines()
    assert {line.split("\t")[0] for line in lines} == EVERY
    assert all(line.count("\t") == header.count("\t") for line in lines)
    assert not {"\x1b", "\u202e"} & set(done.out)


@pytest.mark.parametrize("width", [80, 200])
def test_the_table_fits_the_terminal(sqlite_url: str, width: int) -> None:
    lines = on_terminal(width, "linkcrawler", "links", "--store", sqlite_url)

    assert max(map(len, lines)) <= width
    assert any(SEA in line for line in lines)
    assert any("sea.test/tides" in line for line in lines)


@pytest.fixture(scope="module")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Links enough to fill more than a pipe and more than a screen."""
    url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'links.db'}"
    fill(url, [visit(f"https://shop.test/{number}", FOOTER) for number in range(1000)])
    return url


def test_the_terminal_shows_the_first_and_says_that_there_are_more(large_url: str) -> None:
    lines = on_terminal(80, "linkcrawler", "links", "--store", large_url)

    assert sum("shop.test/" in line for line in lines) == 100
    assert "There are more than these 100: --limit 0 shows all." in lines


def test_the_terminal_shows_all_if_asked(large_url: str) -> None:
    lines = on_terminal(80, "linkcrawler", "links", "--store", large_url, "--limit", "0")

    assert sum("shop.test/" in line for line in lines) == 1000
    assert sum("source page" in line for line in lines) == 1


@pytest.mark.parametrize("form", ["table", "csv", "jsonl"])
def test_a_closed_pipe_is_no_error(large_url: str, form: str) -> None:
    command = f"{BIN / 'linkcrawler'} links --store {large_url} --format {form} | head -c 2"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)

    assert done.stdout in (b"id", b'{"')
    assert done.stderr == b""
