"""Checking, handing in, withdrawing, correcting; and where an application stands."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.models import City
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from calls.asked import asked_of
from calls.feedback import feedback_on
from calls.forms.applying import DeclareForm, WithdrawForm
from calls.frozen import steps_of
from calls.instants import to_the_second
from calls.mentions import mentions_of
from calls.models import Submission
from calls.operations import submissions
from calls.operations.closing import is_corrected, is_writable
from calls.queries import on_reserve, state_shown, withdrawn_at
from calls.queries.corrections import labels_of
from calls.reading import parts_of
from calls.rules import roles_in

from .changes import changed_since
from .frame import DESCRIPTION, Frame, OwnSubmission, url_of
from .progress import known_dates, next_sentence, progress_of
from .renewal import calls_to_renew_for
from .together import CHECK, together


class Hub(OwnSubmission, GuardedPage):
    """One address for an application: those who write a draft land on what it lacks, others where it stands."""

    permission = "calls.view_submission"
    template_name = "calls/applicant/state.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submission = self.object
        self.may_write = can(request.user, "calls.edit_submission", submission)
        if submission.is_draft and is_writable(submission) and self.may_write:
            return redirect(Frame(submission).first_lacking())
        if can(request.user, "calls.screen_submission", submission):
            return redirect(url_of(submission, "screen"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission, user = self.object, self.request.user
        state = state_shown(submission, user, clock.now())
        mention = mentions_of([submission], clock.now()).get(submission.pk)
        return super().get_context_data(
            state=state,
            **what_to_correct(submission),
            progress=progress_of(submission, state),
            dates=known_dates(submission, state),
            next_sentence=next_sentence(submission, state, mention=mention),
            mention=mention,
            is_reserve=on_reserve(submission, clock.now()),
            parts=parts_of(submission),
            since=changed_since(submission),
            other_pillars=submission.other_pillars.all(),
            version=submission.versions.defer("content").order_by("number").last() if submission.number else None,
            may_write=self.may_write,
            before_close=submission.accepts_at(clock.arrived()),
            feedback=feedback_on(submission, clock.now()),
            asked=asked_of([submission], clock.now()).get(submission.pk) if is_own(submission, user) else None,
            renewable=self.may_write and is_over(submission) and calls_to_renew_for(submission).exists(),
            **kwargs,
        )


def what_to_correct(submission: Submission) -> dict[str, Any]:
    """Where `submission` is changed, and what of it a correction reopens."""
    if not is_corrected(submission) or submission.accepts_at(clock.arrived()):
        return {"change_url": url_of(submission, "section", order=DESCRIPTION), "to_correct": []}
    frame = Frame(submission)
    names = frame.opened or ()
    return {"change_url": frame.first_opened(), "to_correct": list(labels_of(names, frame.filled.in_order()))}


def is_own(submission: Submission, user: Any) -> bool:
    """Whether `user` belongs to the structure that applies."""
    return bool(roles_in(user, submission))


def is_over(submission: Submission) -> bool:
    """Whether the call of `submission` is closed: its application may then be taken up in another."""
    return submission.call.closes_at <= clock.now()


class Check(OwnSubmission, GuardedForm):
    """What lacks, each with its link; then the declarations and the one button that hands in."""

    permission = "calls.submit_submission"
    form_class = DeclareForm
    template_name = "calls/applicant/check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft or not is_writable(self.object):
            return redirect(url_of(self.object, "submission"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = Frame(self.object)
        steps = frame.steps
        lacks = [(lack, steps[frame.place_of(lack)]) for lack in frame.lacks]
        return super().get_context_data(
            frame=frame,
            steps=steps,
            lacks=[(lack, step, f"{step.url}#{lack.anchor}") for lack, step in lacks],
            together=together(frame, self.request.user, CHECK),
            parts=parts_of(self.object, frame.filled),
            other_pillars=self.object.other_pillars.all(),
            **kwargs,
        )

    def act(self, form: DeclareForm) -> None:
        submissions.submit(self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return url_of(self.object, "receipt")


class Submit(Check):
    """Hand in. Opening this address shows what will be handed in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(url_of(self.object, "check"))


