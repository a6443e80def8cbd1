"""Captures spoiled real pages and counts what goes wrong.

    python -m tests.capture.fuzz --pages 20000 --seed 1 [--gold DIR]

prints one JSON object: exceptions, pages over the time bound (1 s of CPU per MB, and 0.2 s for what any page costs),
pages over the memory bound (20 bytes per byte of page, and 20 MB per MB for the first one, so that small pages are not
charged with the allocator's steps), the largest share of each bound that a page took, and broken promises of Capture.
"""

import argparse
import gzip
import json
import os
import re
import time
from collections import Counter
from pathlib import Path
from random import Random

from linkcrawler.capture import Capture, capture_page, load_vocabulary
from linkcrawler.targets import Target, parse_target
from linkcrawler.urls import canonicalize
from tests.capture.mutations import spoil

SECONDS_PER_MB, FIXED_SECONDS = 1.0, 0.2
MEMORY_FACTOR = 20
FIXED_BYTES = 1_000_000
_HOST = re.compile(rb"href=[\"']https?://(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,10})")
_CHECKOUT = Path(__file__).parent.parent.parent


def run(gold: Path, pages: int, seed: int) -> dict[str, object]:
    """Capture ``pages`` spoiled pages; the same seed spoils the same pages in the same way."""
    random = Random(seed)
    rows = [json.loads(line) for line in (gold / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
    vocabulary = load_vocabulary()
    counts: Counter[str] = Counter()
    trouble: list[str] = []
    slowest = largest = 0.0
    busy = 0.0
    warm_up(vocabulary)
    for number in range(pages):
        row = random.choice(rows)
        body = gzip.decompress((gold / "pages" / row["file"]).read_bytes())
        target = pick_target(random, body)
        body, names = spoil(random, body, b"<p>See <a href='https://%s/x'>this</a>.</p>" % target.spec.encode())
        case = f"page {number} ({row['file']}, {'+'.join(names)}, {len(body)} bytes)"
        reset_peak()
        before, started = resident("VmRSS"), time.process_time()
        try:
            capture = capture_page(body, canonicalize(row["url"]) or "", targets=(target,), vocabulary=vocabulary)
        except Exception as error:
            counts["exceptions"] += 1
            trouble.append(f"{case}: {error!r}")
            continue
        seconds = time.process_time() - started
        memory = resident("VmHWM") - before
        time_share = seconds / (FIXED_SECONDS + SECONDS_PER_MB * len(body) / 1e6)
        memory_share = memory / (MEMORY_FACTOR * (len(body) + FIXED_BYTES))
        slowest, largest, busy = max(slowest, time_share), max(largest, memory_share), busy + seconds
        counts["with_target"] += bool(capture.placements)
        counts["truncated"] += capture.page.truncated
        if time_share > 1:
            counts["over_time"] += 1
            trouble.append(f"{case}: {seconds:.2f} s")
        if memory_share > 1:
            counts["over_memory"] += 1
            trouble.append(f"{case}: {memory / len(body):.1f} times its size")
        if problem := broken_promise(capture):
            counts["broken_promises"] += 1
            trouble.append(f"{case}: {problem}")
    return {
        "pages": pages,
        "seed": seed,
        **{name: counts[name] for name in ("exceptions", "over_time", "over_memory", "broken_promises")},
        **{name: counts[name] for name in ("with_target", "truncated")},
        "max_time_share": round(slowest, 3),
        "max_memory_share": round(largest, 3),
        "cpu_seconds": round(busy, 1),
        "trouble": trouble[:40],
    }


def warm_up(vocabulary: object) -> None:
    """Read the language model and the suffix list before the clock runs."""
    body = b"<p>" + "Der Hund lief über die Straße und bellte laut. ".encode() * 5 + b"<a href=//example.co.uk>x</a>"
    capture_page(body, "https://example.org/", targets=(parse_target("example.co.uk"),), vocabulary=vocabulary)  # type: ignore[arg-type]


def pick_target(random: Random, body: bytes) -> Target:
    hosts = _HOST.findall(body)
    return parse_target(random.choice(hosts).decode() if hosts else "example.com")


def broken_promise(capture: Capture) -> str:
    """What the capture says that cannot be, if anything."""
    if len(set(capture.outlinks)) != len(capture.outlinks):
        return "an outlink twice"
    if [placement.position for placement in capture.placements] != list(range(len(capture.placements))):
        return "positions with gaps"
    for placement in capture.placements:
        words = placement.context
        if len(words.before) > 240 or len(words.after) > 240 or len(words.sentence) > 600 or len(words.block) > 600:
            return "a context without bounds"
        if len(placement.anchor) > 500 or len(placement.markup) > 400 or len(placement.href) > 4166:
            return "a field without bounds"
    return ""


def reset_peak() -> None:
    """Make VmHWM start anew (Linux only; elsewhere memory reads 0)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        pass


def resident(name: str) -> int:
    """Resident bytes now (VmRSS) or at most since the last reset (VmHWM)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(rf"{name}:\s+(\d+)", status)
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    """Read the arguments, run, print."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--pages", type=int, default=200)
    cli.add_argument("--seed", type=int, default=1)
    shared = Path(os.environ.get("LINKCRAWLER_SHARED", _CHECKOUT.parent / "shared"))
    cli.add_argument("--gold", type=Path, default=shared / "gold")
    arguments = cli.parse_args()
    print(json.dumps(run(arguments.gold, arguments.pages, arguments.seed), indent=1, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main()
