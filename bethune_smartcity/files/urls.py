from django.urls import path

from .views import Download

app_name = "files"
urlpatterns = [path("fichiers/<uuid:pk>/", Download.as_view(), name="download")]
