"""The news, as agents write it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.admin_acts import act_of
from bethune_smartcity.core.admin_base import Chapter, SeenFilter
from bethune_smartcity.lifecycle.admin_base import TranslatedAdmin
from calls.models import Call
from calls.queries import announced
from projects.models import Project
from projects.queries import public_projects

from .forms import PublishForm
from .models import Article
from .operations import news
from .workflow import ARTICLE

DESK, WRITE = "portal.see_news_desk", "portal.write_news"


@admin.register(Article)
class ArticleAdmin(TranslatedAdmin):
    chapter, place = Chapter.TOLD, 10
    door, outright = DESK, (WRITE,)
    add_permission = change_permission = WRITE
    list_display = ("title", "standing", "published_at")
    list_filter = ("state", ("pillars", SeenFilter))
    search_fields = ("title", "slug")
    ordering = ("-changed_at", "-pk")
    sortable_by = ("title", "published_at")
    fieldsets = (
        (None, {"fields": ("standing", "published_at", "slug")}),
        (_("Title"), {"fields": ("title",)}),
        (_("Standfirst"), {"fields": ("standfirst",)}),
        (_("Text"), {"fields": ("body",)}),
        (_("What it tells about"), {"fields": ("pillars", "call", "project")}),
    )
    writable = (*news.WRITTEN, "pillars", *news.LINKS)
    writable_once = ("slug",)
    acts = (
        act_of(
            ARTICLE,
            "publish",
            news.publish,
            form=PublishForm,
            consequence=_("From that instant on everyone reads it: in pages, in feeds and in the public data."),
        ),
        act_of(
            ARTICLE,
            "withdraw",
            news.withdraw,
            consequence=_("It leaves pages, feeds and public data at once. The journal keeps the reason."),
        ),
    )

    @admin.display(description=_("state"))
    def standing(self, obj: Article) -> str:
        """The state by the clock: an article whose instant is to come is planned."""
        if obj.is_planned:
            return gettext("Planned for %(when)s") % {"when": wording.instant(obj.published_at)}
        return str(pgettext_lazy("article", "Published")) if obj.is_public else str(obj.get_state_display())

    def view_on_site(self, obj: Article) -> str:
        return obj.get_absolute_url()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name.startswith("standfirst"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        """Only what everyone may read: an article leads nowhere else."""
        if model is Call:
            return announced(clock.now())
        return public_projects() if model is Project else super().choices_for(model, request)

    def create(self, request: HttpRequest, obj: Article, form: Any) -> Article:
        return news.write(by=request.user, **form.cleaned_data)

    def update(self, request: HttpRequest, obj: Article, form: Any) -> Article:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return news.rewrite(self.stored(request, obj), by=request.user, **changed)
