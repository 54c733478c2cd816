"""Addresses of calls and applications."""

from django.urls import path

from .views import applicant

app_name = "calls"
urlpatterns = [
    path("candidatures/<uuid:pk>/", applicant.Hub.as_view(), name="submission"),
    path("candidatures/<uuid:pk>/verifier/", applicant.Hub.as_view(), name="check"),
    path("candidatures/<uuid:pk>/recepisse/", applicant.Hub.as_view(), name="receipt"),
]
