"""All that was written to one person, for who answers when someone says they got no mail."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can

from .history import HistoryPage
from .models import Message

WATCH = "notifications.watch_delivery"


class PersonMessages(HistoryPage):
    """The kind, the instant and the fate of each message, never what it says; what waits for its hour is not known.

    To whoever does not watch over delivery no person has such a page.
    """

    permission = WATCH
    reads_texts = False

    def fetch(self) -> Any:
        found = get_user_model().objects.filter(pk=self.kwargs["pk"]) if can(self.request.user, WATCH) else None
        person = found.first() if found is not None else None
        if person is None:
            raise Http404
        return person

    def written(self) -> QuerySet[Message]:
        """Those to the account, and those to its address from before there was one."""
        theirs = Q(recipient=self.object) | Q(recipient__isnull=True, address__iexact=self.object.email)
        return Message.objects.filter(theirs, due_at__lte=clock.now())

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"{self.object}, {self.object.email}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = reverse("admin:accounts_user_change", args=[self.object.pk])
        crumbs = [(str(self.object), page), (_("Messages"), "")]
        return super().get_context_data(crumbs=crumbs, person=self.object, **kwargs)
