"""What was written to the people of an application."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.notifications.history import HistoryPage
from bethune_smartcity.notifications.models import Message
from calls.models import Submission
from calls.queries import helped_by
from calls.queries.history import messages_of

from .frame import board_url


class SubmissionMessages(HistoryPage):
    """Of a draft, or one under seal, what messages say is not to be read, nor what waits for its hour known."""

    permission = "calls.extend_submission"
    object: Submission

    def fetch(self) -> Submission:
        return get_object_or_404(helped_by(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def reads_texts(self) -> bool:  # type: ignore[override]
        return can(self.request.user, "calls.screen_submission", self.object)

    def written(self) -> QuerySet[Message]:
        found = messages_of(self.object)
        return found if self.reads_texts else found.filter(due_at__lte=clock.now())

    @property
    def heading(self) -> str:  # type: ignore[override]
        name = self.object.structure.name
        return f"{self.object.number}, {name}" if self.object.number else name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object.call
        trail = [(_("My calls"), reverse("calls:boards")), (call.title, board_url(call))]
        screen = reverse("calls:screen", kwargs={"pk": self.object.pk}) if self.reads_texts else ""
        return super().get_context_data(crumbs=[*trail, (self.heading, screen), (_("Messages"), "")], **kwargs)
