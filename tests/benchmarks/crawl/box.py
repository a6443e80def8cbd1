"""Builds the web that crawls are measured on: the one of ``../shared/bench`` from real pages, else a generated one.

Both have the same layout, which ``server.py`` serves: ``www/HOST/PATH`` with ``.gz`` twins, ``www/_pool/N.html`` for
addresses that no other page names, ``pages.txt``, ``seeds.txt``.
"""

import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

TARGET = "target-site.example"
LINKS_OF_PAGE, NEW_LINKS_OF_PAGE, BYTES_OF_PAGE = 110, 6, 150_000
"""As in the web made of real pages."""
LINKING = 0.04
"""Share of pages that link to the target."""

_WORDS = (
    "amber", "basin", "cedar", "comet", "delta", "ember", "field", "frost", "grove", "harbor", "indigo", "juniper",
    "lagoon", "maple", "meadow", "north", "ocean", "pebble", "quartz", "river", "saffron", "tundra", "umber", "valley",
)  # fmt: skip


def make(folder: Path, shared: Path, *, pages: int, hosts: int, seed: int) -> str:
    """Build it into ``folder`` unless it stands there; what it is made of."""
    bench, gold = shared / "bench", shared / "gold" / "pages"
    if not (folder / "seeds.txt").exists():
        folder.mkdir(parents=True, exist_ok=True)
        if (bench / "webbox.py").exists() and gold.is_dir():
            _from_real_pages(folder, bench, gold, pages=pages, hosts=hosts, seed=seed)
        else:
            _generated(folder, pages=pages, hosts=hosts, seed=seed)
    return "real pages" if (folder / "meta.json").exists() else "generated pages"


def _from_real_pages(folder: Path, bench: Path, gold: Path, *, pages: int, hosts: int, seed: int) -> None:
    corpus = folder / "corpus"
    sizes = ["--pages", str(pages), "--hosts", str(hosts), "--seed", str(seed)]
    for script, *arguments in (
        ["corpus.py", "--probe", "--src", str(gold), "--out", str(corpus)],
        ["webbox.py", "build", "--corpus", str(corpus), "--out", str(folder), "--target", TARGET, *sizes],
    ):
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, bench / script, *arguments], check=True, env=environment, capture_output=True)


def _generated(folder: Path, *, pages: int, hosts: int, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"www.{chance.choice(_WORDS)}-{chance.choice(_WORDS)}{number}.test" for number in range(hosts)]
    addresses = [f"http://{names[n % hosts]}/{chance.choice(_WORDS)}/page-{n}.html" for n in range(pages)]
    (folder / "www" / "_pool").mkdir(parents=True)
    for number, address in enumerate(addresses):
        body = _page(chance, number, addresses, names)
        file = folder / "www" / address.removeprefix("http://")
        file.parent.mkdir(parents=True, exist_ok=True)
        for path, content in ((file, body), (file.with_name(f"{file.name}.gz"), gzip.compress(body, 6, mtime=0))):
            path.write_bytes(content)
            pooled = folder / "www" / "_pool" / f"{number}.html{'.gz' if path.suffix == '.gz' else ''}"
            pooled.hardlink_to(path)
    (folder / "seeds.txt").write_text("\n".join(addresses[:hosts]) + "\n")
    chance.shuffle(addresses)
    (folder / "pages.txt").write_text("\n".join(addresses) + "\n")


def _page(chance: random.Random, number: int, addresses: list[str], names: list[str]) -> bytes:
    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    links = [chance.choice(addresses) for _ in range(LINKS_OF_PAGE)]
    # The page's children come first, so that every page is reached.
    links[:2] = [addresses[child] for child in (2 * number + 1, 2 * number + 2) if child < len(addresses)]
    body_of = chance.randrange(len(addresses))
    links += [
        f"http://{chance.choice(names)}/later/{words(1)}-{number}x{slot}-{body_of}.html"
        for slot in range(NEW_LINKS_OF_PAGE)
    ]
    parts = [
        f'<div class="post entry-{at}"><p>{words(60)} <a href="{link}">{words(3)}</a> {words(60)}</p></div>'
        for at, link in enumerate(links)
    ]
    if chance.random() < LINKING:
        parts.insert(20, f'<p>{words(12)} <a href="https://www.{TARGET}/{words(1)}">{words(2)}</a> {words(12)}</p>')
    page = f"<!doctype html><html lang=en><head><title>{words(5)}</title></head><body>{''.join(parts)}"
    filling = f"<script>{'x' * max(0, BYTES_OF_PAGE - len(page))}</script></body></html>"
    return (page + filling).encode()
