"""``linkcrawler capture``: read archived pages again, offline, as a crawl would."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from linkcrawler.records import Visit

BATCH = 500


@click.command(short_help="Read archived pages again, offline.")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--target", required=True, help="What to look for; several: a.org,b.org.")
@click.option(
    "--store", "store_url", metavar="URL", help="Write the visits there. Without: print them, one JSON object a line."
)
def capture(files: tuple[Path, ...], target: str, store_url: str | None) -> None:
    """Read WARC and WAT files as if their pages were fetched at the time that the files say.

    The records are those of a crawl: of files that -a warc=DIR wrote, the same as were stored then.

    \b
    Examples:
      linkcrawler capture pages/*.warc.gz --target example.org --store sqlite:///again.db
      linkcrawler capture pages.warc.gz --target example.org | jq .sightings
    """
    import msgspec

    counts = Counter[str]()
    visits = _visits(files, target, counts)
    if store_url:
        asyncio.run(_store(visits, store_url))
    else:
        for visit in visits:
            click.echo(msgspec.json.encode(visit))
    told = ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items()))
    click.echo(f"{told or 'no records'}", err=True)
    if counts["files broken"]:
        raise SystemExit(1)


def _visits(files: Iterable[Path], target: str, counts: Counter[str]) -> "Iterator[Visit]":
    from linkcrawler.archives.prefilter import Prefilter
    from linkcrawler.archives.reading import ArchiveReader
    from linkcrawler.archives.streams import open_beside, open_local
    from linkcrawler.archives.visits import visit_of
    from linkcrawler.capture import load_vocabulary
    from linkcrawler.targets import parse_targets

    targets, vocabulary = parse_targets(target), load_vocabulary()
    prefilter = Prefilter(targets)
    for path in files:
        file = str(path.resolve())
        try:
            stream = open_local(file, 0)
        except OSError as error:
            raise UsageError(f"{path} cannot be read ({error}): expected a WARC or WAT file") from error
        with stream:
            reader = ArchiveReader(stream, prefilter, beside=open_beside(file))
            for record in reader:
                visit = visit_of(record, file, targets, vocabulary)
                if isinstance(visit, str):
                    reader.counts[f"refused/{visit}"] += 1
                else:
                    counts["visits"] += 1
                    yield visit
        counts.update(reader.counts)
        if reader.problem:
            counts["files broken"] += 1
            click.echo(f"linkcrawler: {path} is read no further: {reader.problem}", err=True)


async def _store(visits: "Iterator[Visit]", url: str) -> None:
    from itertools import islice

    from pipelines.stores.connect import open_store

    async with open_store(url) as store:
        while batch := list(islice(visits, BATCH)):
            await store.put(batch)
