"""The report, kept up to date: its figures are read anew in the background once the store has changed."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from linkcrawler.errors import LinkcrawlerError
from pipelines.reports.figures.collecting import figures_of
from pipelines.reports.page.drawing import draw
from pipelines.reports.page.parts import Chart, Section
from pipelines.reports.page.sections import sections_of
from pipelines.stores.protocol import Store
from pipelines.verdicts.model import Model
from pipelines.web.live import FRONTIER, Live

PATIENCE = 3.0
"""Seconds that a visitor waits for figures; those of small stores are there by then."""
REST = 10.0
"""A store that goes on changing is read again after so many times as long as the last reading took."""
TOP = 20


@dataclass(frozen=True, slots=True)
class Shown:
    sections: tuple[Section, ...]
    at: datetime
    stamp: tuple[object, ...]


class Overview:
    """Holds the newest figures of one store."""

    def __init__(self, store: Store, model: Model, live: Live, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._model, self._live, self._clock = store, model, live, clock
        self._shown: Shown | None = None
        self._task: asyncio.Task[None] | None = None
        self._said = 0
        self.read = 0
        """Links that the reading under way has seen."""
        self._began = self._took = 0.0
        self._drawn: dict[bytes, str] = {}
        self.failure = ""
        """Why the last reading came to nothing; empty if it did not."""

    def overruled(self) -> None:
        """Note that somebody said something of a link: the next visitor gets new figures."""
        self._said += 1

    async def current(self) -> Shown | None:
        """The figures, new ones if they are there soon; None while the first are being read."""
        news = await self._live.look()
        stamp = ({name: fact for name, fact in news.items() if not name.startswith(FRONTIER)}, self._said)
        if self._is_stale(stamp) and self._task is None:
            self._task = asyncio.create_task(self._read(stamp))
        if self._task:
            await asyncio.wait({self._task}, timeout=PATIENCE)
        return self._shown

    @property
    def is_reading(self) -> bool:
        """Whether newer figures are on their way."""
        return self._task is not None

    def draw(self, chart: Chart) -> str:
        """The chart, drawn once."""
        return self._drawn.get(_key(chart)) or draw(chart)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _is_stale(self, stamp: tuple[object, ...]) -> bool:
        shown = self._shown
        if shown is None or shown.stamp[1] != stamp[1]:
            return True
        return shown.stamp != stamp and self._clock() - self._began > REST * self._took

    async def _read(self, stamp: tuple[object, ...]) -> None:
        self._began = self._clock()
        try:
            figures = await figures_of(self._store, self._model, top=TOP, on_progress=self._note_progress)
            sections = sections_of(figures, await self._store.outcomes())
            # Drawing takes seconds: in a thread, so that other pages are answered meanwhile.
            self._drawn = await asyncio.to_thread(self._draw_all, sections)
            self._shown, self.failure = Shown(sections, datetime.now(UTC), stamp), ""
            self._live.figures = self._shown.at.isoformat()
        except LinkcrawlerError as error:
            self.failure = str(error)
        finally:
            self._took = self._clock() - self._began
            self._task = None

    def _note_progress(self, read: int) -> None:
        self.read = read

    def _draw_all(self, sections: tuple[Section, ...]) -> dict[bytes, str]:
        charts = [section.chart for section in sections if section.chart]
        return {_key(chart): self._drawn.get(_key(chart)) or draw(chart) for chart in charts}


def _key(chart: Chart) -> bytes:
    return type(chart).__name__.encode() + msgspec.json.encode(chart)
