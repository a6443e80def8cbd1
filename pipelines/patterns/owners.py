"""Who owns the source: sites that the user names, and sites that share account ids or imprint marks.

An id on many sites is an agency's, a network's or a template's: it joins nobody.
"""

from collections.abc import Iterator, Mapping

from linkcrawler.domains import domain_of, site_of
from linkcrawler.urls import digest, host_of
from pipelines.evidence.hosts import MIN_BRAND, label_of, squeeze
from pipelines.patterns.groups import Group, Hands
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import Subject

KIND = "0"
"""Sorts first: the other patterns count sites in one hand as one."""
OWN, OTHER = "+", "-"
_SHOWN = 40

Owned = Mapping[str, frozenset[str]]
"""By the domain of a target, the sites that the user says belong to it."""


def marks(subject: Subject, _: Settings) -> Iterator[str]:
    target = domain_of(subject.link.target_url)
    side = OWN if is_of_target(subject.site, subject.link.target_url) else OTHER
    for owner_id in subject.page.owner_ids:
        scheme, value = owner_id.split(":", 1) if ":" in owner_id else ("", owner_id)
        shown = "".join(value.split()).replace(":", "")[:_SHOWN]
        yield mark(f"{KIND}:{scheme}:{shown}:{digest(owner_id)}", subject.site, side + target)


def is_of_target(site: str, target_url: str) -> bool:
    """Whether site and target bear one registered name, under whatever ending."""
    host = host_of(target_url)
    name = squeeze(label_of(host))
    return site in (site_of(host), domain_of(target_url)) or (
        len(name) >= MIN_BRAND and squeeze(label_of(site)) == name
    )


def read(group: Group, hands: Hands, owned: Owned, settings: Settings) -> dict[str, tuple[Finding, ...]]:
    """Findings by key, and by key, side and target for those that concern one target; joins the sites."""
    sites = sorted({site for site, _ in group.members})
    if not 2 <= len(sites) <= settings.limits.agency_sites:
        return {}
    hands.join(sites)
    _, scheme, shown, _ = group.key.split(":")
    named = f"{scheme} {shown}"
    found: dict[str, tuple[Finding, ...]] = {
        group.key: (Finding("source-network", f"{named} on {len(sites)} linking sites: {', '.join(sites[:3])}"),)
    }
    for target in {more[1:] for _, more in group.members}:
        own = {site for site, more in group.members if more == OWN + target or site in owned.get(target, ())}
        if own:
            detail = f"{named}, as on {', '.join(sorted(own)[:3])}"
            found[group.key + OTHER + target] = (Finding("owner-id-of-target", detail),)
    return found


def listed(site: str, target_url: str, owned: Owned) -> Finding | None:
    target = domain_of(target_url)
    return Finding("owned-listed", f"{site} is listed as {target}'s own") if site in owned.get(target, ()) else None
