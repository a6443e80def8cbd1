"""What a person does: filter, open a link, overrule it, export, see the change in the report."""

import csv
import io
import re
import sqlite3
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.commands.calling import call
from tests.web.conftest import Served
from tests.web.test_pages import open_page


def passive_links(page: Page, site: Served) -> int:
    """As the report's table says."""
    open_page(page, site, "/")
    row = page.locator("#modes tbody tr").filter(has=page.get_by_role("rowheader", name="links", exact=True))
    return int(row.locator("td").nth(1).inner_text())


def test_filter_open_overrule_export_report(page: Page, own_site: Served, tmp_path: Path) -> None:
    before = passive_links(page, own_site)

    page.get_by_role("link", name="Links", exact=True).click()
    page.get_by_label("mode", exact=True).select_option("active")
    page.get_by_label("channel", exact=True).select_option("sponsored")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"mode=active&channel=sponsored"))
    cells = page.locator("table.links tbody tr td:nth-child(4)").all_inner_texts()
    assert cells
    assert {text.split()[0] for text in cells} == {"active"}

    page.locator("table.links tbody a").first.click()
    link = page.url.rpartition("/")[2]
    assert page.locator("mark").first.inner_text() == "best tide clock"
    assert "rel-sponsored" in page.locator("#evidence").inner_text()

    page.get_by_label("channel").select_option("editorial_citation")
    page.get_by_label("mode").select_option("passive")
    page.get_by_label("who says so").fill("ann")
    page.get_by_label(re.compile("^note")).fill("<b>they</b> asked us nothing")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").inner_text() == "Saved: what you said counts from now on."
    assert "passive, editorial citation (a person says so)" in page.locator("dl").inner_text()
    assert "ann said on" in page.locator("main").inner_text()
    assert "<b>they</b> asked us nothing" in page.locator("main").inner_text()

    assert passive_links(page, own_site) == before + 1

    page.goto(f"{own_site.address}/links?mode=passive&overruled=yes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    with sqlite3.connect(own_site.store) as connection:
        query = "SELECT id FROM links WHERE mode = 'passive' AND override IS NOT NULL"
        expected = {found for (found,) in connection.execute(query)}
    assert {row["id"] for row in rows} == expected
    assert len(rows) == len(expected)
    assert link in expected

    with page.expect_download() as download:
        page.get_by_role("link", name="Export XLSX").click()
    download.value.save_as(tmp_path / "links.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "links.xlsx", read_only=True).active
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == expected

    done = call(
        "linkcrawler", "report", "--store", f"sqlite:///{own_site.store}", "--html", "report.html", folder=tmp_path
    )
    assert done.status == 0
    page.goto(f"file://{tmp_path / 'report.html'}")
    row = page.locator("#modes tbody tr").filter(has=page.get_by_role("rowheader", name="links", exact=True))
    assert int(row.locator("td").nth(1).inner_text()) == before + 1


def test_taking_back_and_contradictions(page: Page, own_site: Served) -> None:
    page.goto(f"{own_site.address}/links?channel=sponsored&overruled=")
    page.locator("table.links tbody a").first.click()
    address = page.url

    page.get_by_label("channel").select_option("guest_post")
    page.get_by_label("mode").select_option("passive")
    page.get_by_role("button", name="Save").click()
    assert "guest_post is active, not passive" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("channel").input_value() == "guest_post"

    page.get_by_label("mode").select_option("active")
    page.get_by_role("button", name="Save").click()
    assert "active, guest post (a person says so)" in page.locator("dl").inner_text()
    page.get_by_role("button", name="Take back").click()
    assert page.get_by_role("status").inner_text() == "Taken back: the verdict counts again."
    page.goto(address)
    assert "active, sponsored (confidence" in page.locator("dl").inner_text()


def test_paging_and_sorting_show_every_link_once(page: Page, site: Served) -> None:
    page.goto(f"{site.address}/links?limit=100")
    page.get_by_role("columnheader", name="last seen").get_by_role("link").evaluate("link => link.click()")
    page.wait_for_url("**sort=last_seen**")
    seen: list[str] = []
    days: list[str] = []
    while True:
        seen += [
            a.rpartition("/")[2]
            for a in page.locator("table.links tbody a").evaluate_all("all => all.map(a => a.href)")
        ]
        days += page.locator("table.links tbody td:nth-child(10)").evaluate_all("all => all.map(td => td.textContent)")
        following = page.get_by_role("link", name="Next page")
        if not following.count():
            break
        following.click()
    with sqlite3.connect(site.store) as connection:
        expected = [found for (found,) in connection.execute("SELECT id FROM links ORDER BY last_seen, id")]
    assert seen == expected
    assert days == sorted(days)


def test_groups_lead_to_as_many_links_as_they_count(page: Page, site: Served) -> None:
    for field in ("mode", "region", "month", "status"):
        page.goto(f"{site.address}/links?group={field}")
        for number in range(page.locator("tbody tr").count()):
            row = page.locator("tbody tr").nth(number)
            count = int(row.locator("td").inner_text().replace(",", ""))
            query = row.locator("a").get_attribute("href").partition("?")[2]  # type: ignore[union-attr]
            told = page.request.get(f"{site.address}/api/v1/counts?{query}").json()
            assert told == {"counts": [{"links": count}]}
