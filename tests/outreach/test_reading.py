"""Logs as five programs and spreadsheets write them, read without being told what they are."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Channel
from pipelines.outreach.columns import find_columns
from pipelines.outreach.contact import Contact, Stage
from pipelines.outreach.rows import Contacts, read_contacts
from pipelines.outreach.vocabulary import load_vocabulary
from pipelines.tables.days import day_first, read_day
from pipelines.tables.reading import read_table
from tests.outreach.logs import BASE_ME, BUZZSTREAM, BY_HAND, DELIVERY_SHEET, HUNTER, PITCHBOX, RESPONA, encoded

VOCABULARY = load_vocabulary()


def read(path: Path, named: dict[str, str] | None = None, *, days_first: bool | None = None) -> tuple[str, Contacts]:
    table = read_table(path)
    columns = find_columns(table.header, VOCABULARY, named or {})
    contacts = read_contacts(table, columns, VOCABULARY, log="log", days_first=days_first)
    assert len(table.rows) == len(contacts.contacts) + len(contacts.bad) + contacts.repeated
    return columns.system, contacts


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "log.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def gist(contact: Contact) -> tuple[object, ...]:
    return contact.site, contact.page, contact.stage, contact.contacted, contact.placed, contact.channel, contact.paid


FEB, MAR = (lambda day: date(2026, 2, day)), (lambda day: date(2026, 3, day))
SYSTEMS = [
    ("buzzstream", BUZZSTREAM, [
        ("example.com", "harbour.example.com/tides", Stage.ORGANIC, None, None, None, False),
        ("example.net", "quay.example.net/a", Stage.PLACED, None, MAR(15), Channel.SPONSORED, True),
        ("example.co.uk", "boats.example.co.uk/links", Stage.PLACED, None, None, Channel.RECIPROCAL_EXCHANGE, False),
        ("example.com", "pier.example.com/add", Stage.PLACED, None, None, Channel.DIRECTORY_LISTING, False),
    ], 0),
    ("pitchbox", PITCHBOX, [
        ("example.com", "one.example.com/page", Stage.CONTACTED, FEB(3), None, None, False),
        ("example.com", "two.example.com/page", Stage.REPLIED, FEB(4), None, None, False),
        ("example.com", "three.example.com/page", Stage.PLACED, FEB(5), MAR(1), None, False),
        ("example.com", "four.example.com/page", Stage.PROSPECT, None, None, None, False),
    ], 0),
    ("respona", RESPONA, [
        ("example.com", "", Stage.CONTACTED, FEB(3), None, None, False),
        ("example.com", "", Stage.REPLIED, FEB(4), None, None, False),
    ], 1),
    ("hunter", HUNTER, [
        ("example.com", "", Stage.CONTACTED, FEB(3), None, None, False),
        ("example.com", "", Stage.REPLIED, FEB(4), None, None, False),
        ("example.com", "", Stage.PROSPECT, FEB(5), None, None, False),
        ("example.com", "", Stage.PLACED, FEB(5), None, None, False),
    ], 0),
    ("base.me", BASE_ME, [
        ("example.com", "one.example.com/guest", Stage.PLACED, None, FEB(20), Channel.GUEST_POST, False),
        ("example.com", "two.example.com/list", Stage.PLACED, None, FEB(21), Channel.DIRECTORY_LISTING, False),
        ("example.com", "three.example.com/story", Stage.PLACED, None, FEB(22), Channel.SELF_PROMOTION, False),
    ], 0),
    ("delivery sheet", DELIVERY_SHEET, [
        ("example.com", "one.example.com/post", Stage.PLACED, None, MAR(14), Channel.SPONSORED, True),
        ("example.com", "two.example.com/post", Stage.PLACED, None, MAR(15), None, False),
    ], 0),
]  # fmt: skip


@pytest.mark.parametrize(("system", "text", "wanted", "bad"), [pytest.param(*case, id=case[0]) for case in SYSTEMS])
def test_each_export_is_known_by_its_columns(
    tmp_path: Path, system: str, text: str, wanted: list[tuple[object, ...]], bad: int
) -> None:
    named, found = read(write(tmp_path, text))

    assert named == system
    assert [gist(contact) for contact in found.contacts] == wanted
    assert len(found.bad) == bad
    assert (found.unknown_stages, found.unknown_channels, found.repeated) == ({}, {}, 0)


@pytest.mark.parametrize(("name", "body"), [pytest.param(*pair, id=pair[0]) for pair in encoded(DELIVERY_SHEET)])
def test_every_encoding_says_the_same(tmp_path: Path, name: str, body: bytes) -> None:
    assert read(write(tmp_path, body))[1].contacts == read(write(tmp_path, DELIVERY_SHEET))[1].contacts


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Links delivered in March"])
    sheet.append(["Client ref", "Live URL", "Target page", "Anchor", "Date live", "Price"])
    sheet.append(["A-1", "https://one.example.com/post", "example.org/study", "tide study", MAR(14), 120.0])
    sheet.append(["A-2", "https://two.example.com/post", "example.org/study", "study", MAR(15), 0])
    book.save(tmp_path / "log.xlsx")

    found = read(tmp_path / "log.xlsx")

    assert found[0] == "delivery sheet"
    assert found[1].contacts == read(write(tmp_path, DELIVERY_SHEET))[1].contacts


def test_columns_named_by_hand(tmp_path: Path) -> None:
    system, found = read(write(tmp_path, BY_HAND), {"url": "fundort", "date": "Wann", "status": "Wie es lief"})

    assert system == "by hand"
    assert [gist(contact)[:4] for contact in found.contacts] == [
        ("example.com", "one.example.com/post", Stage.CONTACTED, FEB(1)),
        ("example.com", "", Stage.REPLIED, FEB(2)),
    ]


NOT_UNDERSTOOD = [
    ("Fundort,Wann\na,b\n", {}, "'Fundort', 'Wann'"),
    ("Fundort,Wann\na,b\n", {}, "--column url="),
    ("Fundort,Wann\na,b\n", {"url": "Ort"}, "no such column; the file has 'Fundort', 'Wann'"),
    ("Fundort,Wann\na,b\n", {"where": "Fundort"}, "no such field"),
    ("", {}, "the file is empty"),
    ("Domain,Status\n", {}, "no line below the header"),
    ("Domain,Date\nexample.com,03/04/2026\n", {}, "--dates day-first"),
    (b"\x00\x01\x02\x03" * 50, {}, "no text"),
    (b"PK\x03\x04 no workbook", {}, "not a readable XLSX"),
]


@pytest.mark.parametrize(("text", "named", "hint"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_said_with_what_to_do(
    tmp_path: Path, text: str | bytes, named: dict[str, str], hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(write(tmp_path, text), named)

    assert hint in str(caught.value)


def test_bad_rows_are_told_with_their_line_and_good_ones_kept(tmp_path: Path) -> None:
    text = (
        "Domain,Contacted,Status,Email\n"
        "one.example.com,2026-02-30,sent,\n"
        '"two.example.com",2026-02-03,"sent\nand sent again",x@two.example.com\n'
        "not a host,2026-02-03,sent,\n"
        ",,sent,someone@gmail.com\n"
        "\n"
        "three.example.com,2026-02-04,replied,\n"
        "three.example.com,2026-02-04,replied,\n"
    )

    found = read(write(tmp_path, text))[1]

    assert [row.line for row in found.bad] == [2, 5, 6]
    assert "'not a host'" in found.bad[1].problem
    assert [contact.stage for contact in found.contacts] == [Stage.CONTACTED, Stage.REPLIED]
    assert found.repeated == 1
    assert found.unknown_stages == {"sent\nand sent again": 1}


def test_no_mail_address_is_kept(tmp_path: Path) -> None:
    _, found = read(write(tmp_path, PITCHBOX))

    assert not any("@" in str(contact) for contact in found.contacts)
    assert len({contact.person for contact in found.contacts[:2]}) == 2
    assert read(write(tmp_path, PITCHBOX.replace("Ann@", "ann@")))[1].contacts == found.contacts


DAYS = [
    ("2026-02-03", True, FEB(3)),
    ("2026/2/3 10:15", True, FEB(3)),
    ("2026-02-03T10:15:00Z", False, FEB(3)),
    ("03/02/2026", True, FEB(3)),
    ("02/03/2026", False, FEB(3)),
    ("3.2.26", True, FEB(3)),
    ("Feb 3, 2026", True, FEB(3)),
    ("February 3rd, 2026 at 10:15", True, FEB(3)),
    ("Tue 3 Feb 2026", True, FEB(3)),
    ("", True, None),
    ("-", True, None),
]


@pytest.mark.parametrize(("text", "days_first", "day"), DAYS)
def test_days(text: str, days_first: bool, day: date | None) -> None:
    assert read_day(text, days_first=days_first) == day


@pytest.mark.parametrize("text", ["soon", "2026-13-01", "31/02/2026", "12"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        read_day(text, days_first=True)


ORDERS = [
    (["03/04/2026", "13/04/2026"], True),
    (["03/04/2026", "04/13/2026"], False),
    (["3.4.2026"], True),
    (["03/03/2026"], True),
    (["03/04/2026"], None),
    (["2026-03-04", ""], True),
]


@pytest.mark.parametrize(("values", "order"), ORDERS)
def test_a_column_tells_its_own_order_of_day_and_month(values: list[str], order: bool | None) -> None:
    assert day_first(values) is order


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_file_makes_it_fall(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = write(tmp_path_factory.getbasetemp(), body)

    with suppress(UsageError):
        read(path, days_first=True)
