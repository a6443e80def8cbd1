"""Turns the rows of an outreach log into contacts; a row that cannot be one is told with its line, the rest is kept."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from linkcrawler.sharing import site_key
from linkcrawler.urls import canonicalize, digest, host_of
from linkcrawler.vocabulary import Channel
from pipelines.outreach.columns import Columns
from pipelines.outreach.contact import Contact, Stage
from pipelines.outreach.vocabulary import Field, Vocabulary
from pipelines.queries.page_addresses import address_of
from pipelines.tables.columns import folded
from pipelines.tables.days import day_first, read_day, require_order
from pipelines.tables.reading import Table
from pipelines.tables.rows import BadRow

_DAYS: tuple[Field, ...] = ("contacted", "placed", "date", "replied")
_MAIL = re.compile(r"[^\s@<>]+@([^\s@<>]+\.[^\s@<>]+)")
_MORE_THAN_NOTHING = re.compile(r"[1-9]")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}", re.UNICODE)
_NOTHING = frozenset(("", "-", "n/a", "none", "null"))
MAX_ANCHOR_CHARS = 200


@dataclass(frozen=True, slots=True)
class Contacts:
    contacts: tuple[Contact, ...]
    bad: tuple[BadRow, ...]
    unknown_stages: dict[str, int]
    """Words of the status column that are not in the vocabulary, with the number of rows: read as if it were empty."""
    unknown_channels: dict[str, int]
    repeated: int
    """Rows that say what another row of the file says."""


@dataclass(frozen=True, slots=True)
class _Days:
    first: dict[Field, bool]
    """Day column to whether days stand before months in it."""

    def read(self, field: Field, cell: str) -> date | None:
        return read_day(cell, days_first=self.first[field]) if cell else None


def read_contacts(
    table: Table, columns: Columns, vocabulary: Vocabulary, *, log: str, days_first: bool | None = None
) -> Contacts:
    """Every row as a contact or as a bad row: rows and bad rows of the table = contacts + repeated + bad.

    ``days_first`` decides columns whose days can be read two ways; None: UsageError for such a column.
    """
    days = _Days({field: _order(table, columns, field, days_first) for field in _DAYS if field in columns.at})
    stages, channels = Counter[str](), Counter[str]()
    found: dict[str, Contact] = {}
    bad = [*table.bad]
    for line, cells in table.rows:
        row = {field: cells[place] if place < len(cells) else "" for field, place in columns.at.items()}
        row = {field: "" if cell.lower() in _NOTHING else cell for field, cell in row.items()}
        try:
            contact = _contact(row, columns, vocabulary, days, log)
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
            continue
        found.setdefault(contact.id, contact)
        stages.update(_unknown(row.get("status", ""), {**vocabulary.stages}))
        channels.update(_unknown(row.get("channel", ""), {**vocabulary.channels, **vocabulary.stages}))
    repeated = len(table.rows) + len(table.bad) - len(bad) - len(found)
    return Contacts(tuple(found.values()), tuple(bad), dict(stages), dict(channels), repeated)


def _order(table: Table, columns: Columns, field: Field, days_first: bool | None) -> bool:
    place = columns.at[field]
    values = [cells[place] for _, cells in table.rows if place < len(cells)]
    order = day_first(values)
    return require_order(columns.header[place], order if order is not None else days_first, values)


def _unknown(cell: str, known: dict[str, object]) -> list[str]:
    return [cell] if cell and folded(cell) not in known else []


def _contact(row: dict[Field, str], columns: Columns, vocabulary: Vocabulary, days: _Days, log: str) -> Contact:
    url, exact = _source(row, vocabulary)
    stage, channel = _stage(row, columns, vocabulary), _channel(row, vocabulary)
    contacted, placed, when, replied = (days.read(field, row.get(field, "")) for field in _DAYS)
    if stage is Stage.CONTACTED and replied:
        stage = Stage.REPLIED
    if stage in (Stage.PLACED, Stage.ORGANIC):
        placed = placed or when
    known = [day for day in (contacted, when, replied) if day]
    if not contacted and known and stage not in (Stage.PLACED, Stage.ORGANIC):
        contacted = min(known)
    paid = bool(_MORE_THAN_NOTHING.search(row.get("cost", "")))
    page = address_of(url) if exact else ""
    parts = {
        "site": site_key(url),
        "page": page,
        "target": _target(row),
        "anchor": row.get("anchor", "")[:MAX_ANCHOR_CHARS],
        "person": _person(row.get("email", "")),
    }
    if channel is None and paid:
        channel = Channel.SPONSORED
    told = (log, *parts.values(), stage, str(contacted), str(placed), str(channel), str(paid))
    return Contact(
        id=digest(*told), log=log, stage=stage, contacted=contacted, placed=placed, channel=channel, paid=paid, **parts
    )


def _source(row: dict[Field, str], vocabulary: Vocabulary) -> tuple[str, bool]:
    """Canonical address of the page or site, and whether it names a page."""
    for field in ("url", "domain"):
        if cell := row.get(field, ""):
            url = _address(cell)
            if url is None:
                raise ValueError(f"expected an address or a domain, got {cell[:80]!r}")
            # A bare domain names a site; with its scheme written out it is the front page, in a column of pages.
            return url, field == "url" and ("://" in cell or url.count("/") > 3 or not url.endswith("/"))
    if mail := _MAIL.search(row.get("email", "")):
        host = mail[1].lower()
        url = _address(host)
        if host not in vocabulary.mail_hosts and url:
            return url, False
        raise ValueError("no address and no domain, only a mail address at a host that tells no site")
    raise ValueError("no address, no domain and no mail address: which site was contacted is not told")


def _address(cell: str) -> str | None:
    text = cell.split()[0] if cell.split() else ""
    url = canonicalize(text if "://" in text else f"https://{text}")
    return url if url and url.startswith("http") and _HOST.fullmatch(host_of(url)) else None


def _target(row: dict[Field, str]) -> str:
    cell = row.get("target", "")
    if not cell:
        return ""
    url = _address(cell)
    if url is None:
        raise ValueError(f"expected the address that was to be linked, got {cell[:80]!r}")
    return url


def _stage(row: dict[Field, str], columns: Columns, vocabulary: Vocabulary) -> Stage:
    # Link managers tell "Organic" in the column of the channel.
    if vocabulary.stages.get(folded(row.get("channel", ""))) is Stage.ORGANIC:
        return Stage.ORGANIC
    return vocabulary.stages.get(folded(row.get("status", "")), columns.rows)


def _channel(row: dict[Field, str], vocabulary: Vocabulary) -> Channel | None:
    return vocabulary.channels.get(folded(row.get("channel", "")))


def _person(cell: str) -> str:
    found = _MAIL.search(cell)
    return digest("person", found[0].lower()) if found else ""


def summary_lines(contacts: Contacts) -> Iterator[str]:
    """What a person should see of what was not taken as it stands, one line each."""
    for row in contacts.bad:
        yield f"line {row.line}: {row.problem}"
    for what, words in (("status", contacts.unknown_stages), ("channel", contacts.unknown_channels)):
        for word, count in sorted(words.items()):
            yield f"{what} {word[:60]!r} ({count} rows) is not understood and was left open"
