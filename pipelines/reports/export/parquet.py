"""Writes links as Parquet, a row group at a time. Needs pyarrow, the ``parquet`` extra."""

from collections.abc import AsyncIterator, Sequence
from typing import IO, Any

from linkcrawler.errors import UsageError
from pipelines.stores.flat import COLUMNS, COUNTS, NUMBERS, FlatRow

# Rows held at once: some 10 MB with full contexts, and row groups large enough to be read in bulk.
ROWS_PER_GROUP = 5_000


async def write_parquet(batches: AsyncIterator[Sequence[FlatRow]], out: IO[bytes]) -> int:
    """Columns as in CSV, but values as they are; returns how many rows."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "--format parquet needs the package pyarrow, which is not installed: "
            "pip install 'linkcrawler[parquet]', or choose --format csv or jsonl"
        ) from error
    schema = arrow_schema()
    count = 0
    with pyarrow.parquet.ParquetWriter(out, schema) as writer:
        rows: list[FlatRow] = []
        async for batch in batches:
            rows += batch
            count += len(batch)
            if len(rows) >= ROWS_PER_GROUP:
                writer.write_table(arrow_table(rows))
                rows = []
        writer.write_table(arrow_table(rows))
    return count


def arrow_schema() -> Any:
    """The columns with their types."""
    import pyarrow

    types = {**dict.fromkeys(NUMBERS, pyarrow.float64()), **dict.fromkeys(COUNTS, pyarrow.int32())}
    return pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in COLUMNS])


def arrow_table(rows: Sequence[FlatRow]) -> Any:
    """The rows as an Arrow table."""
    import pyarrow

    schema = arrow_schema()
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)
