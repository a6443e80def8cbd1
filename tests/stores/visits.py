"""Visits for the store tests: a small world of pages, links and times, and what must be stored of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from linkcrawler.domains import domain_of
from linkcrawler.records import Context, Link, Page, Placement, Sighting, Visit
from linkcrawler.urls import link_id
from linkcrawler.vocabulary import Outcome, Region
from pipelines.queries.placements import lead_placement
from pipelines.stores.protocol import UNCLASSIFIED, LinkFilter, Store, kinds
from pipelines.stores.words import phrase, words_of

START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = ("https://blog.example.com/a", "https://blog.example.com/b", "https://news.example.net/c")
TARGETS = (("https://acme.org/", "acme.org"), ("https://acme.org/docs", "acme.org"), ("https://beta.org/", "beta.org"))
READ = (Outcome.OK, Outcome.TRUNCATED)


def placement(
    target_url: str, target: str, anchor: str, region: Region = Region.BODY, rel: tuple[str, ...] = ()
) -> Placement:
    return Placement(
        href=target_url,
        target_url=target_url,
        target=target,
        anchor=anchor,
        region=region,
        rel=rel,
        context=Context(sentence=f"We  tried {anchor} in spring.", heading=("Tools", "Straße"), within=("list",)),
    )


def visit(
    url: str = SOURCES[0],
    *,
    day: int = 0,
    outcome: Outcome = Outcome.OK,
    found: Iterable[tuple[int, str, Region, tuple[str, ...]]] = (),
    title: str = "Tools we use",
    language: str = "en",
) -> Visit:
    """A visit ``day`` days after START that found links to TARGETS by number."""
    at = START + timedelta(days=day)
    sightings = {
        number: Sighting(
            source_url=url,
            target_url=TARGETS[number][0],
            target=TARGETS[number][1],
            seen_at=at,
            placements=(placement(*TARGETS[number], anchor, region, rel),),
        )
        for number, anchor, region, rel in found
    }
    readable = outcome in READ
    page = Page(url=url, title=title, language=language, content_hash=f"{day:016x}") if readable else None
    return Visit(
        url=url,
        at=at,
        outcome=outcome,
        status=200 if readable else 0,
        detail="" if readable else "no answer",
        page=page,
        sightings=tuple(sightings.values()) if readable else (),
    )


MANY_HOSTS = [visit(f"https://h{number}.example.com/", found=[(0, "Acme", Region.BODY, ())]) for number in range(300)]
"""A page and a link each."""


def visits() -> st.SearchStrategy[Visit]:
    found = st.tuples(
        st.integers(0, len(TARGETS) - 1),
        st.sampled_from(["Acme", "ACME  tools", "Größe", "50% (off)"]),
        st.sampled_from([Region.BODY, Region.FOOTER, Region.COMMENT]),
        st.sampled_from([(), ("nofollow",), ("sponsored", "nofollow")]),
    )
    return st.builds(
        visit,
        st.sampled_from(SOURCES),
        day=st.integers(0, 6),
        outcome=st.sampled_from([Outcome.OK, Outcome.OK, Outcome.TRUNCATED, Outcome.UNREACHABLE, Outcome.GONE]),
        found=st.lists(found, max_size=3),
        title=st.sampled_from(["Tools we use", "Tools we used"]),
        language=st.sampled_from(["en", "de"]),
    )


def expected(history: Iterable[Visit]) -> list[tuple[object, ...]]:
    """What must be stored of each link after these visits, by the words of the contract: no order in it."""
    history = list(history)
    seen: dict[str, list[Sighting]] = {}
    for one in history:
        for sighting in one.sightings:
            seen.setdefault(link_id(sighting.source_url, sighting.target_url), []).append(sighting)
    return [(key, *_story(sightings, history)) for key, sightings in sorted(seen.items())]


def _story(sightings: list[Sighting], history: list[Visit]) -> tuple[object, ...]:
    first, last = (end(one.seen_at for one in sightings) for end in (min, max))
    of_page = [one for one in history if one.url == sightings[0].source_url]
    later_ok = [one for one in of_page if one.outcome is Outcome.OK and one.at > last]
    later_failed = [one for one in of_page if one.outcome is not Outcome.OK and one.at > last]
    earlier_ok = [one.at for one in of_page if one.outcome is Outcome.OK and one.at < first]
    status = "lost" if later_ok else "unverified" if later_failed else "live"
    newest = {one.placements for one in sightings if one.seen_at == last}
    read = [one for one in of_page if one.page]
    newest_read = max(one.at for one in read)
    pages = {one.page for one in read if one.at == newest_read}
    return first, last, status, max(earlier_ok, default=None), newest, pages


def agrees(link: Link, story: tuple[object, ...]) -> bool:
    """Whether a stored link is what :func:`expected` says; where two visits share a time, either's content will do."""
    key, first, last, status, absent, newest, pages = story
    return (
        (link.id, link.first_seen, link.last_seen, link.status) == (key, first, last, status)
        and link.placements in newest  # type: ignore[operator]
        and link.page in pages  # type: ignore[operator]
        and (absent is None or link.appearance.not_before is None or link.appearance.not_before >= absent)  # type: ignore[operator]
    )


def matches(link: Link, where: LinkFilter) -> bool:
    """The filter by the words of its documentation, on a link that is already read."""
    lead = lead_placement(link)
    mode = link.verdict.mode if link.verdict else UNCLASSIFIED
    context = [
        piece
        for one in link.placements
        for piece in (one.anchor, one.context.sentence, one.context.before, one.context.after, *one.context.heading)
    ]
    return (
        (not where.ids or link.id in where.ids)
        and (not where.source_urls or link.source_url in where.source_urls)
        and where.target in ("", link.target)
        and where.mode in ("", mode)
        and where.channel in ("", link.verdict.channel if link.verdict else None)
        and where.region in ("", lead.region)
        and (not where.kind or lead.kind in kinds(where))
        and (not where.rel or where.rel in lead.rel)
        and where.status in ("", link.status)
        and where.source_domain in ("", domain_of(link.source_url))
        and where.language in ("", link.page.language if link.page else None)
        and said(where.anchor, lead.anchor)
        and (not where.text or any(said(where.text, piece) for piece in context))
        and (where.first_seen_from is None or where.first_seen_from <= link.first_seen)
        and (where.first_seen_to is None or link.first_seen <= where.first_seen_to)
    )


def said(wanted: str, text: str) -> bool:
    return not wanted or phrase(wanted).needle in f" {words_of(text)} "


async def dump(store: Store, where: LinkFilter | None = None) -> list[Link]:
    return [link async for link in store.links(where or LinkFilter())]
