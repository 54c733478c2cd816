"""What jurors say they would like to read: their word, weighed in the next plan."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from juries.models import Juror, Panel, Wish
from juries.operations.checks import require_seating
from pillars.models import Pillar


@transaction.atomic
def state_wishes(juror: Juror, wishes: Mapping[Pillar, str], *, by: Any) -> int:
    """Write down what `juror` would like to read, in place of what they said before.

    `wishes` maps pillars to "wants" or "avoids"; a pillar left out is one without a preference. It weighs in plans
    made from then on and never more than a recusal. Returns how many wishes there are. Raises Forbidden, Invalid
    (another word) or Conflict (a finale, where everyone marks everything; a member without a voice; marks locked).
    """
    require(by, "juries.accept_charter", juror)
    panel = require_seating(juror.panel)
    if panel.stage != Panel.Stage.READING:
        raise Conflict("everyone_reads", _("In a finale everyone with a voice marks every finalist."))
    if not juror.has_voice:
        raise Conflict("no_voice", _("This member of the panel has no voice."))
    if not set(wishes.values()) <= set(Wish.Kind.values):
        raise Invalid("unknown_wish", _("A wish is to read, or rather not to."), field="wishes")
    juror.wishes.all().delete()
    Wish.objects.bulk_create(Wish(juror=juror, pillar=pillar, kind=kind) for pillar, kind in wishes.items())
    record(juror, "state_wishes", by=by, data={pillar.slug: kind for pillar, kind in wishes.items()})
    return len(wishes)
