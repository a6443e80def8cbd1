"""Synthetic webs with what makes focus possible, in degrees: topical locality, sections, places on a page.

A world without any of it (``locality=0, sections=0``) is there to show what focus costs where nothing can be learned.
"""

import random
from dataclasses import dataclass

SECTIONS = ("news", "blog", "articles", "science", "culture", "reviews", "resources", "links", "tech", "archive")
WORDS = ("alder", "amber", "basin", "cedar", "delta", "ember", "fern", "grove", "heron", "iris", "jade", "larch")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a world is like."""

    hosts: int = 800
    pages: int = 24_000
    skew: float = 0.8
    """Zipf exponent of host sizes."""
    linking: float = 0.03
    """Share of hosts with linking pages."""
    density: float = 0.2
    """Share of linking pages on such a host, in all."""
    locality: float = 0.8
    """Share of external links, and of linking hosts, that follow the topic; the rest is spread evenly."""
    width: float = 0.04
    """How far a topic reaches, on a ring of length 1."""
    sections: float = 0.8
    """Share of a host's linking pages that stand in one section of it."""


@dataclass(frozen=True)
class Link:
    page: int
    trail: str
    anchor: str


class World:
    """Pages by number. ``links(page)`` is the same whenever it is asked."""

    def __init__(self, shape: Shape, seed: int) -> None:
        chance = random.Random(seed)
        self._seed, self.shape = seed, shape
        self.topics = [chance.random() for _ in range(shape.hosts)]
        weights = [1 / (rank + 1) ** shape.skew for rank in range(shape.hosts)]
        chance.shuffle(weights)
        counts = [max(3, round(shape.pages * weight / sum(weights))) for weight in weights]
        self.first: list[int] = []
        self.host: list[int] = []
        for host, count in enumerate(counts):
            self.first.append(len(self.host))
            self.host += [host] * count
        self.first.append(len(self.host))
        self._sections = [chance.sample(SECTIONS, 3) for _ in range(shape.hosts)]
        self.section = [chance.randrange(3) for _ in self.host]
        self._by_topic = sorted(range(shape.hosts), key=self.topics.__getitem__)
        self._at = {host: at for at, host in enumerate(self._by_topic)}
        self.hits = self._plant(chance)

    def _plant(self, chance: random.Random) -> frozenset[int]:
        shape, hits = self.shape, set[int]()
        near = sorted(range(shape.hosts), key=lambda host: min(abs(self.topics[host] - 0.5), 1.0))
        number = max(2, round(shape.hosts * shape.linking))
        pool = near[: 2 * number]
        for _ in range(number):
            host = chance.choice(pool) if chance.random() < shape.locality else chance.randrange(shape.hosts)
            pages = range(self.first[host] + 1, self.first[host + 1])
            favourite = [page for page in pages if self.section[page] == 0]
            for _ in range(max(1, round(len(pages) * shape.density))):
                from_section = favourite and chance.random() < shape.sections
                hits.add(chance.choice(favourite if from_section else pages))
        return frozenset(hits)

    def __len__(self) -> int:
        return len(self.host)

    def url(self, page: int) -> str:
        host = self.host[page]
        if page == self.first[host]:
            return f"https://h{host}.example/"
        section = self._sections[host][self.section[page]]
        return f"https://h{host}.example/{section}/{WORDS[page % 12]}-{WORDS[page // 12 % 12]}-{page}"

    def links(self, page: int) -> list[Link]:
        chance = random.Random(self._seed * 1_000_003 + page)
        host = self.host[page]
        pages = range(self.first[host], self.first[host + 1])
        mine = [one for one in pages if self.section[one] == self.section[page]] or list(pages)
        found = [Link(pages[0], "nav/ul/li", "home")]
        found += [Link(chance.choice(mine), "main/article/p", "long") for _ in range(6)]
        found += [Link(chance.choice(pages), "aside/ul/li", "long") for _ in range(4)]
        found += [Link(self._elsewhere(host, chance), "main/article/p", "long") for _ in range(chance.randrange(4))]
        if chance.random() < 0.2:
            found += [Link(self._elsewhere(host, chance), "aside/div/ul", "words") for _ in range(5)]
        return found

    def _elsewhere(self, host: int, chance: random.Random) -> int:
        other = chance.randrange(self.shape.hosts)
        if chance.random() < self.shape.locality:
            reach = self.shape.width * self.shape.hosts
            other = self._by_topic[(self._at[host] + round(chance.gauss(0, reach / 2))) % self.shape.hosts]
        pages = range(self.first[other], self.first[other + 1])
        return pages[0] if chance.random() < 0.5 else chance.choice(pages)
