"""Asks the servers of archives: never too fast, again when they are busy, and never twice for the same."""

import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

from linkcrawler.errors import LinkcrawlerError
from linkcrawler.urls import digest, host_of

MOST_BYTES = 64 * 1024 * 1024
TIMEOUT_SECONDS = 60
ATTEMPTS = 6
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 120.0
_BUSY = frozenset((429, 500, 502, 503, 504))
_NOTHING = frozenset((404, 416))
DAY = 86_400.0


class ArchiveAway(LinkcrawlerError, OSError):
    """An archive's server does not answer, or not what was asked for."""


@dataclass(slots=True)
class Asking:
    """Gets addresses one at a time. ``sleep`` and ``clock`` are the system's."""

    cache: Path
    """Folder of answers; they may be deleted at any time."""
    agent: str
    delay: float = 1.0
    """Seconds between two requests to one host, from the end of the first."""
    attempts: int = ATTEMPTS
    sleep: Callable[[float], None] = time.sleep
    asked: int = 0
    """Requests made, repetitions counted."""
    _free_at: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, *, span: tuple[int, int] | None = None, fresh_days: float = 0.0) -> bytes | None:
        """The body, None if the server has none (404). ``span``: first and last byte. ``fresh_days``: how old an answer
        of the cache may be, 0: of any age. ArchiveAway if the server cannot be asked."""
        kept = self.cache / digest(url, str(span))
        known = _cached(kept, fresh_days)
        if known is None:
            known = self._ask(url, span)
            _keep(kept, known)
        return known[1:] if known[:1] == b"+" else None

    def _ask(self, url: str, span: tuple[int, int] | None) -> bytes:
        """The answer as the cache keeps it: a plus sign and the body, or a minus sign."""
        headers = {"User-Agent": self.agent} | ({"Range": f"bytes={span[0]}-{span[1]}"} if span else {})
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 checked below
        if not url.startswith(("http://", "https://")):
            raise ArchiveAway(f"{url!r} is no http or https address")
        pause, problem = FIRST_PAUSE, ""
        for attempt in range(self.attempts):
            if attempt:
                self.sleep(pause)
                pause = min(LONGEST_PAUSE, 2 * pause)
            self._wait(host_of(url))
            self.asked += 1
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                    return b"+" + self._body(answer, url)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code in _NOTHING:
                        return b"-"
                    if error.code not in _BUSY:
                        raise ArchiveAway(f"{url}: status {error.code}") from error
                    problem = f"status {error.code}"
                    pause = max(pause, _retry_after(error.headers.get("Retry-After", "")))
            except (OSError, http.client.HTTPException) as error:
                problem = f"{type(error).__name__}: {error}"
            finally:
                self._free_at[host_of(url)] = time.monotonic() + self.delay
        raise ArchiveAway(f"{url}: {problem} ({self.attempts} attempts): try again later; what is known is kept")

    def _body(self, answer: http.client.HTTPResponse, url: str) -> bytes:
        body = answer.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise ArchiveAway(f"{url}: the answer is longer than {MOST_BYTES} bytes")
        return body

    def _wait(self, host: str) -> None:
        left = self._free_at.get(host, 0.0) - time.monotonic()
        if left > 0:
            self.sleep(left)


def _cached(kept: Path, fresh_days: float) -> bytes | None:
    try:
        if fresh_days and time.time() - kept.stat().st_mtime > fresh_days * DAY:
            return None
        return kept.read_bytes()
    except OSError:
        return None


def _keep(kept: Path, answer: bytes) -> None:
    """Whole or not at all, whoever writes at the same time."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    written.write_bytes(answer)
    written.replace(kept)


def _retry_after(text: str) -> float:
    if text.strip().isdecimal():
        return min(LONGEST_PAUSE, float(text))
    try:
        return min(LONGEST_PAUSE, max(0.0, parsedate_to_datetime(text).timestamp() - time.time()))
    except (ValueError, TypeError):
        return 0.0
