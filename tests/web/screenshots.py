"""Takes a picture of every page at two widths, to be looked at: ``python -m tests.web.screenshots FOLDER``."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.commands.calling import call
from tests.web.conftest import CHROMIUM, serving
from tests.web.test_pages import PAGES, open_page
from tests.web.world import fill


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        store = Path(temporary) / "links.db"
        fill(f"sqlite:///{store}")
        call("linkcrawler", "report", "--store", f"sqlite:///{store}", "--html", "report.html", folder=Path(temporary))
        path = next(filter(None, map(shutil.which, CHROMIUM)))
        with serving(f"sqlite:///{store}", store=store) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for width in (1280, 360):
                page = browser.new_page(viewport={"width": width, "height": 800})
                for name, address in PAGES.items():
                    open_page(page, site, address)
                    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
                page.goto(f"file://{temporary}/report.html")
                page.screenshot(path=folder / f"report-{width}.png", full_page=True)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
