"""Writing an application in a real browser: nothing typed is lost in silence, and the page says what it knows."""

import json
import re
from contextlib import contextmanager

import pytest

from tests.factories.calls import PDF

from .demo import PASSWORD, browser, chromium_path, demo_server, press, sign_in
from .stage import stage
from .visit import SHIFTS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium_path() is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
    ),
]
SAVED = re.compile(r"Enregistré à \d")
CLASH = {"who": "Camille", "at": "14 h 02", "value": "Un arrêt au parc.", "version": 7}


class Desk:
    """The demonstration served, and a browser signed in as someone of it."""

    def __init__(self, folder, address, chromium):
        self.folder, self.address, self.chromium = folder, address, chromium
        self.keys = stage(folder, "where")
        self.states = {}

    def page(self, person="fondatrice", **where):
        """A new page of that person, who signs in once, in a browser that is `where`."""
        if person not in self.states:
            first = self.chromium.new_context(locale="fr-FR")
            sign_in(first.new_page(), self.address, f"{person}@demo.example")
            self.states[person] = first.storage_state()
            first.close()
        context = self.chromium.new_context(locale="fr-FR", storage_state=self.states[person], **where)
        context.set_default_timeout(30_000)
        return context.new_page()

    def writes(self, person="fondatrice", key="draft", order=3):
        page = self.page(person)
        page.goto(f"{self.address}/candidatures/{self.keys[key]}/{order}/", wait_until="networkidle")
        return page


@pytest.fixture(scope="module")
def desk(tmp_path_factory, shared):
    folder = tmp_path_factory.mktemp("portal")
    with demo_server(folder, shared) as address, browser() as chromium:
        yield Desk(folder, address, chromium)


