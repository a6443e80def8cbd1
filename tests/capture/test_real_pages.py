"""Every labelled placement is found, and its stored words stand on the page as an independent parser reads it."""

import re
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest
from selectolax.lexbor import LexborHTMLParser

from linkcrawler.capture import CaptureVocabulary, capture_page
from linkcrawler.capture.decoding import to_utf8
from linkcrawler.domains import registered_domain
from linkcrawler.records import Placement
from linkcrawler.targets import parse_target
from linkcrawler.urls import canonicalize
from tests.capture import corpus

pytestmark = pytest.mark.gold

SAMPLE = 200
_GONE = (
    "script,style,noscript,template,head,title,svg,math,iframe,object,embed,audio,video,canvas,datalist,select,textarea,"
    "noframes,[hidden]"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")


@pytest.fixture(scope="module")
def captured(gold: Path, vocabulary: CaptureVocabulary) -> dict[str, tuple[Placement, ...]]:
    """The placements of all labelled pages, by file."""
    targets: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for label in corpus.rows(gold, "dev.jsonl"):
        targets[label["page_url"], label["file"]][label["target"].lower()] = None
    return {
        file: capture_page(
            corpus.body(gold, {"file": file}),
            canonicalize(url) or "",
            targets=tuple(map(parse_target, names)),
            vocabulary=vocabulary,
            own_links=True,
        ).placements
        for (url, file), names in targets.items()
    }


def test_every_labelled_placement_is_found(gold: Path, captured: dict[str, tuple[Placement, ...]]) -> None:
    missing = []
    for label in corpus.rows(gold, "dev.jsonl"):
        same = [p for p in captured[label["file"]] if p.kind == "a" and p.href == label["href"]]
        if len(same) <= label["nth"] or registered_domain(label["target"].lower()) != same[label["nth"]].target:
            missing.append(label["id"])
    assert not missing


def test_stored_words_are_a_contiguous_piece_of_the_page(
    gold: Path, captured: dict[str, tuple[Placement, ...]]
) -> None:
    """``before + anchor + after`` against the text of another parser, white space removed."""
    shown = [(file, p) for file, found in sorted(captured.items()) for p in found if p.kind == "a" and not p.hidden]
    sample = Random(7).sample(shown, SAMPLE)
    texts: dict[str, str] = {}
    for file, placement in sample:
        if file not in texts:
            texts[file] = squeeze(independent_text(to_utf8(corpus.body(gold, {"file": file})).decode()))
        anchor = "" if placement.image else placement.anchor
        piece = squeeze(placement.context.before + anchor + placement.context.after)
        assert piece in texts[file], (file, placement.href)


def independent_text(html: str) -> str:
    """The text of the elements that the page's markup does not hide, read by a browser-grade HTML5 parser."""
    page = LexborHTMLParser(html)
    styled = [
        node
        for node in page.css("[style]")
        if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style_of(node), re.IGNORECASE)
    ]
    for node in [*page.css(_GONE), *styled]:
        node.decompose()
    return page.body.text(separator="") if page.body else ""


def style_of(node: object) -> str:
    return str(node.attributes.get("style") or "")  # type: ignore[attr-defined]


def squeeze(text: str) -> str:
    return "".join(_INVISIBLE.sub("", text).split())
