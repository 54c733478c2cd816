"""The life of a project: opened from an award, advanced stage by stage, step by step, payment by payment."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.language import in_each
from bethune_smartcity.lifecycle.moves import move, record
from calls.models import Submission
from juries.models import Award
from projects import notices
from projects.models import Milestone, Payment, Project, Update
from projects.operations.payment_reminders import carry_reminders
from projects.operations.texts import by_language, rewrite
from projects.workflow import MilestoneState, PaymentState, ProjectState

TEXTS = ("name", "one_line", "story", "place")
DESCRIPTION = (*TEXTS, "latitude", "longitude", "pillar", "is_public")


def _locked(project: Project) -> Project:
    """The project's row, held until the transaction ends, so that steps and sums are counted by one act at a time."""
    return Project.objects.select_for_update(of=("self",)).select_related("award__submission").get(pk=project.pk)


def _still_running(project: Project) -> None:
    if project.state == ProjectState.STOPPED:
        raise Conflict("stopped", _("This project was stopped."))


def _free_slug(slug: str, name: str) -> str:
    wanted = slugify(slug or name)[:50]
    if not wanted:
        raise Invalid("slug_missing", _("Give an address made of letters, digits and hyphens."), field="slug")
    if Project.objects.filter(slug=wanted).exists():
        raise Invalid("slug_taken", _("Another project has this address already."), field="slug")
    return wanted


def check_openable(award: Award) -> None:
    """Raise Conflict while the award is not public, or once its submission has a project."""
    if clock.now() < award.publish_at:
        raise Conflict("not_public", _("The results are not public yet: the project opens after them."))
    if Project.objects.filter(award__submission=award.submission_id).exists():
        raise Conflict("already_open", _("This laureate’s project is open already."))


@transaction.atomic
def open_incubation(
    award: Award, *, by: Any, slug: str = "", mentors: Iterable[User] = (), **description: Any
) -> Project:
    """Open the project of a public `award`, described by default as its submission was.

    `description`: `name`, `one_line`, `story`, `place` (in the page's language, or in each: `name_fr` …), `latitude`,
    `longitude` (degrees), `pillar`, `is_public`. Returns the project, in framing. Raises Forbidden, Invalid (address,
    pillar) or Conflict (results not public, project open).
    """
    require(by, "projects.open_incubation", award)
    Submission.objects.select_for_update(no_key=True).get(pk=award.submission_id)
    check_openable(award)
    submission = award.submission
    told = by_language(Project, {name: text for name, text in description.items() if name != "name" or text})
    if not any(told.get(column) for column in in_each("name")):
        told[f"name_{settings.LANGUAGE_CODE}"] = submission.title
    fields = {f"one_line_{settings.LANGUAGE_CODE}": submission.one_line, "pillar": submission.pillar, **told}
    if fields["pillar"] is None:
        raise Invalid("pillar_missing", _("Choose the main pillar."), field="pillar")
    project = Project.objects.create(
        award=award,
        structure=submission.structure,
        slug=_free_slug(slug, next(fields[column] for column in in_each("name") if fields.get(column))),
        opened_at=clock.now(),
        **fields,
    )
    project.mentors.set(mentors)
    record(project, "open", by=by, to_state=project.state, data={"award": award.pk})
    notices.project_opened(project, by=by)
    return project


@transaction.atomic
def describe(project: Project, *, by: Any, **fields: Any) -> Project:
    """Rewrite what the showcase tells of a project (`DESCRIPTION` names the columns; each language: `name_fr` …).

    Returns it. Raises Forbidden or Invalid (no name in any language).
    """
    require(by, "projects.run_project", project)
    known = (*DESCRIPTION, *in_each(*TEXTS))
    changed = rewrite(project, {column: fields[column] for column in known if column in fields}, needed=("name",))
    if changed:
        project.save()
        record(project, "describe", by=by, data={"fields": changed})
    return project


@transaction.atomic
def appoint_mentor(project: Project, person: User, *, by: Any) -> None:
    """Make `person` a mentor of the project. Raises Forbidden or Conflict (mentor already)."""
    require(by, "projects.run_project", project)
    if project.mentors.filter(pk=person.pk).exists():
        raise Conflict("already_mentor", _("This person is a mentor of the project already."))
    project.mentors.add(person)
    record(project, "appoint_mentor", by=by, data={"user": person.pk})


