"""Ways to spoil a page, from a flipped byte to ten thousand open elements. Each takes a random source and the bytes."""

from collections.abc import Callable
from random import Random

Mutation = Callable[[Random, bytes, bytes], bytes]
"""Random source, the page, a link to the target that may be worked in."""

_OPENERS = (
    b"<div>", b"<b>", b"<table><tr><td>", b"<ul><li>", b"<a href=x>", b"<blockquote>", b"<span class=c>", b"<svg>",
)  # fmt: skip
_CHARSETS = (
    b"utf-16", b"utf-7", b"iso-2022-jp", b"gb2312", b"euc-kr", b"windows-1251", b"x-user-defined", b"none", b"cp037",
)  # fmt: skip
_HREFS = (
    b"http://[::1", b"//", b"http://", b"https:\\\\host\\x", b"http://a:b@c:99999/", b"\t\nhttp://x.y/\0", b"&#x0;",
    b"http://%zz/", b"javascript:/*", b"http://xn--/", b"http://\xf0\x9f\x92\xa9.la/", b"?&&=&", b"../" * 400,
    b"x:" * 300, b"%",
)  # fmt: skip


def flip(random: Random, page: bytes, link: bytes) -> bytes:
    changed = bytearray(page)
    for _ in range(random.randint(1, 200)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def cut(random: Random, page: bytes, link: bytes) -> bytes:
    return page[: random.randint(0, len(page))]


def lose_slice(random: Random, page: bytes, link: bytes) -> bytes:
    start = random.randint(0, len(page))
    return page[:start] + page[start + random.randint(0, 2000) :]


def repeat_slice(random: Random, page: bytes, link: bytes) -> bytes:
    start = random.randint(0, len(page))
    piece = page[start : start + random.randint(1, 3000)]
    return page[:start] + piece * random.randint(2, 100) + page[start:]


def lose_closing_tags(random: Random, page: bytes, link: bytes) -> bytes:
    return page.replace(random.choice((b"</div>", b"</a>", b"</p>", b"</script>", b"</title>", b"-->", b"</")), b"")


def nest(random: Random, page: bytes, link: bytes) -> bytes:
    at = random.randint(0, len(page))
    opener = random.choice(_OPENERS) * random.randint(10, 10_000)
    return page[:at] + opener + link + page[at:]


def recode(random: Random, page: bytes, link: bytes) -> bytes:
    encoding = random.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "gb18030", "cp037", "iso2022_jp", "utf-7"))
    return page.decode("utf-8", "replace").encode(encoding, "replace")


def declare_wrongly(random: Random, page: bytes, link: bytes) -> bytes:
    return b'<meta charset="%s">' % random.choice(_CHARSETS) + page


def nulls(random: Random, page: bytes, link: bytes) -> bytes:
    noise = random.choice((b"\0", b"\x0b", b"\x1b$B", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae"))
    at = random.randint(0, len(page))
    return page[:at] + noise * random.randint(1, 5000) + page[at:].replace(b" ", noise, random.randint(0, 50))


def huge_attribute(random: Random, page: bytes, link: bytes) -> bytes:
    at = max(page.find(b"<", random.randint(0, len(page))), 0)
    name = random.choice((b"class", b"href", b"style", b"alt", b"id", b"content"))
    return page[:at] + b"<div %s='%s'>" % (name, b"x y-" * random.randint(1000, 200_000)) + link + page[at:]


def long_line(random: Random, page: bytes, link: bytes) -> bytes:
    word = random.choice((b"word ", b"x", b"a. ", b"\xe4\xb8\xad", b"&amp;", b"&#8203;", b". . ", b"<"))
    filler = word * random.randint(1000, 200_000)
    return page.replace(b"</body>", filler + link + filler + b"</body>")


def many_links(random: Random, page: bytes, link: bytes) -> bytes:
    href = random.choice((b"/p?%d", b"http://h%d.example/", b"#%d", b"?b=%d&a=%%zz", b"//h/%d%%C3%%A9"))
    links = b"".join(b"<a href='" + href % number + b"'>n</a>" for number in range(random.randint(100, 20_000)))
    return page.replace(b"</body>", links + link + b"</body>")


def many_target_links(random: Random, page: bytes, link: bytes) -> bytes:
    return page.replace(b"</body>", link * random.randint(100, 8000) + b"</body>")


def entity_bomb(random: Random, page: bytes, link: bytes) -> bytes:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]>" + b"&e11;" * 50 + page


def xml(random: Random, page: bytes, link: bytes) -> bytes:
    head = random.choice((b"", b'<!DOCTYPE html SYSTEM "file:///etc/passwd">', b"<rss><channel><item>", b"<![CDATA["))
    return b'<?xml version="1.0" encoding="UTF-16"?>' + head + page


def deep_json(random: Random, page: bytes, link: bytes) -> bytes:
    opener = random.choice((b"[", b'{"a":', b'{"sameAs":['))
    script = b'<script type="application/ld+json">' + opener * random.randint(10, 100_000) + b"</script>"
    return script + page


def odd_href(random: Random, page: bytes, link: bytes) -> bytes:
    pieces = page.split(b'href="', random.randint(1, 30))
    return (b'href="' + random.choice(_HREFS)).join(pieces)


def other_base(random: Random, page: bytes, link: bytes) -> bytes:
    base = b"<base href='%s'>" % random.choice((*_HREFS, b"https://other.example/a/b?c", b""))
    at = random.randint(0, len(page))
    return page[:at] + base + page[at:]


def hide(random: Random, page: bytes, link: bytes) -> bytes:
    hidden = b"<div hidden>" * random.randint(1, 300) + link + b"</div>" * 100
    return page.replace(b"</body>", hidden * random.randint(1, 30) + b"</body>")


MUTATIONS: tuple[Mutation, ...] = (
    flip, cut, lose_slice, repeat_slice, lose_closing_tags, nest, recode, declare_wrongly, nulls, huge_attribute,
    long_line, many_links, many_target_links, entity_bomb, xml, deep_json, odd_href, other_base, hide,
)  # fmt: skip


def spoil(random: Random, page: bytes, link: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The page after one to three mutations, and their names."""
    chosen = [random.choice(MUTATIONS) for _ in range(random.choice((1, 1, 2, 3)))]
    for mutation in chosen:
        page = mutation(random, page, link)[:3_000_000]
    return page, tuple(mutation.__name__ for mutation in chosen)
