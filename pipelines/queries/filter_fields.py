"""The filters that people write, wherever they write them: command line, Python, address of a web page.

Each has a name and takes text; :func:`parse` makes a LinkFilter of name and value pairs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Channel, Kind, Mode, Region
from pipelines.queries.cursors import decode_cursor
from pipelines.queries.moments import end_time, start_time
from pipelines.stores.link_filter import HYPERLINK, LOST_REASONS, ONE_PER, SORTS, UNCLASSIFIED, LinkFilter

ANY = "any"
_SORTS = (*SORTS, *(f"-{field}" for field in SORTS))
_KINDS = (*sorted(kind.value for kind in Kind if kind is not Kind.MENTION), HYPERLINK, ANY)
"""A mention is no link: it stands with the facts of its page."""

Read = Callable[[str, datetime], object]
"""From the text and the current time to the value; ValueError or UsageError if it is none."""


def _text(text: str, _: datetime) -> str:
    return text


def _share(text: str, _: datetime) -> float:
    if not 0 <= (share := float(text)) <= 1:
        raise ValueError("0<=x<=1")
    return share


def _count(text: str, _: datetime) -> int:
    if (count := int(text)) < 0:
        raise ValueError("x>=0")
    return count


def _flag(text: str, _: datetime) -> bool:
    if text.lower() not in ("", "0", "1", "true", "false", "yes", "no", "on", "off"):
        raise ValueError("yes or no")
    return text.lower() not in ("", "0", "false", "no", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    """One filter: what it is called, what it takes, what it means."""

    name: str
    """As in ``name=value``; the command line writes ``--`` before it and ``-`` for ``_``."""
    help: str
    read: Read = _text
    words: tuple[str, ...] = ()
    """All values that there are, if they are few."""
    several: bool = False
    metavar: str = ""


def _field(name: str, help_text: str, **more: Any) -> FilterField:
    words = tuple(map(str, more.pop("words", ())))
    return FilterField(name=name, help=help_text, words=words, **more)


FIELDS: tuple[FilterField, ...] = (
    _field("id", "This link (may be repeated).", several=True, metavar="ID"),
    _field("mode", "How the links came to stand there.", words=(*sorted(Mode), UNCLASSIFIED)),
    _field("channel", "How, more closely.", words=tuple(sorted(Channel))),
    _field("overruled", "Only links of which a person has said something (see label).", read=_flag),
    _field("min_confidence", "Verdict at least this sure, 0 to 1.", read=_share, metavar="0<=x<=1"),
    _field("max_confidence", "Verdict at most this sure, 0 to 1.", read=_share, metavar="0<=x<=1"),
    _field("signal", "A signal that must be among the evidence."),
    _field("model", "Beginning of the version of the model that judged."),
    _field("target", "A watched target, as the crawl was given it."),
    _field("target_url", "Beginning of the address that is linked to (example.org/docs), or a part of it."),
    _field("source_url", "Beginning of the address of the page that links, or a part of it."),
    _field("source_domain", "Registered domain of the page that links.", metavar="DOMAIN"),
    _field("source_host", "Host of the page that links.", metavar="HOST"),
    _field("language", "Language of the page, such as de.", metavar="CODE"),
    _field("region", "Where on the page.", words=tuple(sorted(Region))),
    _field("kind", "What markup makes the link; hyperlink: a and area, what a reader can follow.", words=_KINDS),
    _field("rel", "A rel token, such as sponsored; none: neither nofollow nor sponsored nor ugc.", metavar="TOKEN"),
    _field("anchor", "Words in a row in the anchor text; * at the end: the last word begins so."),
    _field("text", "Words in a row in an anchor or the words around it."),
    _field("heading", "Words in a row in a heading above it."),
    _field("status", "Whether it still stands there.", words=("live", "lost", "unverified")),
    _field("lost_reason", "Lost links, by why they were lost (see events).", words=LOST_REASONS),
    _field("first_seen_from", "First seen at this time or later; 7d: seven days ago.", read=start_time, metavar="TIME"),
    _field("first_seen_to", "First seen at this time or earlier.", read=end_time, metavar="TIME"),
    _field("last_seen_from", "Last seen at this time or later.", read=start_time, metavar="TIME"),
    _field("last_seen_to", "Last seen at this time or earlier.", read=end_time, metavar="TIME"),
    _field("appeared_from", "Cannot have appeared before this.", read=start_time, metavar="TIME"),
    _field("appeared_to", "Had certainly appeared by this.", read=end_time, metavar="TIME"),
    _field("added", "With its page, or later.", words=("with_page", "later", "unknown")),
    _field(
        "one_per",
        "One link per source domain, per block that repeats on a site, per text that was copied (may be repeated).",
        words=ONE_PER,
        several=True,
    ),
    _field("sort", "Order; a leading - turns it round.", words=_SORTS, metavar="FIELD"),
    _field("after", "What comes after this cursor, as a page of links gives it.", metavar="CURSOR"),
    _field("limit", "At most so many links, 0: all.", read=_count, metavar="N"),
)

_BY_NAME = {field.name: field for field in FIELDS}
_RENAMED = {"id": "ids"}


def parse(pairs: Iterable[tuple[str, str]], *, now: datetime | None = None) -> LinkFilter:
    """The filter of name and value pairs; an empty value asks for nothing.

    Only what a reader can follow (``kind=hyperlink``) is meant unless a kind is given (``any``: all). Raises UsageError
    for an unknown name, a value that is not understood, or a name that is given twice but takes one value.
    """
    now = now or datetime.now(UTC)
    found: dict[str, object] = {"kind": HYPERLINK}
    several: dict[str, tuple[object, ...]] = {}
    given = set[str]()
    for written, text in pairs:
        field = _BY_NAME.get(name := written.replace("-", "_"))
        if field is None:
            raise UsageError(f"filter {written!r} is not known; expected one of {', '.join(_BY_NAME)}")
        if text == "":
            continue
        value = _value(field, text, now)
        if field.several:
            several[name] = (*several.get(name, ()), value)
        elif name in given:
            raise UsageError(f"filter {written!r} is given twice; it takes one value")
        given.add(name)
        found[name] = value
    found |= several
    if found["kind"] == ANY:
        del found["kind"]
    where = LinkFilter(**{_RENAMED.get(name, name): value for name, value in found.items() if name != "after"})  # type: ignore[arg-type]
    return decode_cursor(where, str(found.get("after", "")))


def _value(field: FilterField, text: str, now: datetime) -> object:
    if field.words and text not in field.words:
        raise UsageError(f"{field.name} {text!r} is not known; expected one of {', '.join(field.words)}")
    try:
        return field.read(text, now)
    except UsageError as error:
        raise UsageError(f"{field.name}: {error}") from error
    except ValueError as error:
        raise UsageError(f"{field.name} {text!r} is not understood: expected {field.metavar}") from error
