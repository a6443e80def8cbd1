"""A store for notebooks and scripts: the filters of ``linkcrawler links`` as keywords, links as records or as frames.

    from linkcrawler import open_store

    with open_store("sqlite:///linkcrawler.db") as store:
        for link in store.links(mode="passive", first_seen_from="7d"):
            print(link.source_url, link.appearance.not_after)
        frame = store.links(status="lost", limit=1000).to_pandas()
        store.links(language="de").count_by("mode", "rel")

What stores do asynchronously happens on a thread of the session's own, so that it works where an event loop runs
already (Jupyter). One session serves one thread.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from linkcrawler.errors import UsageError
from linkcrawler.records import Link
from pipelines.queries.comparing import Compared, compare
from pipelines.queries.filter_fields import parse
from pipelines.queries.paging import LinkPage, read_page
from pipelines.stores import connect
from pipelines.stores.flat import COLUMNS, FlatRow
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

if TYPE_CHECKING:
    import pandas
    import pyarrow

T = TypeVar("T")
Value = str | float | bool | date | datetime | Sequence[str] | None
BATCH = 500


def open_store(url: str = "sqlite:///linkcrawler.db") -> "Session":
    """Open the store that a crawl filled. StoreError if there is none, UsageError for an address of another form."""
    return Session(url)


class Session:
    """An open store; a context manager closes it."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="linkcrawler-store", daemon=True)
        self._thread.start()
        self._opening: AbstractAsyncContextManager[Store] = connect.open_store(url, create=False)
        try:
            self._store = self.run(self._opening.__aenter__())
        except BaseException:
            self._stop()
            raise

    def links(self, **filters: Value) -> "Links":
        """The links that fit: the options of ``linkcrawler links``, with ``_`` for ``-``; times also as datetimes."""
        return Links(self, self._store, _where(filters))

    def compare(self, *targets: str, **filters: Value) -> list[Compared]:
        """Which source domains link to which of the targets, by mode."""
        return self.run(compare(self._store, targets, _where(filters)))

    def targets(self) -> list[str]:
        return self.run(self._store.targets())

    def close(self) -> None:
        if self._thread.is_alive():
            self.run(self._opening.__aexit__(None, None, None))
            self._stop()

    def run(self, job: Coroutine[Any, Any, T]) -> T:
        """The result of an asynchronous job on the session's thread."""
        return asyncio.run_coroutine_threadsafe(job, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Links:
    """Links that fit a filter; nothing is read before it is asked for, and each time anew."""

    def __init__(self, session: Session, store: Store, where: LinkFilter) -> None:
        self._session = session
        self._store = store
        self.where = where

    def __iter__(self) -> Iterator[Link]:
        return _pulled(self._session, self._store.links(self.where))

    def count(self) -> int:
        return self._session.run(self._store.count(self.where))

    def count_by(self, *fields: str, top: int = 0) -> dict[tuple[str, ...], int]:
        """Values of the fields to the number of links, most first."""
        return dict(self._session.run(self._store.count_by(self.where, fields, top)))

    def page(self, after: str = "") -> LinkPage:
        """At most ``limit`` links (100 if none is set) from a cursor on, with the cursor of the next page."""
        where = parse([("after", after), ("sort", self.where.sort)]).after if after else self.where.after
        return self._session.run(read_page(self._store, replace(self.where, after=where)))

    def to_arrow(self) -> "pyarrow.Table":
        """All links as an Arrow table, with the columns and types of a Parquet export."""
        from pipelines.reports.export.parquet import arrow_schema, arrow_table

        pyarrow = _imported("pyarrow", "parquet")
        tables = [arrow_table(batch) for batch in self._rows()]
        return pyarrow.concat_tables(tables) if tables else arrow_schema().empty_table()

    def to_pandas(self) -> "pandas.DataFrame":
        """All links as a data frame, times as UTC timestamps."""
        pandas = _imported("pandas", "pandas")
        frame = pandas.DataFrame([row for batch in self._rows() for row in batch], columns=list(COLUMNS))
        for name in ("first_seen", "last_seen", "not_before", "not_after", "judged_at", "override_at"):
            frame[name] = pandas.to_datetime(frame[name], utc=True, format="ISO8601")
        return frame

    def _rows(self) -> Iterator[Sequence[FlatRow]]:
        return _pulled(self._session, self._store.flat(self.where))


def _where(filters: dict[str, Value]) -> LinkFilter:
    pairs: list[tuple[str, str]] = []
    for name, value in filters.items():
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        pairs += [(name, _text(one)) for one in values]
    return parse(pairs)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _pulled(session: Session, items: AsyncIterator[T]) -> Iterator[T]:
    """The items, a batch at a time from the session's thread."""

    async def batch() -> list[T]:
        found: list[T] = []
        async for item in items:
            found.append(item)
            if len(found) == BATCH:
                break
        return found

    try:
        while found := session.run(batch()):
            yield from found
    finally:
        session.run(items.aclose())  # type: ignore[attr-defined]


def _imported(package: str, extra: str) -> Any:
    try:
        return __import__(package)
    except ImportError as error:
        raise UsageError(f"{package} is not installed: pip install 'linkcrawler[{extra}]'") from error
