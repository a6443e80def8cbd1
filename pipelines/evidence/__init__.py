"""Evidence: which signals fire for a stored link, what they found, and how much it weighs.

    gather(link, signals)   pure, over the stored record alone
    load_signals(model)     everything it looks things up in, read once

A link may have several placements. Every signal asks the one that a reader meets first (``lead_placement``), which is
also the one that is shown. A declaration or an affiliate address beats placement, wherever it stands (rule 2 of the
codebook): where the lead is silent, the signals of :data:`ANYWHERE` ask the other placements that a reader can follow
too, in document order, the first :data:`MAX_PLACEMENTS`; the detail then names the region. Each topic is a module with
its functions and the table ``SIGNALS`` that names them.
"""

from dataclasses import dataclass

from linkcrawler.lexicons import Lexicons, load_lexicons
from linkcrawler.records import Evidence, Link, Page
from linkcrawler.vocabulary import HYPERLINKS, Channel
from pipelines.evidence.catalogue import FUNCTIONS, SignalFunction
from pipelines.evidence.scene import Scene, look
from pipelines.evidence.tables import Tables, load_tables
from pipelines.queries.placements import lead_placement
from pipelines.verdicts.model import Model, load_model

MAX_DETAIL_CHARS = 160
MAX_PLACEMENTS = 12
ANYWHERE = frozenset(
    ("rel-sponsored", "disclosed-beside", "affiliate-notice-beside", "affiliate-network", "affiliate-key",
     "affiliate-tag", "affiliate-path", "ad-host", "ad-path", "ad-key", "utm-paid")
)  # fmt: skip
"""Declarations about one link, and addresses that name who is paid."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything that gathering reads: word lists, tables of hosts, and the weights of a model."""

    lexicons: Lexicons
    tables: Tables
    weighed: tuple[tuple[str, SignalFunction, tuple[tuple[Channel, float], ...]], ...]
    """Name, function and weights of each signal that weighs anything."""


def load_signals(model: Model | None = None, *, without: frozenset[str] = frozenset()) -> Signals:
    """Read config/ for the weights of ``model`` (the shipped one if none is given); ``without`` leaves signals out."""
    weights = (model or load_model()).weights
    weighed = tuple(
        (name, function, tuple(weights[name].items()))
        for name, function in FUNCTIONS.items()
        if weights.get(name) and name not in without
    )
    return Signals(load_lexicons(), load_tables(), weighed)


def gather(link: Link, signals: Signals) -> tuple[Evidence, ...]:
    """The evidence for one link, one entry for each channel that a fired signal weighs on."""
    page, lead = link.page or Page(url=link.source_url), lead_placement(link)
    scene = look(page, lead, signals.lexicons)
    others = [place for place in link.placements if place is not lead and place.kind in HYPERLINKS]
    elsewhere = [look(page, place, signals.lexicons) for place in others[:MAX_PLACEMENTS]]
    found = []
    for name, function, weights in signals.weighed:
        detail = function(scene, signals.tables)
        if detail is None and elsewhere and name in ANYWHERE:
            detail = _first_of(function, elsewhere, signals.tables)
        if detail is not None:
            cut = detail[:MAX_DETAIL_CHARS]
            found += [Evidence(signal=name, channel=channel, weight=weight, detail=cut) for channel, weight in weights]
    return tuple(found)


def _first_of(function: SignalFunction, scenes: list[Scene], tables: Tables) -> str | None:
    for scene in scenes:
        detail = function(scene, tables)
        if detail is not None:
            return f"{scene.region}: {detail}"
    return None
