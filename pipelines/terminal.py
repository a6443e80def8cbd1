"""Makes text of foreign pages safe and short for a terminal."""

import re

# C0 and C1 controls (escape sequences start with one) and the marks that reverse the order of what follows.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def printable(text: str) -> str:
    """The text on one line, without characters that steer a terminal.

    >>> printable("free\\x1b[31m\\nmoney")
    'free [31m money'
    """
    return _UNPRINTABLE.sub(" ", text).strip()


def shorten(text: str, width: int) -> str:
    """At most ``width`` characters, cut in the middle: both ends of an address tell something.

    >>> shorten("https://example.org/a/long/path/page.html", 21)
    'https://ex…/page.html'
    """
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"
