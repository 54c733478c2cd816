"""Taking up an application in a call that is open now."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.views import ActionView
from calls.forms.applying import RenewForm
from calls.models import Call, Submission
from calls.operations.renewal import renew
from calls.queries import announced
from calls.workflow import SubmissionState

from .frame import OwnSubmission, url_of


def calls_to_renew_for(submission: Submission) -> Any:
    """The other calls open now in which the structure of `submission` may start an application."""
    now = clock.now()
    open_now = announced(now).filter(opens_at__lte=now, closes_at__gt=now).exclude(pk=submission.call_id)
    taken = Submission.objects.filter(structure=submission.structure_id, exclusive=True)
    return open_now.exclude(pk__in=taken.exclude(state=SubmissionState.WITHDRAWN).values("call")).order_by("closes_at")


class Renew(OwnSubmission, ActionView):
    """Copy an application into a new draft of an open call."""

    permission = "calls.edit_submission"
    form_class = RenewForm
    title = gettext_lazy("Take up this application in an open call")
    consequence = gettext_lazy(
        "A new draft is made with what both forms ask: read it again, complete it, and submit it. "
        "This application stays as it is."
    )
    button = gettext_lazy("Make the draft")
    done_message = gettext_lazy("Here is your draft: what was already answered is in its place.")

    def get_form_kwargs(self) -> dict[str, Any]:
        calls = calls_to_renew_for(self.object)
        if not calls:
            raise Conflict("no_open_call", gettext_lazy("No call is open now in which it could be taken up."))
        return super().get_form_kwargs() | {"calls": calls}

    def act(self, form: forms.Form) -> None:
        call: Call = form.cleaned_data["call"]
        self.made = renew(self.object, call, by=self.request.user)

    def get_back_url(self) -> str:
        return url_of(self.object, "submission")

    def get_success_url(self) -> str:
        return url_of(self.made, "section", order=0)
