"""Near-duplicate fingerprint of a text: Charikar's simhash over word shingles."""

import re
from collections import Counter
from hashlib import blake2b

SHINGLE = 3
MIN_WORDS = 50
MAX_WORDS = 20_000

# Scripts without blanks between words count by the character, as word processors do.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")

# Votes for the eight bits of a byte are added at once, in lanes of one integer that MAX_WORDS votes cannot overflow.
_LANE = 16
_LANE_MASK = (1 << _LANE) - 1
_SPREAD = tuple(sum((value >> bit & 1) << _LANE * bit for bit in range(8)) for value in range(256))


def words_of(text: str) -> list[str]:
    """Words in lower case, signs dropped; at most :data:`MAX_WORDS`.

    >>> words_of("Read this: it's 東京.")
    ['read', 'this', 'it', 's', '東', '京']
    """
    return _WORD.findall(text.lower())[:MAX_WORDS]


def simhash(words: list[str]) -> str:
    """64-bit simhash, 16 hex digits; empty below :data:`MIN_WORDS` words.

    Texts that share most of their word triples differ in few bits, unrelated ones in about 32.
    """
    if len(words) < MIN_WORDS:
        return ""
    shingles = set(map(" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))
    # Votes are counted by byte value first, a column of bytes at a time: 8 additions a shingle instead of 64.
    digests = b"".join([blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles])
    return bytes(_majority(Counter(digests[at::8]), len(shingles)) for at in range(8)).hex()


def distance(one: str, other: str) -> int:
    """Number of bits in which two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _majority(count: Counter[int], total: int) -> int:
    """The byte whose bits most of the counted bytes have."""
    votes = sum(times * _SPREAD[value] for value, times in count.items())
    return sum((2 * (votes >> _LANE * bit & _LANE_MASK) > total) << bit for bit in range(8))
