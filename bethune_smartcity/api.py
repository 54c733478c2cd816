"""The public API: one router, read-only, JSON, and the page that tells what it gives."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.routers import APIRootView, DefaultRouter

from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.portal.api import News
from calls.api import Calls
from juries.api import Mentions, Results
from pillars.api import Pillars
from projects.api import Projects


class Root(APIRootView):
    """The lists there are, each with its address."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Router(DefaultRouter):
    APIRootView = Root
    include_format_suffixes = False
    root_view_name = "root"


@dataclass(frozen=True)
class Told:
    """A list of the API: its name in addresses, the view that answers, and what it gives in a sentence."""

    name: str
    view: Any
    gives: Any

    @property
    def list_address(self) -> str:
        return reverse(f"api:{self.name}-list")

    @property
    def row_address(self) -> str:
        """The address of one row, what tells it from the others in braces."""
        return f"{self.list_address}{{{'id' if self.view.lookup_field == 'pk' else self.view.lookup_field}}}/"

    @property
    def narrowed_by(self) -> list[str]:
        return list(getattr(getattr(self.view, "filterset_class", None), "base_filters", {}))


LISTS = (
    Told("pillars", Pillars, gettext_lazy("The seven pillars, their objectives and the readings of their indicators.")),
    Told("calls", Calls, gettext_lazy("The calls: what they seek, by when, what they give and how they choose.")),
    Told("results", Results, gettext_lazy("The prizes awarded, with the jury’s reason, once published.")),
    Told("mentions", Mentions, gettext_lazy("The jury’s mentions for finalists without a prize, once published.")),
    Told(
        "projects", Projects, gettext_lazy("The projects of the showcase: their stage, their steps done and to come.")
    ),
    Told(
        "news", News, gettext_lazy("The news, the latest first; the text of an article (Markdown) at its own address.")
    ),
)

router = Router()
for told in LISTS:
    router.register(told.name, told.view, told.name)


class Docs(PublicPage, TemplateView):
    """What the API gives and how to ask for it."""

    template_name = "api/docs.html"
    kept_by = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Open data"), reverse("portal:open-data")), (_("Public API"), "")]
        return super().get_context_data(lists=LISTS, crumbs=crumbs, **kwargs)


# The schema says the same to everyone.
OPEN = {"authentication_classes": [], "permission_classes": []}

urlpatterns = [
    path("v1/", include((router.urls, "api"))),
    path("v1/schema/", login_not_required(SpectacularAPIView.as_view(**OPEN)), name="api-schema"),
]
