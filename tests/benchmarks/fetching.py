"""What a fetched page costs, by the download handler alone: CPU seconds per 1,000 pages of the web that crawls are
measured on, 64 at a time.

python -m tests.benchmarks.fetching [--pages 2000] [--reps 3]
"""

import argparse
import asyncio
import os
import resource
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.utils.test import get_crawler

from linkcrawler import settings
from linkcrawler.network import HTML_ONLY
from linkcrawler.network.handler import DownloadHandler
from tests.benchmarks.crawl import box
from tests.benchmarks.crawl.__main__ import served
from tests.benchmarks.crawl.direct import DirectHandler
from tests.servers.workers import CHECKOUT

AT_A_TIME = 64
NAMES = ("USER_AGENT", "DEFAULT_REQUEST_HEADERS", "DOWNLOAD_MAXSIZE", "DOWNLOAD_TIMEOUT")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--reps", type=int, default=3)
    options = parser.parse_args()
    shared = Path(os.environ.get("LINKCRAWLER_SHARED", CHECKOUT.parent / "shared"))
    folder = CHECKOUT / ".cache" / "bench-web-1-5000-200"
    made_of = box.make(folder, shared, pages=5000, hosts=200, seed=1)
    addresses = (folder / "pages.txt").read_text().split()[: options.pages]
    own: dict[str, Any] = {name: getattr(settings, name) for name in NAMES}
    closing = {"Accept-Encoding": "gzip, deflate", "Connection": "close"}
    with served(folder, latency=0.0) as (port, tls_port):
        direct = {"BENCH_TLS_PORT": tls_port, "LINKCRAWLER_ALLOW_HOSTS": ".test", "DEFAULT_REQUEST_HEADERS": closing}
        for _ in range(options.reps):
            kept = asyncio.run(_cost(DownloadHandler, own, addresses, {"proxy": f"http://127.0.0.1:{port}"}))
            fresh = asyncio.run(_cost(DirectHandler, own | direct, addresses, {}))
            print(f"kept connections {kept:.2f}, a new TLS connection a page {fresh:.2f}", flush=True)  # noqa: T201
    print(f"{made_of}; load of the machine at the end {os.getloadavg()[0]:.0f}.")  # noqa: T201


async def _cost(
    kind: type[DownloadHandler], options: dict[str, Any], addresses: list[str], meta: dict[str, Any]
) -> float:
    handler, left = kind(get_crawler(settings_dict=options)), iter(addresses)

    async def work() -> None:
        for address in left:
            answer = await handler.download_request(Request(address, meta={**meta, HTML_ONLY: True}))
            assert answer.status == 200, (address, answer.status)
            assert not answer.flags, (address, answer.flags)

    before = _cpu()
    await asyncio.gather(*(work() for _ in range(AT_A_TIME)))
    spent = _cpu() - before
    await handler.close()
    return 1000 * spent / len(addresses)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
