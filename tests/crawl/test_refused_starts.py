"""A crawl that cannot start says why in one line and exits non-zero."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.crawl.conftest import BIN

RIGHT = ("target=example.org", "seeds=https://a.example/")


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        ((), (), 2, "no target given"),
        (("target=example.org",), (), 2, "no seeds given"),
        (("target=not_a_domain", "seeds=https://a.example/"), (), 2, "target 'not_a_domain' is not understood"),
        (("target=example.org", "seeds=none.txt"), (), 2, "seeds file 'none.txt' cannot be read"),
        (("target=example.org", "seeds=empty.txt"), (), 2, "hold no address to start from"),
        ((*RIGHT, "folow=web"), (), 2, "-a folow= is not known"),
        ((*RIGHT, "follow=all"), (), 2, "expected one of none, host, domain, web"),
        ((*RIGHT, "max_pages=many"), (), 2, "expected a whole number"),
        (RIGHT, ("LINKCRAWLER_STOR=x",), 1, "setting LINKCRAWLER_STOR is not known"),
        (RIGHT, ("LINKCRAWLER_MAX_ATTEMPTS=2.5",), 1, "must be a whole number"),
        (RIGHT, ("LINKCRAWLER_LEASE_SECONDS=inf",), 1, "must be a number of seconds"),
        ((*RIGHT, "restart=no"), (), 2, "expected 0 or 1"),
        (RIGHT, ("LINKCRAWLER_STORE=postgres://x/y",), 2, "'postgres' is not understood"),
        (RIGHT, ("LINKCRAWLER_STORE=mongodb://127.0.0.1:1/x",), 1, "check that the server runs"),
        (RIGHT, ("LINKCRAWLER_FRONTIER=kafka://x",), 2, "LINKCRAWLER_FRONTIER='kafka://x' is not understood"),
        (RIGHT, ("LINKCRAWLER_FRONTIER=redis://127.0.0.1:1/0",), 1, "Redis cannot be reached"),
    ],
)
def test_the_reason_is_one_line(
    tmp_path: Path, arguments: tuple[str, ...], settings: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "empty.txt").write_text("# nothing yet\n\n")
    flagged = [("-a", value) for value in arguments] + [("-s", value) for value in settings]
    command = [str(BIN / "scrapy"), "crawl", "backlinks", *(word for pair in flagged for word in pair)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert done.returncode == code
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_misspelt_variable_of_the_environment_is_named(tmp_path: Path) -> None:
    command = [str(BIN / "scrapy"), "crawl", "backlinks", "-a", RIGHT[0], "-a", RIGHT[1]]
    environment = {**os.environ, "LINKCRAWLER_STROE": "x"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert "setting LINKCRAWLER_STROE is not known" in done.stderr.splitlines()[-1]
