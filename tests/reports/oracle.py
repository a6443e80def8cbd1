"""What the report must say, by other means: SQL over the file, and the definitions written out link by link."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

GROUPS = ("active", "passive", "undetermined", "unclassified")
KNOWN = {"outreach-placed", "outreach-placed-on-site", "owned-listed"}


@dataclass(frozen=True)
class Fact:
    """A stored link, as far as the report speaks of it. ``group``: its mode, or unclassified."""

    source_url: str
    domain: str
    target_url: str
    first: datetime
    last: datetime
    status: str
    region: str
    rel: tuple[str, ...]
    anchor: str
    language: str
    group: str
    channel: str
    known: bool
    signals: frozenset[str]
    stood: datetime | None
    """The newest visit that found it before the first event of its loss; None if no event tells of one."""

    @property
    def days(self) -> int:
        return ((self.stood or self.last) - self.first).days

    @property
    def was_lost(self) -> bool:
        return self.stood is not None or self.status == "lost"


def facts(file: Path) -> list[Fact]:
    query = """SELECT source_url, source_domain, target_url, first_seen, last_seen, status, region, rel, anchor,
        language, coalesce(mode, 'unclassified'), coalesce(channel, ''), override IS NOT NULL, verdict,
        (SELECT after FROM events WHERE kind = 'lost' AND link = links.id ORDER BY at LIMIT 1)
        FROM links WHERE kind IN ('a', 'area')"""
    with sqlite3.connect(file) as connection:
        return [_fact(*row) for row in connection.execute(query)]


def _fact(*row: object) -> Fact:
    *texts, overruled, verdict, stood = row
    source, domain, target, first, last, status, region, rel, anchor, language, group, channel = map(str, texts)
    evidence = json.loads(str(verdict))["evidence"] if verdict else []
    positive = frozenset(item["signal"] for item in evidence if item["weight"] > 0)
    return Fact(
        source, domain, target, datetime.fromisoformat(first), datetime.fromisoformat(last), status, region,
        tuple(rel.split()), anchor, language, group, channel, bool(overruled) or bool(positive & KNOWN), positive,
        datetime.fromisoformat(str(stood)) if stood else None,
    )  # fmt: skip


def visits_by_outcome(file: Path) -> dict[str, int]:
    with sqlite3.connect(file) as connection:
        return dict(connection.execute("SELECT outcome, count(*) FROM visits GROUP BY outcome"))


def by_group(found: Iterable[Fact]) -> list[int]:
    counts = Counter(fact.group for fact in found)
    return [counts[group] for group in GROUPS]


def parted(found: list[Fact], key: Callable[[Fact], str]) -> dict[str, list[int]]:
    """Counts by group for every value of the key."""
    return {name: by_group(fact for fact in found if key(fact) == name) for name in {key(fact) for fact in found}}


def surviving(found: list[Fact], day: int) -> float:
    """Kaplan-Meier: of those who stood up to each day of a loss, the share that stood beyond it, multiplied."""
    share = 1.0
    for end in sorted({fact.days for fact in found if fact.was_lost and fact.days <= day}):
        watched = [fact for fact in found if fact.days >= end]
        share *= 1 - sum(fact.days == end and fact.was_lost for fact in watched) / len(watched)
    return share


def months_between(early: datetime, late: datetime) -> int:
    return (late.year - early.year) * 12 + late.month - early.month


def mean_passive(found: list[Fact], age: int) -> float:
    """Passive links a page by that age: the gains at every age over the pages that were watched for so long."""
    now = max(fact.last for fact in found)
    first = {page: min(f.first for f in found if f.target_url == page) for page in {f.target_url for f in found}}
    total = 0.0
    for month in range(age + 1):
        watched = [page for page in first if months_between(first[page], now) >= month]
        gained = [
            fact
            for fact in found
            if fact.group == "passive" and months_between(first[fact.target_url], fact.first) == month
        ]
        total += len(gained) / len(watched)
    return total
