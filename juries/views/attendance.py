"""What a finalist does before a finale: confirm or decline, and send the deck of the pitch."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded, can, or_404
from bethune_smartcity.core.views import ActionView, GuardedForm
from juries.forms.attendance import ConfirmForm, DeckForm, DeclineForm
from juries.models import Attendance
from juries.operations import attendance as finalists
from juries.queries.attendance import deadline_of, own_attendance, takes_answers, takes_decks


class OnOwnFinale(Guarded):
    """A page of a finalist's own people about the finale."""

    permission = "juries.answer_finale"
    object: Attendance
    request: HttpRequest
    kwargs: dict[str, Any]

    def fetch(self) -> Attendance:
        return or_404(own_attendance(self.request.user, self.kwargs["pk"], clock.now()))

    def get_success_url(self) -> str:
        return reverse("juries:attendance", kwargs=self.kwargs)

    def crumbs(self, *titles: Any) -> list[tuple[str, str]]:
        submission, here = self.object.submission, _("My finale")
        own = [(_("My space"), resolve_url(settings.LOGIN_REDIRECT_URL))]
        own += [(submission.title, submission.get_absolute_url())]
        return [*own, (here, self.get_success_url() if titles else ""), *[(str(title), "") for title in titles]]


class Attend(OnOwnFinale, GuardedForm):
    """When and where, whether the team comes and with whom, and its deck; those who only read find no button."""

    permission = "juries.see_attendance"
    form_class = ConfirmForm
    template_name = "juries/applicant/attendance.html"
    done_message = gettext_lazy("Your coming is confirmed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # a copy: the form writes on its instance, the operation on the row
        kept = self.object
        said = Attendance(**{name: getattr(kept, name) for name in ConfirmForm.Meta.fields})
        said.panel, said.submission = kept.panel, kept.submission
        return {**super().get_form_kwargs(), "instance": said}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept, panel = self.object, self.object.panel
        writes = can(self.request.user, "juries.answer_finale", kept) and takes_answers(kept)
        return super().get_context_data(
            attendance=kept,
            submission=kept.submission,
            panel=panel,
            call=panel.call,
            slot={"starts_at": panel.pitch_starts_at, "minutes": panel.pitch_minutes},  # type: ignore[attr-defined]
            writes=writes,
            sends=writes and not kept.is_declined and takes_decks(panel, clock.arrived()),
            crumbs=self.crumbs(),
            **kwargs,
        )

    def act(self, form: ConfirmForm) -> None:
        finalists.confirm(self.object, **form.cleaned_data, by=self.request.user)


class Decline(OnOwnFinale, ActionView):
    """Say that the team does not come."""

    form_class = DeclineForm
    title = gettext_lazy("Say that we do not come")
    consequence = gettext_lazy(
        "The organisers are told and decide what follows. Your application stays a finalist until they do."
    )
    tone = "danger"
    done_message = gettext_lazy("The organisers are told that you do not come.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        finalists.check_expected(self.object)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs(self.title), **kwargs)

    def act(self, form: DeclineForm) -> None:
        finalists.decline(self.object, word=form.cleaned_data["word"], by=self.request.user)


class SendDeck(OnOwnFinale, ActionView):
    """Send the deck, or another one in its place."""

    form_class = DeckForm
    title = gettext_lazy("Send our deck")
    done_message = gettext_lazy("Your deck is received.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        finalists.check_deck_taken(self.object)
        return super().get(request, *args, **kwargs)

    @property
    def consequence(self) -> str:  # type: ignore[override]
        """Who reads it, and until when it may be replaced."""
        until = deadline_of(self.object.panel)
        if not until:
            return _("The jury and the organisers read it. You can replace it until the pitches begin.")
        return _("The jury and the organisers read it. You can replace it until %(when)s.") % {"when": until}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs(self.title), **kwargs)

    def act(self, form: DeckForm) -> None:
        finalists.send_deck(self.object, form.cleaned_data["file"], by=self.request.user)
