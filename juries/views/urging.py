"""What organisers do while jurors read: remind the late ones, and open the second reading."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import GuardedForm
from juries.aside import kept_from
from juries.forms.panels import SecondReadingForm
from juries.operations import panels

from .agent import OnOrganised
from .short import short_told
from .stuck import stuck_words


class Urging(OnOrganised, View):
    """A button that reminds, then leads back to the board it was pressed on."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.remind())
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(self.back_url)

    @property
    def back_url(self) -> str:
        name = "juries:chair" if self.request.POST.get("from") == "chair" else "juries:organise"
        return reverse(name, kwargs={"pk": self.object.pk})

    def remind(self) -> str:
        raise NotImplementedError


class NudgeLate(Urging):
    """Every late juror not reminded within the day."""

    def remind(self) -> str:
        n = panels.nudge_late(self.object, by=self.request.user)
        if not n:
            return str(_("Nobody was written to: everything is handed in, or all were reminded within 24 hours."))
        return ngettext("%(n)d juror reminded.", "%(n)d jurors reminded.", n) % {"n": n}


class Nudge(Urging):
    """One juror."""

    def remind(self) -> str:
        juror = self.juror()
        panels.nudge(juror, by=self.request.user)
        return str(_("%(juror)s is reminded.") % {"juror": juror})


class SecondReading(OnOrganised, GuardedForm):
    """More readers for those that lead, once the first reading is complete."""

    template_name = "juries/agent/form.html"
    form_class = SecondReadingForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = str(_("Open the second reading"))
        words = {
            "intro": _(
                "The first sheets are closed as they were handed in. The applications that lead are named in "
                "alphabetical order, without their scores, and go to new readers, who are told. This cannot be undone."
            ),
            "save": title,
            "lacking": short_told(self.object, kept_from(self.object, self.request.user)),
        }
        crumbs = self.crumbs((title, ""))
        return super().get_context_data(title=title, back_url=self.board_url, crumbs=crumbs, **words, **kwargs)

    def act(self, form: SecondReadingForm) -> None:
        planned = panels.begin_second_reading(self.object, by=self.request.user, **form.cleaned_data)
        text = ngettext(
            "Second reading open: %(n)d new sheet.", "Second reading open: %(n)d new sheets.", planned.added
        )
        messages.success(self.request, text % {"n": planned.added})
        if planned.lacking:
            hidden = set(map(str, kept_from(self.object, self.request.user)))
            messages.warning(self.request, stuck_words(panels.facts_of(planned), hidden))
