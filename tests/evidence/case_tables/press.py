"""Releases. Excerpts are written for these tests."""

from tests.evidence.case_tables.words import Case, notice

RELEASE = {"url": "https://gardennotes.example/press-release/rosebank-opens"}

PRESS: list[Case] = [
    ("release-address", True, RELEASE),
    ("release-address", False, {}),
    ("release-address", False, {"url": "https://gardennotes.example/stiri/telecomunicatii/retea"}),
    ("release-address", True, {"url": "https://gardennotes.example/comunicati-stampa/rose"}),
    ("release-words", True, {"page": notice("header: Press release")}),
    ("release-words", True, {"page": notice("header: Pressemitteilung", "de")}),
    ("release-words", True, {"page": notice("header: 보도자료", "ko")}),
    ("release-words", False, {}),
    ("release-contact", True, {"page": {"tail": "Press contact: Ida Brandt, 555 0100"}}),
    ("release-contact", True, {"page": {"tail": "Ufficio stampa: Ida Brandt", "language": "it"}}),
    ("release-contact", False, {}),
    ("dateline", True, {"page": {"lead": "HAMBURG, May 3, 2024 /PRNewswire/ -- A new garden opens"}}),
    ("dateline", False, {"page": {"lead": "It was May when the new garden opened"}}),
    ("release-names-target", True, RELEASE | {"page": {"title": "Rosebank opens a new garden"}}),
    ("release-names-target", False, {"page": {"title": "Rosebank opens a new garden"}}),
    (
        "release-names-target",
        True,
        {"page": notice("header: Pressemitteilung", "de", title="Rosebank eröffnet einen Garten")},
    ),
    (
        "release-names-target",
        False,
        RELEASE | {"target": "https://vice.example/a", "page": {"title": "Garden services for all"}},
    ),
]
