"""The simhash: what it must keep for any text."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.capture.fingerprint import MIN_WORDS, distance, simhash, words_of

texts = st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=9), max_size=200).map(" ".join)


@given(texts)
def test_the_same_text_has_the_same_print(text: str) -> None:
    assert simhash(words_of(text)) == simhash(words_of(f" {text} !\n"))


@given(texts)
def test_a_print_is_16_digits_or_empty(text: str) -> None:
    words = words_of(text)
    printed = simhash(words)

    assert (printed == "") == (len(words) < MIN_WORDS)
    assert printed == "" or len(bytes.fromhex(printed)) == 8


def test_prints_are_the_same_on_every_machine() -> None:
    assert simhash([f"w{n}" for n in range(60)]) == "2c811cf2ce1becb2"


def test_bits_are_the_majority_of_the_shingles() -> None:
    """Against the definition, bit by bit."""
    words = [f"w{n % 41}x{n}" for n in range(80)]
    digests = [int.from_bytes(blake2b(" ".join(words[n : n + 3]).encode(), digest_size=8).digest()) for n in range(78)]
    want = sum(1 << bit for bit in range(64) if 2 * sum(digest >> bit & 1 for digest in digests) > len(digests))

    assert simhash(words) == f"{want:016x}"


def test_one_word_changed_moves_few_bits() -> None:
    words = [f"word{n * n % 997}" for n in range(400)]
    changed = [*words[:200], "other", *words[201:]]

    assert 0 < distance(simhash(words), simhash(changed)) <= 8


def test_words_of_scripts_without_blanks() -> None:
    assert words_of("東京タワー is 333 m") == ["東", "京", "タ", "ワ", "ー", "is", "333", "m"]
