"""The jurors of a call whom its agents write to, panel by panel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.models import City
from calls.audiences import Audience, Reader
from calls.message_placeholders import CALL, CONTACT, LINK, NAME, unasked
from calls.models import Call
from juries.models import Juror, Panel, Recusal

from .organised import organised_calls


def parts(call: Call) -> dict[str, Any]:
    """The panels of `call`, by their keys as texts. One statement."""
    labels = {
        Panel.Stage.READING.value: _("The jurors of the reading"),
        Panel.Stage.FINALE.value: _("The jurors of the finale"),
    }
    panels = Panel.objects.filter(call=call).order_by("-stage").values_list("pk", "stage")
    return {str(pk): labels[stage] for pk, stage in panels}


def people(call: Call, part: str, _moment: datetime) -> QuerySet[User]:
    """Who sits on a panel of `call`, without those who left it or stand aside from it altogether."""
    aside = Recusal.objects.filter(submission__isnull=True).values("juror")
    seats = Juror.objects.filter(panel__call=call, panel=part, left_at__isnull=True).exclude(pk__in=aside)
    return User.objects.filter(pk__in=seats.order_by().values("user"), is_active=True)


def readers(call: Call, part: str, users: Sequence[User], _moment: datetime) -> list[Reader]:
    """What each juror is told: the same, in their room. Two statements."""
    seats = {seat.user_id: seat for seat in Juror.objects.filter(panel=part, user__in=users)}
    facts = {"call": call, "city": City.current()}
    return [Reader(user, seats[user.pk].capacity, "juries:room", {"pk": int(part)}, facts) for user in users]


def reach(user: Any) -> Q:
    """Whoever sits on a panel of the call of a bulk message."""
    aside = Recusal.objects.filter(submission__isnull=True).values("juror")
    seats = Juror.objects.filter(user=user, panel__call=OuterRef("call"), left_at__isnull=True)
    return Q(Exists(seats.exclude(pk__in=aside)))


JURORS = Audience(
    name="juries.jurors",
    label=_("Jurors"),
    permission="juries.create_panel",
    run_by=organised_calls,
    parts=parts,
    people=people,
    readers=readers,
    placeholders=(unasked(LINK), NAME, CALL, unasked(CONTACT)),
    reach=reach,
)
