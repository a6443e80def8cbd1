"""``open_store`` of a notebook: records, frames and counts; and the notebook itself."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linkcrawler import open_store
from linkcrawler.errors import StoreError, UsageError
from linkcrawler.records import Link
from pipelines.stores.flat import COLUMNS, flat_of

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


def test_links_are_records_by_the_filters_of_the_command(filled_sqlite: str) -> None:
    with open_store(filled_sqlite) as store:
        links = list(store.links(mode=["active"], first_seen_from=datetime.now(UTC) - timedelta(days=60), limit=5))
        assert len(links) == 5
        assert all(isinstance(link, Link) for link in links)
        assert store.targets() == ["example.org", "rival.org"]


def test_an_iteration_may_be_left(filled_sqlite: str) -> None:
    with open_store(filled_sqlite) as store:
        first = next(iter(store.links()))
        assert next(iter(store.links())) == first


def test_frames_hold_what_links_hold(filled_sqlite: str) -> None:
    with open_store(filled_sqlite) as store:
        found = store.links(kind="any")
        rows = [dict(zip(COLUMNS, flat_of(link), strict=True)) for link in found]
        assert found.to_arrow().to_pylist() == rows
        frame = found.to_pandas()
        assert list(frame["id"]) == [row["id"] for row in rows]
        assert frame["first_seen"].min() == min(link.first_seen for link in found)
        assert (
            len(store.links(target="none.org").to_pandas()) == store.links(target="none.org").to_arrow().num_rows == 0
        )


def test_counts_and_pages(filled_sqlite: str) -> None:
    with open_store(filled_sqlite) as store:
        links = store.links(sort="-first_seen", limit=10)
        first = links.page()
        second = links.page(first.next)
        assert [*first.links, *second.links] == list(store.links(sort="-first_seen", limit=20))
        assert sum(store.links().count_by("mode", "rel").values()) == store.links().count()


def test_it_works_where_an_event_loop_runs(filled_sqlite: str) -> None:
    import asyncio

    async def cell() -> int:
        with open_store(filled_sqlite) as store:
            return store.links().count()

    assert asyncio.run(cell()) > 0


def test_what_is_wrong_is_told(tmp_path: Path, filled_sqlite: str) -> None:
    with pytest.raises(StoreError, match="no store at"):
        open_store(f"sqlite:///{tmp_path / 'none.db'}")
    with open_store(filled_sqlite) as store, pytest.raises(UsageError, match="colour"):
        store.links(colour="red")


def test_the_notebook_runs_from_top_to_bottom(filled_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKCRAWLER_STORE", filled_sqlite)
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}[{place}]", "exec"), names)

    assert os.environ["LINKCRAWLER_STORE"] == filled_sqlite
    assert len(names["frame"]) > 0
    assert names["both"]
