"""What is planted among the organic links: one function per campaign, each with the signal that must find it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from linkcrawler.records import Visit
from linkcrawler.vocabulary import Region
from tests.patterns.world import TARGET, World

HOME = f"https://{TARGET}/"
SITES = 12


def same_anchor(world: World) -> list[Visit]:
    """Guest texts over two years, each another text, all with the same words for one page."""
    url = f"https://{TARGET}/shop"
    anchor = "cheap harbour cruises online"
    return [
        world.visit(world.site(), url, anchor, sentence=world.sentence(anchor), day=world.day()) for _ in range(SITES)
    ]


def same_sentence(world: World) -> list[Visit]:
    url = f"https://{TARGET}/tours"
    sentence = "If you plan a trip this summer, the crew of Tidepool is the one that we always recommend."
    return [world.visit(world.site(), url, "Tidepool", sentence=sentence, day=world.day()) for _ in range(SITES)]


def comments(world: World) -> list[Visit]:
    text = "Great article, I found more about this on the page of Tidepool where all is explained."
    return [
        world.visit(world.site(), HOME, "Tidepool", sentence=text, region=Region.COMMENT, day=world.day())
        for _ in range(SITES)
    ]


def commenter(world: World) -> list[Visit]:
    """One name above comments of many blogs, each with words of its own."""
    return [
        world.visit(
            world.site(), HOME, "Harbour Joe", region=Region.COMMENT, block=world.sentence("hello"), day=world.day()
        )
        for _ in range(SITES)
    ]


def network(world: World) -> list[Visit]:
    """Five titles of one publisher, at one account, each links what it likes."""
    return [
        world.visit(
            world.site(), world.url(), "Tidepool", sentence=world.sentence("Tidepool"), owner_ids=("adsense:pub-55501",)
        )
        for _ in range(5)
    ]


def sitewide(world: World) -> list[Visit]:
    """One site thanks its host below each of its pages."""
    site = world.site()
    return [
        world.visit(site, HOME, "Tidepool hosting", region=Region.FOOTER, block="Hosted by Tidepool") for _ in range(9)
    ]


def badge(world: World) -> list[Visit]:
    return [
        world.visit(
            world.site(),
            f"https://{TARGET}/award",
            "Winner of the harbour award",
            region=Region.SIDEBAR,
            image=True,
            markup="tidepool-badge widget sidebar",
        )
        for _ in range(SITES)
    ]


def syndication(world: World) -> list[Visit]:
    """One text; each copy differs in up to one bit from the original, hence up to two from each other."""
    text, day = world.random.getrandbits(64), world.day()
    return [
        world.visit(
            world.site(),
            f"https://{TARGET}/news",
            "Tidepool",
            sentence="Tidepool, which measures the sea in nineteen countries, opened its archive on Monday.",
            simhash=f"{text ^ (1 << world.random.randrange(64)):016x}",
            day=day + timedelta(days=number % 3),
        )
        for number in range(SITES)
    ]


def ring(world: World) -> list[Visit]:
    """Three watched sites, each links the next within a month."""
    names = ("alpha-harbour.test", "beta-quay.test", "gamma-dock.test")
    start = world.day()
    return [
        world.visit(
            name,
            f"https://{names[(number + 1) % 3]}/",
            "a friend of ours",
            target=names[(number + 1) % 3],
            sentence=world.sentence("a friend of ours"),
            day=start + timedelta(days=10 * number),
        )
        for number, name in enumerate(names)
    ]


def mutual(world: World) -> list[Visit]:
    """Two watched sites that link each other within two weeks."""
    names = ("delta-pier.test", "epsilon-mole.test")
    start = world.day()
    return [
        world.visit(
            name,
            f"https://{names[1 - number]}/",
            "our neighbour",
            target=names[1 - number],
            sentence=world.sentence("our neighbour"),
            day=start + timedelta(days=14 * number),
        )
        for number, name in enumerate(names)
    ]


def insertion(world: World) -> list[Visit]:
    """Pages of years ago; visits without the link, then, weeks later, visits with it."""
    visits = []
    for number in range(SITES):
        site, old = world.site(), date(2021, 1, 1) + timedelta(days=30 * number)
        anchor = f"{world.words[100 + number]} {world.words[200 + number]} deals"
        for day, linked in ((1, False), (20 + number % 5, True)):
            visits.append(
                world.visit(
                    site,
                    f"https://{TARGET}/rent",
                    anchor,
                    sentence=world.sentence(anchor),
                    day=old,
                    seen=datetime(2026, 1, day, tzinfo=UTC),
                    linked=linked,
                    path="/old-post",
                )
            )
    return visits


def burst(world: World) -> list[Visit]:
    """Six of many sites that link the front page: too few for their share, but all within nine days."""
    anchor, start = "quay side holidays", world.day()
    return [
        world.visit(world.site(), HOME, anchor, sentence=world.sentence(anchor), day=start + timedelta(days=number % 9))
        for number in range(SITES)
    ]


def author(world: World) -> list[Visit]:
    url = f"https://{TARGET}/guide"
    return [
        world.visit(
            world.site(),
            url,
            "Tidepool",
            sentence=world.sentence("Tidepool"),
            author="Quilla Vandermoor",
            day=world.day(),
        )
        for _ in range(SITES)
    ]


def owner(world: World) -> list[Visit]:
    """The target's own shop and a blog that claims to be independent: one account."""
    ids = ("ga:UA-777777",)
    return [
        world.visit("tidepool.shop.test", HOME, "home", sentence="", owner_ids=ids),
        world.visit("tidepool.test", HOME, "home", sentence="", owner_ids=ids),
        world.visit("seafans.test", HOME, "a fine tool", sentence=world.sentence("a fine tool"), owner_ids=ids),
    ]


CAMPAIGNS: dict[Callable[[World], list[Visit]], str] = {
    same_anchor: "repeated-anchor",
    same_sentence: "repeated-sentence",
    comments: "repeated-comment",
    commenter: "repeated-commenter",
    network: "source-network",
    sitewide: "sitewide-block",
    badge: "repeated-embed",
    syndication: "syndicated-text",
    ring: "link-ring",
    mutual: "reciprocal-near",
    insertion: "insertions-repeated",
    burst: "burst",
    author: "repeated-author",
    owner: "owner-id-of-target",
}
