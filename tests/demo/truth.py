"""Reads truth.toml, what a crawl of the demo web must find, and known_wrong.toml, what is still judged wrongly."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_TRUTH = Path(__file__).with_name("truth.toml")
_KNOWN_WRONG = _TRUTH.with_name("known_wrong.toml")

Key = tuple[str, str]
"""Source and target URL of a link."""


@dataclass(frozen=True, slots=True)
class TrueLink:
    source_url: str
    target_url: str
    regions: tuple[frozenset[str], ...]
    """One entry per placement, in page order: the readings that count as right."""
    mode: str
    channel: str
    published: date | None
    """Publication date of the source page; None where the page shows none."""

    @property
    def key(self) -> Key:
        return self.source_url, self.target_url


@dataclass(frozen=True, slots=True)
class Truth:
    links: tuple[TrueLink, ...]
    """Those of duplicate pages included."""
    visits: dict[str, int]
    """By outcome."""


def read_truth() -> Truth:
    table = tomllib.loads(_TRUTH.read_text(encoding="utf-8"))
    pages = {page["url"]: page for page in table["page"]}
    links = tuple(
        _link(url, pages[page.get("duplicate_of", url)], link)
        for url, page in pages.items()
        for link in pages[page.get("duplicate_of", url)]["link"]
    )
    return Truth(links, table["visits"])


def _link(url: str, page: dict[str, Any], link: dict[str, Any]) -> TrueLink:
    return TrueLink(
        source_url=url,
        target_url=link["url"],
        regions=tuple(frozenset(region.split("|")) for region in link["regions"]),
        mode=link["mode"],
        channel=link["channel"],
        published=page.get("published"),
    )


def read_known_wrong() -> dict[str, dict[Key, str]]:
    """By what is wrong (mode, channel, region): the links, and what linkcrawler says instead."""
    entries = tomllib.loads(_KNOWN_WRONG.read_text(encoding="utf-8")).get("wrong", [])
    wrong: dict[str, dict[Key, str]] = {"mode": {}, "channel": {}, "region": {}}
    for entry in entries:
        wrong[entry["what"]][entry["source"], entry["target"]] = entry["says"]
    return wrong
