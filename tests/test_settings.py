"""Every setting of ours is documented, and the wrong ones are refused."""

import re
from pathlib import Path

import pytest

from linkcrawler import settings
from linkcrawler.errors import ConfigError
from linkcrawler.frontier.denied import DeniedHosts
from linkcrawler.settings_check import check_settings

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


def test_the_page_lists_exactly_our_settings() -> None:
    told = set(re.findall(r"^\| `(LINKCRAWLER_\w+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE))

    assert told == {name for name in dir(settings) if name.startswith("LINKCRAWLER_")}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"LINKCRAWLER_STOR": "x"}, "LINKCRAWLER_STOR is not known"),
        ({"LINKCRAWLER_MAX_ATTEMPTS": "2.5"}, "a whole number"),
        ({"LINKCRAWLER_LEASE_SECONDS": "inf"}, "a number of seconds"),
        ({"LINKCRAWLER_LONGEST_BACK_OFF": -1}, "0 or more"),
        ({"ASYNCIO_EVENT_LOOP": "uvloop.Loop"}, "leave it out"),
    ],
)
def test_what_nobody_reads_or_can_work_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        check_settings(given)


def test_what_scrapy_knows_is_left_to_scrapy() -> None:
    check_settings({"DOWNLOAD_DELAY": "fast", "LINKCRAWLER_LEASE_SECONDS": "2.5"}, ["HOME", "LINKCRAWLER_STORE"])


@pytest.mark.parametrize("entry", ["https://example.com/", "example.com/shop", "*.example.com", "a b"])
def test_denied_hosts_are_names(entry: str) -> None:
    with pytest.raises(ConfigError, match="LINKCRAWLER_DENY_HOSTS"):
        DeniedHosts.parse([entry])


@pytest.mark.parametrize(
    ("url", "covered"),
    [
        ("https://example.com/a", True),
        ("https://deep.www.example.com:8080/", True),
        ("https://notexample.com/", False),
        ("https://example.com.other.example/", False),
        ("http://192.0.2.7/", True),
        ("http://192.0.2.8/", False),
    ],
)
def test_a_denied_host_has_all_below_it(url: str, covered: bool) -> None:
    assert DeniedHosts.parse([" .Example.com", "192.0.2.7", ""]).covers(url) is covered
