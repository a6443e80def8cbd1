"""Cookies and form fields that nobody else can make: text with a keyed digest."""

import hashlib
import hmac
from secrets import token_urlsafe

VISIT_HOURS = 12


def new_cookie(secret: bytes, purpose: str, now: float) -> str:
    """``time.nonce.digest``; ``now``: seconds since the epoch."""
    body = f"{int(now)}.{token_urlsafe(16)}"
    return f"{body}.{sign(secret, purpose, body)}"


def is_valid(secret: bytes, purpose: str, cookie: str, now: float) -> bool:
    """Whether :func:`new_cookie` made it for this purpose, not too long ago."""
    body, _, digest = cookie.rpartition(".")
    made, _, _ = body.partition(".")
    return (
        same(digest, sign(secret, purpose, body))
        and made.isascii()
        and made.isdigit()
        and now - int(made) < VISIT_HOURS * 3600
    )


def sign(secret: bytes, purpose: str, text: str) -> str:
    return hmac.new(secret, f"{purpose}:{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
