"""The logo of a partner: put, replaced and taken away."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.pictures import logo_of
from bethune_smartcity.files.uploads import discard, storing
from bethune_smartcity.lifecycle.moves import record

from .models import Partner

COLUMNS = ("logo", "logo_width", "logo_height")


def put_logo(partner: Partner, file: UploadedFile, *, by: Any) -> Partner:
    """Give a partner its logo, in place of the one it had.

    Args:
        partner: who is shown by it, where calls name their partners.
        file: a PNG or JPEG picture; it is drawn again, small and on white.
        by: the agent who does so.

    Returns the partner. Raises Forbidden or Invalid (file).
    """
    require(by, "accounts.manage_partners", partner)
    drawn = logo_of(file)
    with storing() as shelf:
        stored = shelf.store(drawn.upload, by=by)
        with transaction.atomic():
            held = _held(partner)
            former = held.logo
            stored.save()
            held.logo, held.logo_width, held.logo_height = stored, drawn.width, drawn.height
            _keep(held, former, by=by, verb="put_logo")
    return held


@transaction.atomic
def remove_logo(partner: Partner, *, by: Any) -> Partner:
    """Take the logo of a partner away: its name is shown. Returns it. Raises Forbidden or Conflict (it has none)."""
    require(by, "accounts.manage_partners", partner)
    held = _held(partner)
    if held.logo is None:
        raise Conflict("no_logo", _("This partner has no logo."))
    former = held.logo
    held.logo = held.logo_width = held.logo_height = None
    _keep(held, former, by=by, verb="remove_logo")
    return held


def _held(partner: Partner) -> Partner:
    """The partner's row, held until the transaction ends, so that one logo at a time is put in its place."""
    return Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)


def _keep(partner: Partner, former: StoredFile | None, *, by: Any, verb: str) -> None:
    partner.save(update_fields=COLUMNS)
    record(partner, verb, by=by)
    if former:
        discard(former)
