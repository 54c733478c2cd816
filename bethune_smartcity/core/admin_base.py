"""The base of every admin screen: the same permissions as the pages, nothing deleted in bulk."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from .access import can


class PortalAdmin(admin.ModelAdmin):
    """An admin whose four rights are names in `rules.py`; an empty name means nobody.

    Lists start from `visible(request)`, which subclasses narrow to what this person may see.
    """

    view_permission: ClassVar[str] = ""
    add_permission: ClassVar[str] = ""
    change_permission: ClassVar[str] = ""
    delete_permission: ClassVar[str] = ""

    def _holds(self, request: HttpRequest, permission: str, obj: Any) -> bool:
        return bool(permission) and can(request.user, permission, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.view_permission, obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._holds(request, self.add_permission, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.change_permission, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.delete_permission, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
