"""Evidence: which signals fire for a stored link, what they found, and how much it weighs.

    gather(link, signals)   pure, over the stored record alone
    load_signals(model)     everything it looks things up in, read once

A link may have several placements. Every signal asks the one that a reader meets first (``lead_placement``), which is
also the one that is shown. A declaration or an affiliate address beats placement, wherever it stands (rule 2 of the
codebook): where the lead is silent, the signals of :data:`ANYWHERE` ask the other placements that a reader can follow
too, in document order, the first :data:`MAX_PLACEMENTS`; the detail then names the region. Each topic is a module with
its functions and the table ``SIGNALS`` that names them.
"""

from collections.abc import Sequence

from linkcrawler.lexicons import Lexicons, load_lexicons
from linkcrawler.records import Evidence, Link, Page
from linkcrawler.vocabulary import HYPERLINKS
from pipelines.evidence.asking import Asking, Weighed, Weights
from pipelines.evidence.catalogue import FUNCTIONS, SignalFunction
from pipelines.evidence.scene import Scene, Source, look_from
from pipelines.evidence.tables import Tables, load_tables
from pipelines.queries.placements import lead_placement
from pipelines.verdicts.model import Model, load_model

MAX_DETAIL_CHARS = 160
MAX_PLACEMENTS = 12
_SHORT = 40
_KNOWN = 1 << 12
ANYWHERE = frozenset(
    ("rel-sponsored", "disclosed-beside", "affiliate-notice-beside", "affiliate-network", "affiliate-key",
     "affiliate-tag", "affiliate-path", "ad-host", "ad-path", "ad-key", "utm-paid")
)  # fmt: skip
"""Declarations about one link, and addresses that name who is paid."""


class Signals:
    """Everything that gathering reads: word lists, tables of hosts, and the weights of a model."""

    def __init__(self, lexicons: Lexicons, tables: Tables, weighed: Sequence[Weighed]) -> None:
        """``weighed``: name, function and weights of each signal that weighs anything."""
        self.tables = tables
        self.asking = Asking(weighed, tables)
        self.anywhere = tuple(signal for signal in weighed if signal[0] in ANYWHERE)
        self._lexicons = lexicons
        self._source: Source | None = None
        self._weighed: dict[tuple[str, str], tuple[Evidence, ...]] = {}

    def source_of(self, page: Page) -> Source:
        """The page as signals look at it, read once for links that follow each other."""
        if self._source is None or self._source.page is not page:
            self._source = Source(page, self._lexicons)
        return self._source

    def weigh(self, name: str, detail: str, weights: Weights) -> tuple[Evidence, ...]:
        """The evidence that a signal gives; that of short details is kept, as these come again and again."""
        if len(detail) > _SHORT:
            return _weigh(name, detail[:MAX_DETAIL_CHARS], weights)
        known = self._weighed.get((name, detail))
        if known is None:
            if len(self._weighed) >= _KNOWN:
                self._weighed.clear()
            known = self._weighed[name, detail] = _weigh(name, detail, weights)
        return known


def load_signals(model: Model | None = None, *, without: frozenset[str] = frozenset()) -> Signals:
    """Read config/ for the weights of ``model`` (the shipped one if none is given); ``without`` leaves signals out."""
    weights = (model or load_model()).weights
    weighed = [
        (name, function, tuple(weights[name].items()))
        for name, function in FUNCTIONS.items()
        if weights.get(name) and name not in without
    ]
    return Signals(load_lexicons(), load_tables(), weighed)


def gather(link: Link, signals: Signals) -> tuple[Evidence, ...]:
    """The evidence for one link, one entry for each channel that a fired signal weighs on."""
    lead, tables = lead_placement(link), signals.tables
    source = signals.source_of(link.page or Page(url=link.source_url))
    scene = look_from(source, lead)
    found: list[Evidence] = []
    for name, function, weights in signals.asking.whom(scene):
        detail = function(scene, tables)
        if detail is not None:
            found += signals.weigh(name, detail, weights)
    others = [place for place in link.placements if place is not lead and place.kind in HYPERLINKS]
    if others:
        elsewhere = [look_from(source, place) for place in others[:MAX_PLACEMENTS]]
        told = {item.signal for item in found}
        for name, function, weights in signals.anywhere:
            if name not in told and (detail := _first_of(function, elsewhere, tables)) is not None:
                found += signals.weigh(name, detail, weights)
    return tuple(found)


def _weigh(name: str, detail: str, weights: Weights) -> tuple[Evidence, ...]:
    return tuple([Evidence(signal=name, channel=channel, weight=weight, detail=detail) for channel, weight in weights])


def _first_of(function: SignalFunction, scenes: list[Scene], tables: Tables) -> str | None:
    for scene in scenes:
        detail = function(scene, tables)
        if detail is not None:
            return f"{scene.region}: {detail}"
    return None
