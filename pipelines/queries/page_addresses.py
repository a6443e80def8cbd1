"""Which page an address means: what tells how a visitor came, and ways of writing it, do not count."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from linkcrawler.domains import domain_of
from linkcrawler.records import Link

# Parameters that tell how a visitor came, not which page is meant.
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_")
_TRACKING = (
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
    "mc_cid", "mc_eid", "_ga", "_gl", "ref_src", "spm",
)  # fmt: skip


def page_address(link: Link) -> str:
    """As :func:`source_address`, of a link's source page."""
    return source_address(link.source_url, link.page.canonical_url if link.page else "")


def source_address(url: str, canonical: str) -> str:
    """The address that stands for all addresses of a page.

    Its canonical address if that is on the same domain and names a path of its own (some sites give their front page
    for every page), else its own without tracking parameters; without scheme, ``www.`` and final slash.
    """
    if canonical and canonical != url and domain_of(canonical) == domain_of(url) and not _is_front(canonical):
        url = canonical
    return address_of(url)


def address_of(url: str) -> str:
    """The address without scheme, ``www.``, final slash and tracking parameters.

    >>> address_of("https://www.example.org/a/?utm_source=x&b=1")
    'example.org/a?b=1'
    """
    if url.startswith(("https://", "http://")) and "?" not in url and "#" not in url:  # most, in a quarter of the time
        return url.partition("://")[2].removeprefix("www.").rstrip("/")
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name)]
    host = parts.netloc.removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{urlencode(query)}" if query else "")


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _tracks(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
