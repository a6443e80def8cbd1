"""Which signals a link need not be asked: two in three would look at little and find nothing."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from linkcrawler.vocabulary import Channel, Region
from pipelines.evidence.blank import Function, Trait, needs_of
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

Weights = tuple[tuple[Channel, float], ...]
Weighed = tuple[str, Function, Weights]
"""Name, function and weights of a signal."""
_ALWAYS = 1
_KNOWN = 1 << 14
"""Answers that are kept about targets, and about what scenes have."""


class Asking:
    """The signals by region, each with what it needs there."""

    def __init__(self, weighed: Iterable[Weighed], tables: Tables) -> None:
        self._tables = tables
        self._bits: dict[Trait, int] = {}
        self._by_region: dict[Region, list[tuple[int, Weighed]]] = {region: [] for region in Region}
        for signal in weighed:
            for region in Region:
                needs = needs_of(signal[1], region, tables)
                if needs is None:
                    self._by_region[region].append((_ALWAYS, signal))
                elif needs:
                    self._by_region[region].append((sum(map(self._bit_of, needs)), signal))
        self._phrases = {trait[1]: bit for trait, bit in self._bits.items() if trait[0] == "phrase"}
        self._markup = {trait[1]: bit for trait, bit in self._bits.items() if trait[0] == "markup"}
        self._marking = frozenset(self._markup)
        filled = {trait[1]: bit for trait, bit in self._bits.items() if trait[0] == "filled"}
        self._fields = _getter(filled)
        self._filled = tuple(filled.values())
        self._of_target = [(trait[1:], bit) for trait, bit in self._bits.items() if trait[0] == "target"]
        self._targets: dict[str, int] = {}
        self._asked: dict[tuple[Region, int], list[Weighed]] = {}

    def whom(self, scene: Scene) -> list[Weighed]:
        """The signals that may find something in the scene."""
        key = scene.region, self._traits(scene)
        asked = self._asked.get(key)
        if asked is None:
            if len(self._asked) >= _KNOWN:
                self._asked.clear()
            asked = self._asked[key] = [signal for needs, signal in self._by_region[key[0]] if needs & key[1]]
        return asked

    def _bit_of(self, trait: Trait) -> int:
        return self._bits.setdefault(trait, 2 << len(self._bits))

    def _traits(self, scene: Scene) -> int:
        has, phrases, markup = _ALWAYS | self._traits_of_target(scene), self._phrases, self._markup
        for hits in (
            scene.anchor, scene.lead, scene.tag, scene.near, scene.block, scene.heading, scene.owner, scene.title,
            scene.notice, scene.filed, scene.tail,
        ):  # fmt: skip
            for kind in hits:
                has |= phrases.get(kind, 0)
        for word in self._marking & scene.markup:
            has |= markup[word]
        for value, bit in zip(self._fields(scene), self._filled, strict=True):
            if value:
                has |= bit
        return has

    def _traits_of_target(self, scene: Scene) -> int:
        url = scene.placement.target_url
        has = self._targets.get(url)
        if has is None:
            if len(self._targets) >= _KNOWN:
                self._targets.clear()
            has = self._targets[url] = sum(bit for trait, bit in self._of_target if self._is_so(trait, scene))
        return has

    def _is_so(self, trait: Trait, scene: Scene) -> bool:
        table, method, *names = trait
        return bool(getattr(getattr(self._tables, table), method)(*(attrgetter(name)(scene) for name in names)))


def _getter(names: Iterable[str]) -> Callable[[Scene], tuple[object, ...]]:
    """``attrgetter`` of however many names: a fourth of the time that one for each takes."""
    wanted = tuple(names)
    if len(wanted) > 1:
        return attrgetter(*wanted)
    return lambda scene: tuple(attrgetter(name)(scene) for name in wanted)
