"""What was written to a juror."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from bethune_smartcity.notifications.history import HistoryPage, about
from bethune_smartcity.notifications.models import Message
from calls.models import Letter
from juries.aside import apart
from juries.models import Juror, Panel, Recusal, SeatInvitation
from juries.queries.organised import organised_panels

from .agent import OnOrganised


class JurorMessages(OnOrganised, HistoryPage):
    """For the agents who organise the panel; to everyone else, its chair included, it does not exist."""

    def fetch(self) -> Panel:
        get_object_or_404(organised_panels(self.request.user), pk=self.kwargs["pk"])
        return super().fetch()

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"{self.juror()}, {self.object.get_stage_display()}"

    def written(self) -> QuerySet[Message]:
        """Those to this person about the panel, and the links to the seat."""
        juror, panel = self.juror(), self.object
        letters = Letter.objects.filter(call=panel.call_id, audience="juries.jurors", part=str(panel.pk))
        recusals = Recusal.objects.filter(apart(self.request.user.pk, "submission"), juror__panel=panel)
        told = about(
            [
                (Panel, [panel.pk]),
                (Juror, [juror.pk]),
                (Recusal, list(recusals.values_list("pk", flat=True))),
                (Letter, list(letters.values_list("pk", flat=True))),
            ]
        )
        links = SeatInvitation.objects.filter(panel=panel, juror=juror).values_list("pk", flat=True)
        return Message.objects.filter(told & Q(recipient=juror.user) | Q(key__in=[f"seat:{pk}" for pk in links]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs((_("Messages"), "")), **kwargs)

    def juror(self) -> Juror:
        if not hasattr(self, "_juror"):
            self._juror = super().juror()
        return self._juror
