"""The public API: one router, read-only, JSON."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import APIRootView, DefaultRouter

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


router = Router()
router.register("pillars", Pillars, "pillars")
router.register("calls", Calls, "calls")
router.register("results", Results, "results")
router.register("mentions", Mentions, "mentions")
router.register("projects", Projects, "projects")
router.register("news", News, "news")

# The schema and its page say the same to everyone.
OPEN = {"authentication_classes": [], "permission_classes": []}

urlpatterns = [
    path("v1/", include((router.urls, "api"))),
    path("v1/schema/", login_not_required(SpectacularAPIView.as_view(**OPEN)), name="api-schema"),
    path(
        "docs/",
        login_not_required(
            SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html", **OPEN)
        ),
        name="api-docs",
    ),
]
