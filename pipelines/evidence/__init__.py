"""Evidence: which signals fire for a stored link, what they found, and how much it weighs.

    gather(link, signals)   pure, over the stored record alone
    load_signals(model)     everything it looks things up in, read once

A link may have several placements; its verdict rests on the one that a reader meets first (``lead_placement``), which
is also the one that is shown. Each topic is a module with its functions and the table ``SIGNALS`` that names them.
"""

from dataclasses import dataclass

from linkcrawler.lexicons import Lexicons, load_lexicons
from linkcrawler.records import Evidence, Link, Page
from linkcrawler.vocabulary import Channel
from pipelines.evidence.catalogue import FUNCTIONS, SignalFunction
from pipelines.evidence.scene import look
from pipelines.evidence.tables import Tables, load_tables
from pipelines.model import Model, load_model
from pipelines.placements import lead_placement

MAX_DETAIL_CHARS = 160


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
    scene = look(link.page or Page(url=link.source_url), lead_placement(link), signals.lexicons)
    found = []
    for name, function, weights in signals.weighed:
        detail = function(scene, signals.tables)
        if detail is not None:
            cut = detail[:MAX_DETAIL_CHARS]
            found += [Evidence(signal=name, channel=channel, weight=weight, detail=cut) for channel, weight in weights]
    return tuple(found)
