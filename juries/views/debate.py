"""The debate on one application: what is known of it, what its readers wrote, what members say. For them alone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import GuardedForm
from juries.aside import set_aside
from juries.forms.own_word import RemarkForm
from juries.models import Panel, Remark
from juries.operations import deliberation
from juries.queries import debate
from juries.queries.standings import current_standing
from juries.views.chair import OnPanel
from juries.views.disclosed import OnceDisclosed
from juries.views.ranked import VERDICTS, band_of, figure
from juries.workflow import DEBATING, PanelState


class OnDebate(OnceDisclosed, OnPanel, Guarded):
    """A page of the debate on one application, for members who do not stand aside from it: 404 to those who do."""

    permission = "juries.see_debate"

    @cached_property
    def line(self) -> Any:
        standing, asked = current_standing(self.object), self.kwargs["submission"]
        line = debate.line_of(standing, asked, self.request.user) if standing is not None else None
        if line is None or asked in set_aside(self.object, self.request.user):
            raise Http404
        return line

    @property
    def own_url(self) -> str:
        return reverse("juries:debate", kwargs={"pk": self.object.pk, "submission": self.line.submission_id})


class Debate(OnDebate, GuardedForm):
    """Figures, comments, proposal and remarks on one page; a form while the debate is open."""

    template_name = "juries/chair/debate.html"
    form_class = RemarkForm
    done_message = gettext_lazy("Your remark is there for the members of the jury to read.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.is_declared else redirect(self.declaring_url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.is_declared else redirect(self.declaring_url)

    @property
    def is_declared(self) -> bool:
        """Whether the user said that nothing links them to it: hidden, or asked, before anything else is read."""
        return bool(self.line.is_declared)

    @property
    def declaring_url(self) -> str:
        return reverse("juries:debate-link", kwargs={"pk": self.object.pk, "submission": self.line.submission_id})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel, line = self.object, self.line
        one, standing_url = line.submission, reverse("juries:standing", kwargs={"pk": panel.pk})
        call, proposals = panel.call, debate.proposals_on(panel, one)
        crumbs = [(call.title, call.get_absolute_url()), (_("Standing"), standing_url), (one.title, "")]
        return super().get_context_data(
            panel=panel,
            line=line,
            score=figure(line.mean if panel.basis == Panel.Basis.MEAN else line.adjusted),
            margin=figure(line.margin),
            band=band_of(line.band),
            comments=debate.comments_on(panel, one),
            remarks=debate.remarks_on(panel, one),
            proposals=[(each, str(each.get_verdict_display()), VERDICTS[each.verdict]) for each in proposals],
            is_open=panel.state in DEBATING,
            is_over=panel.state in (PanelState.SIGNED, PanelState.PROCLAIMED),
            standing_url=standing_url,
            crumbs=crumbs,
            **kwargs,
        )

    def act(self, form: RemarkForm) -> None:
        deliberation.say(self.object, self.line.submission, form.cleaned_data["text"], by=self.request.user)

    def get_success_url(self) -> str:
        return f"{self.own_url}#debate"


class TakeBackRemark(OnDebate, View):
    """One's own remark goes, and nothing is left of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = Remark.objects.filter(panel=self.object, submission=self.line.submission_id, juror__user=request.user)
        remark = get_object_or_404(own.select_related("panel", "juror"), pk=self.kwargs["remark"])
        try:
            deliberation.take_back(remark, by=request.user)
            messages.success(request, _("Your remark is gone."))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(f"{self.own_url}#debate")
