"""Counts decisions: how often somebody chose to link, however many links that choice left on how many pages.

one page, one target: one decision, whatever the number of links
one page under several addresses: its canonical address counts, tracking parameters do not
a block repeated on pages of a domain (navigation, footer, sidebar ...; same target URL, region and anchor): one
    decision, together with the other repeated blocks of that region
written text repeated on pages of a domain (same target URL, anchor and words around it): one decision
copies of one text on several sites: one decision, as far as classification has found them
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

from linkcrawler.domains import domain_of
from linkcrawler.records import Link, Placement
from linkcrawler.urls import digest
from pipelines.patterns.syndication import act_in
from pipelines.queries.placements import WRITTEN, block_of

# Parameters that tell how a visitor came, not which page is meant.
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_")
_TRACKING = (
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
    "mc_cid", "mc_eid", "_ga", "_gl", "ref_src", "spm",
)  # fmt: skip

_REPEATED = 1


class Decisions:
    """Collects links one by one. Memory: one number for each distinct block of a domain."""

    def __init__(self, groups: tuple[str, ...]) -> None:
        """``groups`` name what a decision is counted under, such as the modes."""
        self._groups = groups
        self._width = len(groups) + 1
        self._blocks: dict[int, int] = {}

    def add(self, link: Link, lead: Placement, group: str) -> None:
        domain = domain_of(link.source_url)
        written = lead.region in WRITTEN
        block = _number(domain, link.target_url, *block_of(lead))
        act = act_in(link.verdict.evidence) if link.verdict else ""
        page = _number(act, link.target) if act else _number(page_address(link), link.target)
        flag = 1 << (1 + self._groups.index(group))
        known = self._blocks.get(block)
        if known is None:
            self._blocks[block] = page << self._width | flag
            return
        flags = known & ((1 << self._width) - 1) | flag
        kept = known >> self._width
        if written:
            # The smaller of the two, so that the order of the links does not matter.
            kept = min(kept, page)
        elif kept != page and not flags & _REPEATED:
            kept = _number(domain, link.target, lead.region)
            flags |= _REPEATED
        self._blocks[block] = kept << self._width | flags

    def counts(self) -> dict[str, int]:
        """Decisions by group, and in all under ``total``. One that shows in two groups counts in both."""
        total: set[int] = set()
        by_group: dict[str, set[int]] = {group: set() for group in self._groups}
        for value in self._blocks.values():
            decision = value >> self._width
            total.add(decision)
            for place, group in enumerate(self._groups):
                if value & 1 << (1 + place):
                    by_group[group].add(decision)
        return {"total": len(total)} | {group: len(found) for group, found in by_group.items()}


def page_address(link: Link) -> str:
    """The address that stands for all addresses of the source page.

    Its canonical address if that is on the same domain and names a path of its own (some sites give their front page
    for every page), else its own without tracking parameters; without scheme, ``www.`` and final slash.
    """
    url = link.source_url
    canonical = link.page.canonical_url if link.page else ""
    if canonical and domain_of(canonical) == domain_of(url) and not _is_front(canonical):
        url = canonical
    return address_of(url)


def address_of(url: str) -> str:
    """The address without scheme, ``www.``, final slash and tracking parameters.

    >>> address_of("https://www.example.org/a/?utm_source=x&b=1")
    'example.org/a?b=1'
    """
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name)]
    host = parts.netloc.removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{urlencode(query)}" if query else "")


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _tracks(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _number(*parts: str) -> int:
    return int(digest(*parts), 16)
