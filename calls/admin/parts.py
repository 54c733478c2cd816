"""Parts of a call: shown to agents with a right on it, changed by those who configure it, while it may change."""

from typing import Any

from django.http import HttpRequest

from bethune_smartcity.core.admin_base import Chapter, PortalInline
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.lifecycle.admin_base import TranslatedAdmin
from calls.models import Call, CallAgent
from calls.operations.publication import check_form_unlocked, check_part_unlocked, remove_part, save_part
from calls.queries import board_calls, rights_on_calls

DESK, SEE, CONFIGURE = "calls.see_desk", "calls.see_call_board", "calls.configure_call"


def configured_calls(user: Any) -> Any:
    """The calls `user` configures."""
    return Call.objects.filter(pk__in=rights_on_calls(user).filter(right=CallAgent.Right.CONFIGURE).values("call"))


def sentence_of(check: Any, *args: Any) -> Any:
    """What `check` would refuse with; empty when it would not."""
    try:
        check(*args)
    except DomainError as refusal:
        return refusal.message
    return ""


class PartAdmin(TranslatedAdmin):
    """A part on its own page. `path` leads from it to its call."""

    chapter = Chapter.CALLS
    path = "call"
    subject = "call"
    door, view_permission = DESK, SEE
    add_permission = change_permission = delete_permission = CONFIGURE
    in_journal = False
    adds_many = True

    def get_queryset(self, request: HttpRequest) -> Any:
        mine = super().get_queryset(request).filter(**{f"{self.path}__in": board_calls(request.user)})
        return mine.select_related(self.path)

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        return configured_calls(request.user) if model is Call else super().choices_for(model, request)

    def lock(self, obj: Any) -> Any:
        return sentence_of(check_part_unlocked, obj)

    def create(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        return save_part(obj, by=request.user)

    def update(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        return save_part(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_part(obj, by=request.user)


class PartInline(PortalInline):
    """A part on its call's page."""

    door, view_permission = DESK, SEE
    add_permission = change_permission = delete_permission = CONFIGURE
    classes = ("collapse",)
    show_change_link = True

    locked_by = staticmethod(check_form_unlocked)

    def lock(self, parent: Any) -> Any:
        return sentence_of(self.locked_by, getattr(parent, "call", parent))

    def keep(self, request: HttpRequest, row: Any) -> None:
        save_part(row, by=request.user)

    def drop(self, request: HttpRequest, row: Any) -> None:
        remove_part(row, by=request.user)
