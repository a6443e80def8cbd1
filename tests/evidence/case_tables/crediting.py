"""Credits of software, themes, agencies, seals. Excerpts are written for these tests."""

from tests.evidence.case_tables.words import FR, PT, SENTENCE, Case

CREDITING: list[Case] = [
    ("credit-beside", True, {"region": "footer", "before": "Theme by ", "after": ""}),
    ("credit-beside", True, {"region": "footer", "before": "Produced by ", "after": ""}),
    ("credit-beside", False, {"region": "footer", "before": "Theme by Moss / ", "target": "https://validator.w3.org/"}),
    ("credit-beside", True, {"hidden": True, "anchor": "comments powered by Disqus", "target": "https://disqus.com/"}),
    ("credit-beside", False, {"anchor": "comments powered by Disqus", "target": "https://disqus.com/"}),
    ("credit-beside", True, {"region": "footer", "before": "Réalisé par ", "after": "", "page": FR}),
    ("credit-beside", True, {"region": "footer", "before": "Сделано в ", "after": "", "page": {"language": "ru"}}),
    ("credit-beside", True, {"region": "footer", "before": "Desenvolvido por ", "after": "", "page": PT}),
    ("credit-beside", False, SENTENCE),
    ("credit-in-line", True, {"region": "footer", "before": "Webdesign. Looked after since 2009: ", "after": ""}),
    ("credit-in-line", False, SENTENCE),
    ("software-host", True, {"region": "footer", "target": "https://wordpress.org/"}),
    ("software-host", False, {"region": "body", "target": "https://wordpress.org/"}),
    ("badge-host", True, {"target": "https://www.statcounter.com/"}),
    ("badge-host", False, {}),
    ("maker-name", True, {"region": "footer", "target": "https://rosewebdesign.com/"}),
    ("maker-name", False, {"region": "footer"}),
    ("credit-markup", True, {"region": "footer", "markup": "powered by"}),
    ("credit-markup", False, {"region": "footer", "markup": "links"}),
    ("front-page-in-footer", True, {"region": "footer", "target": "https://rosebank.example/"}),
    ("front-page-in-footer", False, {"region": "footer"}),
    ("badge-host", False, {"region": "footer", "target": "https://preferences-mgr.truste.com/?pid=garden01"}),
    (
        "credit-beside",
        True,
        {
            "region": "comment",
            "anchor": "comments powered by Disqus.",
            "target": "https://disqus.com/",
            "before": "Please enable JavaScript to view the ",
            "after": "",
        },
    ),
    (
        "credit-in-line",
        True,
        {"region": "footer", "before": "Gestaltung. Betreut seit 2009: ", "after": "", "page": {"language": "de"}},
    ),
    ("credit-beside", False, {"before": "Powered by ", "target": "https://creativecommons.org/licenses/by/4.0/"}),
]
