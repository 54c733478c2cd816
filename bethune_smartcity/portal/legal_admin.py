"""The legal pages' own texts, as agents write them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_acts import Act
from bethune_smartcity.core.admin_base import Chapter
from bethune_smartcity.core.models import LegalText
from bethune_smartcity.lifecycle.admin_base import TranslatedAdmin

from . import legal_texts
from .legal_texts import EDIT


def previews(page: str) -> Iterator[tuple[str, str, str]]:
    """(address of the preview, language, its code in capitals) for each language."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield reverse("portal:legal-preview", kwargs={"slug": page}), code, code.upper()


@admin.register(LegalText)
class LegalTextAdmin(TranslatedAdmin):
    """One row a page: neither added nor removed. What is written is read by all once it is published."""

    chapter, place = Chapter.BACKSTAGE, 31
    door = change_permission = EDIT
    outright = (EDIT,)
    list_display = ("page", "languages_told", "published_at")
    tells_languages = False
    fieldsets = (
        (None, {"fields": ("page", "languages_told", "preview", "published_at")}),
        (_("Text being written"), {"fields": ("draft",)}),
    )
    writable = ("draft",)
    acts = (
        Act(
            "publish",
            _("Publish the text"),
            legal_texts.publish,
            EDIT,
            consequence=_("Everyone reads it at once. A language without its text shows the French one."),
            offered=lambda page: page.is_changed,
            alone=True,
        ),
        Act(
            "restore",
            _("Go back to the portal’s own words"),
            legal_texts.restore,
            EDIT,
            consequence=_("The page shows the portal’s own words again; the text being written stays here."),
            offered=lambda page: page.is_replaced,
            alone=True,
        ),
    )

    @admin.display(description=_("what readers get"))
    def languages_told(self, page: LegalText) -> str:
        return page.languages_told

    @admin.display(description=_("preview in each language"))
    def preview(self, page: LegalText) -> str:
        """The page with the text being written, in each language."""
        return format_html_join(" · ", '<a href="{}" hreflang="{}">{}</a>', previews(page.page))

    def update(self, request: HttpRequest, obj: LegalText, form: Any) -> LegalText:
        return legal_texts.write(obj, by=request.user, fields=form.changed_data)
