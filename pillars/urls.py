from django.urls import path

from pillars.views import agent

app_name = "pillars"

urlpatterns = [
    path("gestion/indicateurs/importer/", agent.ImportReadings.as_view(), name="import"),
    path("gestion/indicateurs/releves.csv", agent.ExportReadings.as_view(), name="export"),
]
