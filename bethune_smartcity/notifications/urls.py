"""Addresses to follow and to stop following, for who has an account and who has none."""

from django.urls import path

from . import leaving_views, person_history, preference_views, views

app_name = "notifications"
urlpatterns = [
    path("suivre/", views.Follow.as_view(), name="follow"),
    path("suivre/merci/", views.Noted.as_view(), name="asked"),
    path("suivre/confirmer/<str:token>/", views.Confirm.as_view(), name="confirm"),
    path("suivi/<str:key>/", views.Manage.as_view(), name="manage"),
    path("suivi/<str:key>/arreter/<str:topic>/<int:about>/", views.Stop.as_view(), name="stop"),
    path("gestion/envois/", leaving_views.Leaving.as_view(), name="leaving"),
    path("gestion/envois/<slug:ref>/<slug:act>/", leaving_views.Act.as_view(), name="leaving-act"),
    path("gestion/personnes/<int:pk>/messages/", person_history.PersonMessages.as_view(), name="person-messages"),
    path("messages/<str:key>/arreter/", preference_views.Quiet.as_view(), name="quiet"),
    path("espace/notifications/choix/", preference_views.Preferences.as_view(), name="preferences"),
    path("espace/suivis/", views.Mine.as_view(), name="mine"),
]
