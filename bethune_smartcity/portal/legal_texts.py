"""The legal pages' own texts: written, previewed, published, taken back; the journal keeps what stood."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.models import LegalText
from bethune_smartcity.lifecycle.moves import record

EDIT = "portal.edit_legal_texts"
CODES = [code for code, _name in settings.LANGUAGES]


@transaction.atomic
def write(page: LegalText, *, by: Any, fields: Iterable[str]) -> LegalText:
    """Keep what was typed as the text being written. Returns it. Raises Forbidden."""
    require(by, EDIT)
    changed = sorted(set(fields))
    if changed:
        page.save()
        record(page, "edit", by=by, data={"fields": changed})
    return page


@transaction.atomic
def publish(page: LegalText, *, by: Any) -> LegalText:
    """Let everyone read the text being written. Returns the page's row. Raises Forbidden or Conflict (nothing new)."""
    require(by, EDIT)
    if not page.is_changed:
        raise Conflict("nothing_new", _("Everyone reads this text already."))
    return _show(page, "publish_text", {f"text_{code}": getattr(page, f"draft_{code}") or "" for code in CODES}, by=by)


@transaction.atomic
def restore(page: LegalText, *, by: Any) -> LegalText:
    """Show the portal's own words again. Returns the page's row. Raises Forbidden or Conflict (they stand already)."""
    require(by, EDIT)
    if not page.is_replaced:
        raise Conflict("nothing_replaced", _("The page shows the portal’s own words already."))
    return _show(page, "restore_text", dict.fromkeys((f"text_{code}" for code in CODES), ""), by=by)


def _show(page: LegalText, verb: str, texts: dict[str, str], *, by: Any) -> LegalText:
    """Write `texts` as those everyone reads; the journal keeps those that stood there before."""
    before = {name: getattr(page, name) or "" for name in texts}
    for name, text in texts.items():
        setattr(page, name, text)
    page.published_at = clock.now()
    page.save()
    record(page, verb, by=by, data={"before": before})
    return page
