"""Reads truth.toml: what a crawl of the demo web must find."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_FILE = Path(__file__).with_name("truth.toml")


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
    def key(self) -> tuple[str, str]:
        return self.source_url, self.target_url


def read_truth() -> tuple[TrueLink, ...]:
    pages = tomllib.loads(_FILE.read_text(encoding="utf-8"))["page"]
    return tuple(
        TrueLink(
            source_url=page["url"],
            target_url=link["url"],
            regions=tuple(frozenset(region.split("|")) for region in link["regions"]),
            mode=link["mode"],
            channel=link["channel"],
            published=page.get("published"),
        )
        for page in pages
        for link in page["link"]
    )
