"""One author who links the same address from many unrelated sites."""

from collections.abc import Iterator

from linkcrawler.urls import digest
from pipelines.patterns.groups import Bases, Group, enough
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import WRITTEN, Subject, words_in
from pipelines.stores.fold import fold_text

KIND = "p"


def marks(subject: Subject, settings: Settings) -> Iterator[str]:
    name = fold_text(subject.page.author)
    known = words_in(name) >= 2 or (not name.isascii() and len(name) >= 2)
    if known and name not in settings.words.no_author and subject.placement.region in WRITTEN:
        yield mark(f"{KIND}:{subject.target_id}:{digest(name)}", subject.site, subject.day)


def read(group: Group, bases: Bases, settings: Settings) -> Finding | None:
    limits = settings.limits
    if not enough(group, bases.of(group), limits.author_sites, limits.long_share):
        return None
    return Finding("repeated-author", f"the same author on {group.sites} sites: {group.named()}")
