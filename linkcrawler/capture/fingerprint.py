"""Near-duplicate fingerprint of a text: Charikar's simhash over word shingles."""

import re
from hashlib import blake2b

SHINGLE = 3
MIN_WORDS = 50
MAX_WORDS = 20_000

# Scripts without blanks between words count by the character, as word processors do.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


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
    encoded = " ".join(words).encode().split(b" ")
    begun = blake2b(digest_size=8).copy  # in two thirds of the time that a new one takes
    digests = []
    for shingle in set(map(b" ".join, zip(*(encoded[start:] for start in range(SHINGLE)), strict=False))):
        hashed = begun()
        hashed.update(shingle)
        digests.append(hashed.digest())
    columns = b"".join(digests)
    return bytes(_majority(columns[at::8]) for at in range(8)).hex()


def distance(one: str, other: str) -> int:
    """Number of bits in which two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _majority(column: bytes) -> int:
    """The byte whose bits most of the bytes have. They are counted as one large number: every eighth bit of it."""
    votes, firsts = int.from_bytes(column, "big"), int.from_bytes(b"\1" * len(column), "big")
    return sum((2 * (votes >> bit & firsts).bit_count() > len(column)) << bit for bit in range(8))
