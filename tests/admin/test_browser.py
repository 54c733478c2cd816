"""The back office in a real browser: no script or style that the content policy refuses, nothing axe finds."""

import pytest

from tests.browser.demo import browser, chromium_path, demo_server, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium on this machine"),
    pytest.mark.xdist_group("admin-browser"),
]

WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push(`${e.violatedDirective} ${e.sourceFile}`));
"""
PAGES = {
    "index": "/admin/",
    "list": "/admin/calls/submission/",
    "journal": "/admin/lifecycle/journalentry/",
    "add": "/admin/juries/juror/add/",
    "app": "/admin/calls/",
}
# Pages that are led to from a row of a list.
ROWS = {"change": "/admin/calls/call/", "read": "/admin/calls/submission/"}


def first_row(page, address):
    page.goto(address)
    return page.locator("#result_list tbody th a").first.get_attribute("href")


def faults(page):
    """What axe finds on a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found]


@pytest.fixture(scope="module")
def visit(tmp_path_factory, shared):
    """A page of an agent, in a window of that width, and the portal's address."""
    with demo_server(tmp_path_factory.mktemp("admin"), shared) as address, browser() as chromium:

        def opened(width):
            page = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR").new_page()
            page.add_init_script(WATCH)
            sign_in(page, address, "agent@demo.example")
            return page, address

        yield opened


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.long)])
def test_pages_obey_the_content_policy_and_axe(visit, width):
    page, address = visit(width)
    pages = {name: address + path for name, path in PAGES.items()}
    for name, path in ROWS.items():
        row = address + first_row(page, address + path)
        pages |= {name: row, f"{name}-journal": row.replace("/change/", "/history/")}
    pages["act"] = pages["change"].replace("/change/", "/act/close_early/").split("?")[0]
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert not page.evaluate("refused"), name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        assert not faults(page), name
