"""From evidence to verdict. Pure: the same evidence and model give the same verdict, on every machine.

score(channel) = prior(channel) + sum of the weights that speak for or against it
probability    = softmax(scores / temperature); that of a mode is the sum over its channels
verdict        = the most probable mode, and in it the most probable channel that evidence names

Three rules keep thin cases open. A mode other than undetermined needs evidence of its own that reaches the model's bar:
nothing follows from what is absent. For passive that evidence must show a hand that chose: a sentence or paragraph that
the anchor is part of, words of citing, a list or a footnote of the writer. A worded link in a running sentence of the
main text is therefore enough (rule 1 of the codebook); a link that merely stands in the main text, leads deep or bears
the target's name is not: such signals (``position`` in config/signals.toml) weigh, but support nothing. Where no mode
reaches the conflict threshold the evidence contradicts itself. And where undetermined itself has the probability
``doubt``, no other mode is sure enough to be named.
"""

import math
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from linkcrawler.records import Evidence, Verdict
from linkcrawler.vocabulary import MODE_OF, Channel, Mode
from pipelines.verdicts.model import Model

_OF_MODE = {mode: tuple(channel for channel in Channel if MODE_OF[channel] is mode) for mode in Mode}
_PICK = {mode: itemgetter(*channels) for mode, channels in _OF_MODE.items()}


def judge(evidence: Iterable[Evidence], model: Model, *, at: datetime, state: str = "") -> Verdict:
    """The verdict that this evidence supports, with the evidence strongest first; ``state`` is the link's."""
    ordered = tuple(sorted(evidence, key=_strength))
    chances = chances_of(ordered, model)
    by_mode = mode_chances(chances)
    mode = max(by_mode, key=by_mode.__getitem__)
    if by_mode[Mode.UNDETERMINED] >= model.doubt:
        mode = Mode.UNDETERMINED
    channel = _channel(ordered, mode, chances)
    if mode is not Mode.UNDETERMINED and (_support(ordered, mode, model) < model.bar or by_mode[mode] < model.conflict):
        mode, channel = Mode.UNDETERMINED, Channel.UNCLEAR
    return Verdict(
        mode=mode,
        channel=channel,
        confidence=round(by_mode[mode], 4),
        evidence=ordered,
        model=model.id,
        judged_at=at,
        state=state,
    )


def chances_of(evidence: Iterable[Evidence], model: Model) -> dict[Channel, float]:
    """Probability of each channel."""
    priors, temperature = model.priors, model.temperature
    parts: dict[Channel, list[float]] = {}
    for item in evidence:
        if item.channel in parts:
            parts[item.channel].append(item.weight)
        else:
            parts[item.channel] = [priors[item.channel], item.weight]
    scores = model.silent_scores.copy()
    for channel, weights in parts.items():
        # fsum: the sum must not depend on the order in which the evidence came.
        scores[channel] = math.fsum(weights) / temperature
    top = max(scores.values())
    shares = [math.exp(score - top) for score in scores.values()]
    total = math.fsum(shares)
    return dict(zip(scores, [share / total for share in shares], strict=True))


def mode_chances(chances: dict[Channel, float]) -> dict[Mode, float]:
    """Probability of each mode."""
    return {mode: math.fsum(pick(chances)) for mode, pick in _PICK.items()}


def _channel(evidence: Iterable[Evidence], mode: Mode, chances: dict[Channel, float]) -> Channel:
    """The mode's most probable channel; one that only its prior speaks for steps back where evidence names another."""
    named = {item.channel for item in evidence if item.weight > 0}
    channels = [channel for channel in _OF_MODE[mode] if channel in named]
    return max(channels if channels and mode is not Mode.UNDETERMINED else _OF_MODE[mode], key=chances.__getitem__)


def _support(evidence: Iterable[Evidence], mode: Mode, model: Model) -> float:
    """The log-odds that speak for the best supported channel of the mode; for passive without mere position."""
    mute = model.position if mode is Mode.PASSIVE else ()
    sums: dict[Channel, float] = {}
    for item in evidence:
        if item.weight > 0 and MODE_OF[item.channel] is mode and item.signal not in mute:
            sums[item.channel] = sums.get(item.channel, 0.0) + item.weight
    return round(max(sums.values(), default=0.0), 6)


def _strength(item: Evidence) -> tuple[float, str, str, str]:
    return -abs(item.weight), item.signal, item.channel, item.detail
