"""``scrapy crawl`` from any folder, and its messages where a crawl cannot start."""

from pathlib import Path

import pytest

from tests.commands.calling import call

CHECKOUT = Path(__file__).parent.parent.parent
SEEDS = "http://127.0.0.1:9/"


@pytest.fixture(params=["anywhere", "checkout"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An empty folder, where Scrapy knows no project; and the checkout, which is one."""
    return tmp_path if request.param == "anywhere" else CHECKOUT


def test_help(folder: Path) -> None:
    done = call("scrapy", "crawl", "--help", folder=folder)

    assert done.status == 0
    assert "-a target=example.org" in " ".join(done.out.split())


def test_the_command_is_listed(tmp_path: Path) -> None:
    assert "crawl " in call("scrapy", "--help", folder=tmp_path).out


def test_the_settings_are_ours(folder: Path) -> None:
    """Outside a project as inside; what is asked for on the command line still wins."""
    ours = call("scrapy", "crawl", "nosuch", folder=folder).err
    asked = call("scrapy", "crawl", "nosuch", "-s", "BOT_NAME=other", folder=folder).err

    assert "(bot: linkcrawler)" in ours
    assert "(bot: other)" in asked


def test_an_unknown_spider_names_the_known_ones(folder: Path) -> None:
    done = call("scrapy", "crawl", "nosuch", folder=folder)

    assert done.status == 2
    assert "no spider is called 'nosuch'; spiders here: archive, backlinks, recheck" in done.err
    assert "Traceback" not in done.err


def test_no_spider_named(folder: Path) -> None:
    done = call("scrapy", "crawl", folder=folder)

    assert done.status == 2
    assert "expected the name of one spider, got 0" in done.err


BAD = [
    (["-a", "target=nonsense", "-a", f"seeds={SEEDS}"], 2, "target 'nonsense' is not understood"),
    (["-a", "target=example.org"], 2, "seeds"),
    (["-a", "target=example.org", "-a", "seeds=missing.txt"], 2, "missing.txt"),
    (["-a", "target=example.org", "-a", f"seeds={SEEDS}", "-a", "folow=none"], 2, "folow"),
]


@pytest.mark.parametrize(("arguments", "status", "hint"), BAD, ids=[case[2] for case in BAD])
def test_what_cannot_start_is_one_message(folder: Path, arguments: list[str], status: int, hint: str) -> None:
    done = call("scrapy", "crawl", "backlinks", *arguments, folder=folder)

    last = next(line for line in done.err.splitlines() if line.startswith("scrapy crawl: "))
    assert hint in last
    assert done.status == status
    assert "Traceback" not in done.err


STORES = [("mysql://host/links", 2, "mysql"), ("mongodb://ann:secret@127.0.0.1:9/links", 1, "127.0.0.1:9")]


@pytest.mark.parametrize(("store", "status", "hint"), STORES, ids=["unknown", "unreachable"])
def test_a_store_that_does_not_open_is_one_message(tmp_path: Path, store: str, status: int, hint: str) -> None:
    crawl = ("scrapy", "crawl", "backlinks", "-a", "target=example.org", "-a", f"seeds={SEEDS}")
    done = call(*crawl, "-s", f"LINKCRAWLER_STORE={store}", folder=tmp_path)

    assert done.status == status
    assert hint in next(line for line in done.err.splitlines() if line.startswith("scrapy crawl: "))
    assert "Traceback" not in done.err
    assert "secret" not in done.err


def test_other_failures_keep_their_traceback(tmp_path: Path) -> None:
    """A fault in code is for whoever mends it: Scrapy's own handling stays as it is."""
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = faulty\n", encoding="utf-8")
    (tmp_path / "faulty.py").write_text('SPIDER_MODULES = ["faults"]\n', encoding="utf-8")
    (tmp_path / "faults.py").write_text(
        "import scrapy\n\n\nclass Faulty(scrapy.Spider):\n"
        '    name = "faulty"\n\n'
        "    def __init__(self, **arguments):\n"
        '        raise ZeroDivisionError("a fault")\n',
        encoding="utf-8",
    )

    done = call("scrapy", "crawl", "faulty", folder=tmp_path)

    assert done.status == 1
    assert "ZeroDivisionError: a fault" in done.err
    assert "Traceback" in done.err


def test_another_project_keeps_its_own_spiders_and_settings(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = other\n", encoding="utf-8")
    (tmp_path / "other.py").write_text('BOT_NAME = "other"\nSPIDER_MODULES = ["theirs"]\n', encoding="utf-8")
    (tmp_path / "theirs.py").write_text(
        "import scrapy\n\n\nclass Theirs(scrapy.Spider):\n"
        '    name = "theirs"\n\n'
        "    async def start(self):\n"
        '        self.logger.info("theirs ran as %s", self.settings["BOT_NAME"])\n'
        "        return\n"
        "        yield\n",
        encoding="utf-8",
    )

    done = call("scrapy", "crawl", "theirs", folder=tmp_path)

    assert done.status == 0
    assert "theirs ran as other" in done.err
