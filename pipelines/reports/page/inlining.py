"""Makes a drawn SVG document part of an HTML page: no ids that could meet others, no styles, a name for readers."""

import re
from typing import Any

from lxml import etree

from linkcrawler.urls import digest

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([\w.-]+)\)")
_DROPPED = (f"{_SVG}metadata", f"{_SVG}style")
_FONTS = "system-ui, sans-serif"


def inline_svg(document: bytes, title: str) -> str:
    """The ``svg`` element, as wide as its place, with presentation attributes instead of styles.

    Content security policies without inline styles let such a drawing pass, and the style sheet of one drawing cannot
    reach another or the page.
    """
    root: Any = etree.fromstring(document)
    for element in list(root.iter(*_DROPPED)):
        element.getparent().remove(element)
    names = {name: f"c{digest(title, name)[:10]}" for name in sorted(_referenced(root))}
    for element in root.iter():
        _clean(element, names)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    for name, value in (("role", "img"), ("aria-label", title), ("stroke-linejoin", "round")):
        root.set(name, value)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _referenced(root: Any) -> set[str]:
    found = set[str]()
    for element in root.iter():
        for name, value in element.attrib.items():
            found.update(_REFERENCE.findall(value))
            if name == _HREF:
                found.add(value.removeprefix("#"))
    return found


def _clean(element: Any, names: dict[str, str]) -> None:
    for declaration in element.attrib.pop("style", "").split(";"):
        prop, colon, value = declaration.partition(":")
        if colon:
            element.set(prop.strip(), _FONTS if prop.strip() == "font-family" else value.strip())
    name = element.attrib.pop("id", None)
    if name in names:
        element.set("id", names[name])
    reference = element.attrib.pop(_HREF, None)
    if reference is not None:
        element.set("href", f"#{names[reference.removeprefix('#')]}")
    for attribute, value in list(element.attrib.items()):
        if "url(#" in value:
            element.set(attribute, _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", value))
