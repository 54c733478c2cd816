"""Where a juror speaks for themselves: how they are called, what they would like to read, in what they dissent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.operations import write_own_name
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.views import ActionView, GuardedForm
from juries.forms.own_word import DissentForm, WishesForm
from juries.forms.panels import NameForm, pillars_of
from juries.models import Dissent, Juror, Panel
from juries.operations import deliberation, panels
from juries.operations.checks import SEATING
from juries.workflow import PanelState

from .juror import OnPanel, crumbs_of


class OwnName(OnPanel, ActionView):
    """How a juror is called, where their account does not say it: who came by a link opens no other page for it."""

    form_class = NameForm
    title = _("Your name")
    consequence = _("Your account holds an e-mail address alone. Write how you are called: a name once given stays.")
    button = _("Save")
    done_message = _("Your name is saved.")

    def act(self, form: NameForm) -> None:
        write_own_name(self.seat.user, form.cleaned_data["name"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=crumbs_of(self.object, (str(self.title), "")), **kwargs)

    def get_back_url(self) -> str:
        return self.room_url

    def get_success_url(self) -> str:
        return self.room_url


class Wishes(OnPanel, GuardedForm):
    """What a juror would like to read and would rather not, pillar by pillar, before the readings are planned."""

    template_name = "juries/juror/wishes.html"
    form_class = WishesForm

    def get_form_kwargs(self) -> dict[str, Any]:
        said = dict(self.seat.wishes.values_list("pillar", "kind"))
        return {**super().get_form_kwargs(), "pillars": pillars_of(self.object.call, said), "wishes": said}

    def check_time(self) -> None:
        if not may_wish(self.seat, self.object):
            raise Conflict("nothing_to_wish", _("Nothing more is shared out by wishes on this panel."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = crumbs_of(self.object, (str(_("My wishes")), ""))
        return super().get_context_data(panel=self.object, seat=self.seat, crumbs=crumbs, **kwargs)

    def act(self, form: WishesForm) -> None:
        self.said = panels.state_wishes(self.seat, form.wishes, by=self.request.user)

    @property
    def done_message(self) -> str:
        return ngettext("%(n)d wish noted.", "%(n)d wishes noted.", self.said) % {"n": self.said}

    def get_success_url(self) -> str:
        return self.room_url


def may_wish(seat: Juror, panel: Panel) -> bool:
    """Whether what this juror wishes may still weigh in the readings of `panel`."""
    is_shared_out = panel.stage == Panel.Stage.READING and panel.second_begun_at is None
    return is_shared_out and panel.state in SEATING and seat.has_voice


class RecordDissent(OnPanel, GuardedForm):
    """A dissent for the minutes: one's own or, for who leads, that of a juror who asks for it."""

    template_name = "juries/chair/form.html"
    form_class = DissentForm
    done_message = _("The dissent is noted as it will stand in the minutes.")
    title = _("Dissent for the minutes")

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.object.state != PanelState.DELIBERATION:
            raise Conflict("not_deliberating", _("This belongs to the deliberation."))
        jurors = self.jurors()
        own = Dissent.objects.filter(juror=self.seat.pk).values_list("text", flat=True).first()
        initial = {"juror": self.seat.pk, "text": own or ""}
        return {**super().get_form_kwargs(), "jurors": jurors, "initial": initial}

    def jurors(self) -> list[Juror]:
        """Whose dissent this person may record."""
        if not can(self.request.user, "juries.chair_panel", self.object):
            return [self.seat]
        found = list(self.object.jurors.filter(has_voice=True).select_related("user"))
        for juror in found:
            juror.panel = self.object
        return found or [self.seat]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = crumbs_of(self.object, (str(self.title), ""))
        return super().get_context_data(title=self.title, back_url=self.get_success_url(), crumbs=crumbs, **kwargs)

    def act(self, form: DissentForm) -> None:
        deliberation.record_dissent(form.dissenter, form.cleaned_data["text"], by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("juries:chair-minutes", kwargs={"pk": self.kwargs["pk"]})
