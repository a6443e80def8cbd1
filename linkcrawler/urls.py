"""Canonical URLs, registered domains, identities. Every part that compares two addresses does it through here."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

import idna
import tldextract
from w3lib.url import canonicalize_url

from linkcrawler.vocabulary import Refusal

# The list that ships with tldextract: no download, the same answer on every machine of a cluster.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_hosting_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

MAX_URL_CHARS = 2083
"""Longest address that is followed or stored (the limit of old browsers, and Scrapy's URLLENGTH_LIMIT)."""

_STRIPPED = re.compile(r"[\t\n\r]")
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HTTP = re.compile(r"(https?):(/*)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_.-]*[a-z0-9_-][a-z0-9_.-]*\Z")

# What w3lib's canonical form leaves as it is. Possessive quantifiers: a match takes time linear in the address.
_PATH_CHARS = r"(?:[A-Za-z0-9!$&'()*+,./:;=@\[\]|_~-]++|%(?:2[02F]|3[CEF]|[89A-F][0-9A-F]))*+"
_ARGUMENT_CHARS = r"(?:[A-Za-z0-9+._~-]++|%(?:2[1-46-9A-CF]|3[A-F]|40|[89A-F][0-9A-F]))"
_ARGUMENT = rf"{_ARGUMENT_CHARS}++={_ARGUMENT_CHARS}*+"
_PLAIN = re.compile(
    r"(https?://[a-z0-9_-]++(?:\.[a-z0-9_-]++)++)?"
    rf"(/{_PATH_CHARS}|[A-Za-z0-9_-][A-Za-z0-9_.~-]*+(?:/{_PATH_CHARS})?)?"
    rf"(\?{_ARGUMENT}(?:&{_ARGUMENT})*+)?"
    r"(#.*)?",
    re.DOTALL,
)

def join(base: str, href: str) -> str | None:
    """The absolute http(s) address that a browser would make of ``href``; None if it makes none."""
    try:
        url = urljoin(base, _as_browsers_read(base, href))
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


@lru_cache(maxsize=1 << 16)
def canonicalize(url: str) -> str | None:
    """The one form under which an address is known: w3lib's rules, no user, no fragment; None if it is malformed.

    >>> canonicalize("HTTP://Example.org:80/a b?z=1&a=2#top")
    'http://example.org/a%20b?a=2&z=1'
    """
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
    """The base address of a page, ready to resolve its many links.

    Nine in ten of the links of real pages take the short way, which needs no general URL parser (0.9 us, else 40 us).
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._canonical = canonicalize(url) or url
        scheme, _, rest = self._canonical.partition("://")
        host, _, path = rest.partition("/")
        self._origin = f"{scheme}://{host}"
        self._folder = f"{self._origin}/{path.partition('?')[0].rpartition('/')[0]}".rstrip("/") + "/"
        # Of a base address in another form than the canonical one only the origin can be relied on.
        self._plain_folder = self._canonical == url and "//" not in path

    def resolve(self, href: str) -> str | Refusal:
        """Canonical address that ``href`` names, or why it names none."""
        plain = _PLAIN.fullmatch(href)
        url = self._of_plain(plain) if plain else None
        if url is None:
            if len(href) > 2 * MAX_URL_CHARS:
                return Refusal.TOO_LONG
            scheme = None if plain else _SCHEME.match(href)
            if scheme and scheme[0].lower() not in ("http:", "https:"):
                return Refusal.NOT_HTTP
            joined = join(self._url, href)
            if joined is None:
                return _why_none(href)
            url = canonicalize(joined)
            if url is None:
                return Refusal.MALFORMED
        return url if len(url) <= MAX_URL_CHARS else Refusal.TOO_LONG

    def _of_plain(self, plain: re.Match[str]) -> str | None:
        origin, path, query, _ = plain.groups()
        if path:
            if "/." in path:
                return None
            if path[0] != "/":
                if origin or not self._plain_folder:
                    return None
                path = self._folder[len(self._origin) :] + path
            elif path.startswith("//") and not origin:
                return None
        elif origin:
            path = "/"
        else:
            return None if query or not plain.string.startswith("#") else self._canonical
        if query and "&" in query and not (query := _sorted_arguments(query)):
            return None
        return f"{origin or self._origin}{path}{query or ''}"


def resolve(base: str, href: str) -> str | Refusal:
    """Canonical address that ``href`` names on a page whose base address is ``base``, or why it names none."""
    return _base(base).resolve(href)


@lru_cache(maxsize=64)
def _base(url: str) -> Base:
    return Base(url)


def _sorted_arguments(query: str) -> str:
    """Plain arguments in canonical order; empty if only decoding them would tell it."""
    arguments = [argument.split("=") for argument in query[1:].split("&")]
    if len({name for name, _ in arguments}) < len(arguments) and ("%" in query or "+" in query):
        return ""
    if any("%" in name or "+" in name for name, _ in arguments):
        return ""
    arguments.sort()
    return "?" + "&".join(map("=".join, arguments))


def _why_none(href: str) -> Refusal:
    text = _STRIPPED.sub("", href).strip(_C0_AND_SPACE)
    return Refusal.NOT_HTTP if _SCHEME.match(text) and not _HTTP.match(text) else Refusal.MALFORMED


def spelling(base: str, href: str, canonical: str) -> str:
    """The address to ask for when following ``href``, without fragment; empty if it is the canonical one."""
    url = (join(base, href) or "").partition("#")[0]
    return "" if url == canonical else url


def host_of(url: str) -> str:
    """Host of an address, lower case, without port; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=1 << 16)
def registered_domain(host: str) -> str:
    """The domain that someone registered (public suffix plus one label); the host itself where there is none.

    >>> registered_domain("www.news.example.co.uk")
    'example.co.uk'
    """
    return _suffixes(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=1 << 16)
def site_of(host: str) -> str:
    """Like :func:`registered_domain`, but tells users of one hosting platform apart (``me.github.io``)."""
    return _hosting_suffixes(host).top_domain_under_public_suffix or host


def domain_of(url: str) -> str:
    """Registered domain of an address."""
    return registered_domain(host_of(url))


def digest(*parts: str) -> str:
    """16 hex digits that name the parts, the same on every machine and in every run."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def link_id(source_url: str, target_url: str) -> str:
    """Identity of a link. Both addresses are canonical."""
    return digest(source_url, target_url)
