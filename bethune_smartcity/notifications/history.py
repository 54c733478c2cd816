"""What was written to someone about something: the lines an agent reads, and the one act on them, to try again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import GuardedPage

from . import outbox
from .kinds import kinds
from .models import Message
from .tongues import bare

PER_PAGE = 50
State = Message.State
TONES = {State.SENT: "ok", State.FAILED: "stop", State.HELD: "warn", State.CANCELLED: "quiet", State.WITHHELD: "quiet"}


def about(abouts: Iterable[tuple[type[Model], Collection[Any]]]) -> Q:
    """The condition to be about one of those rows, given by model with their keys."""
    condition = Q(pk__in=[])
    for model, keys in abouts:
        condition |= Q(about_type=ContentType.objects.get_for_model(model), about_id__in=[str(key) for key in keys])
    return condition


@dataclass(frozen=True)
class Line:
    """A message as the history of someone tells it; `text` is None where it held a secret or is not to be read."""

    message: Message
    what: Any
    tone: str
    text: str | None
    is_secret: bool
    may_retry: bool


class HistoryPage(GuardedPage):
    """The messages about something, the newest first; a failed one can be tried again.

    Subclasses give `written()`, `heading`, and whether this agent may read what they say (`reads_texts`).
    """

    template_name = "notifications/history.html"
    heading: Any = ""
    reads_texts = True

    def written(self) -> QuerySet[Message]:
        raise NotImplementedError(f"{type(self).__name__} has no written()")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try a failed message again. What is not in this history is unknown."""
        key = request.POST.get("message", "")
        message = get_object_or_404(self.written(), pk=key if key.isascii() and key.isdecimal() else 0)
        try:
            outbox.resend(message, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The message leaves again within the minute."))
        return redirect(request.path)

    def line(self, message: Message, labels: dict[str, Any]) -> Line:
        is_secret = not message.body
        return Line(
            message=message,
            what=labels.get(message.kind, message.kind),
            tone=TONES.get(State(message.state), "info"),
            text=bare(message.body) if self.reads_texts and not is_secret else None,
            is_secret=is_secret,
            may_retry=message.state == State.FAILED and not is_secret,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.written().select_related("recipient").order_by("-due_at", "-pk")
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        labels = {kind.name: kind.label for kind in kinds()}
        lines = [self.line(message, labels) for message in page]
        watches = can(self.request.user, "notifications.watch_delivery")
        return super().get_context_data(page=page, lines=lines, heading=self.heading, watches=watches, **kwargs)
