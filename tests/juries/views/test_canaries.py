"""Marks planted by one juror are looked for on every page of the jury, as everyone else, before the lock."""

from decimal import Decimal

import pytest
from django.urls import NoReverseMatch, reverse

from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from juries.operations import panels, scoring
from juries.queries.desk import desk
from juries.queries.panels import criteria_of
from juries.queries.progress import board
from juries.urls import urlpatterns
from tests.factories.accounts import AgentFactory, UserFactory, owner_of
from tests.factories.juries import opened, write

pytestmark = pytest.mark.django_db

CANARIES = ("canary-public", "canary-whole", "canary-private")
# (4.5, 0.5, 3.5) on weights 3, 2, 1: a total no other sheet of the panel can show
PLANTED = (Decimal("4.5"), Decimal("0.5"), Decimal("3.5"))
TOTALS = ("12.00", "12,00", "12.0", "12,0", "60 %", "60%")


def planted():
    """A panel of three jurors and two applications where the second juror has marked the first application."""
    jury = opened(jurors=3, applications=2)
    assignment = jury.assignment(1, 0)
    criterion = criteria_of(jury.panel)[0]
    write(
        assignment,
        *PLANTED,
        comments={criterion: CANARIES[0]},
        comment=CANARIES[1],
        private_note=CANARIES[2],
    )
    return jury


def addresses(jury):
    """Every address of the jury that these objects fill, whoever added it."""
    known = {
        "pk": jury.panel.pk,
        "slug": jury.call.slug,
        "submission": jury.submissions[0].pk,
        "juror": jury.jurors[1].pk,
        "recusal": 1,
    }
    for pattern in urlpatterns:
        wanted = pattern.pattern.converters
        kwargs = {name: known.get(name, 1) for name in wanted}
        try:
            yield reverse(f"juries:{pattern.name}", kwargs=kwargs)
        except NoReverseMatch:
            yield reverse(f"juries:{pattern.name}", kwargs=dict.fromkeys(wanted, jury.submissions[0].pk))


def pages_seen_by(client, person, jury):
    client.force_login(person)
    for address in addresses(jury):
        for query in ("", "?sort=score&o=-total&page=1"):
            answer = client.get(address + query)
            assert answer.status_code < 500, address
            yield address, b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode()


def everyone_but_the_marker(jury):
    return {
        "another juror": jury.jurors[2].user,
        "chair": jury.chair,
        "agent": jury.agent,
        "administrator": AgentFactory(is_administrator=True),
        "applicant": owner_of(jury.submissions[0].structure),
        "citizen": UserFactory(),
    }


def test_no_page_shows_anothers_marks_before_the_lock(client):
    jury = planted()
    for who, person in everyone_but_the_marker(jury).items():
        for address, page in pages_seen_by(client, person, jury):
            assert not [canary for canary in CANARIES if canary in page], (who, address)
            assert not [total for total in TOTALS if total in page], (who, address)
            assert "checked" not in page.replace("checkbox", "") or "/fiche/" not in address, (who, address)


@pytest.mark.long
def test_the_private_note_is_never_anyone_elses(client):
    jury = planted()
    write(jury.assignment(0, 0), 3)
    scoring.lock_panel(jury.panel, by=jury.chair)
    scoring.disclose_panel(jury.panel, by=jury.chair)
    for who, person in everyone_but_the_marker(jury).items():
        for address, page in pages_seen_by(client, person, jury):
            assert CANARIES[2] not in page, (who, address)


def test_ones_own_marks_are_there(client):
    jury = planted()
    client.force_login(jury.jurors[1].user)
    own = reverse("juries:sheet", kwargs={"pk": jury.panel.pk, "submission": jury.submissions[0].pk})
    page = client.get(own).content.decode()
    assert all(canary in page for canary in CANARIES)


def test_boards_do_not_depend_on_a_mark():
    jury = planted()
    other = opened(jurors=3, applications=2)
    write(other.assignment(1, 0), 0)

    def shape(given):
        rows = board(given.panel, given.chair).rows
        return [[cell.state for cell in row.cells] for row in rows]

    assert shape(jury) == shape(other)
    assert [duty.state for duty in desk(jury.chair, jury.panel).duties] == ["empty", "empty"]


def test_neither_journal_nor_messages_carry_marks():
    jury = planted()
    scoring.take_back(jury.jurors[1].sheets.get(), by=jury.jurors[1].user)
    panels.declare_recusal(jury.jurors[2], jury.submissions[1], "other", by=jury.jurors[2].user)
    texts = [f"{line.data} {line.reason} {line.subject_label}" for line in JournalEntry.objects.all()]
    texts += [f"{message.subject} {message.body}" for message in Message.objects.all()]
    assert not [text for text in texts for canary in CANARIES if canary in text]
    assert not [line for line in JournalEntry.objects.filter(verb__in=["hand_in", "take_back"]) if line.data]
