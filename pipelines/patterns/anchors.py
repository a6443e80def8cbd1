"""The same words as anchor of the same address, on unrelated sites."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from linkcrawler.urls import digest
from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import squeeze
from pipelines.patterns.groups import Bases, Group, enough
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import WRITTEN, Subject, is_brand, words_in

KIND = "a"
_SHORT_WORDS = 3
_LONG_WORDS = 14
"""An anchor beyond it is a sentence or a title."""
_SIGNS_PER_WORD = 2
"""In scripts without blanks."""


def marks(subject: Subject, settings: Settings) -> Iterator[str]:
    if subject.placement.region not in WRITTEN or not telling(subject, settings):
        return
    size = "s" if _length(subject.anchor) <= _SHORT_WORDS else "l"
    yield mark(f"{KIND}:{subject.target_id}:{size}{digest(subject.anchor)}", subject.site, subject.day)


def telling(subject: Subject, settings: Settings) -> bool:
    """Whether two people who choose this anchor have something in common.

    Not the name or address of the target, not what stands in the address of the page that it leads to (people copy
    titles), not the title of the page that it stands on, not what everybody writes.
    """
    anchor = subject.anchor
    if not subject.followable or subject.placement.image or not 2 <= _length(anchor) <= _LONG_WORDS:
        return False
    if anchor.strip(" .:»›>→…") in settings.words.generic or is_brand(anchor, subject):
        return False
    squeezed = squeeze(anchor)
    return bool(squeezed) and squeezed not in squeeze(unquote(urlsplit(subject.link.target_url).path))


def read(group: Group, bases: Bases, settings: Settings) -> Finding | None:
    limits = settings.limits
    share = limits.short_share if group.rest.startswith("s") else limits.long_share
    base = bases.of(group)
    if not enough(group, base, limits.least_sites, share):
        return None
    return Finding("repeated-anchor", f"the same words on {group.sites} of {base.sites} sites: {group.named()}")


def _length(text: str) -> int:
    words = words_in(text)
    return words if words > 1 or text.isascii() else len(text) // _SIGNS_PER_WORD


def commenter_marks(subject: Subject) -> Iterator[str]:
    """The anchor of a commenter's name."""
    placement = subject.placement
    if placement.region is Region.COMMENT and subject.anchor and not placement.context.sentence:
        yield mark(f"n:{subject.target_id}:{digest(subject.anchor)}", subject.site, subject.day)


def read_commenter(group: Group, _: Bases, settings: Settings) -> Finding | None:
    if group.sites < settings.limits.least_sites:
        return None
    return Finding("repeated-commenter", f"the same name in comments on {group.sites} sites: {group.named()}")
