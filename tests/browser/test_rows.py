"""Rows in a real browser: one is added in place, by keyboard, and what is typed in it is lost by nothing."""

from .desk import MARKS
from .stage import stage

pytestmark = MARKS


def _has_the_job(response):
    """What was kept is tried again meanwhile: that answer is not waited for."""
    return response.url.endswith("/champ/") and "canicienne" in (response.request.post_data or "")


def test_a_row_added_by_keyboard_is_written_in_and_outlives_a_reload_without_a_network(desk):
    stage(desk.folder, "rows")
    page = desk.writes()
    block = page.locator("[data-rows]")
    cells = block.locator("input")
    assert cells.count() == 6
    more = block.get_by_role("button", name="Ajouter une ligne")
    more.focus()
    page.keyboard.press("Enter")
    assert cells.count() == 8
    first = cells.nth(6)
    assert first.evaluate("cell => cell === document.activeElement")
    assert first.get_attribute("aria-label") == "Nom, ligne 4"
    assert first.get_attribute("id").endswith("_row4")
    page.route("**/champ/", lambda route: route.abort())
    page.keyboard.type("Zoé")
    page.locator(".save--wait").first.wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload(wait_until="networkidle")
    assert cells.nth(6).input_value() == "Zoé"
    page.unroute("**/champ/")
    with page.expect_response(_has_the_job) as saved:
        cells.nth(7).fill("Mécanicienne")
    assert saved.value.status == 200
    page.reload(wait_until="networkidle")
    assert cells.first.input_value() == "Zoé"
    for _ in range(16):
        more.press("Enter")
    assert cells.count() == 40
    assert more.is_hidden()
    assert page.url.endswith("/3/")
    page.context.close()


def test_without_script_a_row_is_added_by_its_button_and_takes_the_focus(desk):
    stage(desk.folder, "rows")
    page = desk.page(java_script_enabled=False)
    page.goto(f"{desk.address}/candidatures/{desk.keys['draft']}/3/")
    page.locator("[data-rows] input").first.fill("Anna")
    page.get_by_role("button", name="Ajouter une ligne").click()
    page.wait_for_url("**more=**")
    cells = page.locator("[data-rows] input")
    assert cells.count() == 8
    assert cells.first.input_value() == "Anna"
    assert page.locator("[data-rows] input:focus").get_attribute("aria-label") == "Nom, ligne 4"
    page.context.close()
