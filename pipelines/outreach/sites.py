"""Which site an address belongs to when somebody is asked for a link: users of one platform are different people."""

from functools import lru_cache
from urllib.parse import urlsplit

from linkcrawler.domains import site_of
from linkcrawler.urls import host_of
from pipelines.outreach.vocabulary import Vocabulary


@lru_cache(maxsize=1 << 15)
def site_key(url: str, vocabulary: Vocabulary) -> str:
    """Registered domain; on platforms that many share the host (``me.blogspot.com``) or host and first folder
    (``medium.com/@me``)."""
    host = host_of(url)
    site = site_of(host)
    if site in vocabulary.shared_hosts:
        return host.removeprefix("www.")
    if site in vocabulary.shared_folders:
        folder = urlsplit(url).path.lstrip("/").partition("/")[0]
        return f"{site}/{folder.lower()}" if folder else site
    return site
