"""What a signal needs to find anything, read off the signal itself.

It is asked once per region about a blank scene, of which only the region is known: no phrase stands anywhere, no table
lists the target, the fields of :data:`_BLANK` are empty. If it finds nothing, then it looked at nothing else than what
is blank, and finds nothing in every scene where all that it looked at is so: signals are pure. If it wants to know
anything else, nothing is said of it, and it is asked always.
"""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import HostSet
from pipelines.evidence.scene import PHRASES, Scene
from pipelines.evidence.tables import Tables

Function = Callable[[Scene, Tables], str | None]
Trait = tuple[str, ...]
"""Something that a scene may have: ``phrase KIND``, ``markup WORD``, ``filled FIELD``,
``target TABLE METHOD FIELD...``."""

_BLANK: dict[str, object] = {
    "query": {},
    "same_site": False,
    "placement.rel": (),
    "placement.via": (),
    "placement.image": False,
    "placement.hidden": False,
    "placement.context.sentence": "",
    "placement.context.owner": "",
    "placement.context.within": (),
    "page.author": "",
    "page.author_urls": (),
    "page.article_types": (),
    "page.copyright": "",
    "page.publisher": "",
    "page.site_name": "",
    "page.engine": "",
}
"""Fields that are empty on many pages, as they are then."""
_OF_TARGET = ("host", "path", "placement.target_url")
"""Fields that tables are asked about; they follow from the target's address alone."""


def needs_of(function: Function, region: Region, tables: Tables) -> frozenset[Trait] | None:
    """Traits of which a scene of this region must have one for the signal to find anything; None: it is not known."""
    looked_at: set[Trait] = set()
    try:
        found = function(_BlankScene(region, looked_at), _BlankTables(tables, looked_at))  # type: ignore[arg-type]
    except (_WantsMore, TypeError, AttributeError):  # the latter where a blank is no text, or has no such method
        return None
    return frozenset(looked_at) if found is None else None


class _WantsMore(Exception):
    """A signal looked at something that is not blank."""


def _refuse(*_: object) -> NoReturn:
    raise _WantsMore


class _Field:
    """Of the target, unknown: it may be handed to a table and nothing else."""

    __slots__ = ("name",)
    __hash__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __len__ = __iter__ = _refuse
    __contains__ = __getitem__ = __add__ = __radd__ = __str__ = __format__ = __getattr__ = _refuse

    def __init__(self, name: str) -> None:
        self.name = name


class _NoPhrases:
    """Hits of a text in which nothing stands."""

    __iter__ = __len__ = __bool__ = __eq__ = _refuse
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, looked_at: set[Trait]) -> None:
        self._looked_at = looked_at

    def __contains__(self, kind: str) -> bool:
        self._looked_at.add(("phrase", kind))
        return False

    def get(self, kind: str, default: str | None = None) -> str | None:
        self._looked_at.add(("phrase", kind))
        return default


class _NoMarkup:
    """Markup that has none of the words that somebody looks for."""

    __iter__ = __len__ = __bool__ = __eq__ = __contains__ = _refuse
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, looked_at: set[Trait]) -> None:
        self._looked_at = looked_at

    def __and__(self, words: Iterable[str]) -> frozenset[str]:
        self._looked_at.update(("markup", word) for word in words)
        return frozenset()

    __rand__ = __and__

    def __ge__(self, words: Iterable[str]) -> bool:
        wanted = frozenset(words)
        self._looked_at.update(("markup", word) for word in wanted)
        return not wanted


class _BlankScene:
    """A scene of a region, or a part of one, of which nothing else is known."""

    def __init__(self, region: Region, looked_at: set[Trait], within: str = "") -> None:
        self._region = region
        self._looked_at = looked_at
        self._within = within

    def __getattr__(self, name: str) -> Any:
        name = self._within + name
        if name in ("region", "placement.region"):
            return self._region
        if name in ("page", "placement", "placement.context"):
            return _BlankScene(self._region, self._looked_at, f"{name}.")
        if name in PHRASES:
            return _NoPhrases(self._looked_at)
        if name in ("markup", "close"):
            return _NoMarkup(self._looked_at)
        if name in _OF_TARGET:
            return _Field(name)
        if name not in _BLANK:
            raise _WantsMore
        self._looked_at.add(("filled", name))
        return _BLANK[name]


class _BlankTable:
    """A table or a pattern that lists no target."""

    __iter__ = __len__ = __bool__ = __eq__ = __contains__ = _refuse
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str, table: object, looked_at: set[Trait]) -> None:
        self._name = name
        self._table = table
        self._looked_at = looked_at

    def match(self, *given: object) -> object:
        return self._answer("match", given)

    def search(self, *given: object) -> object:
        return self._answer("search", given)

    def _answer(self, method: str, given: tuple[object, ...]) -> object:
        names = [one.name for one in given if isinstance(one, _Field)]
        if not names:
            return getattr(self._table, method)(*given)
        if len(names) < len(given):
            raise _WantsMore
        self._looked_at.add(("target", self._name, method, *names))
        return "" if isinstance(self._table, HostSet) else None


class _BlankTables:
    """Tables of which none lists the target."""

    def __init__(self, tables: Tables, looked_at: set[Trait]) -> None:
        self._tables = tables
        self._looked_at = looked_at

    def __getattr__(self, name: str) -> _BlankTable:
        return _BlankTable(name, getattr(self._tables, name), self._looked_at)

    def is_platform(self, host: object) -> bool:
        return Tables.is_platform(self, host)  # type: ignore[arg-type]
