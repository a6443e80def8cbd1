"""Writes links as Parquet, a row group at a time. Needs pyarrow, the ``parquet`` extra."""

from collections.abc import AsyncIterator
from typing import IO, Any

from linkcrawler.errors import UsageError
from linkcrawler.records import Link
from pipelines.reports.export.flat import COLUMNS, COUNTS, NUMBERS, row_of

# Rows held at once: some 10 MB with full contexts, and row groups large enough to be read in bulk.
ROWS_PER_GROUP = 5_000


async def write_parquet(links: AsyncIterator[Link], out: IO[bytes]) -> int:
    """Columns as in CSV, but values as they are; returns how many rows."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "--format parquet needs the package pyarrow, which is not installed: "
            "pip install 'linkcrawler[parquet]', or choose --format csv or jsonl"
        ) from error
    types = {**dict.fromkeys(NUMBERS, pyarrow.float64()), **dict.fromkeys(COUNTS, pyarrow.int32())}
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in COLUMNS])
    count = 0
    with pyarrow.parquet.ParquetWriter(out, schema) as writer:
        rows: list[dict[str, Any]] = []
        async for link in links:
            rows.append(row_of(link))
            count += 1
            if len(rows) == ROWS_PER_GROUP:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema))
                rows.clear()
        writer.write_table(pyarrow.Table.from_pylist(rows, schema))
    return count
