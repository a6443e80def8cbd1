"""What hostile pages say is text: scripts, marks that reverse the order of writing, a megabyte of context."""

import re

import pytest
from playwright.sync_api import Page

from tests.web.conftest import Served
from tests.web.test_pages import open_page
from tests.web.world import hostile_id

PLACES = ("/", "/links?text=sentence", f"/link/{hostile_id()}", "/links?group=target_url")
IN_ADDRESS = '"><script>alert(1)</script>\u202e'


@pytest.mark.parametrize("place", PLACES)
def test_it_shows_as_text_and_runs_nothing(page: Page, site: Served, place: str) -> None:
    open_page(page, site, place)

    text = page.locator("main").inner_text()
    assert "<script>" in text or "%3Cscript%3E" in text
    scripts = page.locator("script").evaluate_all("all => all.map(one => one.getAttribute('src'))")
    assert set(scripts) <= {"/static/live.js"}
    assert page.locator("main img, main iframe, main b, main i, body[id]").count() == 0
    assert page.locator("[onerror], [onload], [onclick], [onmouseover]").count() == 0
    assert page.locator("a[href^='javascript' i]").count() == 0
    assert "owned" not in page.title()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b\x00]", page.content())


def test_a_megabyte_of_context_is_cut_and_told(page: Page, site: Served) -> None:
    page.goto(f"{site.address}/link/{hostile_id()}")

    assert len(page.content()) < 100_000
    assert re.search(r"1,\d{3},\d{3} more characters are not shown", page.locator("main").inner_text())


def test_filters_of_an_address_are_shown_as_text(page: Page, site: Served) -> None:
    page.goto(f"{site.address}/links")
    page.get_by_label("text", exact=True).fill(IN_ADDRESS)
    page.get_by_role("button", name="Show").click()

    assert page.get_by_label("text", exact=True).input_value() == IN_ADDRESS
    assert page.get_by_text("No link fits these filters.").count() == 1


def test_a_filter_that_is_not_known_is_told_as_text(page: Page, site: Served) -> None:
    page.goto(f"{site.address}/links?mode=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "mode '<script>alert(1)</script>' is not known" in page.get_by_role("alert").inner_text()
