"""The schema version of stores, the same for every backend."""

SCHEMA_VERSION = 2


def other_version(version: object, url: str) -> str:
    """What is wrong with a store of another schema version, and what to do."""
    if isinstance(version, int) and version < SCHEMA_VERSION:
        remedy = f"bring it forward with: linkcrawler migrate --store {url}"
    else:
        remedy = "install the release that wrote it, or give another --store"
    return f"the store has schema version {version}, this linkcrawler reads {SCHEMA_VERSION}; {remedy}"
