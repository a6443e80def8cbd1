"""Which sites link to some targets and not to others."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linkcrawler.errors import UsageError
from pipelines.stores.link_filter import UNCLASSIFIED, LinkFilter
from pipelines.stores.protocol import Store

LEAST = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """One source domain."""

    source_domain: str
    targets: Mapping[str, Mapping[str, int]]
    """Each target to modes (``unclassified`` without a verdict) to the number of links; empty if there is none."""

    @property
    def linked(self) -> tuple[str, ...]:
        return tuple(target for target, modes in self.targets.items() if modes)


async def compare(store: Store, targets: Sequence[str], where: LinkFilter) -> list[Compared]:
    """The source domains that link to any of the targets, most targets first, then by name.

    ``where`` says which links count; its target is not looked at. Memory grows with the source domains. UsageError for
    fewer than two targets, or one that no link was stored for.
    """
    if len(set(targets)) < LEAST:
        raise UsageError(f"{len(set(targets))} target given: expected two at least, --target a.org --target b.org")
    known = await store.targets()
    for target in targets:
        if target not in known:
            raise UsageError(f"no link to {target!r} is stored; targets of this store: {', '.join(known) or 'none'}")
    found: dict[str, dict[str, dict[str, int]]] = {}
    for target in targets:
        counts = await store.count_by(replace(where, target=target), ("source_domain", "mode"))
        for (domain, mode), count in sorted(counts):
            modes = found.setdefault(domain, {name: {} for name in targets})[target]
            modes[mode or UNCLASSIFIED] = count
    rows = [Compared(domain, by_target) for domain, by_target in found.items()]
    return sorted(rows, key=lambda row: (-len(row.linked), row.source_domain))


def linking(rows: Sequence[Compared], to: Collection[str], not_to: Collection[str]) -> Iterator[Compared]:
    """The rows that link to all of ``to`` and to none of ``not_to``."""
    for row in rows:
        linked = set(row.linked)
        if linked >= set(to) and not linked & set(not_to):
            yield row


def combinations(rows: Sequence[Compared]) -> list[tuple[tuple[str, ...], int]]:
    """How many source domains link to exactly which targets, most targets first."""
    counts: dict[tuple[str, ...], int] = {}
    for row in rows:
        counts[row.linked] = counts.get(row.linked, 0) + 1
    return sorted(counts.items(), key=lambda entry: (-len(entry[0]), entry[0]))
