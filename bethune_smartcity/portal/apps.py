from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bethune_smartcity.portal"
    label = "portal"
    verbose_name = "Pages du portail"
