"""An agent changes a ladder and words its message; the founder, who reads German, gets just that by mail."""

import re
from email import message_from_bytes, policy

import pytest

from .demo import browser, chromium_path, demo_server, press
from .stage import delivered
from .visit import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(
        chromium_path() is None, reason="no chromium on this machine (on Debian: apt-get install chromium)"
    ),
]
CALL, PLAN = "/gestion/appels/mobilite", "/gestion/envois/"
RUNG = re.compile(r"\b5\sjours avant la clôture", re.IGNORECASE)
BODY = "Guten Tag {nom},\n\n{manques}\n\nEinreichen bis {date_limite}:\n{lien}"


@pytest.fixture
def visit(tmp_path, shared):
    with demo_server(tmp_path, shared) as address, delivered(tmp_path), browser() as chromium:
        yield Visit(tmp_path, address, chromium)


def mails_in(path):
    """The mails of a file: one connection may have carried several."""
    return [raw.lstrip() for raw in path.read_bytes().split(b"-" * 79) if raw.strip()]


def mail_to(visit, address, subject):
    """The mail with that subject, once it has come to that address."""
    page = visit.page_of("agent")
    for _ in range(600):
        for path in (visit.folder / "mails").glob("*.log"):
            for mail in (message_from_bytes(raw, policy=policy.default) for raw in mails_in(path)):
                if address in str(mail["to"]) and str(mail["subject"]).startswith(subject):
                    return mail
        page.wait_for_timeout(100)
    raise AssertionError("No mail came")


def test_the_plan_follows_the_ladder_and_the_mail_comes_in_german(visit):
    founder = visit.opens("fondatrice", "/espace/profil/")
    founder.locator("select[name=language]").select_option("de")
    press(founder, founder.locator("main form:has(select[name=language]) button[type=submit]"))

    agent = visit.opens("agent", PLAN)
    assert agent.locator("main li", has_text=RUNG).count() == 0
    agent = visit.opens("agent", f"{CALL}/rappels/")
    assert not RUNG.search(agent.locator("main").inner_text())
    drafts = agent.locator("main form:has(input[name=amount])").first
    drafts.locator("input[name=amount]").fill("5")
    drafts.locator("select[name=unit]").select_option("-d")
    press(agent, drafts.locator("button[value=add]"))
    visit.looks(agent)
    assert RUNG.search(agent.locator("main").inner_text())

    agent = visit.opens("agent", PLAN)
    assert agent.locator("main li", has_text=RUNG).count() == 1

    agent = visit.opens("agent", f"{CALL}/messages/calls.closing/de/")
    agent.locator("input[name=subject]").fill("Frist für {candidature}")
    agent.locator("textarea[name=body]").fill(BODY)
    press(agent, agent.locator("main button[value=preview]"))
    assert "Guten Tag Camille Martin" in agent.locator("main").inner_text()
    press(agent, agent.locator("main button[value=save]"))

    agent = visit.opens("agent", PLAN)
    line = agent.locator("main li", has_text=RUNG)
    press(agent, line.get_by_role("link", name="Envoyer maintenant"))
    visit.looks(agent)
    press(agent, agent.locator("main form button[type=submit]").first)

    mail = mail_to(visit, "fondatrice@demo.example", "Frist für ")
    text, page = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert text.startswith("Guten Tag Fondatrice (démo),")
    assert "Es fehlt noch:" in text
    assert "(Pariser Zeit)" in text
    assert f"/de/candidatures/{visit.keys['draft']}/verifier/" in text
    assert '<html lang="de">' in page
    assert "Es fehlt noch:" in page
    founder = visit.opens("fondatrice", "/de/espace/notifications/")
    assert str(mail["subject"]) in founder.locator("main").inner_text().replace("\u00a0", " ")
    # Who reads French gets the portal's own words.
    assert "est encore un brouillon" in mail_to(visit, "collegue@demo.example", "").get_body(["plain"]).get_content()
    agent = visit.opens("agent", PLAN)
    assert agent.locator("main li", has_text=RUNG).count() == 0
