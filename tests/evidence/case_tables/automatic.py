"""Pages of machines, mirrors and copies. Excerpts are written for these tests."""

from tests.evidence.case_tables.words import SENTENCE, Case

STATS = {"url": "https://sitefigures.example/www.rosebank.example", "target": "https://rosebank.example/"}
FOOTER = "The post Old roses appeared first on Thornhill Diary."

AUTOMATIC: list[Case] = [
    ("stats-host", True, {"url": "https://www.statshow.com/www/rosebank.example"}),
    ("stats-host", True, {"url": "https://who.is/whois/rosebank.example", "region": "sidebar"}),
    ("stats-host", False, {"url": "https://www.statshow.com/www/rosebank.example", "region": "footer"}),
    ("stats-host", False, {"url": "https://www.domain-stories.example/rosebank.example"}),
    ("stats-page", True, STATS | {"page": {"title": "rosebank.example - Website worth and traffic"}}),
    ("stats-page", True, STATS | {"page": {"title": "Whois record", "language": "de"}}),
    ("stats-page", False, STATS | {"page": {"title": "Old roses that we grow"}}),
    ("stats-page", False, {"page": {"title": "What whois told us about a nursery"}}),
    (
        "stats-page",
        False,
        STATS | {"url": "https://notes.example/myrosebank.example", "page": {"title": "Whois record"}},
    ),
    ("feed-footer", True, {"before": "The post Old roses appeared first on ", "after": "."}),
    (
        "feed-footer",
        True,
        {"before": "Der Beitrag Alte Rosen erschien zuerst auf ", "after": ".", "page": {"language": "de"}},
    ),
    (
        "feed-footer",
        True,
        {"before": "L'article Vieilles roses est apparu en premier sur ", "after": ".", "page": {"language": "fr"}},
    ),
    (
        "feed-footer",
        True,
        {"before": "La entrada Rosas antiguas se publicó primero en ", "after": ".", "page": {"language": "es"}},
    ),
    ("feed-footer", True, {"before": "L'articolo Rose antiche proviene da ", "after": ".", "page": {"language": "it"}}),
    (
        "feed-footer",
        True,
        {"before": "O post Rosas antigas apareceu primeiro em ", "after": ".", "page": {"language": "pt"}},
    ),
    (
        "feed-footer",
        True,
        {"before": "Het bericht Oude rozen verscheen eerst op ", "after": ".", "page": {"language": "nl"}},
    ),
    (
        "feed-footer",
        True,
        {"before": "Artykuł Stare róże pochodzi z serwisu ", "after": ".", "page": {"language": "pl"}},
    ),
    (
        "feed-footer",
        True,
        {"before": "Запись Старые розы впервые появилась ", "after": ".", "page": {"language": "ru"}},
    ),
    (
        "feed-footer",
        True,
        {"before": "Inlägget Gamla rosor dök först upp på ", "after": ".", "page": {"language": "sv"}},
    ),
    ("feed-footer", False, {"before": "The rose first appeared in print in ", "after": ", a catalogue of 1832."}),
    (
        "feed-footer",
        False,
        {"before": "The post Old roses appeared first on ", "after": ".", "target": "https://gardennotes.example/old"},
    ),
    ("mirrored-feed", True, SENTENCE | {"page": {"tail": f"They flower in June. {FOOTER}"}}),
    (
        "mirrored-feed",
        True,
        SENTENCE
        | {"page": {"tail": "Blüte im Juni. Der Beitrag Alte Rosen erschien zuerst auf Dornhügel.", "language": "de"}},
    ),
    ("mirrored-feed", False, SENTENCE | {"page": {"tail": FOOTER, "site_name": "Thornhill Diary"}}),
    ("mirrored-feed", False, SENTENCE | {"page": {"tail": "They flower in June, on old wood."}}),
    ("copied-page", True, SENTENCE | {"page": {"canonical_url": "https://thornhill.example/old-roses"}}),
    ("copied-page", False, SENTENCE | {"page": {"canonical_url": "https://www.gardennotes.example/old-roses"}}),
    ("copied-page", False, SENTENCE | {"page": {"canonical_url": "https://gardennotes.com/old-roses"}}),
    ("copied-page", False, {"region": "footer", "page": {"canonical_url": "https://thornhill.example/old-roses"}}),
    ("archived-page", True, {"url": "https://web.archive.org/web/20140109030403/http://thornhill.example/roses"}),
    ("archived-page", False, {"url": "https://archive.gardennotes.example/web/2014/roses"}),
]
