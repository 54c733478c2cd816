"""A juror says that they cannot judge an application."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.views import ActionView
from juries.forms.sheets import AbstentionForm
from juries.operations import scoring

from .juror import OnDuty, crumbs_of


class Abstain(OnDuty, ActionView):
    """Say that one cannot judge an application, and why."""

    permission = "juries.read_submission"
    form_class = AbstentionForm
    title = _("I cannot judge this application")
    consequence = _(
        "Your sheet then counts nowhere and nothing more is expected of you for it; another juror may read it instead. "
        "You can take it back until the marks are locked. For a link with the applicant, declare the link instead."
    )
    button = _("Abstain")
    done_message = _("You abstain: nothing more is expected of you for this application.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scoring.check_abstainable(self.object)
        return super().get(request, *args, **kwargs)

    def act(self, form: AbstentionForm) -> None:
        scoring.abstain(self.object, reason=form.cleaned_data["reason"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = self.object.submission.title
        crumbs = crumbs_of(self.panel, (title, self.url("sheet")), (str(self.title), ""))
        return super().get_context_data(crumbs=crumbs, **kwargs)

    def get_back_url(self) -> str:
        return self.url("sheet")

    def get_success_url(self) -> str:
        return self.room_url
