"""The page behind a juror's link: GET shows what is asked, POST answers it, once."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic.edit import FormView

from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.errors import DomainError
from juries.forms.panels import AnswerForm
from juries.link_sessions import open_session
from juries.models import SeatInvitation
from juries.operations import panels


class Answer(PublicPage, FormView):
    """The charter, with « I accept » and « I decline »; a link that no longer serves says so."""

    form_class = AnswerForm
    template_name = "juries/public/invitation.html"

    @cached_property
    def invitation(self) -> SeatInvitation:
        found = panels.invitation_behind(self.kwargs["token"])
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        panels.check_live(self.invitation)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        panels.check_live(self.invitation)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "is_unnamed": panels.is_unnamed(self.invitation)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel = self.invitation.panel
        title = str(_("Invitation to the jury"))
        return super().get_context_data(
            invitation=self.invitation, panel=panel, call=panel.call, title=title, crumbs=[(title, "")], **kwargs
        )

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        try:
            return self.accept(form) if form.cleaned_data["answer"] == "accept" else self.decline(form)
        except DomainError as error:
            if error.field not in form.fields:
                raise
            form.add_error(error.field, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=error.status)

    def form_invalid(self, form: AnswerForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def accept(self, form: AnswerForm) -> HttpResponse:
        juror = panels.accept_invitation(self.invitation, name=form.cleaned_data.get("name", ""))
        open_session(self.request, juror, self.invitation)
        return redirect("juries:room", pk=juror.panel_id)

    def decline(self, form: AnswerForm) -> HttpResponse:
        panels.decline_invitation(self.invitation, word=form.cleaned_data["word"])
        return render(self.request, "juries/public/declined.html", self.get_context_data(form=form))
