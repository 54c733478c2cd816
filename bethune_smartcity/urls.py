"""Every address of the portal: pages speak four languages by prefix, everything else has none."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from bethune_smartcity.api import Docs
from bethune_smartcity.core.views import healthz, readyz
from bethune_smartcity.portal.opendata import FILES
from bethune_smartcity.portal.views import feeds
from bethune_smartcity.portal.views.machines import (
    FixedPicture,
    Manifest,
    OpenSearch,
    Robots,
    Security,
    Sitemap,
    WithoutPrefix,
)
from bethune_smartcity.portal.views.open_data import Catalogue, OpenFile
from bethune_smartcity.portal.views.own_calendar import OwnFile
from calls.views.calendar import CallCalendar

handler400 = "bethune_smartcity.core.refusals.bad_request"
handler500 = "bethune_smartcity.core.refusals.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", Robots.as_view(), name="robots"),
    path("sitemap.xml", Sitemap.as_view(), name="sitemap"),
    path("appels/<slug:slug>.ics", CallCalendar.as_view(), name="call-calendar"),
    path("calendrier/<str:token>.ics", OwnFile.as_view(), name="own-calendar-file"),
    path("site.webmanifest", Manifest.as_view(), name="manifest"),
    path("opensearch.xml", OpenSearch.as_view(), name="opensearch"),
    path("favicon.ico", FixedPicture.as_view(name="img/favicon.ico"), name="favicon"),
    path("apple-touch-icon.png", FixedPicture.as_view(name="img/apple-touch-icon.png"), name="touch-icon"),
    re_path(r"^fr/(?P<rest>.*)$", WithoutPrefix.as_view(), name="without-prefix"),
    path(".well-known/security.txt", Security.as_view(), name="security"),
    path("actualites/flux.atom", feeds.News.as_view(), name="news-feed"),
    path("appels/flux.atom", feeds.Calls.as_view(), name="calls-feed"),
    path("admin/", admin.site.urls),
    path("api/", include("bethune_smartcity.api")),
    path("", include("bethune_smartcity.files.urls")),
    *(path(f"donnees/{name}", OpenFile.as_view(name=name), name=f"data-{name}") for name in FILES),
    path("donnees/catalogue.jsonld", Catalogue.as_view(), name="data-catalogue"),
    *i18n_patterns(
        # They are tried one after the other: those most asked for come first.
        path("", include("bethune_smartcity.portal.urls")),
        path("", include("projects.urls")),
        path("", include("calls.urls")),
        path("", include("juries.urls")),
        path("", include("pillars.urls")),
        path("", include("bethune_smartcity.notifications.urls")),
        path("", include("bethune_smartcity.accounts.urls")),
        path("api/docs/", Docs.as_view(), name="api-docs"),
        prefix_default_language=False,
    ),
]
