"""Details of panels in the back office."""

from typing import Any, ClassVar

from django.http import HttpRequest

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin
from juries.aside import apart
from juries.queries.organised import organised_panels

DESK = "juries.see_desk"
ORGANISE = "juries.organise_panel"


class PanelDetailAdmin(PortalAdmin):
    """A detail of panels, to read; `path` leads from it to its panel, `panels` says which ones.

    `about` leads to the application it is about: whoever stands aside from that one does not find it.
    """

    chapter = Chapter.JURY
    door = DESK
    path: ClassVar[str] = "panel"
    about: ClassVar[str] = ""
    panels = staticmethod(organised_panels)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        rows = rows.filter(**{f"{self.path}__in": self.panels(request.user).values("pk")})
        return rows.filter(apart(request.user.pk, self.about)) if self.about else rows
