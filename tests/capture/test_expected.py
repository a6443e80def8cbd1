"""Pages and counts agree with the independent scan, for targets that the test picks itself."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import lxml.html
import pytest

from linkcrawler.capture import CaptureVocabulary, capture_page
from linkcrawler.capture.document import parse
from linkcrawler.capture.outlinks import outlinks
from linkcrawler.errors import UsageError
from linkcrawler.targets import parse_target
from linkcrawler.urls import Base, canonicalize
from tests.capture import corpus

pytestmark = pytest.mark.gold


def pick(pages_of: dict[str, Counter[str]]) -> list[str]:
    """Targets that differ: linked from many pages or few, often from one page, short, long, internationalised."""
    by_pages = sorted(pages_of, key=lambda name: (-len(pages_of[name]), name))
    by_repetition = sorted(pages_of, key=lambda name: (-max(pages_of[name].values()), name))
    by_length = sorted(pages_of, key=lambda name: (len(name), name))
    foreign = sorted(name for name in pages_of if "xn--" in name)
    picked = [by_pages[40], by_pages[80], by_pages[300], by_pages[3000], *by_repetition[:3]]
    picked += [*by_length[:2], *by_length[-2:], *foreign[:2], "nih.gov"]
    return list(dict.fromkeys(picked))


def registered(domain: str) -> bool:
    """Whether this is a name below a public suffix: pages also link to bare hosts and numbers."""
    try:
        return parse_target(domain).host == ""
    except UsageError:
        return False


def reads_all(body: bytes) -> bool:
    """Whether a bare parse reads the page to its end and not just to the first byte that the declared charset lacks."""
    parser = lxml.html.HTMLParser()
    lxml.html.document_fromstring(body, parser=parser)
    return not any(entry.level_name == "FATAL" for entry in parser.error_log)


def test_pages_and_counts_agree_with_the_independent_scan(
    shared: Path, gold: Path, vocabulary: CaptureVocabulary, tmp_path: Path
) -> None:
    pages_of: dict[str, Counter[str]] = defaultdict(Counter)
    for row, body in corpus.pages(gold):
        document = parse(body, row["url"])
        for domain in outlinks(document.links, Base(document.base_url), canonicalize(row["url"]) or "").domains:
            if registered(domain):
                pages_of[domain][row["file"]] = body.count(domain.encode())
    targets = pick(pages_of)
    assert len(targets) >= 10
    wanted: dict[str, list[dict[str, str]]] = defaultdict(list)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row, body in corpus.pages(gold):
        named = [name for name in targets if name.encode() in body]
        if named and reads_all(body):
            capture = capture_page(
                body, canonicalize(row["url"]) or "", targets=tuple(map(parse_target, named)), vocabulary=vocabulary
            )
            for name in named:
                wanted[name].append(row)
                direct = [p for p in capture.placements if p.target == name and p.kind in ("a", "area") and not p.via]
                if direct:
                    found[name][row["url"]] = len(direct)
    for name in targets:
        assert found[name] == scan(shared, wanted[name], name, tmp_path), name


def scan(shared: Path, rows: list[dict[str, str]], target: str, folder: Path) -> dict[str, int]:
    """How many links to the target the independent scan finds, by page."""
    listing = folder / "pages.jsonl"
    listing.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, str(shared / "realweb" / "expect.py"), target, "--pages", str(listing)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    return {line["source_url"]: len(line["hrefs"]) for line in map(json.loads, output.splitlines())}
