"""The pages on which finalists answer and send their deck, and those on which it is read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from calls.models import Submission
from juries.models import Attendance, Panel
from juries.operations import attendance, panels, session
from juries.queries.attendance import own_attendance
from tests.factories.accounts import AgentFactory, UserFactory, join, owner_of
from tests.factories.calls import agent_of, pdf
from tests.factories.juries import prepared, ready
from tests.files.test_hostile import HTML
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGES = ("attendance", "attendance-decline", "attendance-deck")
SAID = {"pitched_by": "Anna Martin", "people": "2", "needs": "An entrance without steps."}


def page(name, pk):
    return reverse(f"juries:{name}", kwargs={"pk": pk})


def asked(client, person, name, pk, data=None):
    client.logout()
    if person:
        client.force_login(person)
    return client.get(page(name, pk)) if data is None else client.post(page(name, pk), data)


PHASES = {
    # phase: what owner and editor, then readers of the structure, are answered on each page
    "hidden": ((404, 404, 404), (404, 404, 404)),
    "asked": ((200, 200, 200), (200, 403, 403)),
    "late": ((200, 200, 409), (200, 403, 403)),
    "locked": ((200, 409, 409), (200, 403, 403)),
    "withdrawn": ((404, 404, 404), (404, 404, 404)),
    "no finale": ((404, 404, 404), (404, 404, 404)),
}


def reach(finale, phase):
    panel, submissions = Panel.objects.filter(pk=finale.panel.pk), Submission.objects.filter(call=finale.call)
    panel.update(deck_due_at=clock.now() + DAY)
    if phase == "hidden":
        submissions.update(decision_public_at=clock.now() + DAY)
    elif phase == "late":
        panel.update(deck_due_at=clock.now())
    elif phase == "locked":
        panel.update(state="locked")
    elif phase == "withdrawn":
        submissions.update(state="withdrawn")
    elif phase == "no finale":
        panel.update(stage="reading")


@pytest.mark.parametrize("phase", PHASES)
def test_each_page_answers_each_persona_in_each_phase(client, phase):
    finale = a_finale(2)
    ours, theirs = finale.finalists
    insiders = {"owner": owner_of(ours.structure), "editor": join(ours.structure, Membership.Role.EDITOR)}
    reader = join(ours.structure, Membership.Role.READER)
    strangers = [owner_of(theirs.structure), finale.agent, agent_of(finale.call), finale.chair, finale.juror]
    strangers += [UserFactory(), AgentFactory(is_administrator=True)]
    reach(finale, phase)
    writers, readers = PHASES[phase]
    for person, expected in [*((one, writers) for one in insiders.values()), (reader, readers)]:
        assert tuple(asked(client, person, name, ours.pk).status_code for name in PAGES) == expected
    assert {asked(client, one, name, ours.pk).status_code for one in strangers for name in PAGES} == {404}
    assert {asked(client, None, name, ours.pk).status_code for name in PAGES} == {302}
    assert {asked(client, strangers[0], name, ours.pk, SAID).status_code for name in PAGES} == {404}


def test_a_finalist_confirms_sends_a_deck_and_the_jury_reads_it(client):
    jury = prepared("finale", jurors=2, applications=1)
    panels.configure_panel(jury.panel, by=jury.agent, deck_due_at=clock.now() + 9 * DAY)
    session.draw_slots(jury.panel, seed=1, starts_at=clock.now() + 20 * DAY, minutes=10, by=jury.agent)
    (submission,) = jury.submissions
    owner, address = owner_of(submission.structure), page("attendance", submission.pk)
    client.force_login(owner)
    for door in ("/espace/", submission.get_absolute_url()):
        told = client.get(door, headers={"accept-language": "fr"}).text
        assert address in told
        assert "confirmez votre venue" in told
    assert client.post(address, SAID | {"people": "0"}).status_code == 422
    assert client.post(address, SAID).status_code == 302
    refused = client.post(page("attendance-deck", submission.pk), {"file": pdf_named("deck.pdf", HTML)})
    assert refused.status_code == 400
    assert "exportez-le" in refused.text
    assert client.post(page("attendance-deck", submission.pk), {"file": pdf("deck.pdf")}).status_code == 302
    assert "votre support est reçu" in client.get("/espace/").text
    deck = reverse("files:download", kwargs={"pk": Attendance.objects.get().deck_id})
    assert deck in client.get(address).text

    client.force_login(jury.agent)
    organised = client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).text
    assert all(words in organised for words in ("Anna Martin", SAID["needs"], deck, "support reçu"))
    client.force_login(jury.chair)
    assert "support reçu" in client.get(reverse("juries:chair", kwargs={"pk": jury.panel.pk})).text
    assert client.get(deck).status_code == 200

    juror = jury.jurors[1]
    for each in jury.jurors:
        ready(each, jury.submissions)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    client.force_login(juror.user)
    sheet = client.get(reverse("juries:sheet", kwargs={"pk": jury.panel.pk, "submission": submission.pk})).text
    assert deck in sheet
    assert SAID["needs"] not in sheet
    assert client.get(deck).status_code == 200


def pdf_named(name, content):
    upload = pdf(name)
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(content)
    upload.file.seek(0)
    return upload


def test_a_refusal_is_shown_to_those_who_organise(client):
    finale = a_finale(1)
    (submission,) = finale.finalists
    owner = owner_of(submission.structure)
    assert asked(client, owner, "attendance-decline", submission.pk, {"word": ""}).status_code == 422
    answer = asked(client, owner, "attendance-decline", submission.pk, {"word": "Nous sommes à l’étranger."})
    assert answer.status_code == 302
    assert "Nous sommes à l’étranger." in asked(client, owner, "attendance", submission.pk).text
    client.force_login(finale.agent)
    assert "Nous sommes à l’étranger." in client.get(reverse("juries:organise", kwargs={"pk": finale.panel.pk})).text


def test_an_application_that_is_no_finalist_asks_for_nothing(client):
    finale = a_finale(1)
    (submission,) = finale.finalists
    Submission.objects.filter(pk=submission.pk).update(decision_public_at=clock.now() + DAY)
    client.force_login(owner_of(submission.structure))
    for door in ("/espace/", submission.get_absolute_url()):
        assert "/finale/" not in client.get(door).text


def test_statements_do_not_grow_with_finalists(client):
    found = []
    for n in (1, 3, 100):
        finale = a_finale(n, voices=1)
        start = clock.now() + 20 * DAY
        session.draw_slots(finale.panel, seed=1, starts_at=start, minutes=10, by=finale.agent)
        for one in finale.finalists[:3]:
            own = own_attendance(owner_of(one.structure), one.pk, clock.now())
            attendance.send_deck(own, pdf(), by=owner_of(one.structure))
        client.force_login(finale.agent)
        counts = []
        for door in ("organise", "chair"):
            client.get(reverse(f"juries:{door}", kwargs={"pk": finale.panel.pk}))
            with CaptureQueriesContext(connection) as statements:
                assert client.get(reverse(f"juries:{door}", kwargs={"pk": finale.panel.pk})).status_code == 200
            counts.append(len(statements))
        found.append(tuple(counts))
    assert found[0] == found[1]
    assert all(more <= few + 1 for few, more in zip(found[0], found[2], strict=True))


def test_a_finalists_own_pages_cost_few_statements(client):
    finale = a_finale(1)
    (submission,) = finale.finalists
    owner = owner_of(submission.structure)
    own = own_attendance(owner, submission.pk, clock.now())
    attendance.send_deck(own, pdf(), by=owner)
    client.force_login(owner)
    for name in PAGES:
        client.get(page(name, submission.pk))
        with CaptureQueriesContext(connection) as statements:
            assert client.get(page(name, submission.pk)).status_code == 200
        assert len(statements) <= 8, (name, [one["sql"][:150] for one in statements])
