"""The words of a project, its steps, its news and its photographs, in the portal's languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.core.language import page_language, translated_names
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.lifecycle.moves import record
from projects.models import Milestone, Photo, Update

EMPTY = (None, "")


def by_language(model: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """`fields` with the translated texts named without a language put in the page's own."""
    texts = translated_names(model)
    return {f"{name}_{page_language()}" if name in texts else name: value for name, value in fields.items()}


def rewrite(row: Any, fields: Mapping[str, Any], *, needed: Iterable[str]) -> list[str]:
    """Write `fields` on `row`, unsaved. Returns the columns that changed.

    The texts `needed` are written together: a language has them all or none. Raises Invalid where one has a part of
    them, or where no language has any.
    """
    given = by_language(type(row), fields)
    changed = [column for column, value in given.items() if _differ(getattr(row, column), value)]
    for column in changed:
        setattr(row, column, given[column])
        if isinstance(given[column], str):
            check_plain(given[column], field=column)
    if changed:
        _check_whole(row, tuple(needed))
    return changed


def _differ(before: Any, after: Any) -> bool:
    return before != after and not (before in EMPTY and after in EMPTY)


def _check_whole(row: Any, needed: tuple[str, ...]) -> None:
    codes = [code for code, _label in settings.LANGUAGES]
    for code in codes:
        lacking = [name for name in needed if not getattr(row, f"{name}_{code}")]
        if lacking and len(lacking) < len(needed):
            raise Invalid("half_told", _("Write this text too, or neither."), field=f"{lacking[0]}_{code}")
    if not any(getattr(row, f"{needed[0]}_{code}") for code in codes):
        raise Invalid("nothing_told", _("Write it in one language at least."), field=f"{needed[0]}_{codes[0]}")


@transaction.atomic
def reword_milestone(milestone: Milestone, *, by: Any, **titles: str) -> Milestone:
    """Rewrite the title of a step, in one language or several (`title_fr` …).

    Returns it. Raises Forbidden or Invalid (no title left).
    """
    require(by, "projects.run_project", milestone.project)
    if changed := rewrite(milestone, titles, needed=("title",)):
        milestone.save(update_fields=["title", *changed])
        record(milestone, "reword", by=by, data={"fields": changed})
    return milestone


@transaction.atomic
def reword_update(update: Update, *, by: Any, **texts: str) -> Update:
    """Rewrite a piece of news, or put it in another language (`title_de`, `body_de` …).

    Returns it. Raises Forbidden or Invalid (a title without its text, or the reverse).
    """
    require(by, "projects.run_project", update.project)
    if changed := rewrite(update, texts, needed=("title", "body")):
        update.save(update_fields=["title", "body", *changed])
        record(update.project, "reword", by=by, data={"update": update.pk, "fields": changed})
    return update


@transaction.atomic
def reword_photo(photo: Photo, *, by: Any, **alts: str) -> Photo:
    """Rewrite what a photograph shows (`alt_fr` …). Returns it. Raises Forbidden or Invalid (nothing left)."""
    require(by, "projects.run_project", photo.project)
    if changed := rewrite(photo, alts, needed=("alt",)):
        photo.save(update_fields=["alt", *changed])
        record(photo, "reword", by=by, data={"fields": changed})
    return photo
