"""Writes links as Parquet, a row group at a time. Needs pyarrow, the ``parquet`` extra."""

import io
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any

from linkcrawler.errors import UsageError
from pipelines.reports.export.text_files import NOTHING
from pipelines.stores.flat import COLUMNS, COUNTS, NUMBERS, FlatRow

# Rows held at once: some 10 MB with full contexts, and row groups large enough to be read in bulk.
ROWS_PER_GROUP = 5_000
BYTES_PER_GROUP = 6_000_000
"""Of lines."""
_BLOCK = 1 << 20
"""Bytes that are parsed at a time."""


async def write_parquet(batches: AsyncIterator[Sequence[FlatRow]], out: IO[bytes]) -> int:
    """Columns as in CSV, but values as they are; returns how many rows."""
    pyarrow = _imported()
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


@contextmanager
def parquet_of_lines(out: IO[bytes]) -> Iterator[IO[bytes]]:
    """A file for lines as :data:`pipelines.reports.export.text_files.LINES` has them, of which a thread makes Parquet.

    Flushed, it must end with a whole line.
    """
    pyarrow = _imported()
    with pyarrow.parquet.ParquetWriter(out, arrow_schema()) as writer, ThreadPoolExecutor(1) as thread:
        lines = _Lines(writer, thread)
        yield lines
        lines.finish()


class _Lines(io.BytesIO):
    """Holds the lines of a row group while the one before is made."""

    def __init__(self, writer: Any, thread: ThreadPoolExecutor) -> None:
        super().__init__()
        self._writer = writer
        self._thread = thread
        self._making: Future[None] | None = None

    def flush(self) -> None:
        if self.tell() >= BYTES_PER_GROUP:
            self._make()

    def finish(self) -> None:
        if self.tell():
            self._make()
        self._wait()

    def _make(self) -> None:
        self._wait()
        self._making = self._thread.submit(_write_group, self._writer, self.getvalue())
        self.seek(0)
        self.truncate()

    def _wait(self) -> None:
        if self._making:
            self._making.result()


def _write_group(writer: Any, lines: bytes) -> None:
    import pyarrow

    try:
        table = _table(lines, _BLOCK)
    except pyarrow.ArrowInvalid:  # a line is longer than that
        table = _table(lines, len(lines))
    writer.write_table(table)


def _table(lines: bytes, block: int) -> Any:
    import pyarrow
    from pyarrow import csv

    schema = arrow_schema()
    return csv.read_csv(
        pyarrow.BufferReader(lines),
        csv.ReadOptions(column_names=schema.names, use_threads=False, block_size=block),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[NOTHING], check_utf8=False),
    )


def _imported() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "--format parquet needs the package pyarrow, which is not installed: "
            "pip install 'linkcrawler[parquet]', or choose --format csv or jsonl"
        ) from error
    return pyarrow


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
