"""Django's admin under the portal's own site."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "bethune_smartcity.portal.site.BackOffice"
