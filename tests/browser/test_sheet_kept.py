"""A juror's sheet outlives an ended session: with script and without, and never for someone else."""

import re

import pytest

from .demo import PASSWORD, press, sign_in
from .desk import MARKS, SAVED
from .stage import stage

pytestmark = MARKS
WHO = "jure1"
NOTE = "Entre nous\u00a0: trop tôt."
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('marks:')).length"
SESSION = re.compile("session")


@pytest.fixture(scope="module")
def sheets(desk):
    return stage(desk.folder, "reading")


def address(desk, sheets, place):
    return f"{desk.address}/jury/{sheets['reading']}/fiche/{sheets['sheets'][place]}/"


def opened(desk, sheets, place, **where):
    page = desk.page(WHO, **where)
    page.goto(address(desk, sheets, place), wait_until="networkidle")
    return page


def marks(page):
    """Give every mark, and write the note."""
    for pad in page.locator("[data-criterion]").all():
        pad.locator("input[type=radio]").nth(7).check(force=True)
    page.locator("[name=private_note]").fill(NOTE)


def signs_in_elsewhere(desk, page):
    page.context.clear_cookies(name=SESSION)
    other = page.context.new_page()
    sign_in(other, desk.address, f"{WHO}@demo.example")
    other.close()


def is_handed_in(page, desk, sheets, place):
    page.goto(address(desk, sheets, place), wait_until="networkidle")
    assert page.locator("[name=private_note]").count() == 0
    assert NOTE in page.locator("#marking").inner_text()
    assert page.evaluate(KEPT) == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_no_mark_moves_when_the_page_says_that_it_is_not_saved(desk, sheets, width):
    page = opened(desk, sheets, 3, viewport={"width": width, "height": 900})
    page.context.clear_cookies(name=SESSION)
    radio = page.locator("[data-criterion] input[type=radio]").nth(7)
    if width < 600:
        radio.evaluate("(radio) => radio.scrollIntoView({ block: 'center' })")
    places = "[...document.querySelectorAll('[data-criterion] input')].map((radio) => radio.getBoundingClientRect().y)"
    before = page.evaluate(places)
    radio.check(force=True)
    page.locator("[data-net]").filter(has_text="Pas enregistré").wait_for()
    assert page.evaluate(places) == before


def test_signed_in_again_in_another_tab_the_sheet_goes_on(desk, sheets):
    page = opened(desk, sheets, 0)
    page.context.clear_cookies(name=SESSION)
    marks(page)
    page.locator("[data-net]").filter(has_text="reconnectez-vous dans un autre onglet").wait_for()
    signs_in_elsewhere(desk, page)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("[data-net]").filter(has_text=SAVED).wait_for()
    press(page, page.locator("button[value=hand_in]"))
    assert "/connexion" not in page.url
    is_handed_in(page, desk, sheets, 0)


def test_handed_in_once_signed_out_it_comes_back_with_all_of_it(desk, sheets):
    page = opened(desk, sheets, 1)
    page.context.clear_cookies(name=SESSION)
    marks(page)
    press(page, page.locator("button[value=hand_in]"))
    assert "/connexion" in page.url
    page.locator("input[name=login]").fill(f"{WHO}@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/fiche/**", wait_until="networkidle")
    assert page.locator("[name=private_note]").input_value() == NOTE
    page.wait_for_function(f"{KEPT} === 0")
    press(page, page.locator("button[value=hand_in]"))
    is_handed_in(page, desk, sheets, 1)


def test_without_script_what_an_older_page_sends_is_in_the_form_again(desk, sheets):
    page = opened(desk, sheets, 2, java_script_enabled=False)
    marks(page)
    signs_in_elsewhere(desk, page)
    press(page, page.locator("button[value=hand_in]"))
    assert page.locator(".conflict--late").count() == 1
    assert page.locator("[name=private_note]").input_value() == NOTE
    press(page, page.locator("button[value=hand_in]"))
    page.goto(address(desk, sheets, 2))
    assert NOTE in page.locator("#marking").inner_text()


def test_a_link_declared_meanwhile_clears_it_from_the_browser(desk, sheets):
    page = opened(desk, sheets, 3)
    page.context.clear_cookies(name=SESSION)
    marks(page)
    page.locator("[data-net]").filter(has_text="reconnectez-vous dans un autre onglet").wait_for()
    assert page.evaluate(KEPT) == 1
    # The page tries again by itself: held until the link is declared, whatever time the signing in takes.
    saving = page.locator("#marking").get_attribute("data-marks")
    page.route(f"**{saving}", lambda route: route.abort())
    signs_in_elsewhere(desk, page)
    other = page.context.new_page()
    other.goto(f"{address(desk, sheets, 3)}lien/")
    other.locator("input[name=category]").first.check()
    press(other, other.locator("main form button[type=submit]").last)
    page.unroute(f"**{saving}")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_role("alert").wait_for()
    assert page.evaluate(KEPT) == 0
    assert NOTE not in page.content()
