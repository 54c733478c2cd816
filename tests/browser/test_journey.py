"""The journey through a real browser: each page it meets is accessible, quiet and fits small screens."""

import re

import pytest

from .demo import browser, chromium_path, demo_server, press
from .slow_line import slow_line
from .stage import stage
from .visit import NARROW, SHIFTS, SMALL, WIDE, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium_path() is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
    ),
]
SAVED = re.compile(r"Enregistré à \d{1,2}.?[:h].?\d\d")


@pytest.fixture(scope="module")
def visit(tmp_path_factory, shared):
    folder = tmp_path_factory.mktemp("portal")
    with demo_server(folder, shared) as address, browser() as chromium:
        yield Visit(folder, address, chromium)


def test_the_home_page_weighs_less_than_200_kilobytes_over_the_wire(visit):
    page = visit.context().new_page()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    weights = []
    wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(f"{visit.address}/", wait_until="networkidle")
    assert len(weights) > 10
    assert sum(weights) < 200_000
    page.context.close()


def test_from_far_away_the_call_says_ones_own_time_and_keeps_its_act_under_the_thumb(visit):
    page = visit.context(timezone_id="America/New_York", viewport={"width": SMALL, "height": 844}).new_page()
    page.goto(f"{visit.address}/appels/mobilite/", wait_until="networkidle")
    own = page.locator(".zone", has_text="fuseau").first.inner_text().replace("\u00a0", " ")
    assert re.fullmatch(r"dans votre fuseau : \w+ \d+(er)? \w+ \d{4} à 17 h 59 \(New York\)", own)
    act = page.locator(".apply__act").bounding_box()
    assert act["height"] < 844 * 0.15
    assert act["y"] + act["height"] == pytest.approx(844, abs=1)
    page.context.close()


@pytest.mark.parametrize("path", ["/", "/appels/", "/appels/mobilite/", "/piliers/mobilite-transport/"])
@pytest.mark.parametrize("size", [(SMALL, 844), (WIDE, 900)])
def test_from_far_away_ones_own_time_moves_nothing(visit, path, size):
    width, height = size
    context = visit.context(timezone_id="America/New_York", viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(visit.address + path, wait_until="networkidle")
    assert page.locator(".zone:not([hidden])").count() >= 1
    assert page.evaluate(SHIFTS) == []
    context.close()


@pytest.mark.parametrize("size", [(SMALL, 844), (WIDE, 900)])
def test_a_page_that_arrives_in_pieces_moves_nothing(visit, size):
    width, height = size
    with slow_line(visit.address, ['<div class="tools">', "<details", "</header>", "<main"]) as address:
        context = visit.context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        assert page.locator(".nav" if width == WIDE else ".menu").is_visible()
        assert page.evaluate(SHIFTS) == []
        context.close()


@pytest.mark.parametrize("person", ["", "fondatrice"])
@pytest.mark.parametrize("language", ["", "/en", "/de", "/nl"])
def test_the_header_keeps_within_the_margins_of_a_telephone(visit, person, language):
    page = visit.page_of(person)
    page.goto(f"{visit.address}{language}/piliers/")
    for width in (NARROW, 360, 384, SMALL, 412):
        page.set_viewport_size({"width": width, "height": 844})
        beyond = page.evaluate("""() => {
          const right = (one) => one.getBoundingClientRect().right;
          const shown = [...document.querySelectorAll(".tools > *")].filter((one) => one.offsetParent);
          return Math.max(...shown.map(right)) - right(document.querySelector(".top__in"));
        }""")
        assert beyond <= 0.5, f"{beyond} px beyond at {width}"
    page.set_viewport_size({"width": WIDE, "height": 900})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/piliers/mobilite-transport/",
        "/piliers/habitat-environnement/",
        "/donnees/",
        "/appels/",
        "/appels/mobilite/",
        "/appels/mobilite/questions/",
        "/connexion/",
        "/inscription/",
        "/appels/smart-city-2017/resultats/",
        "/nl/accessibilite/",
        "/nl/appels/mobilite/",
        "/de/donnees-personnelles/",
        "/projets/",
        "/projets/get-it-done/",
        "/projets/get-it-done/repliquer/",
        "/de/projets/get-it-done/dossier/",
        "/repliquer/",
        "/accessibilite/",
        "/actualites/",
        "/actualites/six-startups-sur-scene/",
        "/recherche/",
        "/recherche/?q=mobilite",
        "/appels/smart-city-2017/finale/",
    ],
)
def test_public_pages(visit, path):
    visit.opens("", path)