def never_submitted(submission: Submission) -> str:
    if submission.is_draft:
        return _("This application is a draft: it is not submitted yet.")
    return _("This draft was abandoned: it was never submitted.")


class Receipt(OwnSubmission, GuardedPage):
    """The acknowledgement: number, instant to the second, digest, service and contact, what comes next."""

    permission = "calls.view_submission"
    template_name = "calls/applicant/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.object
        return super().get_context_data(
            **receipt_of(submission, self.request.user),
            may_write=can(self.request.user, "calls.edit_submission", submission),
            **kwargs,
        )


def check_submitted(submission: Submission) -> None:
    """Raise Conflict for what was never handed in."""
    if submission.submitted_at is None:
        raise Conflict("not_submitted", never_submitted(submission))


def receipt_of(submission: Submission, viewer: Any) -> dict[str, Any]:
    """What the acknowledgement of `submission` tells `viewer`. Raises Conflict for what was never handed in."""
    check_submitted(submission)
    steps = steps_of(submission)
    versions = [step.version for step in steps]
    state = state_shown(submission, viewer, clock.now())
    withdrawn = withdrawn_at(submission)
    return {
        "city": City.current(),
        "received": to_the_second(submission.submitted_at),
        "withdrawn": to_the_second(withdrawn) if withdrawn else "",
        "version": versions[0] if versions else None,
        "last_version": versions[-1] if len(versions) > 1 else None,
        "corrections": [step for step in steps if step.version.correction],
        "state": state,
        "progress": progress_of(submission, state),
        "dates": known_dates(submission, state),
        "mention": mentions_of([submission], clock.now()).get(submission.pk),
    }


class Versions(OwnSubmission, GuardedPage):
    """Every version that was handed in, the last first, with what each changed."""

    permission = "calls.view_submission"
    template_name = "calls/applicant/versions.html"
    title = gettext_lazy("Versions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_submitted(self.object)
        return super().get_context_data(versions=steps_of(self.object)[::-1], **kwargs)


class Withdraw(OwnSubmission, ActionView):
    """Withdraw what was handed in, or abandon a draft, in the words of each."""

    permission = "calls.withdraw_submission"
    tone = "danger"

    def fetch(self) -> Submission:
        submission = super().fetch()
        self.title, self.consequence, self.button = words_of_withdrawal(submission)
        return submission

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submissions.check_withdrawable(self.object)
        return super().get(request, *args, **kwargs)

    def get_form_class(self) -> type[forms.Form]:
        return forms.Form if self.object.is_draft else WithdrawForm

    def act(self, form: forms.Form) -> None:
        self.done_message = _("The draft is abandoned.") if self.object.is_draft else _("The application is withdrawn.")
        submissions.withdraw(self.object, reason=form.cleaned_data.get("reason", ""), by=self.request.user)

    def get_success_url(self) -> str:
        return url_of(self.object, "submission")


def words_of_withdrawal(submission: Submission) -> tuple[str, str, str]:
    """The title, the consequence and the button of the page that asks for confirmation."""
    if submission.is_draft:
        consequence = _(
            "It can no longer be written or submitted, for anyone on it, and this cannot be undone. "
            "Until the close you may start another one."
        )
        return _("Abandon this draft"), consequence, _("Abandon this draft")
    consequence = _(
        "Nobody will examine it any more, and this cannot be undone. Until the close you may start another one."
    )
    return _("Withdraw this application"), consequence, _("Withdraw")


class Correct(OwnSubmission, ActionView):
    """Tell the city that the correction it asked for is done."""

    permission = "calls.edit_submission"
    form_class = forms.Form
    title = gettext_lazy("Send the correction")
    consequence = gettext_lazy("The city is told that your application is corrected; the answers close again.")
    button = gettext_lazy("Send the correction")
    done_message = gettext_lazy("Your correction is sent.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submissions.check_corrected(self.object)
        return super().get(request, *args, **kwargs)

    def act(self, form: Any) -> None:
        submissions.send_correction(self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return url_of(self.object, "submission")
