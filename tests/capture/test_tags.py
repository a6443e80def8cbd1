"""The compiled cutter gives what the patterns give, understands more, and reads nothing that is not the page's."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkcrawler.capture
from linkcrawler.capture.document import cleaned
from tests.capture import corpus
from tests.capture.cut_spoiled import PIECES
from tests.capture.cutters import CUTTERS, NO_COMPILER, bare
from tests.capture.mutations import spoil

SOURCE = Path(linkcrawler.capture.__file__).with_name("_tags.c")
TAGS = (
    b"<a href=1>", b'<A class="x" HREF = "/3">', b"<area href=4/>", b"<base href='/b/'>", b"<p class=x id='y'>",
    b"</p>", b"</script>", b"</style>", b"</title>", b"<html>", b"<html/>", b"</HTML >", b"<plaintext>", b"<!doctype>",
)  # fmt: skip


def same(page: bytes) -> bool:
    """Whether the patterns understand the page; the compiled cutter has to understand it in the same way."""
    if "compiled" not in CUTTERS:
        pytest.skip(NO_COMPILER)
    found = CUTTERS["patterns"](page, bare)
    assert found in (None, CUTTERS["compiled"](page, bare)), page[:2000]
    return found is not None


@given(st.lists(st.sampled_from((*PIECES, *TAGS, b"x", b"<p", "\u00e9".encode())), max_size=30))
@settings(max_examples=3000, deadline=None)
def test_whatever_a_page_is_made_of(pieces: list[bytes]) -> None:
    same(b"".join(pieces))


@pytest.mark.gold
def test_real_pages_are_cut_as_the_patterns_cut_them(gold: Path) -> None:
    assert sum(same(cleaned(body)[0]) for _, body in corpus.pages(gold)) > 1700


@pytest.mark.gold
def test_spoiled_pages_are_cut_as_the_patterns_cut_them(gold: Path) -> None:
    random, rows = Random(5), corpus.rows(gold)
    pages = (spoil(random, corpus.body(gold, random.choice(rows)), b"<a href='/x'>x</a>")[0] for _ in range(300))

    assert sum(same(cleaned(page)[0]) for page in pages) > 100


def test_a_page_that_no_page_can_be_is_refused() -> None:
    if "compiled" not in CUTTERS:
        pytest.skip(NO_COMPILER)
    with pytest.raises(UnicodeDecodeError):
        CUTTERS["compiled"](b"<a href=\xff>", bare)
    with pytest.raises(ZeroDivisionError):
        CUTTERS["compiled"](b"<a href=&>", lambda written: str(1 / 0))
    with pytest.raises(TypeError):
        CUTTERS["compiled"]("<a href=1>", bare)  # type: ignore[arg-type]


@pytest.mark.gold
def test_no_byte_is_read_that_is_not_the_pages(gold: Path, tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    sanitizer = Path(_told(compiler, "-print-file-name=libasan.so")) if compiler else Path()
    if not compiler or not sanitizer.is_absolute():
        pytest.skip("needs gcc with its address sanitizer")
    module = tmp_path / "_tags.so"
    include = sysconfig.get_path("include")
    checks = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
    subprocess.run(
        [compiler, "-g", "-O1", *checks, "-shared", "-fPIC", f"-I{include}", SOURCE, "-o", module], check=True
    )
    preloaded = f"{sanitizer} {_told(compiler, '-print-file-name=libubsan.so')}"
    # Without Python's own allocator, each page is an allocation whose ends the sanitizer knows.
    watched = {"LD_PRELOAD": preloaded, "PYTHONMALLOC": "malloc", "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.capture.cut_spoiled", str(module), str(gold), "400"],
        env=os.environ | watched, capture_output=True, text=True, timeout=200,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    understood, otherwise = map(int, done.stdout.split())
    assert understood > 1000
    assert otherwise == 0


def _told(compiler: str, question: str) -> str:
    return subprocess.run([compiler, question], capture_output=True, text=True, check=True).stdout.strip()
