"""What is known of one origin's robots.txt, and what a fetch of it means (RFC 9309, section 2.3.1)."""

from dataclasses import dataclass
from enum import StrEnum

from protego import Protego

MOST_BYTES = 500 * 1024
"""Rules beyond are not read (section 2.5 demands at least that much)."""
MOST_REDIRECTS = 5
FRESH_SECONDS = 24 * 3600.0
"""Section 2.4: a copy is used for a day, longer only while the host does not answer."""
SOONEST_RECHECK, LATEST_RECHECK = 5.0, 3600.0
"""A host that did not answer is asked again after as long as it has been silent, within these seconds."""
LONG_OUTAGE_SECONDS = 30 * 24 * 3600.0
"""Section 2.3.1.4: after 30 days without an answer the file may be taken as unavailable."""


class Kind(StrEnum):
    RULES = "rules"
    ALLOW = "allow"
    """The file is unavailable: everything is allowed."""
    DISALLOW = "disallow"
    """The host did not answer and no earlier copy is known: nothing is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the fetch ended, redirects followed. ``status`` 0: no answer (name, connection, time-out)."""

    status: int
    body: bytes = b""
    problem: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Times are seconds since the epoch."""

    kind: Kind
    body: bytes = b""
    fetched: float = 0.0
    """Of the copy in use; 0 if there is none."""
    recheck: float = 0.0
    """From then on the host is asked again."""
    silent_since: float = 0.0
    """First fetch in a row that got no answer; 0 if the last got one."""
    problem: str = ""
    answered: bool = True
    """False if the last fetch got no answer at all."""


def record(answer: Answer, known: Record | None, now: float) -> Record:
    """What is known after a fetch, given what was known before."""
    if 200 <= answer.status < 300:
        body = answer.body[:MOST_BYTES]
        return Record(kind=Kind.RULES, body=body, fetched=now, recheck=now + FRESH_SECONDS)
    if 300 <= answer.status < 500 and answer.status != 429:
        # Also a redirect that was not followed: beyond five hops, or to no address.
        return Record(kind=Kind.ALLOW, fetched=now, recheck=now + FRESH_SECONDS)
    since = (known.silent_since if known else 0.0) or now
    recheck = now + max(answer.retry_after, min(LATEST_RECHECK, max(SOONEST_RECHECK, now - since)))
    problem = answer.problem or f"status {answer.status}"
    stale = known if known and known.kind is not Kind.DISALLOW else None
    long_outage = now - since >= LONG_OUTAGE_SECONDS
    return Record(
        kind=stale.kind if stale else Kind.ALLOW if long_outage else Kind.DISALLOW,
        body=stale.body if stale else b"",
        fetched=stale.fetched if stale else 0.0,
        recheck=recheck,
        silent_since=since,
        problem=problem,
        answered=answer.status > 0,
    )


class Rules:
    """A record, ready to answer. ``agent`` is the product token that groups name."""

    def __init__(self, known: Record, agent: str) -> None:
        self.record, self._agent = known, agent
        text = known.body.decode("utf-8-sig", errors="ignore").replace("\0", "")
        self._parsed = Protego.parse(text) if known.kind is Kind.RULES else None

    def allows(self, url: str) -> bool:
        if self._parsed is None:
            return self.record.kind is Kind.ALLOW
        return bool(self._parsed.can_fetch(url, self._agent))

    @property
    def crawl_delay(self) -> float:
        """Seconds between requests that the host asks for; 0 if it asks for none."""
        delay = self._parsed.crawl_delay(self._agent) if self._parsed else None
        return float(delay or 0.0)
