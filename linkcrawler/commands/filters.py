"""The filters of ``linkcrawler links``: those of pipelines/queries/filter_fields.py as options."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from pipelines.queries.filter_fields import FIELDS, FilterField, parse
from pipelines.stores.link_filter import HYPERLINK, LinkFilter

F = TypeVar("F", bound=Callable[..., Any])

_APART = ("after", "limit")
"""Options that the command words itself."""
_FLAGS = ("overruled",)


def filter_options(*names: str) -> Callable[[F], F]:
    """Give a click command these filters (none named: every one), in the order of the list."""

    def decorated(command: F) -> F:
        for field in reversed(FIELDS):
            if field.name in names or (not names and field.name not in _APART):
                command = click.option(f"--{field.name.replace('_', '-')}", **_attributes(field))(command)
        return command

    return decorated


def read_filters(given: Mapping[str, Any]) -> LinkFilter:
    """The filter of an option's name and value each."""
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        values = value if isinstance(value, tuple) else (value,)
        pairs += [(name, "yes" if one is True else str(one)) for one in values if one not in (None, False)]
    return parse(pairs)


def _attributes(field: FilterField) -> dict[str, Any]:
    if field.name in _FLAGS:
        return {"is_flag": True, "help": field.help}
    more: dict[str, Any] = {"help": field.help, "multiple": field.several}
    if field.words:
        more["type"] = click.Choice(field.words)
    if field.metavar or not field.words:
        more["metavar"] = field.metavar or "TEXT"
    if field.name == "kind":
        more |= {"default": HYPERLINK, "show_default": True}
    if field.name == "sort":
        more["help"] += " [default: id; for a file of very many links, as the store holds them]"
    return more
