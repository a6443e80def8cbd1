"""How fast a WAT file is looked through for a target that is rare, beside warcio and json on the same file.

    python -m tests.benchmarks.wat_scan [--megabytes N] [--runs N] [--targets N]

The file holds what Common Crawl's would say of the real pages that the tests read, again and again until it is as large
as asked for. Both read it in turn; figures are compressed bytes per second of CPU time, the best of the runs. Targets
beyond the first are invented, and only linkcrawler looks for them.
"""

import argparse
import gzip
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from linkcrawler.archives.prefilter import Prefilter
from linkcrawler.archives.reading import ArchiveReader
from linkcrawler.archives.visits import visit_of
from linkcrawler.capture import load_vocabulary
from linkcrawler.targets import Target, parse_targets
from tests.archives.packing import Packed, write_wat

VOCABULARY = load_vocabulary()
TARGET = "mementoweb.org"
GOLD = Path(__file__).parents[3] / "shared" / "gold"


def real_pages(gold: Path) -> Iterator[Packed]:
    for line in (gold / "pages.jsonl").read_text().splitlines():
        page = json.loads(line)
        yield Packed(page["url"], gzip.decompress((gold / "pages" / page["file"]).read_bytes()))


def write_file(path: Path, gold: Path, megabytes: int) -> None:
    once = path.with_suffix(".once")
    write_wat(once, real_pages(gold))
    records = once.read_bytes()
    with path.open("wb") as out:
        while out.tell() < megabytes * 1_000_000:
            out.write(records)


def ours(path: Path, targets: tuple[Target, ...]) -> tuple[int, int]:
    """Records read, links found."""
    with path.open("rb") as stream:
        reader = ArchiveReader(stream, Prefilter(targets))
        links = 0
        for record in reader:
            visit = visit_of(record, path.name, targets, VOCABULARY)
            links += 0 if isinstance(visit, str) else len(visit.sightings)
    assert not reader.problem
    return reader.counts["records"], links


def plain(path: Path) -> tuple[int, int]:
    """The same as most scripts do it: every record is parsed, its links compared by the name of the target."""
    from warcio.archiveiterator import ArchiveIterator

    records = links = 0
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            records += 1
            told = json.loads(record.content_stream().read())
            payload = told["Envelope"].get("Payload-Metadata", {})
            html = payload.get("HTTP-Response-Metadata", {}).get("HTML-Metadata", {})
            anchors = [link["url"] for link in html.get("Links", ()) if link["path"] == "A@/href"]
            links += len({url for url in anchors if TARGET in url})
    return records, links


def timed(read: Callable[[Path], tuple[int, int]], path: Path) -> tuple[float, tuple[int, int]]:
    """Compressed megabytes per second of CPU time, and what was found."""
    begun = time.process_time()
    found = read(path)
    return path.stat().st_size / 1e6 / (time.process_time() - begun), found


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--megabytes", type=int, default=60)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--gold", type=Path, default=GOLD)
    say = sys.stdout.write
    arguments.add_argument("--targets", type=int, default=1)
    given = arguments.parse_args()
    invented = (f"site{number}-invented.example" for number in range(1, given.targets))
    targets = parse_targets(",".join([TARGET, *invented]))
    scan = partial(ours, targets=targets)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.warc.wat.gz"), Path(folder, "large.warc.wat.gz")
        write_file(small, given.gold, given.megabytes // 6)
        write_file(large, given.gold, given.megabytes)
        scan(small)
        before = peak()
        rates: dict[str, list[float]] = {"linkcrawler": [], "warcio and json": []}
        for _ in range(given.runs):
            rate, found = timed(scan, large)
            rates["linkcrawler"].append(rate)
        after = peak()
        for _ in range(given.runs):
            rate, same = timed(scan, small)
            rates["linkcrawler"].append(rate)
            rate, by_name = timed(plain, small)
            rates["warcio and json"].append(rate)
        say(f"{found[0]:,} records of {large.stat().st_size / 1e6:.0f} MB, {found[1]} links to {TARGET}\n")
        say(f"the small file: {same[1]} links, warcio and json {by_name[1]}\n")
        for name, figures in rates.items():
            say(f"{name}: {max(figures):.0f} MB/s (all: {', '.join(f'{rate:.0f}' for rate in figures)})\n")
        say(f"ratio: {max(rates['linkcrawler']) / max(rates['warcio and json']):.1f}\n")
        memory = f"{before} MB after {small.stat().st_size / 1e6:.0f} MB, {after} MB after the large file"
        say(f"peak memory: {memory}\n")


if __name__ == "__main__":
    main()
