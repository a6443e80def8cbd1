"""Measured figures as text: single ones as lines (``mode accuracy``), groups of the same shape as tables."""

import json
from collections.abc import Mapping
from typing import Any

from linkcrawler.commands.screen import screen


def print_figures(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Print nested figures as one JSON object or as text."""
    if as_json:
        print(json.dumps(figures))
        return
    tables = {}
    for name, value in figures.items():
        if not isinstance(value, Mapping | list):
            print(f"{name:40} {value}")
            continue
        entries = dict(value.items() if isinstance(value, Mapping) else enumerate(value, 1))
        rows = {str(key): row for key, row in entries.items() if isinstance(row, Mapping)}
        if rows:
            tables[name] = rows
        for key, single in entries.items():
            if str(key) not in rows:
                print(f"{f'{name} {key}':40} {single}")
    for name, rows in tables.items():
        _print_table(name, rows)


def _print_table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    from rich.table import Table

    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(title)
    for column in columns:
        table.add_column(column, justify="right")
    for name, row in rows.items():
        table.add_row(name, *(str(row.get(column, "")) for column in columns))
    console = screen()
    console.print()
    console.print(table)
