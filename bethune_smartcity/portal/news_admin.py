"""The news, as agents write it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.admin_acts import Act, act_of
from bethune_smartcity.core.admin_base import Chapter, SeenFilter
from bethune_smartcity.lifecycle.admin_base import TranslatedAdmin
from bethune_smartcity.lifecycle.renderings import rendering_act
from calls.models import Call
from calls.queries import announced
from projects.models import Project
from projects.queries import public_projects

from .forms import PictureForm, PublishForm
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
    writable = (*news.WRITTEN, *news.PICTURED, "pillars", *news.LINKS)
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
        Act(
            "illustrate",
            _("Put a picture"),
            news.illustrate,
            WRITE,
            form=PictureForm,
            consequence=_(
                "It takes the place of the picture there may be, on the page, on cards and where it is shared."
            ),
            alone=True,
        ),
        Act(
            "remove-picture",
            _("Take the picture away"),
            news.remove_picture,
            WRITE,
            consequence=_("The picture and its words are erased for good; the article stays."),
            alone=True,
            final=True,
            offered=lambda article: article.has_picture,
        ),
        rendering_act(WRITE, offered=lambda article: bool(article.credit)),
    )

    @admin.display(description=_("state"))
    def standing(self, obj: Article) -> str:
        """The state by the clock: an article whose instant is to come is planned."""
        if obj.is_planned:
            return gettext("Planned for %(when)s") % {"when": wording.instant(obj.published_at)}
        return str(pgettext_lazy("article", "Published")) if obj.is_public else str(obj.get_state_display())

    @admin.display(description=_("picture"))
    def picture(self, obj: Article) -> str:
        """The picture as it is, small."""
        address = reverse("files:download", kwargs={"pk": obj.small_id})
        drawn = '<img class="shown" src="{}" alt="{}" width="{}" height="{}">'
        return format_html(drawn, address, obj.alt, obj.width, obj.height)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The words of the picture, once there is one."""
        found = super().get_fieldsets(request, obj)
        if obj is None or not obj.has_picture:
            return found
        return [*found, (_("Picture"), {"fields": ("picture", *self.replace_orig_field(news.PICTURED))})]

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
