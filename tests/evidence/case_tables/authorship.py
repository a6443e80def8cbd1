"""Guests, bios, bylines. Excerpts are written for these tests."""

from tests.evidence.case_tables.words import FR, IT, PT, SENTENCE, Case

AUTHORSHIP: list[Case] = [
    ("guest-label", True, {"page": {"byline": "Guest post by Ida Brandt"}}),
    ("guest-label", True, {"page": {"byline": "Gastbeitrag von Ida Brandt", "language": "de"}}),
    ("guest-label", True, {"page": {"byline": "Gæsteindlæg: Ida Brandt", "language": "da"}}),
    ("guest-label", True, {"page": {"labels": ("投稿",), "language": "zh"}}),
    ("guest-label", False, {"page": {"byline": "By the editors"}}),
    ("guest-label", False, {"region": "nav", "page": {"byline": "Guest post by Ida Brandt"}}),
    ("guest-beside", True, {"before": "This is a guest article by the owner of ", "after": "."}),
    ("guest-beside", True, {"before": "Questo articolo ospite arriva da ", "after": ".", "page": IT}),
    ("guest-beside", False, {"before": "Our guest rooms look out on ", "after": "."}),
    ("in-bio", True, {"region": "bio"}),
    ("in-bio", False, {"region": "body"}),
    ("bio-beside", True, {"before": "Ida Brandt is the founder of ", "after": "."}),
    ("bio-beside", True, {"before": "Ida Brandt est la fondatrice de ", "after": ".", "page": FR}),
    ("bio-beside", True, {"before": "Ida Brandt é jornalista e dirige a ", "after": ".", "page": PT}),
    ("bio-beside", False, SENTENCE),
    ("byline-beside", True, {"before": "Written by ", "after": ""}),
    ("byline-beside", True, {"before": "Scritto da ", "after": "", "page": IT}),
    ("byline-beside", False, SENTENCE),
    (
        "author-introduced",
        True,
        {
            "before": "Ada Brand grows roses in clay and is the founder of ",
            "after": ".",
            "page": {"author": "Ada Brand"},
        },
    ),
    (
        "author-introduced",
        False,
        {"before": "Ben Feld is the founder of ", "after": ".", "page": {"author": "Ada Brand"}},
    ),
    ("author-introduced", False, SENTENCE | {"page": {"author": "Ada Brand"}}),
    ("author-markup", True, {"markup": "author-box vcard"}),
    ("author-markup", False, {"markup": "entry-content"}),
    ("author-address", True, {"page": {"author_urls": ("https://rosebank.example/about",)}}),
    ("author-address", False, {"page": {"author_urls": ("https://other.example/",)}}),
    ("author-name-in-target", True, {"target": "https://idabrandt.example/", "page": {"author": "Ida Brandt"}}),
    ("author-name-in-target", False, {"page": {"author": "Ida Brandt"}}),
    ("author-name-in-target", True, {"target": "https://brandtgardens.example/", "page": {"author": "Ida Brandt"}}),
    ("author-name-in-target", True, {"target": "https://ida-roses.example/", "page": {"author": "Mara Ida Roses"}}),
    ("author-name-in-target", False, {"target": "https://stanford.edu/", "page": {"author": "Harriet Ford"}}),
    (
        "last-words",
        True,
        {
            "before": "Ida Brandt grows roses in the north and writes for ",
            "after": ".",
            "page": {"tail": "Good night. Ida Brandt grows roses in the north and writes for gallica roses."},
        },
    ),
    ("last-words", False, SENTENCE | {"page": {"tail": "And that was the year of the great frost."}}),
    (
        "author-introduced",
        True,
        {
            "before": "Ida Brandt ist Gründerin von ",
            "after": " und schreibt über Rosen.",
            "page": {"language": "de", "author": "Ida Brandt"},
        },
    ),
]
