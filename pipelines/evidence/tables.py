"""The data that signals look things up in, read once from config/ and frozen."""

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from linkcrawler.config import config_dir, load
from linkcrawler.errors import ConfigError
from pipelines.evidence.hosts import AddressPattern, HostSet


class _Affiliates(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    networks: list[str]
    keys: list[str]
    weak_keys: list[str]
    tags: str
    paths: str
    cloaker_paths: str
    ad_hosts: list[str]
    ad_paths: str
    ad_keys: list[str]
    utm_paid: str
    utm_template: str


class _Platforms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    social: list[str]
    share_paths: str
    share_hosts: list[str]
    vendors: list[str]
    technical: list[str]
    media_hosts: list[str]
    media_files: str
    software: list[str]
    badges: list[str]
    stock: list[str]
    reference_hosts: list[str]
    reference_labels: str
    news_words: list[str]
    retail: list[str]
    stats: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Hosts, keys and address patterns by what they stand for; see the comments in the two files."""

    networks: HostSet
    affiliate_keys: frozenset[str]
    weak_keys: frozenset[str]
    tags: AddressPattern
    affiliate_paths: AddressPattern
    cloaker_paths: AddressPattern
    ad_hosts: HostSet
    ad_paths: AddressPattern
    ad_keys: frozenset[str]
    utm_paid: AddressPattern
    utm_template: AddressPattern
    social: HostSet
    share_paths: AddressPattern
    share_hosts: HostSet
    vendors: HostSet
    technical: HostSet
    media_hosts: HostSet
    media_files: AddressPattern
    software: HostSet
    badges: HostSet
    stock: HostSet
    reference_hosts: HostSet
    reference_labels: AddressPattern
    news_words: frozenset[str]
    retail: HostSet
    stats: HostSet
    platforms: HostSet

    def is_platform(self, host: str) -> bool:
        """Carries many people's things: never evidence of common ownership."""
        return bool(self.platforms.match(host))


@cache
def load_tables() -> Tables:
    """Read config/affiliates.toml and config/platforms.toml. Raises ConfigError naming the file and the place."""
    ads = load("affiliates.toml", _Affiliates, 'keys = ["affid"]')
    hosts = load("platforms.toml", _Platforms, 'stock = ["photos.example"]')
    return Tables(
        networks=HostSet(ads.networks),
        affiliate_keys=frozenset(ads.keys),
        weak_keys=frozenset(ads.weak_keys),
        tags=_pattern("affiliates.toml", "tags", ads.tags),
        affiliate_paths=_pattern("affiliates.toml", "paths", ads.paths),
        cloaker_paths=_pattern("affiliates.toml", "cloaker_paths", ads.cloaker_paths),
        ad_hosts=HostSet(ads.ad_hosts),
        ad_paths=_pattern("affiliates.toml", "ad_paths", ads.ad_paths),
        ad_keys=frozenset(ads.ad_keys),
        utm_paid=_pattern("affiliates.toml", "utm_paid", ads.utm_paid),
        utm_template=_pattern("affiliates.toml", "utm_template", ads.utm_template),
        social=HostSet(hosts.social),
        share_paths=_pattern("platforms.toml", "share_paths", hosts.share_paths),
        share_hosts=HostSet(hosts.share_hosts),
        vendors=HostSet(hosts.vendors),
        technical=HostSet(hosts.technical),
        media_hosts=HostSet(hosts.media_hosts),
        media_files=_pattern("platforms.toml", "media_files", hosts.media_files),
        software=HostSet(hosts.software),
        badges=HostSet(hosts.badges),
        stock=HostSet(hosts.stock),
        reference_hosts=HostSet(hosts.reference_hosts),
        reference_labels=_pattern("platforms.toml", "reference_labels", hosts.reference_labels),
        news_words=frozenset(hosts.news_words),
        retail=HostSet(hosts.retail),
        stats=HostSet(hosts.stats),
        platforms=HostSet((*hosts.social, *hosts.vendors, *hosts.media_hosts)),
    )


def _pattern(name: str, key: str, text: str) -> AddressPattern:
    try:
        return AddressPattern(re.compile(text, re.IGNORECASE))
    except re.error as error:
        raise ConfigError(
            f"{config_dir() / name}: {key} must be a regular expression, got {text!r} ({error}); "
            "a right entry looks like: ad_paths = '/adclick\\.php'"
        ) from error
