"""Writing an application in a real browser: nothing typed is lost in silence, and the page says what it knows."""

import json
import re
from contextlib import contextmanager

import pytest

from tests.factories.calls import PDF

from .demo import press
from .desk import MARKS, SAVED, asked_before_leaving, box_of, leave
from .stage import stage
from .visit import SHIFTS

pytestmark = MARKS
CLASH = {"who": "Camille", "at": "14 h 02", "value": "Un arrêt au parc.", "version": 7}


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


def test_enter_in_a_line_saves_it_and_stays(desk):
    page = desk.writes()
    url, link = page.url, page.locator("input[type=text]").last
    link.fill("https://example.org/entree")
    with page.expect_response("**/champ/"):
        link.press("Enter")
    page.locator(f'[data-field="{link.get_attribute("name")}"] [data-save]').filter(has_text=SAVED).wait_for()
    assert page.url == url
    assert link.evaluate("link => link === document.activeElement")


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


def test_of_documents_chosen_at_once_one_refused_keeps_none_of_the_others_back(desk):
    stage(desk.folder, "several")
    try:
        page = desk.writes()
        box = page.locator("[data-field]").filter(has=page.locator(".files"))
        control = box.get_by_label("Choisir des documents")
        control.evaluate("control => { control.dataset.bytesMax = 5000; }")
        contents = {
            "vaste.pdf": bytes(6000),
            "plan.svg": b"<svg/>",
            "un.pdf": PDF,
            "page.pdf": b"<html>",
            "deux.pdf": PDF,
        }
        control.set_input_files(
            [{"name": name, "mimeType": "application/pdf", "buffer": content} for name, content in contents.items()]
        )
        names, errors = box.locator(".files__kept a"), box.locator(".errorlist li")
        names.nth(1).wait_for()
        assert names.all_inner_texts() == ["un.pdf", "deux.pdf"]
        said = errors.all_inner_texts()
        assert [re.search(r"\w+\.\w+", sentence)[0] for sentence in said] == ["vaste.pdf", "plan.svg", "page.pdf"]
        assert "trop lourd" in said[0]
        leave(page)
        page.wait_for_url(lambda address: not address.endswith("/3/"))
    finally:
        stage(desk.folder, "alone")


def test_the_main_pillar_leaves_the_others_as_it_is_chosen(desk):
    page = desk.writes(order=0)
    boxes, pillars = page.locator("input[name=other_pillars]"), page.locator("input[name=pillar]")
    main = page.locator("input[name=pillar]:checked").get_attribute("value")
    former = boxes.and_(page.locator(f"[value='{main}']"))
    assert former.is_hidden()
    other = boxes.locator("visible=true").first
    key = other.get_attribute("value")
    with page.expect_response("**/champ/"):
        other.check()
    chosen = boxes.and_(page.locator(f"[value='{key}']"))
    pillars.and_(page.locator(f"[value='{key}']")).check()
    box_of(page, pillars).locator("[data-save]").filter(has_text="est votre pilier principal").wait_for()
    assert not chosen.is_checked()
    assert chosen.is_hidden()
    assert former.is_visible()
    with page.expect_response("**/champ/"):
        pillars.and_(page.locator(f"[value='{main}']")).check()
