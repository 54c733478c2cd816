"""Addresses of calls and applications."""

from django.urls import path

from .views import applicant, public

app_name = "calls"
urlpatterns = [
    path("appels/", public.Calls.as_view(), name="list"),
    path("appels/<slug:slug>/", public.CallPage.as_view(), name="detail"),
    path("appels/<slug:slug>/questions/", public.Questions.as_view(), name="questions"),
    path("appels/<slug:slug>/reglement/", public.Rules.as_view(), name="rules"),
    path("candidatures/<uuid:pk>/", applicant.Hub.as_view(), name="submission"),
    path("candidatures/<uuid:pk>/verifier/", applicant.Hub.as_view(), name="check"),
    path("candidatures/<uuid:pk>/recepisse/", applicant.Hub.as_view(), name="receipt"),
]
