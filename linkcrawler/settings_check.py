"""Refuses settings of ours that nobody reads or that have a value of the wrong form, before anything is fetched."""

import re
from collections.abc import Iterable, Mapping

from linkcrawler import settings as defaults
from linkcrawler.errors import ConfigError

PREFIX = "LINKCRAWLER_"

_FORMS = {
    "LINKCRAWLER_MAX_ATTEMPTS": (re.compile(r"\d+\Z"), "a whole number, 0 or more", "3"),
    "LINKCRAWLER_HOST_QUEUE": (re.compile(r"\d+\Z"), "a whole number, 0 or more", "100000"),
    "LINKCRAWLER_PER_ADDRESS": (re.compile(r"\d+\Z"), "a whole number, 0 or more", "1"),
    "LINKCRAWLER_LONGEST_BACK_OFF": (re.compile(r"\d+(\.\d+)?\Z"), "a number of seconds, 0 or more", "300"),
    "LINKCRAWLER_LEASE_SECONDS": (re.compile(r"\d+(\.\d+)?\Z"), "a number of seconds, 0 or more", "60"),
    **{
        f"LINKCRAWLER_RECHECK_{name}": (re.compile(r"(?!0+(\.0*)?\Z)\d+(\.\d+)?\Z"), "a number of days above 0", "7")
        for name in ("FIRST", "SHORTEST", "LONGEST")
    },
    "LINKCRAWLER_KEEP_DAYS": (re.compile(r"\d+(\.\d+)?\Z"), "a number of days, 0 or more", "400"),
    "LINKCRAWLER_FOCUS": (re.compile(r"[01]\Z"), "0 or 1", "0"),
    "LINKCRAWLER_STAY": (re.compile(r"[01]\Z"), "0 or 1", "1"),
    "LINKCRAWLER_LOG": (re.compile(r"(text|json)\Z"), "text or json", "json"),
}

_OF_OTHERS = {"LINKCRAWLER_SHARED", "LINKCRAWLER_SMTP", "LINKCRAWLER_WEBHOOK_SECRET", "LINKCRAWLER_WEB_TOKEN"}
"""No settings of a crawl: where the tests find real pages, what ``linkcrawler notify`` sends by and signs with, what
visitors of ``linkcrawler serve`` must know."""


def check_settings(given: Mapping[str, object], environment: Iterable[str] = ()) -> None:
    """Raise ConfigError for an unknown LINKCRAWLER_ name, for a value of the wrong form, and for uvloop.

    ``given`` are the crawl's settings, ``environment`` the names of the environment's variables.
    """
    if "uvloop" in str(given.get("ASYNCIO_EVENT_LOOP")):
        raise ConfigError(
            f"setting ASYNCIO_EVENT_LOOP is {given['ASYNCIO_EVENT_LOOP']!r}, under which crawls stop after a few "
            "pages; leave it out for asyncio's own loop"
        )
    known = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith(PREFIX)}
    for name in sorted(name for name in {*given, *environment} - _OF_OTHERS if name.startswith(PREFIX)):
        if name not in known:
            raise ConfigError(
                f"setting {name} is not known: expected one of {', '.join(known)}; "
                f"write for example -s {PREFIX}STORE=sqlite:///links.db"
            )
    for name, (form, expected, example) in _FORMS.items():
        value = given.get(name, known[name])
        if not form.match(str(value)):
            raise ConfigError(
                f"setting {name} must be {expected}, got {value!r}; write for example -s {name}={example}"
            )