@transaction.atomic
def advance(project: Project, act: str, *, by: Any, reason: str = "") -> Project:
    """Carry out an act of the project's workflow (agree, start_trial, evaluate, deploy, adjust, stop).

    Returns the project at its new stage. Raises Forbidden, Invalid (unknown act, reason due) or Conflict.
    """
    if act not in project.workflow.by_name:
        raise Invalid("unknown_act", _("Choose what happens next."), field="act")
    move(project, act, by=by, reason=reason)
    notices.stage_changed(project, reason, by=by, step=f"{act}-{clock.now():%Y%m%dT%H%M%S%f}")
    return project


@transaction.atomic
def add_milestone(project: Project, title: str = "", *, due_on: date, by: Any, **titles: str) -> Milestone:
    """Plan one more step, due on a day in Paris; `titles` are its titles in each language (`title_fr` …).

    Returns it. Raises Forbidden, Invalid (title, day) or Conflict (stopped).
    """
    require(by, "projects.run_project", project)
    _still_running(project)
    if due_on < project.opened_at.astimezone(clock.PARIS).date():
        raise Invalid("before_opening", _("A step comes after the project’s opening."), field="due_on")
    _locked(project)
    last = project.milestones.aggregate(last=models.Max("order"))["last"] or 0
    milestone = Milestone(project=project, order=last + 1, due_on=due_on)
    rewrite(milestone, titles or {"title": title}, needed=("title",))
    milestone.save()
    record(milestone, "plan", by=by, to_state=milestone.state, data={"due_on": due_on.isoformat()})
    return milestone


@transaction.atomic
def report_milestone(milestone: Milestone, report: str, *, by: Any) -> Milestone:
    """Report a step as reached and say what was done. Returns it. Raises Forbidden, Invalid (report) or Conflict."""
    require(by, "projects.report", milestone)
    _still_running(milestone.project)
    if not report.strip():
        raise Invalid("report_missing", _("Say in a few words what was done."), field="report")
    move(milestone, "report", by=by, report=report.strip(), reported_at=clock.now())
    notices.milestone_reported(milestone, by=by)
    return milestone


@transaction.atomic
def accept_milestone(milestone: Milestone, *, by: Any) -> Milestone:
    """Accept a reported step as done. Returns it. Raises Forbidden or Conflict."""
    move(milestone, "accept", by=by, accepted_at=clock.now())
    notices.milestone_accepted(milestone, by=by)
    return milestone


@transaction.atomic
def ask_milestone_again(milestone: Milestone, *, reason: str, by: Any) -> Milestone:
    """Send a reported step back, saying what lacks. Returns it. Raises Forbidden, Invalid (reason) or Conflict."""
    move(milestone, "ask_again", by=by, reason=reason, reported_at=None)
    notices.milestone_asked_again(milestone, reason, by=by, step=f"{clock.now():%Y%m%dT%H%M%S%f}")
    return milestone


def ceiling(project: Project) -> Decimal:
    """The euros awarded to the project's submission, all prizes together: what its payments may add up to."""
    if project.award is None:
        return Decimal(0)
    awards = Award.objects.filter(submission=project.award.submission_id)
    return awards.aggregate(total=models.Sum("amount"))["total"] or Decimal(0)


def _check_within_award(project: Project, amount: Decimal) -> None:
    planned = project.payments.exclude(state=PaymentState.CANCELLED).aggregate(total=models.Sum("amount"))["total"] or 0
    if planned + amount > ceiling(project):
        raise Invalid(
            "over_award",
            _("The payments would add up to more than the amount awarded to this project."),
            field="amount",
        )


