"""What people are told about juries: one message kind and one function for each event."""

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import wording
from bethune_smartcity.notifications.kinds import Kind, register_kind
from bethune_smartcity.notifications.operations import notify
from juries.models import Assignment, Panel

# Written in the reader's language: the text is made when the message is.
deadline = lazy(wording.deadline, str)

OPENED = "juries.panel_opened"


def register_kinds() -> None:
    """Name the messages of this app; called when the portal starts."""
    for name, label in {OPENED: _("Sheets open")}.items():
        register_kind(Kind(name, label, template=f"juries/emails/{name.split('.')[1]}"))


def opened(panel: Panel) -> None:
    """Tell the jurors who have something to read that their sheets are open, and until when."""
    readings = Assignment.objects.filter(juror__panel=panel)
    readers = User.objects.filter(juries__in=readings.values("juror"), is_active=True).distinct().order_by("pk")
    path = reverse("juries:room", kwargs={"pk": panel.pk})
    due = deadline(panel.due_at) if panel.due_at else ""
    notify(OPENED, subject=panel, recipients=readers, path=path, context={"panel": panel, "due": due})
