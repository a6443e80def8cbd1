"""What cuts the tags of a page: the patterns, and the same compiled where there was a compiler."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from linkcrawler.capture import tags

NO_COMPILER = "linkcrawler was installed where no C compiler was found"

Cutter = Callable[[bytes, Callable[[bytes], str]], tags.Cut | None]
CUTTERS: dict[str, Cutter] = {"patterns": tags.cut}
if find_spec("linkcrawler.capture._tags"):
    CUTTERS["compiled"] = import_module("linkcrawler.capture._tags").cut


def bare(written: bytes) -> str:
    """What an attribute says that is written so, references left as they are."""
    return (written[1:-1] if written[:1] in (b'"', b"'") else written).decode()
