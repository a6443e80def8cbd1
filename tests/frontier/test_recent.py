"""What this process gave to the frontier is known; what it did not is never taken for known."""

from linkcrawler.frontier.recent import Recent

URLS = [f"https://h{n % 7}.example/page/{n}" for n in range(5000)]


def test_what_was_noted_is_known_and_the_rest_keeps_its_order() -> None:
    recent = Recent()
    recent.note(URLS[::2])

    found = recent.unknown(URLS)

    assert [url for url in found if url in set(URLS[1::2])] == URLS[1::2]
    assert len(found) < 2500 + 50, "two addresses seldom share a slot"


def test_a_full_table_forgets_and_never_invents() -> None:
    recent = Recent(slots=256)
    recent.note(URLS[:4000])

    assert recent.unknown(URLS[4000:]) == URLS[4000:]
    assert not recent.unknown(URLS[3999:4000])
    assert len(recent.unknown(URLS[:4000])) >= 4000 - 256