@contextmanager
def asked_before_leaving(page):
    """Inside, the page asks before it is left, and is kept."""
    asked = []

    def keep(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", keep)
    yield
    for _ in range(50):
        page.wait_for_timeout(100)
        if asked:
            break
    page.remove_listener("dialog", keep)
    assert asked == ["beforeunload"]


def box_of(page, control):
    return page.locator("[data-field]").filter(has=control)


def leave(page):
    page.locator(".sections a").first.click(no_wait_after=True)


@pytest.mark.parametrize("size", [(390, 844), (1280, 900)])
@pytest.mark.parametrize("path", ["1/", "verifier/"])
def test_from_far_away_a_draft_says_ones_own_time_and_moves_nothing(desk, path, size):
    width, height = size
    page = desk.page(timezone_id="America/New_York", viewport={"width": width, "height": height})
    page.goto(f"{desk.address}/candidatures/{desk.keys['draft']}/{path}", wait_until="networkidle")
    own = page.locator(".draft-banner .zone").inner_text().replace("\u00a0", " ")
    assert re.fullmatch(r"dans votre fuseau : \w+ \d+(er)? \w+ \d{4} à 17 h 59 \(New York\)", own)
    if width > 1000:  # on a telephone the sections fold, here as anywhere
        assert page.evaluate(SHIFTS) == []
    page.context.close()


def test_a_refused_value_is_not_lost_in_silence(desk):
    page = desk.writes()
    amount = page.locator("input[inputmode=decimal]")
    amount.fill("huit cents")
    with page.expect_response("**/champ/"):
        amount.press("Tab")
    box_of(page, amount).locator(".errorlist").wait_for()
    with asked_before_leaving(page):
        leave(page)
    assert amount.input_value() == "huit cents"


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


BROUGHT_BACK = re.compile(r"pas encore enregistré\s: enregistrez")


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


def test_a_conflict_neither_takes_the_focus_nor_forgets_what_is_typed(desk):
    page = desk.writes()
    sent = []

    def clash(route):
        sent.append(route.request.url)
        route.fulfill(status=409, content_type="application/json", body=json.dumps(CLASH))

    page.route("**/champ/", clash)
    text = page.locator("textarea").first
    text.focus()
    page.keyboard.type("Un arrêt")
    page.locator(".conflict").wait_for()
    page.keyboard.type(" à la gare")
    page.wait_for_timeout(1200)
    assert len(sent) == 1
    assert text.evaluate("control => control === document.activeElement")
    assert "à la gare" in page.locator(".conflict__text").first.inner_text()
    spoken = page.locator("[role=status]").filter(has_text="Camille")
    assert spoken.count() == 1
    with asked_before_leaving(page):
        leave(page)
    page.unroute("**/champ/")
    page.get_by_role("button", name="Garder les deux").click()
    assert text.input_value() == "Un arrêt à la gare\n\nUn arrêt au parc."


@contextmanager
def late_refusals(page):
    """Inside, what the page saves is held back until one says so; the call returns once the answer was read."""
    held = []

    def hold(route):
        held.append(route)

    page.route("**/champ/", hold)

    def refuse():
        while not held:
            page.wait_for_timeout(50)
        line = box_of(page, page.locator("input[inputmode=decimal]")).locator("[data-save]")
        line.evaluate("line => line.replaceChildren()")
        for route in held:
            route.continue_()
        line.filter(has_text=re.compile(r"\S")).wait_for()

    yield refuse
    page.unroute("**/champ/")


def test_a_live_error_reads_like_the_server_s(desk):
    page = desk.writes()
    amount = page.locator("input[inputmode=decimal]")
    amount.fill("huit cents")
    error = box_of(page, amount).locator(".errorlist")
    error.wait_for()
    marked = "control => [control.getAttribute('aria-invalid'), control.getAttribute('aria-describedby')]"
    live, order = amount.evaluate(marked), "list => list.nextElementSibling.tagName"
    assert error.evaluate(order) == "INPUT"
    with late_refusals(page) as refuse:
        press(page, page.locator("button[name=go][value=check]"))
        page.locator("#errors").wait_for()
        written = error.element_handle()
        # The page that came back sends the refused value once more.
        refuse()
    assert amount.evaluate(marked) == live
    assert live[0] == "true"
    assert written.evaluate(order) == "INPUT", "the list that said it already was put in again"
    amount.fill("61000")
    box_of(page, amount).locator("[data-save]").filter(has_text=SAVED).wait_for()
    assert error.count() == 0
    assert amount.get_attribute("aria-invalid") is None


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


def test_enter_in_a_line_saves_it_and_stays(desk):
    page = desk.writes()
    url, link = page.url, page.locator("input[type=text]").last
    link.fill("https://example.org/entree")
    with page.expect_response("**/champ/"):
        link.press("Enter")
    page.locator(f'[data-field="{link.get_attribute("name")}"] [data-save]').filter(has_text=SAVED).wait_for()
    assert page.url == url
    assert link.evaluate("link => link === document.activeElement")


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


def test_what_lacks_follows_each_save(desk):
    page = desk.writes()
    told = page.locator(".sections [aria-current] small, .side [data-summary]")
    before = told.all_inner_texts()
    choice = page.locator("input[type=radio]").first
    box = box_of(page, choice)
    badge = box.locator(".badge")
    assert badge.inner_text() == "Réponse manquante"
    choice.check()
    box.locator("[data-save]").filter(has_text=SAVED).wait_for()
    assert badge.count() == 0
    after = told.all_inner_texts()
    assert [now for now, then in zip(after, before, strict=True) if now == then] == []
    page.reload()
    assert told.all_inner_texts() == after


def test_a_document_sent_shows_at_once_and_is_taken_off_at_once(desk):
    page = desk.writes()
    box = page.locator("[data-field]").filter(has=page.locator("input[type=file]"))
    bars = []

    def on_its_way(route):
        bars.append(box.get_by_role("progressbar", name="Enregistrement…").count())
        route.continue_()

    page.route("**/champ/", on_its_way, times=1)
    box.locator("input[type=file]").set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
    box.get_by_role("link", name="plan.pdf").wait_for()
    assert (bars, box.locator("progress").count()) == ([1], 0)
    assert box.locator("input[type=file]").input_value() == ""
    box.get_by_label("Retirer").check()
    box.locator(".file").wait_for(state="detached")
    page.reload()
    assert box.locator(".file").count() == 0


def test_documents_chosen_at_once_go_one_after_the_other_and_each_is_replaced_and_removed_alone(desk):
    stage(desk.folder, "several")
    try:
        page = desk.writes()
        box = page.locator("[data-field]").filter(has=page.locator(".files"))
        names = box.locator(".files__kept a")

        def document(name):
            return {"name": name, "mimeType": "application/pdf", "buffer": PDF}

        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/champ/") else None)
        box.get_by_label("Choisir des documents").set_input_files([document("un.pdf"), document("deux.pdf")])
        names.nth(1).wait_for()
        assert names.all_inner_texts() == ["un.pdf", "deux.pdf"]
        assert len(sent) == 2
        box.get_by_text("Remplacer un.pdf").click()
        box.get_by_label("Document à la place de un.pdf").set_input_files(document("trois.pdf"))
        box.get_by_role("link", name="trois.pdf").wait_for()
        assert names.all_inner_texts() == ["trois.pdf", "deux.pdf"]
        box.get_by_label("Retirer deux.pdf").check()
        box.get_by_role("link", name="deux.pdf").wait_for(state="detached")
        assert box.get_by_label("Ajouter des documents").evaluate("control => control === document.activeElement")
        page.reload()
        assert names.all_inner_texts() == ["trois.pdf"]
    finally:
        stage(desk.folder, "alone")


def test_the_main_pillar_is_unticked_among_the_others(desk):
    page = desk.writes(order=0)
    boxes = page.locator("input[name=other_pillars]")
    main = page.locator("input[name=pillar]:checked").get_attribute("value")
    again = boxes.and_(page.locator(f"[value='{main}']"))
    again.click()
    box_of(page, boxes).locator("[data-save]").filter(has_text="est votre pilier principal").wait_for()
    assert not again.is_checked()


def test_ticks_of_two_people_at_once_are_both_shown(desk):
    stage(desk.folder, "unanswered")
    mine, theirs = desk.writes(), desk.writes("collegue")
    first, second = (page.locator("input[type=radio]") for page in (mine, theirs))
    with theirs.expect_response("**/champ/"):
        second.nth(1).check()
    with mine.expect_response("**/champ/") as answer:
        first.nth(0).check()
    assert answer.value.status == 409
    both = mine.locator(".conflict__text p").all_inner_texts()
    labels = [text.strip() for text in mine.locator("label:has(input[type=radio])").all_inner_texts()]
    assert both == labels[:2]
    with mine.expect_response("**/champ/"):
        mine.get_by_role("button", name="Garder la sienne").click()
    assert first.nth(1).is_checked()
    mine.reload()
    assert first.nth(1).is_checked()


def test_titles_of_two_people_at_once_are_both_shown(desk):
    mine, theirs = desk.writes(order=0), desk.writes("collegue", order=0)
    for page, title in ((theirs, "Navette du soir"), (mine, "Navette de nuit")):
        with page.expect_response("**/champ/"):
            page.locator("input[name=title]").fill(title)
    assert mine.locator(".conflict__text p").all_inner_texts() == ["Navette de nuit", "Navette du soir"]
    with mine.expect_response("**/champ/") as answer:
        mine.get_by_role("button", name="Garder la mienne").click()
    assert answer.value.status == 200
    mine.reload()
    assert mine.locator("input[name=title]").input_value() == "Navette de nuit"


def test_a_document_of_someone_else_is_shown_before_it_is_replaced(desk):
    mine, theirs = desk.writes(), desk.writes("collegue")
    control = "input[type=file]"
    for page, name in ((theirs, "leur.pdf"), (mine, "mien.pdf")):
        sent = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        with page.expect_response("**/champ/"):
            page.locator(control).set_input_files(sent)
    box = box_of(mine, mine.locator(control))
    box.locator(".errorlist").filter(has_text="leur.pdf").wait_for()
    box.get_by_role("link", name="leur.pdf").wait_for()
    mine.locator(control).set_input_files({"name": "mien.pdf", "mimeType": "application/pdf", "buffer": PDF})
    box.get_by_role("link", name="mien.pdf").wait_for()
    box.get_by_label("Retirer").check()
    box.locator(".file").wait_for(state="detached")


def test_rows_of_two_people_at_once_are_all_kept(desk):
    stage(desk.folder, "rows")
    mine, theirs = desk.writes(), desk.writes("collegue")
    for page, name in ((theirs, "Camille"), (mine, "Anna")):
        with page.expect_response("**/champ/"):
            page.locator(".table-scroll input").first.fill(name)
    assert mine.locator(".conflict__text p").all_inner_texts() == ["Anna", "Camille"]
    with mine.expect_response("**/champ/"):
        mine.get_by_role("button", name="Garder les deux").click()
    mine.reload()
    cells = mine.locator(".table-scroll tbody tr input:first-child").all()
    assert [cell.input_value() for cell in cells if cell.input_value()] == ["Camille", "Anna"]


def test_two_people_in_one_section_see_each_other_and_what_the_other_saved(desk):
    mine, theirs = desk.writes(order=2), desk.writes("collegue", order=2)
    other = theirs.locator(".people__here")
    assert "Ici en ce moment" in other.inner_text()
    assert "est aussi dans cette section" in theirs.locator("[data-together]").inner_text()
    assert mine.locator("[data-together]").inner_text() == ""
    with theirs.expect_response("**/champ/"):
        theirs.locator("textarea").first.fill("Écrit à deux.")
    with mine.expect_response("**/presence/**"):
        # What a page does by itself every few seconds, and when one comes back to it.
        mine.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    mine.locator(".people__here").wait_for()
    assert "est aussi dans cette section" in mine.locator("[role=status][data-together]").inner_text()
    assert "A enregistré" in mine.locator(".people").inner_text()
