"""Labelled placements, and the captured placement that each one means."""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from linkcrawler.capture.page import Capture, capture_page
from linkcrawler.capture.vocabulary import CaptureVocabulary
from linkcrawler.domains import domain_of
from linkcrawler.errors import UsageError
from linkcrawler.records import Link
from linkcrawler.targets import parse_target
from linkcrawler.urls import canonicalize, link_id
from linkcrawler.vocabulary import Channel, Kind, Mode, Region

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled placement. Fields that a file has beyond these are ignored: annotators keep notes there."""

    id: str
    page_url: str
    file: str
    href: str
    nth: int
    target: str
    mode: Mode
    channel: Channel
    region: Region
    anchor: str = ""
    channel_alt: Channel | None = None
    region_alt: Region | None = None
    conf: int = 0

    @property
    def site(self) -> str:
        """What training and testing must not share."""
        return domain_of(self.page_url)


@dataclass(frozen=True, slots=True)
class Example:
    """A label and the link that capture made of its placement; None if capture does not find it."""

    label: Label
    link: Link | None


def read_labels(path: Path) -> list[Label]:
    """Read labels, one JSON object a line. Raises UsageError with the line that does not fit."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Label))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{path}, line {number}: {error}; a label has at least id, page_url, file, href, nth, target, mode, "
                "channel and region"
            ) from error
    if not found:
        raise UsageError(f"{path}: no labels; expected one JSON object a line")
    return found


def examples(labels: list[Label], pages: Path, vocabulary: CaptureVocabulary) -> Iterator[Example]:
    """Capture each labelled page once per target and pick the labelled placements, in the order of the pages."""
    groups = defaultdict[tuple[str, str, str], list[Label]](list)
    for label in labels:
        groups[label.file, label.page_url, label.target].append(label)
    for (file, url, target), group in groups.items():
        capture = capture_page(
            read_page(pages / file),
            url=canonicalize(url) or url,
            targets=(parse_target(target),),
            vocabulary=vocabulary,
            own_links=True,
        )
        for label in group:
            yield Example(label, placed(label, capture))


def placed(label: Label, capture: Capture) -> Link | None:
    """A link with just the labelled placement: the nth ``<a>`` with exactly its href."""
    same = [p for p in capture.placements if p.kind is Kind.A and p.href == label.href]
    if label.nth >= len(same):
        return None
    placement = same[label.nth]
    return Link(
        id=link_id(capture.page.url, placement.target_url),
        source_url=capture.page.url,
        target_url=placement.target_url,
        target=placement.target,
        first_seen=_NO_TIME,
        last_seen=_NO_TIME,
        placements=(placement,),
        page=capture.page,
    )


def read_page(path: Path) -> bytes:
    """The saved body, ``.gz`` or plain. Raises UsageError if it is not there or cannot be read."""
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such page; --pages must name the folder with the saved pages") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path}: the page cannot be read ({error}); save it again, plain or as .gz") from error
