"""Addresses of our own pages: filters as ``name=value`` pairs, and what a page adds to them."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request

Pair = tuple[str, str]
OWN = ("group",)
"""What pages of links take beside filters."""


def filters_of(request: Request) -> list[Pair]:
    """The filters of an address, in its order, without empty ones."""
    return [(name, value) for name, value in request.query_params.multi_items() if value and name not in OWN]


def with_pairs(path: str, pairs: Iterable[Pair]) -> str:
    """
    >>> with_pairs("/links", [("text", "a b")])
    '/links?text=a+b'
    """
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


def changed(pairs: Iterable[Pair], changes: Mapping[str, str]) -> list[Pair]:
    """The pairs with these values in place of what they had; empty values leave out."""
    kept = [(name, value) for name, value in pairs if name not in changes]
    return kept + [(name, value) for name, value in changes.items() if value]


def safe_address(url: str) -> str:
    """The address if following it asks for a page, else an empty text: never a script."""
    return url if url.lower().startswith(("https://", "http://")) else ""
