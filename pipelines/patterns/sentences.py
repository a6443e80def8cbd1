"""The same sentence around a link to the same address, on unrelated sites: texts and comments apart."""

from collections.abc import Iterator

from linkcrawler.urls import digest
from linkcrawler.vocabulary import Region
from pipelines.patterns.groups import Bases, Group
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import WRITTEN, Subject, words_in
from pipelines.stores.fold import fold_text

TEXT, COMMENT = "s", "c"


def marks(subject: Subject, settings: Settings) -> Iterator[str]:
    region = subject.placement.region
    if not subject.followable or (region not in WRITTEN and region is not Region.COMMENT):
        return
    sentence = fold_text(subject.placement.context.sentence)
    limits = settings.limits
    long = words_in(sentence) >= limits.sentence_words or (
        not sentence.isascii() and len(sentence) >= limits.sentence_signs
    )
    # A sentence that is little more than its anchor is a title that was copied with the link.
    if long and len(subject.anchor) * 2 <= len(sentence):
        kind = COMMENT if region is Region.COMMENT else TEXT
        yield mark(f"{kind}:{subject.target_id}:{digest(sentence)}", subject.site, subject.day)


def read(group: Group, _: Bases, settings: Settings) -> Finding | None:
    if group.sites < settings.limits.least_sites:
        return None
    return Finding("repeated-sentence", f"the same sentence on {group.sites} sites: {group.named()}")


def read_comment(group: Group, _: Bases, settings: Settings) -> Finding | None:
    if group.sites < settings.limits.least_sites:
        return None
    return Finding("repeated-comment", f"the same words in comments on {group.sites} sites: {group.named()}")
