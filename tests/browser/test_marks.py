"""The script of a juror's sheet in a real browser, before a server that answers as late as a test wants."""

import json
import re
from urllib.parse import parse_qs

import pytest

from .demo import ROOT, browser, chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium_path() is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
    ),
]
HOME = "http://portal.example"
PAGE = """<!DOCTYPE html><html lang="fr"><body><p data-net></p>
<div data-sheet><h1>A dossier</h1>
<form id="marking" method="post" action="/sheet" data-marks="/mark" data-version="0" data-room="/room" data-person="7">
<input type="hidden" name="csrfmiddlewaretoken" value="x"><input type="hidden" name="version" value="0">
<fieldset data-criterion="mark-1"><input type="radio" name="mark-1" value="3"><span>3</span>
<input type="radio" name="mark-1" value="4"><span>4</span></fieldset>
<div data-field="comment"><textarea name="comment"></textarea><p data-save></p></div></form></div>
<p data-ends><button form="marking" name="act" value="hand_in">Hand in</button></p>
<template id="words" data-shut="Ce dossier ne vous est plus ouvert." data-room="Mes fiches"
data-signed-out="Reconnectez-vous dans un autre onglet."></template>
<script type="module" src="/static/js/marks.js"></script></body></html>"""


class Server:
    """Counts a version for each field saved, as the portal does, and keeps what the whole form carried."""

    def __init__(self, page):
        self.version, self.saved, self.submitted, self.silent, self.is_shut = 0, [], None, False, False
        # What another device wrote, told once to whoever would write over it.
        self.theirs = None
        # The token that forms carry, and the person whose page it is: None while nobody is signed in.
        self.token, self.person = "x", "7"
        page.route(f"{HOME}/**", self.answer)

    def answer(self, route):
        path = route.request.url.removeprefix(HOME)
        if path.startswith("/static/"):
            route.fulfill(path=str(ROOT / path[1:]), content_type="text/javascript")
        elif path == "/mark":
            self.save(route)
        elif path == "/sheet" and route.request.method == "POST":
            self.submitted = {name: values[0] for name, values in parse_qs(route.request.post_data).items()}
            route.fulfill(body="<p>done</p>", content_type="text/html")
        elif self.person is None:
            route.fulfill(status=302, headers={"Location": f"{HOME}/sign-in"})
        else:
            drawn = PAGE.replace('value="x"', f'value="{self.token}"').replace('person="7"', f'person="{self.person}"')
            route.fulfill(body=drawn, content_type="text/html; charset=utf-8")

    def save(self, route):
        if self.silent:
            route.abort()
            return
        if self.is_shut:
            route.fulfill(status=self.is_shut, body="<p>Not found</p>", content_type="text/html")
            return
        if f'name="csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n' not in route.request.post_data:
            route.fulfill(status=403, body=json.dumps({"code": "form_expired"}), content_type="application/json")
            return
        if self.theirs is not None:
            told, self.theirs = {"message": "Changed elsewhere", "value": self.theirs}, None
            self.version += 1
            route.fulfill(status=409, body=json.dumps(told), content_type="application/json")
            return
        self.version += 1
        self.saved.append(route.request.post_data)
        route.fulfill(body=json.dumps({"saved_at": "14:03", "version": self.version}), content_type="application/json")


@pytest.fixture(scope="module")
def chromium():
    with browser() as found:
        yield found


@pytest.fixture
def page(chromium):
    found = chromium.new_page()
    yield found
    found.close()


def kept(page):
    return page.evaluate("localStorage.getItem('marks:/mark')")


def test_handing_in_right_after_marking_carries_the_newest_version(page):
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    page.evaluate("document.querySelectorAll('input[value=\"4\"], button').forEach((each) => each.click())")
    page.get_by_text("done").wait_for()
    assert server.submitted["version"] == str(server.version) == "1"
    assert (server.submitted["act"], server.submitted["mark-1"]) == ("hand_in", "4")
    assert kept(page) is None


LONG = "".join(f'<input type="radio" name="mark-1" value="{n}"><span>{n}</span>' for n in (0, 1, 2, 3, 12, 12.5, 20))


def marked(page):
    return page.evaluate("document.querySelector('[name=mark-1]:checked')?.value ?? null")


def values_in(server):
    return [re.search(r'name="value"\r\n\r\n(.*?)\r\n', sent)[1] for sent in server.saved]