@transaction.atomic
def add_payment(
    project: Project,
    label: str,
    amount: Decimal,
    *,
    by: Any,
    milestone: Milestone | None = None,
    due_on: date | None = None,
) -> Payment:
    """Plan a payment of `amount` euros, tied to a step or to none, for a day in Paris or none.

    Returns it. Raises Forbidden, Invalid (amount, step of another project, day) or Conflict (stopped).
    """
    require(by, "projects.run_project", project)
    _still_running(project)
    if not amount > 0:
        raise Invalid("not_positive", _("Give an amount above zero."), field="amount")
    if milestone is not None and milestone.project_id != project.pk:
        raise Invalid("other_project", _("Choose a step of this project."), field="milestone")
    _check_day(project, due_on)
    _check_within_award(_locked(project), amount)
    payment = Payment.objects.create(project=project, label=label, amount=amount, milestone=milestone, due_on=due_on)
    told = {"due_on": due_on.isoformat()} if due_on else {}
    record(payment, "plan", by=by, to_state=payment.state, data={"amount": str(amount)} | told)
    return payment


def _check_day(project: Project, due_on: date | None) -> None:
    if due_on is not None and due_on < project.opened_at.astimezone(clock.PARIS).date():
        raise Invalid("before_opening", _("A payment comes after the project’s opening."), field="due_on")


@transaction.atomic
def date_payment(payment: Payment, due_on: date | None, *, by: Any) -> Payment:
    """Plan a payment for another day in Paris, or for none: its reminders follow.

    Returns it. Raises Forbidden, Invalid (before the project's opening) or Conflict (paid or cancelled).
    """
    require(by, "projects.run_project", payment)
    held = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if held.state not in {PaymentState.PLANNED, PaymentState.REQUESTED, PaymentState.APPROVED}:
        raise Conflict("settled", _("This payment is settled."))
    _check_day(payment.project, due_on)
    if held.due_on != due_on:
        days = {"before": held.due_on, "after": due_on}
        Payment.objects.filter(pk=held.pk).update(due_on=due_on)
        told = {name: day.isoformat() if day else "" for name, day in days.items()}
        record(payment, "date_payment", by=by, data=told)
        carry_reminders(payment, due_on, by=by)
    payment.due_on = due_on
    return payment


def _due(payment: Payment) -> None:
    """Refuse a payment whose step is not accepted yet."""
    milestone = payment.milestone
    if milestone is not None and milestone.state != MilestoneState.ACCEPTED:
        raise Conflict("step_not_done", _("This payment can be requested once its step is accepted."))


@transaction.atomic
def request_payment(payment: Payment, *, by: Any) -> Payment:
    """Ask for a planned payment. Returns it. Raises Forbidden or Conflict (step not accepted, project stopped)."""
    require(by, "projects.report", payment)
    _still_running(payment.project)
    move(payment, "request", by=by, guard=_due)
    notices.payment_requested(payment, by=by)
    return payment


@transaction.atomic
def approve_payment(payment: Payment, *, by: Any) -> Payment:
    """Approve a requested payment. Returns it. Raises Forbidden or Conflict."""
    move(payment, "approve", by=by)
    notices.payment_approved(payment, by=by)
    return payment


@transaction.atomic
def pay_payment(payment: Payment, *, by: Any) -> Payment:
    """Record an approved payment as paid today (in Paris). Returns it. Raises Forbidden or Conflict."""
    return move(payment, "pay", by=by, paid_on=clock.today())


@transaction.atomic
def cancel_payment(payment: Payment, *, reason: str, by: Any) -> Payment:
    """Cancel a payment not yet made. Returns it. Raises Forbidden, Invalid (reason) or Conflict."""
    move(payment, "cancel", by=by, reason=reason)
    notices.payment_cancelled(payment, reason, by=by)
    return payment


@transaction.atomic
def post_update(project: Project, title: str = "", body: str = "", *, by: Any, **texts: str) -> Update:
    """Tell a piece of news of the project in the showcase: in the page's language, or in each (`title_fr` …).

    Returns it. Raises Forbidden or Invalid (a title without its text, or the reverse).
    """
    require(by, "projects.post_update", project)
    author = None if by.pk is None else by
    update = Update(project=project, author=author, published_at=clock.now())
    rewrite(update, texts or {"title": title, "body": body}, needed=("title", "body"))
    update.save()
    record(project, "post_update", by=by, data={"update": update.pk})
    return update
