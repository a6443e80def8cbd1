"""What a crawled page costs, linkcrawler and its peers in turn on one web.

python -m tests.benchmarks.crawl                              the table of docs/performance.md
python -m tests.benchmarks.crawl --only redis,two,four        some rows
python -m tests.benchmarks.crawl --only redis --pages 30000   a long run; memory by tenths of it
python -m tests.benchmarks.crawl --only redis,two --latency 0.2 --open 16    how rates add up where no core is the limit
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.crawl import box
from tests.benchmarks.crawl.rows import FLOOR, ROWS, Bench, Result, middle, run, spread
from tests.servers.workers import CHECKOUT

DOCUMENT = CHECKOUT / "docs" / "performance.md"
SELDOM = ("four", "unread", "unread_tls")
"""Rows that are run by name only."""
BEGIN, END = "<!-- crawl: begin -->", "<!-- crawl: end -->"


def main() -> None:
    options = _options()
    shared = Path(os.environ.get("LINKCRAWLER_SHARED", CHECKOUT.parent / "shared"))
    folder = CHECKOUT / ".cache" / f"bench-web-{options.seed}-{options.web_pages}-{options.hosts}"
    made_of = box.make(folder, shared, pages=options.web_pages, hosts=options.hosts, seed=options.seed)
    names = options.only.split(",") if options.only else [name for name in ROWS if name not in SELDOM]
    if not (shared / "bench" / "peers").is_dir():
        names = [name for name in names if "linkcrawler" in ROWS[name].name]
    results: dict[str, list[Result]] = {name: [] for name in names}
    with served(folder, options.latency) as (port, tls_port):
        peers = shared / "bench" / "peers"
        store = os.environ.get("BENCH_STORE", "")
        bench = Bench(folder, port, tls_port, peers, options.delay, store, options.open)
        for turn in range(options.reps):
            for name in names if turn % 2 == 0 else reversed(names):
                if result := run(ROWS[name], bench, options.pages):
                    results[name].append(result)
                    print(f"{turn} {name}: {result}", file=sys.stderr, flush=True)
                else:
                    print(f"{turn} {name}: no result, left out", file=sys.stderr, flush=True)
    lines = list(_table(results))
    load = os.getloadavg()[0]
    lines.append(f"\n{made_of}, seed {options.seed}; load of the machine at the end {load:.0f}.")
    print("\n".join(lines))
    if options.write:
        _write("\n".join(lines))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000, help="pages of a run")
    parser.add_argument("--reps", type=int, default=2, help="runs of each row, in turn")
    parser.add_argument("--only", default="", help=f"rows, separated by commas: {', '.join(ROWS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--web-pages", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.01, help="seconds between requests to a host")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds until the web answers")
    parser.add_argument("--open", type=int, default=64, help="requests that a worker of linkcrawler has open at a time")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    return parser.parse_args()


@contextmanager
def served(folder: Path, latency: float) -> Iterator[tuple[int, int]]:
    command = [sys.executable, "-m", "tests.benchmarks.crawl.server", str(folder), str(latency)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            ports = json.loads(server.stdout.readline())
            yield ports["port"], ports["tls_port"]
        finally:
            server.kill()


def _table(results: dict[str, list[Result]]) -> Iterator[str]:
    floor = results.get("floor")
    base = middle(floor, "cpu") if floor else 0.0
    yield f"| | CPU s per 1,000 pages (least-most) | times `{FLOOR}` | Redis CPU s | pages/s | peak MB | pages |"
    yield "|---|---|---|---|---|---|---|"
    for name, runs in results.items():
        if runs:
            cpu = middle(runs, "cpu")
            ratio = f"{cpu / base:.2f}" if base else ""
            yield (
                f"| {ROWS[name].name} | {cpu:.2f} ({spread(runs)}) | {ratio} | {middle(runs, 'redis'):.2f} | "
                f"{middle(runs, 'rate'):.0f} | {middle(runs, 'memory'):.0f} | {middle(runs, 'pages'):.0f} |"
            )


def _write(table: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
