"""The questions of docs/queries.md: commands, mongosh queries, Python snippets, and how a store is asked them."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.queries.comparing import compare
from pipelines.queries.filter_fields import parse
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
_SECTION = re.compile(r"^## (\d+\. .*)$", re.MULTILINE)
_SHOWN = 100
"""Links of a page, as a reader asks for them; counts are made of all."""


@dataclass(frozen=True)
class Question:
    name: str
    command: tuple[str, ...]
    """What follows ``linkcrawler``."""
    mongosh: str
    python: str

    def of(self, names: Mapping[str, str]) -> "Question":
        """The same question of other targets, signals and words."""
        command = self.command
        for name, other in names.items():
            command = tuple(word.replace(name, other) if name in word else word for word in command)
        return replace(self, command=command)

    @property
    def counted_by(self) -> tuple[str, ...]:
        return tuple(value for name, value in self.options if name == "count_by")

    @property
    def options(self) -> list[tuple[str, str]]:
        words = [
            word.removeprefix("--").replace("-", "_") if word.startswith("--") else word for word in self.command[1:]
        ]
        pairs: list[tuple[str, str]] = []
        while words:
            name = words.pop(0)
            pairs.append((name, "yes" if name == "overruled" else words.pop(0)))
        return pairs

    @property
    def where(self) -> LinkFilter:
        asked = ("count_by", "linking_to", "not_linking_to")
        return parse([pair for pair in self.options if pair[0] not in asked and not self.compares(pair[0])])

    def compares(self, name: str) -> bool:
        return self.command[0] == "compare" and name == "target"

    async def ask(self, store: Store) -> int:
        """How many rows the answer has; of links the first hundred are read."""
        if self.command[0] == "compare":
            targets = [value for name, value in self.options if name == "target"]
            return len(await compare(store, targets, self.where))
        if self.counted_by:
            return len(await store.count_by(self.where, self.counted_by, _SHOWN))
        return len([link async for link in store.links(parse([*self.options, ("limit", str(_SHOWN))]))])


def questions() -> list[Question]:
    _, *parts = _SECTION.split(PAGE.read_text(encoding="utf-8"))
    return [_question(name, text) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def preamble(language: str) -> str:
    """What a shell needs to know before the first question."""
    return _block(language, _SECTION.split(PAGE.read_text(encoding="utf-8"))[0])


def _question(name: str, text: str) -> Question:
    [command] = re.findall(r"^    linkcrawler (.*)$", text, re.MULTILINE)
    return Question(name, tuple(shlex.split(command)), _block("js", text), _block("python", text))


def _block(language: str, text: str) -> str:
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return block.strip()
