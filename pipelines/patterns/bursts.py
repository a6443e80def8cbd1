"""Sites that share words or a badge and began to link at one time, while others did not."""

from pipelines.patterns.groups import Bases, Group
from pipelines.patterns.records import Finding
from pipelines.patterns.settings import Settings

OF_KINDS = frozenset("ase")
"""Groups that may be bursts: of anchors, sentences, badges."""


def read(group: Group, bases: Bases, settings: Settings) -> Finding | None:
    limits = settings.limits
    week, sites = group.densest()
    dated = group.weeks.total()
    if sites < limits.burst_sites or sites < limits.burst_share * dated:
        return None
    base = bases.of(group)
    others = base.weeks[week] + base.weeks[week + 1] - sites
    rest = base.weeks.total() - dated
    expected = dated * others / rest if rest > 0 else 0.0
    if sites < limits.burst_lift * expected:
        return None
    return Finding(
        "burst", f"{sites} of {dated} dated sites within two weeks, {expected:.1f} expected: {group.named()}"
    )
