"""What applicants read of how they were judged: after publication, as the call's rules allow, nobody named."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from calls.feedback import feedback_on
from calls.models import Call, Submission
from juries.models import Mark, Sheet
from tests.factories.accounts import UserFactory, join, owner_of
from tests.factories.juries import locked, opened, write_all

pytestmark = pytest.mark.django_db
RULES = Call.Feedback


@pytest.fixture
def jury():
    """Three jurors marked 2, 3 and 5 everywhere, each with a comment; results are public since an hour."""
    jury = locked(value=lambda juror, _submission: (2, 3, 5)[juror])
    for place, sheet in enumerate(Sheet.objects.order_by("juror")):
        Sheet.objects.filter(pk=sheet.pk).update(comment=f"On the whole {place}.", private_note="Private words.")
    for mark in Mark.objects.all():
        Mark.objects.filter(pk=mark.pk).update(comment="Too dear.")
    return jury


def publish(jury, rule, at=None):
    at = at or clock.now() - timedelta(minutes=1)
    Call.objects.filter(pk=jury.call.pk).update(feedback=rule, results_at=at)
    return Submission.objects.get(pk=jury.submissions[0].pk)


def page_of(client, submission, person):
    client.force_login(person)
    return client.get(reverse("calls:submission", kwargs={"pk": submission.pk}), follow=True)


@pytest.mark.parametrize(
    ("rule", "means", "comments"),
    [(RULES.NOTHING, False, False), (RULES.MEANS, True, False), (RULES.COMMENTS, True, True)],
)
def test_the_rules_of_the_call_say_what_applicants_read(client, jury, rule, means, comments):
    submission = publish(jury, rule)
    for person in (owner_of(submission.structure), join(submission.structure, "reader")):
        page = page_of(client, submission, person).content.decode()
        assert ("3,33 sur 5" in page) is means
        assert ("Too dear." in page) is comments
        assert ("On the whole" in page) is comments
        assert "Private words." not in page
        for juror in jury.jurors:
            assert str(juror.user) not in page
            assert juror.user.email not in page


def test_nothing_before_the_results_are_public(client, jury):
    submission = publish(jury, RULES.COMMENTS, clock.now() + timedelta(hours=1))
    page = page_of(client, submission, owner_of(submission.structure)).content.decode()
    assert "3,33" not in page
    assert "Too dear." not in page
    with clock.at(submission.call.results_at):
        assert feedback_on(submission, clock.now())
    Submission.objects.filter(pk=submission.pk).update(decision_public_at=clock.now() + timedelta(days=2))
    submission.refresh_from_db()
    with clock.at(submission.call.results_at):
        assert feedback_on(submission, clock.now()) == []


@pytest.mark.parametrize("state", ["declined", "shortlisted", "laureate"])
def test_it_stays_whatever_was_decided(jury, state):
    submission = publish(jury, RULES.MEANS)
    Submission.objects.filter(pk=submission.pk).update(state=state)
    submission.refresh_from_db()
    [stage] = feedback_on(submission, clock.now())
    assert stage.jurors == 3
    assert {judged.mean for judged in stage.criteria} == {"3,33"}
    assert stage.comments == []


def test_nobody_else_reads_it(client, jury):
    submission = publish(jury, RULES.COMMENTS)
    other = owner_of(jury.submissions[1].structure)
    for person in (UserFactory(), other):
        assert page_of(client, submission, person).status_code == 404
    page = page_of(client, submission, jury.agent).content.decode()
    assert "Too dear." not in page


def test_marks_that_were_not_locked_are_not_told():
    jury = opened()
    write_all(jury)
    assert feedback_on(publish(jury, RULES.COMMENTS), clock.now()) == []


def test_withdrawn_applications_are_told_nothing(jury):
    submission = publish(jury, RULES.COMMENTS)
    Submission.objects.filter(pk=submission.pk).update(state="withdrawn")
    submission.refresh_from_db()
    assert feedback_on(submission, clock.now()) == []
