"""Bytes of a page to clean UTF-8, the only thing that the parser ever sees.

Decoding happens here and not in the parser, because libxml2 believes whatever charset a page declares and may then
stop at the first byte that does not fit.
"""

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096
_PIECE = 1 << 14

# The encoding standard reads these labels as their Windows supersets, and so do browsers.
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "euc_kr": "cp949", "shift_jis": "cp932", "iso8859-8": "cp1255", "tis-620": "cp874", "iso8859-11": "cp874",
    "big5": "big5hkscs",
}  # fmt: skip

_NOT_OF_PAGES = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})
"""Codecs of Python that no browser knows; punycode takes quadratic time."""

_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
"""In a meta element these cannot be true, because the element could be read."""

_ESCAPED = ("iso2022", "hz")
"""Encodings that look like ASCII with escape characters."""


def to_utf8(body: bytes, charset: str | None = None) -> bytes:
    """``body`` as valid UTF-8 without byte order mark: by BOM, then ``charset`` of the header, then the page's meta.

    Bytes that are valid UTF-8 are taken as such whatever is declared, unless they are pure ASCII in an escaped
    encoding: text in another encoding is practically never valid UTF-8 by chance. Undecodable bytes become U+FFFD.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :] if name == "utf-8" and _is_utf8(body) else _transcode(body[len(bom) :], name)
    named = _known(charset)
    if named and named.startswith(_WIDE):
        return _transcode(body, named)
    if b"\x1b" in body and (escaped := named or _declared(body)) and escaped.startswith(_ESCAPED):
        return _transcode(body, escaped)
    if _is_utf8(body):
        return body
    return _transcode(body, named or _declared(body) or "cp1252")


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    view, at = memoryview(body), 0
    try:
        # In pieces that stay in the processor's cache: no second copy of the page, and a third less time.
        while at < len(body):
            at += codecs.utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= len(body))[1]
    except UnicodeDecodeError:
        return False
    return True


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body, 0, _DECLARATION_BYTES)
    name = _known(found[1].decode("ascii")) if found else None
    return None if name and name.startswith(_WIDE) else name


def _known(label: str | None) -> str | None:
    if not label:
        return None
    try:
        info = codecs.lookup(label.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name in _NOT_OF_PAGES:
        return None
    return _SUPERSETS.get(info.name, info.name)


def _transcode(body: bytes, encoding: str) -> bytes:
    # An odd byte at the end of UTF-16, or a codec's own bug on random bytes, must not cost the page.
    try:
        text = body.decode(encoding, "replace")
    except (UnicodeError, ValueError):
        text = body.decode("cp1252", "replace")
    return text.encode("utf-8", "replace")
