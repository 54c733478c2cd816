"""Home, pillars, news, one's own space, search, legal pages and the demonstration's clock and letter box."""

from django.urls import path, re_path

from .legal import SLUGS
from .views import (
    cards,
    components,
    demo,
    home,
    legal,
    message_kinds,
    news,
    open_data,
    own_calendar,
    pillars,
    search,
    source,
    space,
)

app_name = "portal"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("carte.png", cards.PortalCard.as_view(), name="card"),
    path("piliers/carte.png", cards.PillarsCard.as_view(), name="pillars-card"),
    path("piliers/<slug:slug>/carte.png", cards.PillarCard.as_view(), name="pillar-card"),
    path("piliers/", pillars.Pillars.as_view(), name="pillars"),
    path("piliers/<slug:slug>/", pillars.PillarPage.as_view(), name="pillar"),
    path("actualites/", news.News.as_view(), name="news"),
    path("actualites/<slug:slug>/carte.png", cards.ArticleCard.as_view(), name="article-card"),
    path("actualites/<slug:slug>/", news.ArticlePage.as_view(), name="article"),
    path("donnees/", open_data.OpenData.as_view(), name="open-data"),
    path("code-source/", source.Source.as_view(), name="source"),
    path("recherche/", search.Search.as_view(), name="search"),
    path("gestion/textes/<slug:slug>/", legal.Preview.as_view(), name="legal-preview"),
    path("espace/", space.Space.as_view(), name="space"),
    path("espace/notifications/", space.Notifications.as_view(), name="notifications"),
    path("espace/calendrier/", own_calendar.OwnCalendar.as_view(), name="own-calendar"),
    path("jury/", space.Juries.as_view(pattern_name="portal:space"), name="jury"),
    path("gestion/", space.Doorstep.as_view(pattern_name="calls:boards"), name="management"),
    path("gestion/composants/", components.Components.as_view(), name="components"),
    path("gestion/messages/", message_kinds.MessageKinds.as_view(), name="message-kinds"),
    path("demo/horloge/", demo.Clock.as_view(), name="demo-clock"),
    path("demo/mails/", demo.Mails.as_view(), name="demo-mails"),
    path("demo/mails/<str:name>/", demo.Mail.as_view(), name="demo-mail"),
    path("demo/mails/<str:name>/<int:place>/", demo.LaidOut.as_view(), name="demo-mail-laid-out"),
    re_path(rf"^(?P<slug>{'|'.join(SLUGS)})/$", legal.Legal.as_view(), name="legal"),
]