def test_two_digits_are_one_mark_on_a_scale_above_nine(page, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PAGE", re.sub(r'(?s)<input type="radio".*?(?=</fieldset>)', LONG, PAGE))
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    page.locator('[type=radio][value="0"]').focus()
    page.keyboard.type("12")
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    assert (marked(page), values_in(server)) == ("12", ["12"])
    page.keyboard.type("3")
    assert marked(page) == "3"
    page.keyboard.type("1")
    assert marked(page) == "3"
    page.wait_for_function("document.querySelector('[name=mark-1]:checked').value === '1'")
    page.keyboard.type("12,")
    assert marked(page) == "12.5"
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    assert marked(page) == "2"
    page.locator("[type=radio]:checked").focus()
    page.keyboard.type("1")
    page.evaluate("document.querySelector('button').click()")
    page.get_by_text("done").wait_for()
    assert server.submitted["mark-1"] == "1"


def test_a_text_being_written_outlives_its_tab(page):
    server = Server(page)
    server.silent = True
    page.goto(f"{HOME}/sheet")
    page.locator("textarea").press_sequentially("Solid team")
    page.goto(f"{HOME}/sheet")
    assert page.locator("textarea").input_value() == "Solid team"
    server.silent = False
    page.reload()
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    assert "Solid team" in server.saved[-1]


def test_a_text_is_sent_at_the_first_pause_and_once(page):
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    page.locator("textarea").press_sequentially("Clear")
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    page.locator("textarea").blur()
    page.wait_for_timeout(200)
    assert len(server.saved) == 1


def seen_in(sent):
    return re.findall(r'name="seen"\r\n\r\n(.*?)\r\n--', sent, re.DOTALL)


def test_a_text_another_device_changed_is_kept_here_and_goes_once_written_on(page):
    server = Server(page)
    server.theirs = "Theirs"
    page.goto(f"{HOME}/sheet")
    page.locator("textarea").press_sequentially("Mine")
    page.locator("[data-save]").filter(has_text="Changed elsewhere").wait_for()
    assert server.saved == []
    page.reload()
    assert page.locator("textarea").input_value() == "Mine"
    assert page.locator("[data-save]").inner_text().strip() == "Changed elsewhere"
    page.locator("textarea").press_sequentially(".")
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    assert seen_in(server.saved[-1])[0] == "Theirs"


def test_a_mark_another_device_changed_is_shown_and_may_be_chosen_again(page):
    server = Server(page)
    server.theirs = "3"
    page.goto(f"{HOME}/sheet")
    mine, theirs = page.locator("input[value='4']"), page.locator("input[value='3']")
    # Answered before its state could be read: clicked, not checked.
    mine.click()
    page.wait_for_function("document.querySelector('input[value=\"3\"]').checked")
    mine.click()
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    assert seen_in(server.saved[-1]) == ["3", "4"]
    assert not theirs.is_checked()


def test_after_a_lost_answer_the_next_mark_says_what_may_be_kept_already(page):
    server = Server(page)
    server.silent = True
    page.goto(f"{HOME}/sheet")
    page.locator("input[value='3']").check()
    page.wait_for_timeout(300)
    page.locator("input[value='4']").check()
    server.silent = False
    page.reload()
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    assert seen_in(server.saved[-1]) == ["", "3", "4"]


@pytest.mark.parametrize("status", [403, 404])
def test_an_application_closed_meanwhile_leaves_the_screen_and_the_browser(page, status):
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    page.locator("textarea").press_sequentially("Solid team")
    server.is_shut = status
    # Gone before its state could be read: clicked, not checked.
    page.locator("input").nth(2).click()
    told = page.get_by_role("alert")
    told.wait_for()
    assert "Ce dossier ne vous est plus ouvert." in told.inner_text()
    assert told.get_by_role("link", name="Mes fiches").get_attribute("href") == "/room"
    assert "Ce dossier ne vous est plus ouvert." in page.locator("[data-net]").inner_text()
    assert page.locator("form, h1, button, textarea").count() == 0
    assert kept(page) is None


def focus(page):
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_a_page_older_than_the_sign_in_takes_the_new_token_and_loses_nothing(page):
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    server.token, server.person = "y", None
    page.locator("textarea").press_sequentially("Solid team")
    page.locator("[data-net]").filter(has_text="dans un autre onglet").wait_for()
    assert "Solid team" in kept(page)
    server.person = "7"
    focus(page)
    page.wait_for_function("localStorage.getItem('marks:/mark') === null")
    assert values_in(server) == ["Solid team"]
    page.locator("button").click()
    page.get_by_text("done").wait_for()
    assert server.submitted["csrfmiddlewaretoken"] == "y"


def test_handed_in_at_once_after_signing_in_elsewhere_it_goes_with_the_new_token(page):
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    server.token = "y"
    page.evaluate("document.querySelectorAll('input[value=\"4\"], button').forEach((each) => each.click())")
    page.get_by_text("done").wait_for()
    assert (server.submitted["csrfmiddlewaretoken"], server.submitted["mark-1"]) == ("y", "4")
    assert kept(page) is None


def test_whoever_else_signs_in_there_gets_nothing_of_it(page):
    """The mark of one juror is not saved as another's, nor left for them to read."""
    server = Server(page)
    page.goto(f"{HOME}/sheet")
    server.token, server.person = "y", "8"
    page.locator("textarea").press_sequentially("Mine alone")
    page.get_by_role("alert").wait_for()
    assert server.saved == []
    assert kept(page) is None
    server.silent, server.token, server.person = True, "x", "7"
    page.goto(f"{HOME}/sheet")
    page.locator("textarea").press_sequentially("Mine alone")
    assert "Mine alone" in kept(page)
    server.person = "8"
    page.goto(f"{HOME}/sheet")
    assert page.locator("textarea").input_value() == ""
    assert kept(page) is None
