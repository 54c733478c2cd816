"""What was withheld from a person whose account was closed, once it is open again."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.lifecycle.moves import record_each

from .channels import DIGEST
from .models import Message
from .readership import kept_back
from .serving import still_serving
from .tasks import drain

# What was due longer ago is shown in their space, and mailed no more.
MAILED_FOR = timedelta(days=14)
State = Message.State


@transaction.atomic
def give_back(user: Any) -> int:
    """Let leave what was withheld from `user`, who may read it by now, while it serves; what is older than MAILED_FOR
    is shown in the portal alone. Returns how many. Two statements where nothing was withheld, a few otherwise.

    The day's mail is left out: what it told stands in their space.
    """
    moment = clock.now()
    of_use = Q(expires_at__isnull=True) | Q(expires_at__gt=moment)
    withheld = Message.objects.filter(of_use, recipient=user, state=State.WITHHELD).exclude(body="")
    withheld = withheld.exclude(kind=DIGEST)
    found = list(withheld.exclude(kept_back(moment)).select_for_update(of=("self",)))
    back = still_serving(found, moment)
    for state, rows in (
        (State.PENDING, [one for one in back if one.due_at > moment - MAILED_FOR]),
        (State.SHOWN, [one for one in back if one.due_at <= moment - MAILED_FOR]),
    ):
        Message.objects.filter(pk__in=[one.pk for one in rows]).update(state=state, address=user.email)
    record_each(back, "give_back", by=SYSTEM, data={})
    if back:
        drain.delay_on_commit()
    return len(back)
