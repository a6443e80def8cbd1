"""Cuts spoiled pages by a freshly compiled module; run with a sanitizer loaded, which ends it where memory is misused.

    python -m tests.capture.cut_spoiled MODULE_FILE GOLD PAGES

prints how many the patterns understand, and how many of these the module cuts otherwise.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random
from typing import Any

from linkcrawler.capture import tags
from linkcrawler.capture.document import cleaned
from tests.capture import corpus
from tests.capture.cutters import bare
from tests.capture.mutations import spoil

PIECES = (
    b"<", b">", b'"', b"'", b"=", b"/", b" ", b"\n", b"<!--", b"-->", b"--!>", b"<script", b"</script", b"<a href",
    b"&", b"<base href=x>", b"</html>", b"<style>", b"<title", b"\0", b"-", b"!", b"?", b"href",
)  # fmt: skip


def main(file: str, gold: str, pages: str) -> None:
    spec = spec_from_file_location("linkcrawler.capture._tags", file)
    assert spec
    assert spec.loader
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    random, rows = Random(1), corpus.rows(Path(gold))
    understood = otherwise = 0
    for _ in range(int(pages)):
        body, _ = spoil(random, corpus.body(Path(gold), random.choice(rows)), b"<a href='/x?a&amp;b'>this</a>")
        whole, _ = cleaned(body)
        for _ in range(20):
            found = tags.cut(page := _piece(random, whole), bare)
            understood += found is not None
            otherwise += found not in (None, module.cut(page, bare))
    sys.stdout.write(f"{understood} {otherwise}\n")


def _piece(random: Random, page: bytes) -> bytes:
    """A slice of it, with a few signs where they do not belong; its end is where nothing may be read any more."""
    begin = random.randrange(len(page) + 1)
    piece = bytearray(page[begin : begin + random.choice((0, 5, 50, 500, 5000))])
    for _ in range(random.randrange(5)):
        at = random.randrange(len(piece) + 1)
        piece[at : at + random.randrange(3)] = random.choice(PIECES)
    return piece.decode("utf-8", "replace").encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
