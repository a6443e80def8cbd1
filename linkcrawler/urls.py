"""Canonical URLs and identities. Every part that compares two addresses does it through here."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, unquote_to_bytes, urljoin, urlsplit

import idna
from w3lib.url import canonicalize_url

from linkcrawler.vocabulary import Refusal

MAX_URL_CHARS = 2083
"""Longest address that is followed or stored (the limit of old browsers, and Scrapy's URLLENGTH_LIMIT)."""

_STRIPPED = re.compile(r"[\t\n\r]")
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HTTP = re.compile(r"(https?):(/*)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_.-]*[a-z0-9_-][a-z0-9_.-]*\Z")

# Addresses whose canonical form needs no general parser. Possessive quantifiers: matching takes linear time.
_ESCAPED = r"%(?:2[02F]|3[CEF]|[89A-F][0-9A-F])"
_PATH_CHARS = rf"(?:[A-Za-z0-9!$&'()*+,./:;=@_~\x80-\U0010ffff-]++|{_ESCAPED})*+"
_PLAIN = re.compile(
    r"((?:https?:)?//[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)*+(?=[/?#]|\Z))?"
    r"((?:\.\./)*+)"
    rf"(/{_PATH_CHARS}|[A-Za-z0-9_\x80-\U0010ffff-][A-Za-z0-9_.~\x80-\U0010ffff-]*+(?:/{_PATH_CHARS})?)?"
    r"(\?[^#\x00-\x1f\x7f\\]*+)?"
    r"(#.*)?",
    re.DOTALL,
)
_CANONICAL = re.compile(
    r"(?:https?://[a-z0-9_-]++(?:\.[a-z0-9_-]++)++|(?!//))(?:/(?!\.)[A-Za-z0-9!$&'()*+,.:;=@_~-]*+)++(?<!;)"
    r"(?:\?[A-Za-z0-9_.~-]++=[A-Za-z0-9_.~-]*+)?"
)
"""A canonical address, or one without scheme and host."""
_PLAIN_HOST = re.compile(r"https?://([a-z0-9_.-]*[a-z0-9_-])(?=[/?#]|\Z)")
"""What needs no general parser to be cut out (0.4 us, else 6)."""
MAX_GENERAL = 3000
"""Addresses of one page that get the general parser (0.2 s); real pages need it for some 20."""
_SHORT = 1024
"""Longest href that becomes no too long address, whatever the base address."""
_PLAIN_ARGUMENTS = re.compile(r"\?[A-Za-z0-9_.~-]++=[A-Za-z0-9_.~-]*+(?:&[A-Za-z0-9_.~-]++=[A-Za-z0-9_.~-]*+)*+")
_ESCAPED_ARGUMENT = re.compile(
    r"[A-Za-z0-9_.~-]++=(?:[A-Za-z0-9_.~+-]++|%(?:[01][0-9A-F]|2[1-9A-CF]|3[A-F]|40|5[BCDE]|60|7[BCDF]|[89A-F][0-9A-F]))*+"
)
"""One argument that is written as forms escape it."""
_PATH_SAFE = "!$%&'()*+,./:;=@_~-"


def join(base: str, href: str) -> str | None:
    """The absolute http(s) address that a browser would make of ``href``; None if it makes none."""
    if href[:1] == "h" and _CANONICAL.fullmatch(href):
        return href
    try:
        text = _as_browsers_read(base, href)
        if text[:1] == "?" and text[1:2] in ("", "#"):
            # An empty query replaces that of the base address; urljoin takes it for none.
            base = base.partition("#")[0].partition("?")[0]
        url = urljoin(base, text)
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _as_browsers_read(base: str, href: str) -> str:
    """``href`` without what the URL standard drops: control characters, backslashes for slashes, odd slash counts."""
    text = _STRIPPED.sub("", href).strip(_C0_AND_SPACE)
    if "\\" in text and (not (scheme := _SCHEME.match(text)) or scheme[0].lower() in ("http:", "https:")):
        cut = min((at for at in (text.find("?"), text.find("#")) if at >= 0), default=len(text))
        text = text[:cut].replace("\\", "/") + text[cut:]
    if (http := _HTTP.match(text)) and http[2] != "//":
        if len(http[2]) > 2 or not base.startswith(http[1].lower() + ":"):
            return f"{http[1].lower()}://{text[http.end() :]}"
        return text[http.start(2) :]
    return text


@lru_cache(maxsize=1 << 14)
def canonicalize(url: str) -> str | None:
    """The one form under which an address is known: w3lib's rules, no user, no fragment; None if it is malformed.

    >>> canonicalize("HTTP://Example.org:80/a b?z=1&a=2#top")
    'http://example.org/a%20b?a=2&z=1'
    """
    if url[:1] == "h" and _CANONICAL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    keep_port = port is not None and port != {"http": 80, "https": 443}[parts.scheme]
    netloc = f"{host}:{port}" if keep_port else host
    try:
        return str(canonicalize_url(parts._replace(netloc=netloc, fragment="").geturl()))
    except (ValueError, UnicodeError):
        return None


@lru_cache(maxsize=1 << 14)
def _ascii_host(host: str) -> str:
    """Lower-case ASCII form of a host, as browsers send it; empty if they would refuse it."""
    if ":" in host:
        return f"[{host}]"
    text = unquote(host, errors="strict") if "%" in host else host
    if not text.isascii():
        try:
            text = idna.encode(text, uts46=True, transitional=False).decode()
        except UnicodeError:
            # Names that UTS 46 calls invalid are still looked up by browsers under the older mapping (IDNA 2003).
            text = text.encode("idna").decode()
    text = text.lower().rstrip(".")
    return text if _HOST.match(text) else ""


class Base:
    """The base address of one page, ready to resolve its many links.

    Nine in ten of the links of real pages take the short way, which needs no general URL parser (0.9 us, else 40 us).
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._general = 0
        self._known: dict[str, str | Refusal] = {}
        self._canonical = canonicalize(url) or url
        scheme, _, rest = self._canonical.partition("://")
        host, _, path = rest.partition("/")
        self._scheme = f"{scheme}:"
        self._origin = f"{scheme}://{host}"
        self._path = f"/{path.partition('?')[0]}"
        self._folders = self._path.split("/")[1:-1]
        # Against a base address in another form than the canonical one only rooted paths are plain.
        self._plain = self._canonical == url and "" not in self._folders

    def resolve(self, href: str) -> str | Refusal:
        """Canonical address that ``href`` names, or why it names none. What was asked before is remembered."""
        known = self._known.get(href)
        if known is None:
            known = self._known[href] = self._resolved(href)
        return known

    def _resolved(self, href: str) -> str | Refusal:
        text = href.strip(_C0_AND_SPACE)
        plain = _PLAIN.fullmatch(text)
        url = self._of_plain(plain) if plain else None
        if url is None:
            if len(href) > 2 * MAX_URL_CHARS:
                return Refusal.TOO_LONG
            scheme = None if plain else _SCHEME.match(text)
            if scheme and scheme[0].lower() not in ("http:", "https:"):
                return Refusal.NOT_HTTP
            self._general += 1
            if self._general > MAX_GENERAL:
                return Refusal.BUDGET
            joined = join(self.url, href)
            if joined is None:
                return _why_none(href)
            url = canonicalize(joined)
            if url is None:
                return Refusal.MALFORMED
        return url if len(url) <= MAX_URL_CHARS else Refusal.TOO_LONG

    def resolve_all(self, hrefs: Iterable[str]) -> list[str | Refusal]:
        """What :meth:`resolve` says of each."""
        matches, origin, resolve = _CANONICAL.fullmatch, self._origin, self.resolve
        return [
            (href if href[0] == "h" else origin + href) if matches(href) and len(href) <= _SHORT else resolve(href)
            for href in hrefs
        ]

    def _of_plain(self, plain: re.Match[str]) -> str | None:
        origin, up, path, query, _ = plain.groups()
        if origin:
            origin = origin.lower()
            if origin[0] == "/":
                origin = self._scheme + origin
            if up or (path and path[0] != "/"):
                return None
            path = path or "/"
        elif path and path[0] == "/":
            if up or path.startswith("//"):
                return None
        elif not (path or up or query):
            # An empty address or a bare fragment: the page itself. In what is no address the general way finds out why.
            return self._canonical if canonicalize(self._canonical) == self._canonical else None
        elif not self._plain:
            return None
        elif path or up:
            path = self._below(up.count("/"), path or "")
        else:
            path = self._path
        # Empty path parameters ("/a;") are dropped, which the general way does.
        if "/." in path or path.endswith(";"):
            return None
        if not path.isascii():
            path = quote(path, _PATH_SAFE)
        if query:
            query = _canonical_query(query)
        return f"{origin or self._origin}{path}{query or ''}"

    def _below(self, up: int, path: str) -> str:
        """``path`` below the folder that is ``up`` levels above that of the base address."""
        if "//" in path:
            return "/."
        folders = self._folders[: len(self._folders) - up] if up < len(self._folders) else []
        return "/".join(("", *folders, path))


def resolve(base: str, href: str) -> str | Refusal:
    """Canonical address that ``href`` names on a page whose base address is ``base``, or why it names none."""
    return Base(base).resolve(href)


def _canonical_query(query: str) -> str:
    """Arguments in order, escaped as forms do: what w3lib makes of a query."""
    if _PLAIN_ARGUMENTS.fullmatch(query):
        if "&" not in query:
            return query
        arguments = [argument.split("=") for argument in query[1:].split("&")]
        arguments.sort()
        return "?" + "&".join(map("=".join, arguments))
    decoded = sorted([_argument(text) for text in query[1:].split("&") if text])
    return "?" + "&".join([text for _, _, text in decoded]) if decoded else ""


@lru_cache(maxsize=1 << 12)
def _argument(text: str) -> tuple[bytes, bytes, str]:
    """Name and value of one argument as bytes, and its escaped form."""
    name, _, value = text.partition("=")
    if _ESCAPED_ARGUMENT.fullmatch(text):
        raw = unquote_to_bytes(value.replace("+", " ")) if "%" in value or "+" in value else value.encode()
        return name.encode(), raw, text
    raw_name, raw_value = unquote_to_bytes(name.replace("+", " ")), unquote_to_bytes(value.replace("+", " "))
    return raw_name, raw_value, f"{quote_plus(raw_name)}={quote_plus(raw_value)}"


def _why_none(href: str) -> Refusal:
    text = _STRIPPED.sub("", href).strip(_C0_AND_SPACE)
    return Refusal.NOT_HTTP if _SCHEME.match(text) and not _HTTP.match(text) else Refusal.MALFORMED


def spelling(base: str, href: str, canonical: str) -> str:
    """The address to ask for when following ``href``, without fragment; empty if it is the canonical one.

    Scheme and authority are the canonical ones: which host is asked, and as whom, is not for a page's spelling to say.
    """
    if href in (canonical, canonical[canonical.find("/", 8) :]):
        return ""
    parts = urlsplit((join(base, href) or "").partition("#")[0])
    authority = "/".join(canonical.split("/", 3)[:3])
    url = authority + parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
    return "" if url == canonical or len(url) > MAX_URL_CHARS else url


def host_of(url: str) -> str:
    """Host of an address, lower case, without port; empty if there is none."""
    if plain := _PLAIN_HOST.match(url):
        return plain[1]
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def digest(*parts: str) -> str:
    """16 hex digits that name the parts, the same on every machine and in every run."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def link_id(source_url: str, target_url: str) -> str:
    """Identity of a link. Both addresses are canonical."""
    return digest(source_url, target_url)
