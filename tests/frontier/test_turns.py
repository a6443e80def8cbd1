"""Hosts take turns, and none is asked before its time."""

from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.frontier.turns import Turns


def test_the_host_that_became_ready_first_goes_first() -> None:
    turns = Turns()
    turns.add("late.example", 2.0)
    turns.add("early.example", 1.0)

    assert turns.take(3.0) == "early.example"
    assert turns.take(3.0) == "late.example"
    assert turns.take(3.0) is None


def test_a_host_is_taken_by_one_at_a_time() -> None:
    turns = Turns()
    turns.add("a.example", 0.0)
    assert turns.take(0.0) == "a.example"
    turns.add("a.example", 0.0)

    assert turns.take(9.0) is None


def test_no_host_waits_means_no_time() -> None:
    turns = Turns()
    assert turns.ready_in(0.0) is None

    turns.add("a.example", 5.0)
    assert turns.ready_in(2.0) == 3.0
    assert turns.ready_in(7.0) == 0.0


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 3)), max_size=40))
def test_consecutive_turns_of_a_host_keep_their_delay(steps: list[tuple[str, float]]) -> None:
    turns, now, delay = Turns(), 0.0, 1.0
    ended: dict[str, float] = {}
    for host, wait in steps:
        turns.add(host, now)
        now += wait
        taken = turns.take(now)
        if taken is not None:
            assert now >= ended.get(taken, -delay) + delay
            ended[taken] = now
            turns.give_back(taken, now + delay)
