"""What is watched, for whom: from a command or a file, checked."""

from collections.abc import Iterable, Sequence

import msgspec

from linkcrawler.errors import UsageError
from linkcrawler.targets import parse_target
from pipelines.patterns.owning import site_named
from pipelines.stores.history import Watched

_EXAMPLE = '[[target]] with target = "example.org", project = "acme", owned = ["example.net"]'


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    target: str
    project: str = ""
    owned: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()


class _File(msgspec.Struct, forbid_unknown_fields=True):
    target: tuple[_Entry, ...]


def watched(
    target: str, project: str, owned: Iterable[str], brands: Iterable[str], competitors: Iterable[str]
) -> Watched:
    """Raises UsageError for what is no target, no site, or no name."""
    names = tuple(dict.fromkeys(" ".join(brand.split()) for brand in brands))
    if "" in names:
        raise UsageError("brand '': expected a name, such as --brand \"Example Ltd\"")
    return Watched(
        target=parse_target(target).spec,
        project=" ".join(project.split()),
        owned=tuple(sorted({site_named(site) for site in owned})),
        brands=names,
        competitors=tuple(dict.fromkeys(parse_target(one).spec for one in competitors)),
    )


def read_projects(content: bytes, name: str) -> Sequence[Watched]:
    """The targets of a TOML file. Raises UsageError naming the file for an unknown key or a bad value."""
    try:
        entries = msgspec.toml.decode(content, type=_File).target
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{name}: {error}; a right entry looks like: {_EXAMPLE}") from error
    return [watched(one.target, one.project, one.owned, one.brands, one.competitors) for one in entries]
