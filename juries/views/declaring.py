"""Before the debate on an application opens to a member: whether a link exists. Nothing is shown but its title."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core.views import ActionView
from juries.forms.links import NO_LINK, AnswerForm
from juries.models import Juror
from juries.operations import panels

from .debate import OnDebate
from .juror import charter_first


class DeclareFirst(OnDebate, ActionView):
    """No link, which opens the debate; or a link, which closes the application everywhere at once."""

    template_name = "juries/juror/declare_first.html"
    form_class = AnswerForm
    consequence = gettext_lazy(
        "The debate opens once you have said that nothing links you to this application. A link closes it to you at "
        "once, everywhere. In doubt, ask the chair: it stays shut until the answer."
    )
    button = gettext_lazy("Declare")

    @cached_property
    def seat(self) -> Juror:
        seat = get_object_or_404(Juror, panel=self.object, user=self.request.user)
        seat.panel, seat.user = self.object, self.request.user
        return seat

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.line.is_declared:
            return redirect(self.own_url)
        if self.seat.charter_accepted_at is None:
            return charter_first(request, reverse("juries:room", kwargs={"pk": self.object.pk}))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.line  # noqa: B018  hidden before anything else is read
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, one = self.object.call, self.line.submission
        crumbs = [(call.title, call.get_absolute_url()), (_("Standing"), self.standing_url), (one.title, "")]
        context = super().get_context_data(crumbs=crumbs, panel=self.object, **kwargs)
        return {**context, "title": _("Before the debate on “%(name)s”") % {"name": one.title}}

    def act(self, form: AnswerForm) -> None:
        self.answer = form.cleaned_data["answer"]
        submission, me = self.line.submission, self.request.user
        if self.answer == NO_LINK:
            panels.declare_no_link(self.seat, [submission], by=me)
        else:
            panels.declare_recusal(self.seat, submission, self.answer, by=me)

    @property
    def standing_url(self) -> str:
        return reverse("juries:standing", kwargs={"pk": self.object.pk})

    def get_back_url(self) -> str:
        return self.standing_url

    def get_success_url(self) -> str:
        return self.own_url if self.answer == NO_LINK else self.standing_url
