"""Marks by which two pages show the same owner: account ids in the page's code, VAT numbers and mail in its imprint."""

import re
from collections.abc import Iterable

from lxml.etree import _Element

MAX_CODE_CHARS = 400_000
MAX_IDS = 24

_IN_CODE = (
    ("ga", re.compile(r"\b(UA-\d{4,10})-\d{1,4}\b")),
    ("ga", re.compile(r"\b(G-(?=[A-Z0-9]*\d)[A-Z0-9]{8,12})\b")),
    ("gtm", re.compile(r"\b(GTM-[A-Z0-9]{4,9})\b")),
    ("googleads", re.compile(r"\b(AW-\d{8,12})\b")),
    ("adsense", re.compile(r"\b(?:ca-)?(pub-\d{10,20})\b")),
    ("fbpixel", re.compile(r"fbq\(\s*['\"]init['\"]\s*,\s*['\"]?(\d{8,20})")),
    ("fbpixel", re.compile(r"facebook\.com/tr\?id=(\d{8,20})")),
    ("metrika", re.compile(r"(?:mc\.yandex\.ru/watch/|\bym\(\s*|yaCounter)(\d{5,12})")),
    ("baidu", re.compile(r"hm\.baidu\.com/h(?:m)?\.js\?([0-9a-f]{32})")),
    ("hotjar", re.compile(r"\bhjid:\s*(\d{4,10})")),
    ("clarity", re.compile(r"clarity\.ms/tag/([a-z0-9]{8,12})")),
    ("comscore", re.compile(r"\bc2['\"]?\s*:\s*['\"](\d{6,10})")),
    ("matomo", re.compile(r"['\"]setTrackerUrl['\"][^;]{0,80}?//([\w.-]+\.\w+)")),
    ("disqus", re.compile(r"\b([a-z0-9-]{3,60})\.disqus\.com/(?:embed|count)\.js")),
    ("skimlinks", re.compile(r"s\.skimresources\.com/js/(\d+X\d+)")),
)

_REGISTERS = (
    r"\bUSt|\bUmsatzsteuer|\bVAT\b|\bTVA\b|\bP\.?\s?IVA\b|\bPartita IVA\b|\bBTW\b|\bCIF\b|\bNIF\b|\bNIP\b|\bUID\b|"
    r"\bDIČ\b|\bCVR\b|\bИНН\b|\bCNPJ\b|\bSIRET\b|\bSIREN\b|\bKRS\b|\bHRB\b|\bHRA\b"
)
_VAT = re.compile(rf"(?:{_REGISTERS})[^0-9]{{0,30}}?((?:[A-Z]{{2,3}}[ -]?)?\d[\d .\-/]{{1,22}}\d)")


def owner_ids(root: _Element, page_text: Iterable[str], verification: list[str]) -> tuple[str, ...]:
    """Marks as ``scheme:value``, each once, sorted by scheme order above; at most :data:`MAX_IDS`.

    ``page_text`` is the text of the blocks to look for imprint numbers in, ``verification`` the values of site
    verification meta tags.
    """
    code = _code(root)
    found = [
        f"{scheme}:{value.lower()}" for scheme, pattern in _IN_CODE for value in dict.fromkeys(pattern.findall(code))
    ]
    for text in page_text:
        for match in _VAT.finditer(text):
            number = re.sub(r"[^0-9A-Z]", "", match.group(1).upper())
            label = re.match(r"\w+", match.group(0).replace(".", "").replace(" ", ""))
            scheme = "register" if label and label.group()[:3] in ("HRB", "HRA", "KRS") else "vat"
            if sum(map(str.isdigit, number)) >= 6 or scheme == "register":
                found.append(f"{scheme}:{number}")
    found += [f"verification:{value[:64]}" for value in verification]
    return tuple(dict.fromkeys(found))[:MAX_IDS]


def _code(root: _Element) -> str:
    parts: list[str] = []
    size = 0
    for element in root.iter("script", "iframe", "ins", "amp-analytics", "amp-ad", "img"):
        for part in (
            element.get("src"),
            element.get("data-ad-client"),
            element.text if element.tag == "script" else None,
        ):
            if part and size < MAX_CODE_CHARS and "ld+json" not in (element.get("type") or ""):
                parts.append(part[:100_000])
                size += len(parts[-1])
        if size >= MAX_CODE_CHARS:
            break
    return "\n".join(parts)
