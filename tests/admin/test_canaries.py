"""Before a panel is disclosed no page of the back office holds a mark, a comment or a private note, whoever looks."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.admin_site import Chapter
from calls.models import CallAgent, Submission
from juries.models import Ballot, Mark, Proposal, PublicVote, Sheet, Standing
from juries.operations import scoring
from tests.admin.screens import address, request_of, rows_of, screens
from tests.factories.accounts import UserFactory, join
from tests.factories.calls import CallFactory, give_rights
from tests.factories.juries import finalist, locked, opened, write

pytestmark = pytest.mark.django_db

# A mark no page holds for another reason, in both of the ways it may be written.
CANARIES = ("86.5", "86,5", "CANARY-COMMENT", "CANARY-NOTE", "CANARY-REASON", "CANARY-PUBLIC")


# As many sheets as a panel of these tests has.
ROWS = 6


def everything(client, user):
    """Every page of the back office that `user` can open: lists, rows, histories, the first page. As one text."""
    pages = ["/admin/"]
    for model, screen in screens():
        if not screen.has_view_permission(request_of(user)) or model._meta.label == "core.City":
            continue
        listed = address(model, "list")
        pages += [listed, f"{listed}?o=-3.1"]
        for row in rows_of(model, user)[: ROWS if screen.chapter is Chapter.JURY else 1]:
            pages.append(address(model, "change", row.pk))
            if screen.has_delete_permission(request_of(user, "POST"), row):
                pages.append(address(model, "delete", row.pk))
            if screen.in_journal:
                pages.append(address(model, "history", row.pk))
    return "\n".join(client.get(page).content.decode() for page in pages)


def wide_call():
    """A closed call whose marks go up to 99."""
    call = CallFactory(closed=True)
    call.criteria.update(maximum=99)
    return call


def canaries(jury):
    """The panel's first sheet, marked and commented upon in a way that is told from everything else."""
    sheet = write(jury.assignment(1, 0), 86.5, hand_in=False, comment="CANARY-COMMENT", private_note="CANARY-NOTE")
    Mark.objects.filter(sheet=sheet).update(comment="CANARY-PUBLIC")
    return scoring.hand_in(sheet, by=jury.jurors[1].user)


def everyone(jury):
    """The agents of the call, by their rights, an administrator with all of them, and one of an applicant."""
    give_rights(jury.call, jury.agent)
    jury.agent.is_administrator = True
    jury.agent.save()
    member = UserFactory(is_agent=True)
    give_rights(jury.call, member, CallAgent.Right.JURY)
    join(jury.submissions[0].structure, "reader", member)
    return [jury.agent, member]


@pytest.mark.long
def test_no_page_holds_what_jurors_wrote_before_they_know_it_themselves(signed_in):
    jury = opened(jurors=3, applications=2, readings=3, call=wide_call())
    canaries(jury)
    for user in everyone(jury):
        read = everything(signed_in(user), user)
        assert not [canary for canary in CANARIES if canary in read]


@pytest.mark.long
def test_locked_marks_are_as_hidden_and_disclosed_ones_show_but_never_the_private_note(signed_in):
    shape = {"jurors": 3, "applications": 2, "readings": 3, "call": wide_call()}
    jury = locked(value=lambda juror, _one: 86.5 if juror == 1 else 2, **shape)
    sheet = Sheet.objects.get(juror=jury.jurors[1], submission=jury.submissions[0])
    Sheet.objects.filter(pk=sheet.pk).update(comment="CANARY-COMMENT", private_note="CANARY-NOTE")
    agent, member = everyone(jury)
    assert Standing.objects.exists()
    for user in (agent, member):
        assert not rows_of(Mark, user).exists()
        assert not rows_of(Standing, user).exists()
    read = everything(signed_in(agent), agent)
    assert not [canary for canary in CANARIES if canary in read]
    scoring.disclose_panel(jury.panel, by=jury.chair)
    read = everything(signed_in(agent), agent)
    assert "86,5" in read
    assert "CANARY-COMMENT" in read
    assert "CANARY-NOTE" not in read
    assert not rows_of(Mark, member).exists(), "whoever belongs to an applicant organises nothing"


def test_a_sheet_is_listed_by_nothing_it_says(signed_in):
    jury = opened(jurors=3, applications=2, readings=3, call=wide_call())
    sheet = canaries(jury)
    client = signed_in(jury.agent)
    for query in ("private_note__contains=CANARY", "comment__contains=x", "marks__value__gt=4", "version__gt=0"):
        assert client.get(f"{address(Sheet, 'list')}?{query}").status_code == 400, query
    found = client.get(f"{address(Sheet, 'list')}?q=CANARY").context["cl"].result_count
    assert found == 0
    assert client.get(address(Mark, "change", sheet.marks.first().pk)).status_code == 404


def test_a_choice_is_known_once_the_count_is_disclosed(signed_in):
    jury = opened(jurors=1, applications=1)
    first = finalist(jury.call, jury.agent, title="CANARY-CHOICE")
    now = clock.now()
    dates = {"opens_at": now - timedelta(days=2), "closes_at": now - timedelta(days=1)}
    vote = PublicVote.objects.create(call=jury.call, totals={"submissions": {"CANARY-TOTAL": 12}}, **dates)
    vote.counted_at = now
    vote.save()
    Ballot.objects.create(vote=vote, channel="online", voter_key="CANARY-KEY", submission=first)
    client = signed_in(jury.agent)
    pages = [address(Ballot, "list"), address(Ballot, "change", vote.ballots.get().pk)]
    pages += [address(PublicVote, "list"), address(PublicVote, "change", vote.pk)]

    def read():
        return "".join(client.get(page).content.decode() for page in pages)

    assert not [word for word in ("CANARY-CHOICE", "CANARY-TOTAL", "CANARY-KEY") if word in read()]
    vote.disclosed_at = now
    vote.save()
    assert "CANARY-CHOICE" in read()
    assert "CANARY-TOTAL" in read()
    assert "CANARY-KEY" not in read()


@pytest.mark.long
def test_what_is_proposed_in_deliberation_waits_for_the_signature(signed_in):
    jury = opened(jurors=1, applications=1)
    Proposal.objects.create(
        panel=jury.panel, submission=jury.submissions[0], verdict="keep", amount=Decimal(1), reason="CANARY-REASON"
    )
    assert not rows_of(Proposal, jury.agent).exists()
    assert rows_of(Submission, jury.agent).exists()
    assert "CANARY-REASON" not in everything(signed_in(jury.agent), jury.agent)
