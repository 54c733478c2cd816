"""The back office in a real browser: no script or style that the content policy refuses, nothing axe finds."""

from collections import Counter

import pytest

from tests.admin.screens import address as address_of
from tests.admin.screens import screens
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
FIRST_ROW = "#result_list tbody th a"
# Adds a row wherever one may be added, and opens every list that is searched.
PRESS = """() => {
  for (const more of document.querySelectorAll(".add-row a")) if (more.offsetParent) more.click();
  const $ = globalThis.django?.jQuery;
  const lists = $ ? $("select.select2-hidden-accessible") : [];
  if (lists.length) lists.select2("open");
  return lists.length;
}"""


def first_row(page, address):
    page.goto(address)
    return page.locator(FIRST_ROW).first.get_attribute("href")


def heard_of(page):
    """What the browser complains of from now on. What the server refuses is told by its status."""
    heard = []

    def hear(message):
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def faults(page):
    """What axe finds on a page.

    It reads no style sheet anew: Django's `forms.css` begins with an `@import`, which axe would set as styles in a
    document of its own. The browser would then tell of inline styles refused, and the page has none.
    """
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found]


@pytest.fixture(scope="module")
def visit(tmp_path_factory, shared):
    """A page of that person, in a window of that width, and the portal's address."""
    with demo_server(tmp_path_factory.mktemp("admin"), shared) as address, browser() as chromium:

        def opened(width, person="agent"):
            page = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR").new_page()
            page.add_init_script(WATCH)
            sign_in(page, address, f"{person}@demo.example")
            return page, address

        yield opened


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.long)])
def test_pages_obey_the_content_policy_and_axe(visit, width):
    page, address = visit(width)
    heard, pages = heard_of(page), {name: address + path for name, path in PAGES.items()}
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
        assert not heard, name


class Walk:
    """Pages opened one after the other: how many of each kind were there, and what was complained of on any."""

    def __init__(self, page, address):
        self.page, self.address, self.heard = page, address, heard_of(page)
        self.opened, self.complaints = Counter(), {}

    def opens(self, kind, path):
        """Open a page, press what it offers, and note what is complained of. Returns whether it is there."""
        is_there = self.page.goto(self.address + path).ok
        self.opened[kind] += is_there
        if is_there and self.page.evaluate(PRESS):
            self.page.locator(".select2-results__options li:not(.loading-results)").first.wait_for()
        found = [*self.page.evaluate("refused"), *self.heard]
        self.heard.clear()
        if found:
            self.complaints[path] = found
        return is_there


EVERY = ("list", "row", "add")


@pytest.mark.parametrize(
    ("person", "kinds"),
    [("agent", ("add",)), *(pytest.param(one, EVERY, marks=pytest.mark.long) for one in ("agent", "admin"))],
)
def test_no_page_of_any_screen_breaks_the_content_policy(visit, person, kinds):
    walk = Walk(*visit(1280, person))
    for model, _screen in screens():
        row = walk.page.locator(FIRST_ROW)
        if "list" in kinds and walk.opens("list", address_of(model, "list")) and row.count():
            walk.opens("row", row.first.get_attribute("href"))
        walk.opens("add", address_of(model, "add"))
    assert not walk.complaints
    assert min(walk.opened[kind] for kind in kinds) > 5


def with_a_style(route, answer):
    route.fulfill(response=answer, body=answer.text().replace("<h1>", "<h1 style='color: red'>"))


def test_the_walk_hears_of_an_inline_style(visit):
    page, address = visit(1280)
    walk = Walk(page, address)
    page.route("**/admin/", lambda route: with_a_style(route, route.fetch()))
    walk.opens("index", "/admin/")
    assert len(walk.complaints["/admin/"]) == 2
