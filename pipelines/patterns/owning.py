"""Which sites belong to a target, as the user says: kept in the store, and a reason to judge links of these anew."""

from collections.abc import Mapping

from linkcrawler.domains import domain_of, site_of
from linkcrawler.targets import parse_target
from pipelines.stores.protocol import Store


def site_named(spec: str) -> str:
    """The site that a domain, host or address is of. Raises UsageError if it is none of them."""
    target = parse_target(spec)
    return site_of(target.host or target.domain)


async def owned_by_projects(store: Store) -> dict[str, set[str]]:
    """By the domain of a target, what the projects that watch it list as its own; targets without a list left out."""
    sites: dict[str, set[str]] = {}
    for watched in await store.history.watched():
        if watched.owned:
            sites.setdefault(parse_target(watched.target).domain, set()).update(map(site_named, watched.owned))
    return sites


async def store_owned(store: Store, owned: Mapping[str, set[str]]) -> int:
    """Store what is said of these targets; returns how many links are to be judged anew, none if nothing changes.

    Links fall due before and after the writing, as a death in between must not leave them with a verdict of before.
    """
    known = await store.owned()
    changed = {site for target, sites in owned.items() for site in sites ^ known.get(target, frozenset())}
    if not changed:
        return 0
    domains = {domain_of(f"https://{site}/") for site in changed}
    await store.mark_due(domains)
    await store.put_owned(owned)
    return await store.mark_due(domains)
