"""What the page's head declares: meta tags, link relations and schema.org data, looked up by name."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote

from linkcrawler.capture.structured import Node, texts, types_of
from linkcrawler.urls import canonicalize, join
from linkcrawler.walk import Walk

MAX_META = 400
MAX_TYPES = 12
MAX_LABELS = 12

ARTICLE_ENDINGS = ("Article", "Posting", "Report", "Review", "Recipe", "HowTo", "Question", "Post")

# Types of parts that every template has; they tell nothing of the page.
_FURNITURE = frozenset(
    (
        *("ImageObject", "SearchAction", "ReadAction", "CommentAction", "EntryPoint", "ListItem", "BreadcrumbList"),
        *("SpeakableSpecification", "ContactPoint", "PropertyValueSpecification", "WebPageElement", "PostalAddress"),
        *(
            "AggregateRating",
            "Rating",
            "NutritionInformation",
            "SiteNavigationElement",
            "WPHeader",
            "WPFooter",
            "imageobject",
        ),
        *("WPSideBar", "InteractionCounter", "MonetaryAmount", "QuantitativeValue", "HowToStep", "Answer", "Thing"),
    )
)


_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_AGENTS = ("", "*", "googlebot")


def directives(contents: Iterable[str]) -> tuple[str, ...]:
    """What indexers are told by robots meta tags, in lower case, each once, at most ten."""
    found = ",".join(contents).lower().split(",")
    return tuple(dict.fromkeys(word.strip()[:40] for word in found if word.strip()))[:10]


def header_directives(lines: Iterable[str]) -> tuple[str, ...]:
    """The same of X-Robots-Tag headers, whose lines may be for one indexer alone: of these only Google's count.

    >>> header_directives(["NoIndex, nofollow", "otherbot: noarchive", "googlebot: nosnippet"])
    ('noindex', 'nofollow', 'nosnippet')
    """
    found = []
    for line in lines:
        name, colon, rest = line.partition(":")
        if not colon or "," in name or name.strip().lower() in _WITH_VALUE:
            found.append(line)
        elif name.strip().lower() in _AGENTS:
            found.append(rest)
    return directives(found)


class Metadata:
    """The declared facts of one page. Names are looked up in lower case."""

    def __init__(self, walk: Walk, nodes: Sequence[Node], url: str) -> None:
        self._walk = walk
        self._url = url
        self._meta: dict[str, list[str]] = {}
        for element in walk.elements("meta")[:MAX_META]:
            get = element.get
            name = get("property") or get("name") or get("itemprop") or get("http-equiv")
            content = " ".join((element.get("content") or "").split())
            if name and content:
                self._meta.setdefault(name.strip().lower(), []).append(content)
        self.nodes = nodes
        """schema.org data of the page."""
        self._by_id = {node["@id"]: node for node in reversed(self.nodes) if _is_whole(node)}

    def meta(self, *names: str) -> str:
        """The first value of the first of these names that the page has; empty if it has none."""
        return next((self._meta[name][0] for name in names if name in self._meta), "")

    def all_meta(self, *names: str) -> list[str]:
        """All values of these names."""
        return [value for name in names for value in self._meta.get(name, ())]

    def title(self) -> str:
        """Text of ``<title>``, or what the page calls itself when shared."""
        for element in self._walk.elements("title"):
            parent = element.getparent()
            if parent is not None and parent.tag != "svg" and element.text and element.text.strip():
                return " ".join(element.text.split())
        return self.meta("og:title", "twitter:title", "dc.title")

    def canonical_url(self) -> str:
        """The address that the page calls its own, in canonical form; empty if it names none."""
        for element in self._walk.elements("link")[:MAX_META]:
            if "canonical" in (element.get("rel") or "").lower().split():
                url = join(self._url, element.get("href") or "")
                return (canonicalize(url) or "") if url else ""
        return ""

    def robots(self) -> tuple[str, ...]:
        """Directives of the robots meta tag in lower case, in source order."""
        return directives(self.all_meta("robots", "googlebot"))

    def language(self) -> str:
        """Primary language subtag that the page declares; empty if none or none that is well-formed."""
        declared: list[str | None] = [self._walk.root.get("lang"), self._walk.root.get("xml:lang")]
        declared += [self.meta("content-language"), self.meta("language", "dc.language"), self.meta("og:locale")]
        for node in self.nodes[:20]:
            declared += texts(node.get("inLanguage"), "alternateName", "name")
        for value in declared:
            subtag = (value or "").replace("_", "-").split(",")[0].strip().split("-")[0].lower()
            if 2 <= len(subtag) <= 3 and subtag.isascii() and subtag.isalpha():
                return subtag
        return ""

    def linked(self, value: Any) -> list[Node]:
        """The nodes in a property, references by ``@id`` followed."""
        found = [item for item in (value if isinstance(value, list) else [value])[:20] if isinstance(item, dict)]
        return [item if "name" in item else self._by_id.get(str(item.get("@id")), item) for item in found]

    def article(self) -> Node:
        """The outermost schema.org node that describes the page's main text; empty if there is none."""
        return next((node for node in self.nodes if any(t.endswith(ARTICLE_ENDINGS) for t in types_of(node))), {})

    def article_types(self) -> tuple[str, ...]:
        """schema.org types (JSON-LD and microdata) and og:type, those of texts first, furniture left out."""
        found = [name for node in self.nodes for name in types_of(node)]
        below = (element for element in self._walk.carriers["itemtype"] if element is not self._walk.root)
        for element in islice(below, MAX_META):
            found += [name.rstrip("/").rsplit("/", 1)[-1][:60] for name in (element.get("itemtype") or "").split()]
        if self.meta("og:type"):
            found.append(f"og:{self.meta('og:type').lower()[:60]}")
        telling = [name for name in dict.fromkeys(found) if name not in _FURNITURE]
        return tuple(sorted(telling, key=lambda name: not name.endswith(ARTICLE_ENDINGS))[:MAX_TYPES])

    def publisher(self) -> str:
        """Who publishes the page by its own word."""
        article = self.article()
        named = texts(self.linked(article.get("publisher")), "name") + texts(article.get("sourceOrganization"), "name")
        names = named + self.all_meta(
            "publisher", "article:publisher", "dc.publisher", "citation_publisher", "dcterms.publisher"
        )
        for node in self.nodes:
            if set(types_of(node)) & {"Organization", "NewsMediaOrganization", "LocalBusiness", "Corporation"}:
                names += texts(node.get("name"))
        return next((name for name in names if not name.startswith(("http:", "https:"))), "")

    def site_name(self) -> str:
        """The name of the site that the page belongs to."""
        declared = self.meta(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone"
        )
        if declared:
            return declared
        sites = (name for node in self.nodes if "WebSite" in types_of(node) for name in texts(node.get("name")))
        return next(sites, "")

    def labels(self) -> tuple[str, ...]:
        """Sections, categories and tags that the page files itself under."""
        article = self.article()
        found = self.all_meta("article:section", "article:tag", "sailthru.tags", "parsely-section", "section")
        found += texts(article.get("articleSection"), "name") + texts(article.get("genre"), "name")
        for element in islice((one for one in self._walk.carriers["rel"] if one.tag == "a"), 4 * MAX_META):
            if {"tag", "category"} & set((element.get("rel") or "").lower().split()):
                found.append(
                    " ".join("".join(map(str, element.itertext())).split()) or unquote(element.get("href") or "")
                )
        labels = (label.strip(" #")[:60] for joined in found for label in joined.split(","))
        return tuple(dict.fromkeys(label for label in labels if label))[:MAX_LABELS]


def _is_whole(node: Node) -> bool:
    return isinstance(node.get("@id"), str) and len(node) > 1
