"""A queued URL as text, and its 64-bit identity. Only the fields named here can come out of Redis."""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from linkcrawler.frontier.protocol import Candidate
from linkcrawler.urls import host_of

_FRESH = "\x01\x00"
"""First fetch, no worker died of it. (Redis' own msgpack reads text but no binary: JSON keeps the item text.)"""


class _Item(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    url: str
    depth: int = 0
    priority: int = 0
    hint: int = 0
    chain: tuple[str, ...] = ()
    spelled: str = ""


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(_Item)
_encode_batch = msgspec.msgpack.Encoder().encode


def pack(candidate: Candidate) -> str:
    """A candidate that was never fetched, as an item."""
    fields: tuple[object, ...] = (candidate.url, candidate.depth, candidate.priority, candidate.hint)
    if candidate.chain or candidate.spelled:
        fields = (*fields, candidate.chain, candidate.spelled)
    return _FRESH + _encode(fields).decode()


def unpack(item: bytes) -> tuple[Candidate, int, int]:
    """The candidate, the fetches begun (this one included) and the worker deaths of an item."""
    fields = _decoder.decode(item[2:])
    candidate = Candidate(fields.url, fields.depth, fields.priority, fields.chain, fields.spelled, fields.hint)
    return candidate, item[0], item[1]


def digest(url: str) -> str:
    """64-bit digest as a signed decimal, the form that Redis' intset takes.

    With 100 million URLs the chance that any two share one is below 0.0003.
    """
    raw = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return str(int.from_bytes(raw, "big", signed=True))


def pack_batch(candidates: Iterable[Candidate]) -> bytes:
    """Candidates grouped by host: msgpack [host, [digest, priority, item, ...], host, [...]]."""
    by_host: dict[str, list[object]] = {}
    for candidate in candidates:
        links = by_host.setdefault(host_of(candidate.url), [])
        links += (digest(candidate.url), candidate.priority, pack(candidate))
    return _encode_batch([part for pair in by_host.items() for part in pair])
