"""The back office as a site: our own sign-in, the same 404 for hidden and unknown, models told as one sentence."""

from enum import Enum
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Chapter(Enum):
    """The sentence the portal is built on, clause by clause: where each model stands in the back office."""

    CALLS = _("A call opens on pillars")
    SUBMISSIONS = _("Startups apply to it")
    JURY = _("A jury and the public weigh them")
    LAUREATES = _("Laureates become projects")
    PILLARS = _("Projects move the pillars")
    TOLD = _("The city tells about it")
    BACKSTAGE = _("Behind the scenes")

    @property
    def anchor(self) -> str:
        return self.name.lower()


class PortalSite(AdminSite):
    """The admin of the portal; `permission` is the rule that opens it."""

    site_title = site_header = format_lazy(_("{site}, back office"), site=settings.SITE_NAME)
    index_title = _("Back office")
    empty_value_display = "–"
    # Lists are wide; the first page and the path lead everywhere.
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only screens of ours, which ask the rules: those that other packages bring are passed over."""
        if hasattr(admin_class, "chapter"):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Ask strangers to sign in, and show everyone else who has no business here the page of what does not exist."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return guarded

    def get_urls(self) -> list[Any]:
        """Without the address that leads from an identifier to any page: it would tell what exists."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(target, resolve_url(settings.LOGIN_URL))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The chapters with the models this person may list, in the order of the sentence: found when a page shows
        them. Every page of the admin is given them, and asking each model's permissions takes a third of its time."""
        return SimpleLazyObject(lambda: self._chapters(request, app_label))

    def _chapters(self, request: HttpRequest, app_label: str | None) -> list[dict[str, Any]]:
        found: dict[Chapter, list[dict[str, Any]]] = {chapter: [] for chapter in Chapter}
        for app in self._build_app_dict(request, app_label).values():
            for model in app["models"]:
                found[self.screen_of(model).chapter].append(model)
        return [self._chapter(chapter, models) for chapter, models in found.items() if models]

    def _chapter(self, chapter: Chapter, models: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "name": chapter.value,
            "app_label": chapter.anchor,
            "app_url": f"{reverse('admin:index')}#{chapter.anchor}",
            "has_module_perms": True,
            "models": sorted(models, key=lambda model: self.screen_of(model).place),
        }

    def screen_of(self, model: dict[str, Any]) -> Any:
        """The screen of an entry of the list of models."""
        return self._registry[model["model"]]