def test_a_page_that_is_not_there(visit):
    visit.opens("", "/rien/", status=404)


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_the_home_page_in_every_language(visit, language):
    page = visit.opens("", f"/{language}/")
    assert page.locator("html").get_attribute("lang").startswith(language)


def test_an_application_form_saves_without_script(visit):
    """Runs before the journey: the draft is written by a colleague whose browser runs no script."""
    page = visit.page_of("collegue", java_script_enabled=False)
    page.goto(f"{visit.address}/candidatures/{visit.keys['draft']}/3/")
    page.locator("textarea").first.fill("Un arrêt devant la gare.")
    press(page, page.locator("button[name=go][value=previous]"))
    page.goto(f"{visit.address}/candidatures/{visit.keys['draft']}/3/")
    assert page.locator("textarea").first.input_value() == "Un arrêt devant la gare."
    here, link = page.url, page.locator("input[type=text]").last
    with page.expect_navigation(wait_until="load"):
        link.fill("https://example.org/sans-script")
        link.press("Enter")
    assert (page.url, link.input_value()) == (here, "https://example.org/sans-script")
    link.fill("https://example.org/bouton")
    press(page, page.get_by_role("button", name="Enregistrer le brouillon"))
    assert (page.url, link.input_value()) == (here, "https://example.org/bouton")


def test_a_founder_types_checks_and_hands_in(visit):
    own = f"/candidatures/{visit.keys['draft']}/"
    visit.opens("fondatrice", "/espace/")
    page = visit.opens("fondatrice", f"{own}3/")
    type_answers(page)
    visit.looks(page)
    page.reload()
    assert page.locator("textarea").first.input_value().endswith("Et un relais à vélo.")
    press(page, page.locator("button[name=go][value=check]"))
    page.wait_for_url(f"**{own}verifier/")
    visit.looks(page)
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    press(page, page.locator("main form button[type=submit]").last)
    page.wait_for_url(f"**{own}recepisse/")
    visit.looks(page)
    visit.opens("fondatrice", own)


def type_answers(page):
    """The last section, from the keyboard alone: each answer says that it is saved once one leaves it."""
    first = page.locator("textarea").first
    first.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Et un relais à vélo.")
    page.keyboard.press("Tab")
    saved(page, first)
    page.keyboard.type("61000")
    page.keyboard.press("Tab")
    saved(page, page.locator("input[inputmode=decimal]"))
    page.keyboard.press("Space")
    saved(page, page.locator("input[type=radio]").first)


def saved(page, control):
    """Wait until the field around a control says when it was saved."""
    box = page.locator("[data-field]").filter(has=control)
    box.locator("[data-save]").filter(has_text=SAVED).wait_for()


def test_an_agent_words_a_message_and_sees_it_as_they_type(visit):
    messages = "/gestion/appels/mobilite/messages/"
    visit.opens("agent", messages)
    page = visit.opens("agent", f"{messages}calls.closing/de/")
    body, preview = page.locator("textarea[name=body]"), page.locator("#preview")
    body.fill("Guten Tag {nom},\n\n<b>{manques}</b>\n\nEinreichen bis {date_limite}:\n{lein}")
    preview.get_by_text("Vouliez-vous dire {lien}").wait_for()
    visit.looks(page)
    body.fill("Guten Tag {nom},\n\n<b>{manques}</b>\n\nEinreichen bis {date_limite}:\n{lien}")
    preview.get_by_role("link", name="Einreichen bis").wait_for()
    assert "<b>Es fehlt noch" in preview.inner_text()
    assert preview.locator("b").count() == 0
    press(page, page.locator("main button[value=save]"))
    visit.looks(page)
    page = visit.opens("agent", f"{messages}calls.closing/de/origine/")
    press(page, page.locator("main form button[type=submit]").last)
    visit.looks(page)


