"""Makes text of foreign pages safe and short for a terminal."""

import re

# C0 and C1 controls (escape sequences start with one), line and paragraph separators, and the marks that reverse the
# order of what follows.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")

# What takes no room: words that look alike then are alike. The joiners U+200C and U+200D belong to words and stay.
_INVISIBLE = re.compile("[\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\U000e0000-\U000e007f]")


def printable(text: str) -> str:
    """The text on one line, without characters that steer a terminal or that nobody sees.

    >>> printable("free\\x1b[31m\\nmon\\u200bey")
    'free [31m money'
    """
    return _UNPRINTABLE.sub(" ", _INVISIBLE.sub("", text)).strip()


def shorten(text: str, width: int) -> str:
    """At most ``width`` characters, cut in the middle: both ends of an address tell something.

    >>> shorten("https://example.org/a/long/path/page.html", 21)
    'https://ex…/page.html'
    """
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"
