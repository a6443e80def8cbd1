"""Traces of engines: what is looked for first stands in everything that the pattern fits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.capture.engines import Trace, _telling, load_engine_signs

SIGNS = load_engine_signs()
TRACES = [trace for table in (SIGNS.engines, SIGNS.services) for _, traces in table for trace in traces]


def fitting(trace: Trace) -> Any:
    assert trace.pattern
    return st.tuples(st.just(trace.text), st.from_regex(trace.pattern))


@given(st.sampled_from([trace for trace in TRACES if trace.pattern]).flatmap(fitting))
def test_the_text_of_a_trace_stands_wherever_its_pattern_is_found(found: tuple[str, str]) -> None:
    text, shown = found

    assert text in shown


def test_every_pattern_has_a_text_to_look_for_first() -> None:
    assert len(TRACES) > 100
    assert all(trace.text for trace in TRACES)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (r"/wp-content/", "/wp-content/"),
        (r"\bs\d?\.wp\.com/", ".wp.com/"),
        (r"/msg\d{5}\.html", ".html"),
        (r"//(?:[\w-]+\.)?Reddit\.com/", "reddit.com/"),
        (r"ab?c+d{2,3}[efg]\x41hi", "hi"),
        (r"(?:one|two)", ""),
    ],
)
def test_the_text_is_the_longest_that_the_pattern_needs(part: str, text: str) -> None:
    assert _telling(part) == text
