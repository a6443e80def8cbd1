"""Counts what may have very many names, such as anchors and target pages: on disk, so that memory does not grow."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pipelines.queries.scratch import scratch

_IN_MEMORY = 20_000
"""Different entries that wait for the disk: a few MB, and few stores have more target pages."""

Entry = tuple[str, str, int]
"""Month (or nothing), group, number of links."""


class Tally:
    """Links by name, month (or nothing) and group."""

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = tuple(groups)
        self._place = {group: place for place, group in enumerate(groups)}
        self._waiting: Counter[tuple[str, str, str]] = Counter()
        self._rows = scratch("CREATE TABLE seen (name TEXT, month TEXT, place INTEGER, links INTEGER)")

    def add(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """An entry a link: name, month, group."""
        self._waiting.update(entries)
        if len(self._waiting) >= _IN_MEMORY:
            self._write()

    def names(self) -> dict[str, int]:
        """How many names there are, by group and in ``total``; one that shows in two groups counts in both."""
        self._write()
        shown = ", ".join(f"max(place = {place}) AS in_{place}" for place in self._place.values())
        summed = ", ".join(f"ifnull(sum(in_{place}), 0)" for place in self._place.values())
        statement = f"SELECT count(*), {summed} FROM (SELECT {shown} FROM seen GROUP BY name)"  # noqa: S608 - numbers
        total, *found = self._rows.execute(statement).fetchone()
        return {"total": total} | dict(zip(self._groups, found, strict=True))

    def ranked(self, top: int) -> dict[str, dict[str, int]]:
        """The ``top`` names with the most links, most first, to links by group."""
        self._write()
        parts = ", ".join(f"sum(iif(place = {place}, links, 0))" for place in self._place.values())
        statement = f"SELECT name, {parts} FROM seen GROUP BY name ORDER BY sum(links) DESC, name LIMIT ?"  # noqa: S608
        found = self._rows.execute(statement, (top,))
        return {name: dict(zip(self._groups, counts, strict=True)) for name, *counts in found}

    def entries(self) -> Iterator[tuple[str, list[Entry]]]:
        """Every name with its months, groups and numbers of links."""
        self._write()
        rows = self._rows.execute("SELECT name, month, place, sum(links) FROM seen GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
        for name, of_name in groupby(rows, key=lambda row: row[0]):
            yield str(name), [(month, self._groups[place], links) for _, month, place, links in of_name]

    def close(self) -> None:
        self._rows.close()

    def _write(self) -> None:
        rows = ((name, month, self._place[group], links) for (name, month, group), links in self._waiting.items())
        self._rows.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", rows)
        self._waiting.clear()
