"""A running ``linkcrawler serve`` over the world, a real browser, and the tools that judge pages."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.commands.calling import BIN
from tests.conftest import CHECKOUT
from tests.servers.npm import fetched

NODE_TOOLS = ("axe-core@4.10.3", "html-validate@9.5.3")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_URL = re.compile(r"http://[^ ]+/")
Serve = Callable[..., "Served"]


class Served:
    """A server process, and the store that it serves."""

    def __init__(self, address: str, store: Path, process: "subprocess.Popen[str]") -> None:
        self.address, self.store, self.process = address.rstrip("/"), store, process

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


@contextmanager
def serving(store_url: str, *options: str, store: Path = Path(), **environment: str) -> Iterator[Served]:
    """Run the command on a free port until the block ends."""
    command = [BIN / "linkcrawler", "serve", "--store", store_url, "--port", "0", *options]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LINKCRAWLER_")}
    process = subprocess.Popen(command, env=clean | environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = _URL.search(line)
        assert found, f"serve said {line!r}, status {process.poll()}"
        yield Served(found[0], store, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="package")
def site(filled: Path) -> Iterator[Served]:
    """For tests that only read."""
    with serving(f"sqlite:///{filled}", "--rate", "2000", store=filled) as served:
        yield served


@pytest.fixture
def own_site(filled: Path, tmp_path: Path) -> Iterator[Served]:
    """For a test that writes: a store of its own."""
    file = tmp_path / "links.db"
    shutil.copy(filled, file)
    with serving(f"sqlite:///{file}", "--rate", "2000", store=file) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: while it runs, this thread has an event loop running, which tests elsewhere must not find."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no Chromium on the path; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        # The sandbox needs rights that containers do not give; only pages of this machine are shown.
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a desk. Any script error, refusal by the policy or dialog fails the test."""
    with _watched(browser, 1280) as shown:
        yield shown


@pytest.fixture(params=[1280, 360], ids=["wide", "narrow"])
def sized_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The same at two widths."""
    with _watched(browser, request.param) as shown:
        yield shown


@contextmanager
def _watched(browser: Browser, width: int) -> Iterator[Page]:
    shown = browser.new_page(viewport={"width": width, "height": 800})
    problems: list[str] = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    shown.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
    yield shown
    shown.close()
    assert problems == []


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with what judges pages, fetched once."""
    return fetched(CHECKOUT / ".cache" / "-".join(NODE_TOOLS), *NODE_TOOLS)


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    return (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
