"""What a jury decided: to read, once its minutes are signed."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter
from bethune_smartcity.lifecycle.renderings import rendering_act
from calls.models import Submission
from calls.queries import board_calls
from calls.workflow import SubmissionState
from juries.aside import apart, unnamed
from juries.models import Award, Dissent, Mention, Minutes, Motion, Proposal, Remark
from juries.queries.extracts import without
from juries.queries.organised import settled_panels
from juries.queries.standings import aside_numbers

from .desk import DESK, PanelDetailAdmin


class SettledAdmin(PanelDetailAdmin):
    panels = staticmethod(settled_panels)
    list_select_related = ("panel__call",)


class FreeTextAdmin(SettledAdmin):
    """A text written freely: not for whoever stands aside from an application that it names."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(unnamed(request.user.pk, "panel__call", "text"))


@admin.register(Motion)
class MotionAdmin(FreeTextAdmin):
    place = 160
    about = "submission"
    list_display = ("text", "panel", "submission", "votes_for", "votes_against", "abstentions", "at")
    list_filter = (("panel", SeenFilter),)
    list_select_related = ("panel__call", "submission")
    ordering = ("-at", "-pk")
    fields = (
        "panel",
        "text",
        "submission",
        "votes_for",
        "votes_against",
        "abstentions",
        "casting",
        "present",
        "quorum",
        "at",
    )


@admin.register(Dissent)
class DissentAdmin(FreeTextAdmin):
    place = 165
    list_display = ("juror", "panel", "at")
    list_filter = (("panel", SeenFilter),)
    list_select_related = ("panel__call", "juror__user")
    ordering = ("-at", "-pk")
    fields = ("panel", "juror", "text", "at")


@admin.register(Remark)
class RemarkAdmin(SettledAdmin):
    """Empty as a rule: the debate is closed to the city, and destroyed when minutes are signed."""

    place = 167
    about = "submission"
    list_display = ("juror", "panel", "at")
    list_select_related = ("panel__call", "juror__user")
    ordering = ("-at", "-pk")
    fields = ("panel", "juror", "at")


@admin.register(Proposal)
class ProposalAdmin(SettledAdmin):
    place = 170
    about = "submission"
    list_display = ("submission", "panel", "verdict", "prize", "amount")
    list_filter = (("panel", SeenFilter), "verdict")
    list_select_related = ("panel__call", "submission", "prize")
    ordering = ("-panel__call__opens_at", "submission__number")
    fields = ("panel", "submission", "verdict", "prize", "amount", "support", "reason", "mention")


@admin.register(Minutes)
class MinutesAdmin(SettledAdmin):
    place = 180
    list_display = ("panel", "written_at", "signed_at", "signed_by")
    list_select_related = ("panel__call", "signed_by")
    ordering = ("-written_at",)
    fields = ("panel", "written_at", "signed_at", "signed_by", "digest", "content_shown")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Minutes | None:
        """With what its reader may read of it."""
        found: Minutes | None = super().get_object(request, object_id, from_field)
        if found is not None:
            told = without(found.content, aside_numbers(found.panel, request.user))
            found.told = told  # type: ignore[attr-defined]
        return found

    @admin.display(description=_("content"))
    def content_shown(self, minutes: Minutes) -> Any:
        told = minutes.told  # type: ignore[attr-defined]
        return format_html("<pre>{}</pre>", json.dumps(told, ensure_ascii=False, indent=1))


class GivenAdmin(PortalAdmin):
    """What a finale gave, public or not yet: not for whoever applied or stands aside from its application."""

    chapter = Chapter.LAUREATES
    door = DESK

    def get_queryset(self, request: HttpRequest) -> Any:
        applied = Submission.objects.filter(structure__memberships__user=request.user)
        apart_from = apart(request.user.pk, "submission")
        mine = super().get_queryset(request).filter(apart_from, call__in=board_calls(request.user))
        return mine.exclude(call__in=applied.exclude(state=SubmissionState.WITHDRAWN).values("call"))


@admin.register(Mention)
class MentionAdmin(GivenAdmin):
    place = 20
    list_display = ("submission", "call", "publish_at")
    list_filter = (("call", SeenFilter),)
    list_select_related = ("submission", "call")
    ordering = ("-publish_at", "submission__number")
    fields = ("call", "submission", "words", "proclaimed_at", "publish_at")
    acts = (rendering_act("juries.create_panel", subject="call"),)


@admin.register(Award)
class AwardAdmin(GivenAdmin):
    place = 10
    list_display = ("prize", "submission", "amount", "call", "publish_at")
    list_filter = (("call", SeenFilter),)
    list_select_related = ("prize", "submission", "call")
    ordering = ("-publish_at", "prize__kind", "prize__rank")
    fields = ("call", "prize", "submission", "amount", "support", "reason", "proclaimed_at", "publish_at")
    acts = (rendering_act("juries.create_panel", subject="call"),)
