"""Where the source of what runs here is found."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from bethune_smartcity import __version__
from bethune_smartcity.core.access import PublicPage


class Source(PublicPage, TemplateView):
    """The version that runs, its licence, and how to get its source: at its address, or from the city."""

    kept_by = ()
    template_name = "portal/source.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(version=__version__, crumbs=[(_("Source code"), "")], **kwargs)
