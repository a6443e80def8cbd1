"""No signal that is not asked would have found anything."""

import pytest

from linkcrawler.records import Context, Link, Placement
from linkcrawler.vocabulary import Region
from pipelines.evidence import gather, load_signals
from pipelines.evidence.blank import Trait, needs_of
from pipelines.evidence.catalogue import FUNCTIONS, SignalFunction
from pipelines.evidence.scene import Scene, Source, look, look_from
from pipelines.evidence.tables import Tables
from pipelines.verdicts.model import load_model
from tests.benchmarks.stored_links import visits
from tests.evidence.cases import CASES
from tests.evidence.scenes import LEXICONS, TABLES, make_link

SIGNALS = load_signals()
WEIGHED = load_model().weights


def plainly(link: Link) -> set[str]:
    """What fires where every signal is asked."""
    assert link.page is not None
    scene = look(link.page, link.placements[0], LEXICONS)
    return {name for name, ask in FUNCTIONS.items() if WEIGHED.get(name) and ask(scene, TABLES) is not None}


def gathered(link: Link) -> set[str]:
    return {item.signal for item in gather(link, SIGNALS)}


@pytest.mark.parametrize("region", Region)
def test_cases_in_every_region(region: Region) -> None:
    for _, _, case in CASES:
        link = make_link(**(case | {"region": region}))
        assert gathered(link) == plainly(link)


def test_generated_links() -> None:
    for visit in visits(300):
        for sighting in visit.sightings:
            (place,) = sighting.placements
            link = make_link(url=visit.url, target=place.target_url)
            assert visit.page is not None
            link = Link(
                id=link.id,
                source_url=visit.url,
                target_url=place.target_url,
                target=place.target,
                first_seen=visit.at,
                last_seen=visit.at,
                placements=sighting.placements,
                page=visit.page,
            )
            assert gathered(link) == plainly(link)


def test_links_of_one_page_do_not_share_what_is_their_own() -> None:
    """The page is read once; what is disclosed beside the one link is no notice for it, but for the other it is."""
    words = "Paid advertisement for old roses"
    beside = make_link(anchor="old roses", before="Paid advertisement for ", page={"notices": (f"body: {words}",)})
    (place,) = beside.placements
    far = Placement(href="/", target_url=place.target_url, target=place.target, region=place.region, context=Context())
    assert beside.page is not None
    source = Source(beside.page, LEXICONS)

    one, other = (look_from(source, each) for each in (place, far))

    assert "disclosure" in one.near
    assert "disclosure" not in one.notice
    assert "disclosure" in other.notice


def by_region(scene: Scene, _: Tables) -> str | None:
    return "ad" if scene.region is Region.AD else None


def by_phrase(scene: Scene, _: Tables) -> str | None:
    return scene.near.get("guest") or scene.tail.get("press")


def by_table(scene: Scene, tables: Tables) -> str | None:
    return tables.social.match(scene.host) or ("picture" if scene.placement.image else None)


def by_markup(scene: Scene, _: Tables) -> str | None:
    return "pair" if {"comment", "author"} <= scene.close else None


def by_text(scene: Scene, _: Tables) -> str | None:
    return "long" if len(scene.placement.anchor) > 40 else None


def by_kind(scene: Scene, _: Tables) -> str | None:
    return None if scene.placement.kind is None else "any"


@pytest.mark.parametrize(
    ("ask", "region", "needs"),
    [
        (by_region, Region.BODY, set()),
        (by_region, Region.AD, None),
        (by_phrase, Region.BODY, {("phrase", "guest"), ("phrase", "press")}),
        (by_table, Region.BODY, {("target", "social", "match", "host"), ("filled", "placement.image")}),
        (by_markup, Region.BODY, {("markup", "comment"), ("markup", "author")}),
        (by_text, Region.BODY, None),
        (by_kind, Region.BODY, None),
    ],
)
def test_needs_are_read_off_the_signal(ask: SignalFunction, region: Region, needs: set[Trait] | None) -> None:
    assert needs_of(ask, region, TABLES) == needs


def test_most_signals_are_not_asked_everywhere() -> None:
    asked = [sum(needs_of(ask, region, TABLES) is None for ask in FUNCTIONS.values()) for region in Region]

    assert max(asked) < len(FUNCTIONS) / 2
