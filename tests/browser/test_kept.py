"""What is typed outlives a lost network, a reload, an ended session and the way back."""

import re

import pytest

from .demo import PASSWORD, press, sign_in
from .desk import MARKS, SAVED, asked_before_leaving, box_of, leave

pytestmark = MARKS


BROUGHT_BACK = re.compile(r"pas encore enregistré\s: enregistrez")


def test_a_change_to_what_was_submitted_is_not_dropped_in_silence(desk):
    page = desk.writes("autre", "submitted", 1)
    text = page.locator("textarea").first
    text.focus()
    page.keyboard.type("Mieux dit. ")
    with asked_before_leaving(page):
        leave(page)
    press(page, page.get_by_role("button", name="Enregistrer"))
    page.locator(".alert--ok").wait_for()
    leave(page)
    page.wait_for_url("**/0/")


def test_what_is_typed_in_what_was_submitted_outlives_leaving_a_reload_and_an_ended_session(desk):
    page = desk.writes("autre", "submitted", 1)
    page.on("dialog", lambda dialog: dialog.accept())
    url, text = page.url, page.locator("textarea").first
    line = page.locator(f'[data-field="{text.get_attribute("name")}"] [data-save]')
    written = f"{text.input_value()} Et aussi ceci."
    text.fill(written)
    page.goto(f"{desk.address}/espace/", wait_until="networkidle")
    page.goto(url, wait_until="networkidle")
    assert text.input_value() == written
    line.filter(has_text=BROUGHT_BACK).wait_for()

    page.context.clear_cookies(name=re.compile("session"))
    press(page, page.get_by_role("button", name="Enregistrer"))
    assert "/connexion" in page.url
    page.locator("input[name=login]").fill("autre@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/candidatures/**", wait_until="networkidle")
    line.filter(has_text=BROUGHT_BACK).wait_for()
    assert text.input_value() == written

    press(page, page.get_by_role("button", name="Enregistrer"))
    page.locator(".alert--ok").wait_for()
    page.wait_for_load_state("networkidle")
    assert (text.input_value(), kept_here(page)) == (written, 0)
    text.fill(f"{written} Puis cela.")
    press(page, page.get_by_role("button", name="Suivant"))
    page.wait_for_url("**/2/", wait_until="networkidle")
    assert kept_here(page) == 0


def test_what_comes_back_does_not_overwrite_what_was_submitted_meanwhile(desk):
    page, other = desk.writes("autre", "submitted", 1), desk.writes("autre", "submitted", 1)
    page.on("dialog", lambda dialog: dialog.accept())
    text = page.locator("textarea").first
    text.fill("Écrit ici, jamais enregistré.")
    other.locator("textarea").first.fill("Écrit ailleurs, enregistré.")
    press(other, other.get_by_role("button", name="Enregistrer"))
    other.locator(".alert--ok").wait_for()
    page.reload(wait_until="networkidle")
    assert text.input_value() == "Écrit ici, jamais enregistré."
    press(page, page.get_by_role("button", name="Enregistrer"))
    page.locator(".conflict").wait_for()
    said = page.locator(".conflict").inner_text()
    assert "Écrit ici, jamais enregistré." in said
    assert "Écrit ailleurs, enregistré." in said


def test_signed_out_meanwhile_it_says_so_and_goes_on_once_signed_in(desk):
    page = desk.page("collegue")
    page.goto(f"{desk.address}/candidatures/{desk.keys['draft']}/3/", wait_until="networkidle")
    page.context.clear_cookies()
    link = page.locator("input[type=text]").last
    link.fill("https://example.org/navette")
    line = box_of(page, link).locator("[data-save]")
    line.filter(has_text="reconnectez-vous dans un autre onglet").wait_for()
    other = page.context.new_page()
    sign_in(other, desk.address, "collegue@demo.example")
    other.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    line.filter(has_text=SAVED).wait_for()


NET = re.compile("Pas encore enregistré : nouvelle tentative".replace(" :", ".:"))


KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"


def kept_here(page):
    return page.evaluate(KEPT)


def is_all_sent(page):
    for _ in range(600):
        if kept_here(page) == 0:
            return
        page.wait_for_timeout(100)
    said = page.locator("[data-save], .conflict").all_inner_texts()
    raise AssertionError(f"what was typed was not sent: {said}")