def test_an_agent_closes_the_call_and_screens(visit):
    board = "/gestion/appels/mobilite/"
    visit.opens("agent", "/gestion/appels/")
    visit.opens("agent", board)
    page = visit.opens("agent", f"{board}clore/")
    page.locator("textarea[name=reason]").fill("Assez de candidatures pour cette démonstration.")
    press(page, page.locator("main form button[type=submit]").last)
    page.wait_for_url(f"**{board}")
    visit.opens("agent", f"{board}candidatures/")
    for key in ("submitted", "draft"):
        page = visit.opens("agent", f"/gestion/candidatures/{visit.keys[key]}/")
        press(page, page.locator("form[action$='/admettre/'] button"))
    visit.opens("agent", "/admin/")


def test_an_agent_opens_the_reading(visit):
    organise = f"/gestion/jury/{visit.keys['reading']}/"
    page = visit.opens("agent", organise)
    press(page, page.locator("form[action$='/plan/'] button[type=submit]"))
    page = visit.opens("agent", f"{organise}ouvrir/")
    press(page, page.locator("main form button[type=submit]").last)
    page.wait_for_url(f"**{organise}")
    visit.looks(page)


def test_a_juror_declares_and_marks(visit):
    room = f"/jury/{visit.keys['reading']}/"
    visit.opens("jure1", room)
    page = visit.opens("jure1", f"{room}liens/")
    page.locator("input[name=rest]").check()
    press(page, page.locator("main form button[type=submit]").last)
    page.wait_for_url(f"**{room}")
    visit.looks(page)
    page = visit.opens("jure1", f"{room}fiche/{visit.keys['draft']}/")
    for pad in page.locator("[data-criterion]").all():
        pad.locator("input[type=radio]").nth(8).check(force=True)
        pad.locator("[data-save]").filter(has_text=SAVED).wait_for()
    visit.looks(page)
    press(page, page.locator("button[value=hand_in]"))
    page.wait_for_url(lambda url: visit.keys["draft"] not in url)
    visit.looks(page)


def test_a_sheet_saves_without_script(visit):
    page = visit.page_of("jure2", java_script_enabled=False)
    room = f"{visit.address}/jury/{visit.keys['reading']}/"
    page.goto(f"{room}liens/")
    page.locator("input[name=rest]").check()
    press(page, page.locator("main form button[type=submit]").last)
    sheet = f"{room}fiche/{visit.keys['draft']}/"
    page.goto(sheet)
    for pad in page.locator("[data-criterion]").all():
        pad.locator("input[type=radio]").nth(7).check(force=True)
    page.locator("textarea[name=comment]").fill("Net et sobre.")
    press(page, page.locator("button[value=save]"))
    page.goto(sheet)
    assert page.locator("textarea[name=comment]").input_value() == "Net et sobre."
    assert page.locator("[data-criterion] input[type=radio]:checked").count() == 5


def test_the_chair_sees_who_has_marked(visit):
    board = f"/jury/{visit.keys['reading']}/presidence/"
    visit.opens("presidence", board)
    visit.opens("presidence", f"{board}verrouiller/")


def test_the_jury_reads_its_standing(visit):
    stage(visit.folder, "finale")
    visit.opens("presidence", f"/jury/{visit.keys['reading']}/presidence/")
    visit.opens("presidence", f"/jury/{visit.keys['reading']}/presidence/proces-verbal/")
    visit.opens("jure1", f"/jury/{visit.keys['reading']}/classement/")
    visit.opens("presidence", f"/jury/{visit.keys['finale']}/presidence/")
    visit.opens("agent", "/gestion/vote/mobilite/")


def test_the_public_votes_by_mail(visit):
    page = visit.opens("", "/vote/mobilite/")
    page.locator("input[name=choice]").first.check()
    page.locator("input[name=address]").fill("voisine@habitants.example")
    page.wait_for_timeout(2000)
    press(page, page.locator("main form button[type=submit]"))
    visit.looks(page)
    stage(visit.folder, "post")
    visit.opens("", "/demo/mails/")
    page.locator("main a[href*='/demo/mails/']").first.click()
    link = re.search(r"https?://\S+/vote/mobilite/lien/\S+", page.locator("main").inner_text())
    page.goto(visit.address + "/vote" + link[0].partition("/vote")[2])
    visit.looks(page)
    page.locator("input[name=choice]").first.check()
    press(page, page.locator("main form button[type=submit]"))
    page.wait_for_url("**/merci/")
    visit.looks(page)


def test_a_project_is_followed(visit):
    visit.opens("agent", "/gestion/projets/")
    visit.opens("agent", "/projets/totem-mobi/suivi/")
