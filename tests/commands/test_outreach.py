"""``linkcrawler outreach``: from a file to evidence in the story of a link."""

from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.commands.sample import fill, id_of

LOG = """\
Live URL;Date live;Status;Price;Notes
https://blog.test/guest;2026-03-01;published;100;secret words
https://sea.test/tides;2026-03-02;published;;
https://sea.test/tides;2026-03-02;published;;
;2026-03-02;published;;
not a host;2026-03-02;published;;
"""


@pytest.fixture
def store(tmp_path: Path) -> str:
    fill(f"sqlite:///{tmp_path / 'linkcrawler.db'}")
    (tmp_path / "march.csv").write_text(LOG, encoding="utf-8")
    return f"sqlite:///{tmp_path / 'linkcrawler.db'}"


@pytest.mark.usefixtures("store")
def test_from_a_file_to_the_story_of_a_link(run: Run, tmp_path: Path) -> None:
    run("classify")

    done = run("outreach", "import", "march.csv", "--errors", "bad.txt")

    assert done.status == 0
    assert done.out.splitlines()[0] == (
        "march.csv: read as delivery sheet (url: 'Live URL', placed: 'Date live', status: 'Status', cost: 'Price')"
    )
    assert "2 contacts stored (0 were known, 1 repeated in the file, 2 rows not understood)" in done.out
    told = done.err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["line 5", "line 6"]
    assert (tmp_path / "bad.txt").read_text(encoding="utf-8").splitlines() == told
    run("classify")
    story = run("explain", id_of("https://blog.test/guest", "/")).out
    assert "Active, sponsored: nearly certain" in story
    assert "outreach-placed: +12.00 sponsored; found “log march, placed 2026-03-01, paid”" in story
    assert "the log names this very page as a placement" in story
    assert "secret" not in (tmp_path / "linkcrawler.db").read_bytes().decode("latin-1")


@pytest.mark.usefixtures("store")
def test_importing_again_changes_nothing(run: Run) -> None:
    run("outreach", "import", "march.csv")
    run("classify")

    again = run("outreach", "import", "march.csv")

    assert "0 contacts stored (2 were known, 1 repeated" in again.out
    assert "0 links are due" in again.out
    assert run("classify").out == "no link is due\n"


@pytest.mark.usefixtures("store")
def test_logs_are_listed_and_forgotten(run: Run) -> None:
    run(
        "outreach",
        "import",
        "march.csv",
        "--log",
        "spring",
        "--complete-from",
        "2025-01-01",
        "--complete-to",
        "2026-12-31",
    )

    listed = run("outreach", "list").out

    assert listed.startswith("spring (delivery sheet, imported 20")
    assert listed.endswith("): 2 placed; complete from 2025-01-01 to 2026-12-31\n")
    assert "there are spring" in run("outreach", "forget", "autumn").err
    assert run("outreach", "forget", "spring").out.startswith("2 contacts deleted; 10 links are due")
    assert run("outreach", "list").out == ""


@pytest.mark.usefixtures("store")
def test_a_dry_run_stores_nothing(run: Run) -> None:
    assert run("outreach", "import", "march.csv", "--dry-run").status == 0
    assert run("outreach", "list").out == ""


MISUSES = [
    (("--column", "url"), "expected FIELD=HEADER"),
    (("--column", "url=Where"), "no such column"),
    (("--complete-from", "2026-01-01"), "belong together"),
    (("--complete-from", "2026-02-01", "--complete-to", "2026-01-01"), "the earlier day first"),
    (("--complete-from", "soon"), "is not a day"),
]


@pytest.mark.parametrize(("options", "hint"), MISUSES)
@pytest.mark.usefixtures("store")
def test_misuse_is_explained(run: Run, options: tuple[str, ...], hint: str) -> None:
    done = run("outreach", "import", "march.csv", *options)

    assert done.status == 2
    assert hint in done.err