def test_what_is_typed_outlives_a_lost_network_a_reload_and_an_ended_session(desk):
    """Nothing typed is lost, and nothing of it stays in the browser once saved or signed out."""
    # A page of another test goes on sending what it holds.
    for context in desk.chromium.contexts:
        context.close()
    page = desk.page("collegue")
    form = f"{desk.address}/candidatures/{desk.keys['draft']}/3/"
    page.goto(form, wait_until="networkidle")
    page.on("dialog", lambda dialog: dialog.accept())

    def link():
        return page.locator("input[type=text]").last

    def line():
        return page.locator(f'[data-field="{link().get_attribute("name")}"] [data-save]')

    page.context.set_offline(True)
    link().fill("https://example.org/hors-ligne")
    line().filter(has_text=NET).wait_for()
    page.context.set_offline(False)
    is_all_sent(page)
    line().filter(has_text=SAVED).wait_for()

    page.context.set_offline(True)
    link().fill("https://example.org/rechargee")
    line().filter(has_text=NET).wait_for()
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.reload(wait_until="networkidle")
    assert "/connexion" in page.url
    page.locator("input[name=login]").fill("collegue@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/candidatures/**")
    is_all_sent(page)
    line().filter(has_text=SAVED).wait_for()
    assert link().input_value() == "https://example.org/rechargee"

    page.context.set_offline(True)
    link().fill("https://example.org/partagee")
    line().filter(has_text=NET).wait_for()
    assert kept_here(page) == 1
    page.context.set_offline(False)
    page.evaluate("document.querySelector('form[data-forget]').requestSubmit()")
    page.wait_for_url(f"{desk.address}/**", wait_until="networkidle")
    assert kept_here(page) == 0


@pytest.mark.parametrize("is_saved", [True, False], ids=["saved", "typed just now"])
def test_the_back_button_brings_back_what_was_typed_and_one_writes_on(desk, is_saved):
    """What the browser itself puts back into a form is written upon its own version: it clashes with nothing."""
    page = desk.writes("collegue")
    page.on("dialog", lambda dialog: dialog.accept())
    url, text = page.url, f"https://example.org/{'enregistree' if is_saved else 'pressee'}"
    link = page.locator("input[type=text]").last
    line = page.locator(f'[data-field="{link.get_attribute("name")}"] [data-save]')
    link.fill(text)
    if is_saved:
        link.press("Tab")
        line.filter(has_text=SAVED).wait_for()
    page.goto(f"{desk.address}/espace/", wait_until="networkidle")
    page.go_back(wait_until="networkidle")
    assert page.url == url
    is_all_sent(page)
    assert link.input_value() == text
    link.fill(f"{text}/suite")
    link.press("Tab")
    is_all_sent(page)
    line.filter(has_text=SAVED).wait_for()
    assert page.locator(".conflict").count() == 0
    page.reload(wait_until="networkidle")
    assert link.input_value() == f"{text}/suite"


def test_a_page_drawn_before_its_last_save_shows_what_was_typed(desk):
    """Asked for again while a field is on its way, it comes as it was before that: the browser still holds the text."""
    page = desk.writes("collegue")
    page.on("dialog", lambda dialog: dialog.accept())
    link = page.locator("input[type=text]").last
    held = []

    def hold_first(route):
        if held:
            route.continue_()
        else:
            held.append(route)

    def save_after(route):
        drawn = route.fetch()
        held[0].fulfill(response=held[0].fetch())
        page.wait_for_timeout(500)
        route.fulfill(response=drawn)

    page.route("**/champ/", hold_first)
    link.fill("https://example.org/en-chemin")
    link.press("Tab")
    for _ in range(300):
        page.wait_for_timeout(100)
        if held:
            break
    page.route(page.url, save_after, times=1)
    page.reload(wait_until="networkidle")
    assert link.input_value() == "https://example.org/en-chemin"
    is_all_sent(page)
    assert page.locator(".conflict").count() == 0
    link.fill("https://example.org/arrivee")
    link.press("Tab")
    is_all_sent(page)
    assert page.locator(".conflict").count() == 0


def test_the_back_button_shows_nothing_after_sign_out(desk):
    page = desk.page("mentor")
    page.goto(f"{desk.address}/espace/", wait_until="networkidle")
    page.evaluate("document.querySelector('form[data-forget]').requestSubmit()")
    page.wait_for_url(lambda url: not url.endswith("/espace/"), wait_until="networkidle")
    page.go_back(wait_until="networkidle")
    assert "/connexion/" in page.url
