"""Exports as vendors write them, made up: column names as documented, pages and sites invented.

Each has four rows that are links to example.org, one that says the same again, one on the target's own site, and one
whose address is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl

PAGES = (
    "https://blog.example.net/tides",
    "https://käse.example.com/größe?b=2&a=1",
    "http://forum.example.net/t/7#post-3",
    "https://news.example.com/2023/05/study",
)
CANONICAL = (
    "https://blog.example.net/tides",
    "https://xn--kse-qla.example.com/gr%C3%B6%C3%9Fe?a=1&b=2",
    "http://forum.example.net/t/7",
    "https://news.example.com/2023/05/study",
)
SOURCES = (*PAGES, PAGES[0], "https://www.example.org/about", "no address")
TARGET = "https://example.org/study"
SINCE, LAST, LOST = "2023-05-02", "2024-01-31", "2024-03-01"

Row = Mapping[str, str]


def rows(header: str, url: str, target: str, since: str = "", last: str = "", lost: str = "") -> list[list[str]]:
    """Header and rows: the named columns filled as their field wants, the others with something."""
    names = [name.strip() for name in header.split(",")]
    fields = {url: "url", target: "target", since: "since", last: "last", lost: "lost"}
    told = {"target": TARGET, "since": SINCE, "last": LAST, "lost": ""}
    lines = [names]
    for number, source in enumerate(SOURCES):
        values = {**told, "url": source, "lost": LOST if number == 3 else ""}
        lines.append([values.get(fields.get(name, ""), "x") if name in fields else f"{number}" for name in names])
    return lines


AHREFS = rows(
    "Referring page title,Referring page URL,Language,Platform,Referring page HTTP code,Domain rating,UR,"
    "Domain traffic,Page traffic,External links,Target URL,Anchor,Left context,Right context,Type,Nofollow,Is spam,"
    "UGC,Sponsored,Lost,Lost status,Drop reason,First seen,Last seen,Page type,Author",
    "Referring page URL", "Target URL", "First seen", "Last seen", "Lost",
)  # fmt: skip
AHREFS_API = rows(
    "url_from,url_to,anchor,first_seen,first_seen_link,last_seen,last_visited,lost_reason,is_content",
    "url_from", "url_to", "first_seen_link", "last_visited",
)  # fmt: skip
MAJESTIC = rows(
    "SourceURL,AnchorText,SourceTrustFlow,SourceCitationFlow,Domain,DomainTrustFlow,DomainCitationFlow,FirstIndexedDate,"
    "LinkType,LinkSubType,TargetURL,TargetTrustFlow,TargetCitationFlow,FlagRedirect,FlagFrame,FlagNoFollow,FlagImages,"
    "FlagDeleted,FlagAltText,LastSeenDate,FlagMention,DateLost,ReasonLost",
    "SourceURL", "TargetURL", "FirstIndexedDate", "LastSeenDate", "DateLost",
)  # fmt: skip
SEMRUSH = rows(
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,Text,"
    "Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link",
    "Source url", "Target url", "First seen", "Last seen",
)  # fmt: skip
MOZ = rows(
    "URL,Title,Anchor Text,Page Authority,Domain Authority,Spam Score,Target URL,Link Type,First Seen,Last Seen,"
    "Date Lost",
    "URL", "Target URL", "First Seen", "Last Seen", "Date Lost",
)  # fmt: skip
SCREAMING_FROG = rows(
    "Type,Source,Destination,Size (Bytes),Alt Text,Anchor,Status Code,Status,Follow,Target,Rel,Path Type,Link Path,"
    "Link Position,Link Origin",
    "Source", "Destination",
)  # fmt: skip
BING = rows("Linking URL,Linked page,Anchor", "Linking URL", "Linked page")
DATAFORSEO = rows(
    "domain_from,url_from,url_to,rank,anchor,first_seen,last_seen,is_lost",
    "url_from", "url_to", "first_seen", "last_seen",
)  # fmt: skip
GOOGLE_LATEST = rows("Linking page,Last crawled", "Linking page", "", last="Last crawled")
GOOGLE_GERMAN = rows("Verlinkende Seite,Zuletzt gecrawlt", "Verlinkende Seite", "", last="Zuletzt gecrawlt")
GOOGLE_FRENCH = rows(
    "Page contenant le lien,Dernière exploration", "Page contenant le lien", "", last="Dernière exploration"
)
GOOGLE_SPANISH = rows("Página de enlace,Último rastreo", "Página de enlace", "", last="Último rastreo")
GOOGLE_SAMPLE = rows("Linking page", "Linking page", "")
GENERIC = rows("Found,Linking URL,Landing page,First found", "Linking URL", "Landing page", "First found")

WITH_TARGET = {
    "ahrefs": AHREFS, "majestic": MAJESTIC, "semrush": SEMRUSH, "moz": MOZ, "screaming-frog": SCREAMING_FROG,
    "bing": BING, "dataforseo": DATAFORSEO, "generic": GENERIC,
}  # fmt: skip
GOOGLE = (GOOGLE_LATEST, GOOGLE_GERMAN, GOOGLE_FRENCH, GOOGLE_SPANISH, GOOGLE_SAMPLE)


def separated(lines: Sequence[Sequence[str]], mark: str = ",") -> str:
    """Every cell in quotes: addresses may hold any mark."""
    return "".join(mark.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)


def encoded(lines: Sequence[Sequence[str]]) -> Iterator[tuple[str, bytes]]:
    """The same table as programs write it."""
    yield "UTF-8", separated(lines).encode()
    yield "UTF-8 with mark", separated(lines).encode("utf-8-sig")
    yield "UTF-16 with tabs", separated(lines, "\t").encode("utf-16")
    yield "UTF-16 big-endian with tabs, no mark", separated(lines, "\t").encode("utf-16-be")
    yield "UTF-16 without mark", separated(lines, "\t").encode("utf-16-le")
    yield "Windows with semicolons", separated(lines, ";").encode("cp1252")


def workbook(lines: Sequence[Sequence[str]], path: Path) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    book.save(path)
    return path
