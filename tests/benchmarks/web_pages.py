"""Prints what pages of the web interface cost over a large store: seconds to answer, and the server's own CPU seconds.

    python -m tests.benchmarks.million --folder DIR --exports ""       makes a store of a million links
    python -m tests.benchmarks.web_pages --store sqlite:///DIR/links.db

Each page is asked for five times after a first time that is not counted, the last one a hundred times while the
overview reads its figures; told are the median and the slowest answer, then what these figures took and the most memory
that the server had. CPU seconds are those of the server's process: neighbours on the machine inflate the wall clock.
"""

import argparse
import json
import os
import statistics
import sys
import time
import urllib.request
from pathlib import Path

from tests.web.conftest import Served, serving

PAGES = {
    "first page": "/links",
    "by mode": "/links?mode=passive",
    "by mode, newest first": "/links?mode=active&sort=-first_seen",
    "by channel and status": "/links?channel=guest_post&status=lost",
    "words in the context": "/links?text=study",
    "a signal that fires often": "/links?signal=in-sentence",
    "since a day": "/links?first_seen_from=2026-06-01",
    "surely judged": "/links?min_confidence=0.9",
    "by target page": "/links?target_url=target1.example/study",
    "by source domain": "",
    "fiftieth page": "",
    "counts by mode": "/links?group=mode",
    "a link": "",
    "crawl": "/crawl",
    "API, a hundred links": "/api/v1/links?mode=passive&limit=100",
}
TIMES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True, metavar="URL")
    arguments = parser.parse_args()
    with serving(arguments.store, "--rate", "1000") as served:
        totals = json.loads(_ask(served, "/api/v1/totals"))
        _tell({"links": totals["links"], "visits": totals["visits"]})
        for name, path in {**PAGES, **_found(served)}.items():
            _tell({"page": name} | _measure(served, path, TIMES))
        begun, cpu = time.perf_counter(), _cpu(served)
        _ask(served, "/")  # begins to read the report's figures
        _tell({"page": "by mode, while figures are read"} | _measure(served, PAGES["by mode"], 20 * TIMES))
        while b"are being read" in _ask(served, "/"):
            time.sleep(1)
        took = {"seconds": round(time.perf_counter() - begun, 1), "cpu_seconds": round(_cpu(served) - cpu, 1)}
        _tell({"page": "figures of the overview"} | took | {"peak_mb": _peak_mb(served)})


def _found(served: Served) -> dict[str, str]:
    """Addresses that depend on what the store holds."""
    page: dict[str, str] = {"next": ""}
    for _ in range(49):
        page = json.loads(_ask(served, f"/api/v1/links?sort=-first_seen&limit=50&after={page['next']}"))
    link = page["links"][0]  # type: ignore[index]
    return {
        "by source domain": f"/links?source_domain={link['source_domain']}",  # type: ignore[index]
        "fiftieth page": f"/links?sort=-first_seen&after={page['next']}",
        "a link": f"/link/{link['id']}",  # type: ignore[index]
    }


def _measure(served: Served, path: str, times: int) -> dict[str, float | int]:
    seconds, size = [], 0
    _ask(served, path)
    cpu = _cpu(served)
    for _ in range(times):
        begun = time.perf_counter()
        size = len(_ask(served, path))
        seconds.append(time.perf_counter() - begun)
    return {
        "median_seconds": round(statistics.median(seconds), 3),
        "slowest_seconds": round(max(seconds), 3),
        "cpu_seconds": round((_cpu(served) - cpu) / times, 3),
        "bytes": size,
    }


def _cpu(served: Served) -> float:
    fields = Path(f"/proc/{served.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(served: Served) -> int:
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _ask(served: Served, path: str) -> bytes:
    with urllib.request.urlopen(f"{served.address}{path}", timeout=600) as answer:
        return bytes(answer.read())


def _tell(figures: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
