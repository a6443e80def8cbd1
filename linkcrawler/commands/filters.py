"""The filters of ``linkcrawler links``: one option for every field that it prints."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

from linkcrawler.commands.options import end_time, start_time
from linkcrawler.vocabulary import Channel, Kind, Mode, Region
from pipelines.stores.protocol import HYPERLINK, UNCLASSIFIED, LinkFilter

if TYPE_CHECKING:
    from pipelines.queries.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])


def _words(vocabulary: Iterable[StrEnum], *more: str) -> click.Choice[str]:
    return click.Choice([*sorted(word.value for word in vocabulary), *more])


ANY = "any"
_KINDS = [kind for kind in Kind if kind is not Kind.MENTION]
"""A mention is no link: it stands with the facts of its page."""

_SHARE = click.FloatRange(0, 1)

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--id", {"multiple": True, "metavar": "ID", "help": "This link (may be repeated)."}),
    ("--mode", {"type": _words(Mode, UNCLASSIFIED), "help": "How the links came to stand there."}),
    ("--channel", {"type": _words(Channel), "help": "How, more closely."}),
    ("--overruled", {"is_flag": True, "help": "Only links of which a person has said something (see label)."}),
    ("--min-confidence", {"type": _SHARE, "help": "Verdict at least this sure, 0 to 1."}),
    ("--max-confidence", {"type": _SHARE, "help": "Verdict at most this sure, 0 to 1."}),
    ("--signal", {"help": "A signal that must be among the evidence."}),
    ("--model", {"help": "Beginning of the version of the model that judged."}),
    ("--target", {"help": "A watched target, as the crawl was given it."}),
    ("--target-url", {"metavar": "TEXT", "help": "Part of the address that is linked to."}),
    ("--source-url", {"metavar": "TEXT", "help": "Part of the address of the page that links."}),
    ("--source-domain", {"metavar": "DOMAIN", "help": "Registered domain of the page that links."}),
    ("--language", {"metavar": "CODE", "help": "Language of the page, such as de."}),
    ("--region", {"type": _words(Region), "help": "Where on the page."}),
    (
        "--kind",
        {
            "type": _words(_KINDS, HYPERLINK, ANY),
            "default": HYPERLINK,
            "show_default": True,
            "help": "What markup makes the link; hyperlink: a and area, what a reader can follow.",
        },
    ),
    ("--rel", {"metavar": "TOKEN", "help": "A rel token, such as sponsored."}),
    ("--anchor", {"metavar": "TEXT", "help": "Part of the anchor text; case ignored."}),
    ("--text", {"help": "Part of the anchor or of the words around it; case ignored."}),
    ("--heading", {"metavar": "TEXT", "help": "Part of the headings above it; case ignored."}),
    ("--status", {"type": click.Choice(["live", "lost", "unverified"]), "help": "Whether it still stands there."}),
    (
        "--first-seen-from",
        {"type": start_time, "metavar": "TIME", "help": "First seen on this day or time, or later (UTC)."},
    ),
    ("--first-seen-to", {"type": end_time, "metavar": "TIME", "help": "First seen on this day or time, or earlier."}),
    ("--last-seen-from", {"type": start_time, "metavar": "TIME", "help": "Last seen on this day or time, or later."}),
    ("--last-seen-to", {"type": end_time, "metavar": "TIME", "help": "Last seen on this day or time, or earlier."}),
    ("--appeared-from", {"type": start_time, "metavar": "TIME", "help": "Cannot have appeared before this."}),
    ("--appeared-to", {"type": end_time, "metavar": "TIME", "help": "Had certainly appeared by this."}),
    ("--added", {"type": click.Choice(["with_page", "later", "unknown"]), "help": "With its page, or later."}),
)


def filter_options(command: F) -> F:
    """Give a click command every filter, in the order of the list above."""
    for name, attributes in reversed(_OPTIONS):
        command = click.option(name, **attributes)(command)
    return command


def read_filters(given: Mapping[str, Any], limit: int) -> "tuple[LinkFilter, Selection]":
    """What the store filters by itself, and the rest."""
    from pipelines.queries.selection import Selection

    chosen = {name: value for name, value in given.items() if value is not None}
    by_store = {field.name for field in fields(LinkFilter)}
    ids = tuple(chosen.pop("id", ()))
    if chosen.get("kind") == ANY:
        del chosen["kind"]
    where = {name: value for name, value in chosen.items() if name in by_store}
    rest = {name: value for name, value in chosen.items() if name not in by_store}
    return LinkFilter(ids=ids, limit=limit, **where), Selection(**rest)
