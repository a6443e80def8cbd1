"""Many names are found as they would be one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcrawler.name_search import NameSearch

LABELS = st.text("ab-1", min_size=1, max_size=3).map(str.encode)
ENDINGS = st.sampled_from([b"com", b"co", b"com.au", b"au", b"co.uk", b"uk.com", b"0.0.1", "\u4e2d.cn".encode()])
NAMES = st.builds(lambda label, ending: label + b"." + ending, LABELS, ENDINGS)
PIECES = st.one_of(NAMES, LABELS, ENDINGS, st.sampled_from([b".", b"..", b"%2f", b"/", b" ", b"\xff"]))


@settings(max_examples=800)
@given(st.lists(NAMES, max_size=12), st.lists(PIECES, max_size=12).map(b"".join))
def test_as_one_by_one(names: list[bytes], text: bytes) -> None:
    assert NameSearch(names)(text) == any(name in text for name in names)


@given(st.lists(NAMES, min_size=1), LABELS)
def test_a_name_is_found_wherever_it_stands(names: list[bytes], beside: bytes) -> None:
    search = NameSearch(names)

    assert all(search(text) for name in names for text in (name, beside + name, name + beside, b"." + name + b"."))
