"""What signals get wrong on pages like those that were read, and why: each is to fail until it is mended."""

from tests.evidence.case_tables.words import DE, Case

KNOWN_FAILURES: list[tuple[str, Case]] = [
    (
        "a vendor's shop tells its clients apart by the path alone, as a group's login does with its titles",
        ("service-of-group", False, {"region": "nav", "target": "https://shop.vendor.example/gardennotes/books"}),
    ),
    (
        "a page named after the public body that it is about",
        ("name-within", False, {"url": "https://green-council.example/", "target": "https://council.example/paper"}),
    ),
    (
        "supports in the active voice, with the target as the subject",
        ("supported-by", True, {"before": "Since last spring ", "after": " has paid for the prizes of our show."}),
    ),
    (
        "unterstützt, mit dem Ziel als Satzgegenstand",
        ("supported-by", True, {"before": "Den Wettbewerb trägt in diesem Jahr ", "after": ".", "page": DE}),
    ),
    (
        "a guest introduced by what she makes, without a word for guests",
        ("guest-beside", True, {"before": "A wet spring, by Ida, who makes ", "after": " for small gardens."}),
    ),
    (
        "the owner's other project without a possessive or a shared name",
        ("own-words", True, {"before": "For dates and bookings of the new band go to ", "after": " and ask for Ida."}),
    ),
    (
        "advertising in whole sentences reads like an argument",
        (
            "comment-argues",
            False,
            {
                "region": "comment",
                "before": "I had this in a restaurant, it was very good: ",
                "after": " in the centre of town, for every taste.",
                "target": "https://eatout.example/best/sushi-in-town",
            },
        ),
    ),
    (
        "an event's sponsor thanked in a report is no sponsor of the report's links",
        (
            "disclosed-in-text",
            False,
            {"page": {"language": "en", "notices": ("body: The coffee break was sponsored by a seed house",)}},
        ),
    ),
    (
        "a profile in a catalogue without a word or an address that says so",
        ("directory-page", True, {"url": "https://langs.example/db/mdl_rose.htm", "page": {"title": "Rose - Profile"}}),
    ),
    (
        "a banner that happens to stand below the line on where the text appeared first",
        ("republished", False, {"before": "Originally published in the Rose Annual. ", "after": "", "image": True}),
    ),
    (
        "a named author's handle shortens the name",
        (
            "own-profile",
            True,
            {"region": "bio", "target": "https://twitter.com/ida_b", "page": {"author": "Ida Brandt"}},
        ),
    ),
    (
        "a row of partners under a word that menus have as well",
        (
            "partner-row",
            True,
            {"region": "footer", "before": "Partner Moosbank Farnbank Heidebank ", "after": "", "page": DE},
        ),
    ),
]
"""The reason, and the case as it should be."""
