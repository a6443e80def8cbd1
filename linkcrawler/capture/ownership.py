"""Marks by which two pages show the same owner: account ids in the page's code, VAT numbers and mail in its imprint."""

import re
from collections.abc import Iterator, Sequence

from linkcrawler.walk import Walk

MAX_CODE_CHARS = 400_000
MAX_IDS = 24

# Regular expressions leap to plain letters and try everything else at each character: patterns begin with letters,
# look back from there, and are asked only where what they cannot do without is found (8 ms a page before, 1 now).
_IN_CODE = (
    ("ga", "UA-", re.compile(r"UA-(?<=\bUA-)\d{4,10}(?=-\d{1,4}\b)")),
    ("ga", "G-", re.compile(r"G-(?<=\bG-)(?=[A-Z0-9]*\d)[A-Z0-9]{8,12}\b")),
    ("gtm", "GTM-", re.compile(r"GTM-(?<=\bGTM-)[A-Z0-9]{4,9}\b")),
    ("googleads", "AW-", re.compile(r"AW-(?<=\bAW-)\d{8,12}\b")),
    ("adsense", "pub-", re.compile(r"pub-(?<=\bpub-)\d{10,20}\b")),
    ("fbpixel", "fbq(", re.compile(r"fbq\(\s*['\"]init['\"]\s*,\s*['\"]?(\d{8,20})")),
    ("fbpixel", "facebook.com/tr", re.compile(r"facebook\.com/tr\?id=(\d{8,20})")),
    ("metrika", "mc.yandex.ru/watch/", re.compile(r"mc\.yandex\.ru/watch/(\d{5,12})")),
    ("metrika", "yaCounter", re.compile(r"yaCounter(\d{5,12})")),
    ("metrika", "ym(", re.compile(r"ym\((?<=\bym\()\s*(\d{5,12})")),
    ("baidu", "hm.baidu.com/", re.compile(r"hm\.baidu\.com/h(?:m)?\.js\?([0-9a-f]{32})")),
    ("hotjar", "hjid:", re.compile(r"hjid:(?<=\bhjid:)\s*(\d{4,10})")),
    ("clarity", "clarity.ms/tag/", re.compile(r"clarity\.ms/tag/([a-z0-9]{8,12})")),
    ("comscore", "c2", re.compile(r"c2(?<=\bc2)['\"]?\s*:\s*['\"](\d{6,10})")),
    ("matomo", "setTrackerUrl", re.compile(r"['\"]setTrackerUrl['\"][^;]{0,80}?//([\w.-]+\.\w+)")),
    ("disqus", ".disqus.com/", re.compile(r"\b([a-z0-9-]{3,60})\.disqus\.com/(?:embed|count)\.js")),
    ("skimlinks", "skimresources", re.compile(r"s\.skimresources\.com/js/(\d+X\d+)")),
)
"""Scheme, what code must hold, the mark."""

_REGISTERS = (
    r"\bUSt|\bUmsatzsteuer|\bVAT\b|\bTVA\b|\bP\.?\s?IVA\b|\bPartita IVA\b|\bBTW\b|\bCIF\b|\bNIF\b|\bNIP\b|\bUID\b|"
    r"\bDIČ\b|\bCVR\b|\bИНН\b|\bCNPJ\b|\bSIRET\b|\bSIREN\b|\bKRS\b|\bHRB\b|\bHRA\b"
)
_VAT = re.compile(rf"(?:{_REGISTERS})[^0-9]{{0,30}}?((?:[A-Z]{{2,3}}[ -]?)?\d[\d .\-/]{{1,22}}\d)")


_TELLING = re.compile("USt|Umsatzsteuer|VAT|TVA|IVA|BTW|CIF|NIF|NIP|UID|DIČ|CVR|ИНН|CNPJ|SIRET|SIREN|KRS|HRB|HRA")
"""One of these stands in every text that the pattern fits; few texts have many capital letters to try."""


def owner_ids(walk: Walk, page_text: Sequence[str], verification: list[str]) -> tuple[str, ...]:
    """Marks as ``scheme:value``, each once, sorted by scheme order above; at most :data:`MAX_IDS`.

    ``page_text`` is the text of the blocks to look for imprint numbers in, ``verification`` the values of site
    verification meta tags.
    """
    code = _code(walk)
    found = [
        f"{scheme}:{value.lower()}"
        for scheme, telling, pattern in _IN_CODE
        if telling in code
        for value in dict.fromkeys(pattern.findall(code))
    ]
    found += _numbers(page_text)
    found += [f"verification:{value[:64]}" for value in verification]
    return tuple(dict.fromkeys(found))[:MAX_IDS]


def _numbers(page_text: Sequence[str]) -> Iterator[str]:
    """VAT and register numbers that the page shows."""
    for text in filter(_TELLING.search, page_text) if _TELLING.search("\n".join(page_text)) else ():
        for match in _VAT.finditer(text):
            number = re.sub(r"[^0-9A-Z]", "", match.group(1).upper())
            label = re.match(r"\w+", match.group(0).replace(".", "").replace(" ", ""))
            scheme = "register" if label and label.group()[:3] in ("HRB", "HRA", "KRS") else "vat"
            if sum(map(str.isdigit, number)) >= 6 or scheme == "register":
                yield f"{scheme}:{number}"


def _code(walk: Walk) -> str:
    parts: list[str] = []
    size = 0
    for element in walk.elements("script", "iframe", "ins", "amp-analytics", "amp-ad", "img"):
        get = element.get
        if "ld+json" in get("type", ""):
            continue
        for part in (get("src"), get("data-ad-client"), element.text if element.tag == "script" else None):
            if part and size < MAX_CODE_CHARS:
                parts.append(part[:100_000])
                size += len(parts[-1])
        if size >= MAX_CODE_CHARS:
            break
    return "\n".join(parts)
