"""The public vote. How many came by which way is known at once; for whom, once the count is disclosed."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, Q, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_acts import Act, ReasonForm
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, saying
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from calls.models import Call
from juries.aside import apart, beside_the_vote, set_aside
from juries.models import Ballot, BallotLink, Code, PublicVote
from juries.operations import voting
from juries.phases import VotePhase
from juries.queries.organised import organised_calls

from .desk import DESK

ORGANISE = "juries.organise_vote"


@admin.register(PublicVote)
class PublicVoteAdmin(JournalledAdmin):
    chapter, place = Chapter.JURY, 120
    door = DESK
    add_permission, change_permission = DESK, ORGANISE
    list_display = ("call", "phase_shown", "opens_at", "closes_at", "counted_at", "disclosed_at")
    list_select_related = ("call",)
    sortable_by = ("opens_at", "closes_at")
    ordering = ("-opens_at",)
    fields = (
        "call",
        "phase_shown",
        "opens_at",
        "closes_at",
        "counted_at",
        "disclosed_at",
        "purged_at",
        "totals_shown",
        "winner_shown",
    )
    form = saying(juries_vote_closes_after_opening=("closes_at", _("The vote closes after it opens.")))
    writable = ("opens_at", "closes_at")
    writable_once = ("call",)
    acts = (
        Act(
            "close",
            _("Close the vote now"),
            voting.close_vote,
            ORGANISE,
            form=ReasonForm,
            consequence=_("No ballot is taken from this instant on."),
            final=True,
            offered=lambda vote: vote.phase == VotePhase.OPEN,
            alone=True,
        ),
        Act(
            "purge",
            _("Destroy the voters’ keys"),
            voting.purge_vote,
            ORGANISE,
            consequence=_("What is left are choices tied to nobody. This cannot be undone."),
            final=True,
            offered=lambda vote: vote.counted_at is not None and vote.purged_at is None,
            alone=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        held = super().get_queryset(request).filter(beside_the_vote(request.user.pk))
        return held.filter(call__in=organised_calls(request.user)).select_related("call")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> PublicVote | None:
        """With the keys of the applications its reader stands aside from."""
        found: PublicVote | None = super().get_object(request, object_id, from_field)
        if found is not None:
            aside = set_aside(found, request.user) if found.disclosed_at else []
            found.kept_from = {str(pk) for pk in aside}  # type: ignore[attr-defined]
        return found

    def lock(self, obj: PublicVote) -> Any:
        return "" if obj.phase == VotePhase.COMING else _("The vote has begun: its dates no longer move.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else (*self.writable_once, *self.writable)

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        if model is Call:
            held = Call.objects.filter(beside_the_vote(request.user.pk, "pk"), public_vote__isnull=True)
            return held.filter(pk__in=organised_calls(request.user))
        return super().choices_for(model, request)

    def create(self, request: HttpRequest, obj: PublicVote, form: Any) -> PublicVote:
        return voting.open_vote(obj.call, opens_at=obj.opens_at, closes_at=obj.closes_at, by=request.user)

    update = create

    @admin.display(description=_("phase"))
    def phase_shown(self, vote: PublicVote) -> str:
        return vote.phase.label

    @admin.display(description=_("totals"))
    def totals_shown(self, vote: PublicVote) -> Any:
        if vote.disclosed_at is None:
            return _("known to the chair alone until disclosed")
        given = vote.totals.get("submissions", {})
        kept_from = vote.kept_from  # type: ignore[attr-defined]
        told = vote.totals | {"submissions": {key: row for key, row in given.items() if key not in kept_from}}
        return format_html("<pre>{}</pre>", json.dumps(told, ensure_ascii=False, indent=1))

    @admin.display(description=_("chosen among equals"))
    def winner_shown(self, vote: PublicVote) -> Any:
        is_told = vote.disclosed_at and str(vote.winner_id) not in vote.kept_from  # type: ignore[attr-defined]
        return str(vote.winner) if is_told and vote.winner else ""


class VoteDetailAdmin(PortalAdmin):
    """A detail of public votes, to read: no key and no digest of a voter or of a code is ever shown."""

    chapter = Chapter.JURY
    door = DESK
    list_select_related = ("vote__call",)

    def get_queryset(self, request: HttpRequest) -> Any:
        held = super().get_queryset(request).filter(beside_the_vote(request.user.pk, "vote__call"))
        return held.filter(vote__call__in=organised_calls(request.user))


@admin.register(Ballot)
class BallotAdmin(VoteDetailAdmin):
    """A ballot; the choice is read from the database only for votes whose count is disclosed, and by those who do not
    stand aside from it.
    """

    place = 130
    list_display = ("vote", "channel", "cast_at", "voided_at", "choice")
    list_filter = ("channel",)
    sortable_by = ("cast_at",)
    ordering = ("-cast_at", "-pk")
    fields = ("vote", "channel", "cast_at", "voided_at", "void_reason", "choice")

    def get_queryset(self, request: HttpRequest) -> Any:
        is_told = apart(request.user.pk, "submission") & Q(vote__disclosed_at__isnull=False)
        shown = Case(When(is_told, then=F("submission__title")))
        return super().get_queryset(request).defer("submission", "voter_key").annotate(choice_shown=shown)

    @admin.display(description=_("choice"))
    def choice(self, ballot: Ballot) -> Any:
        untold = "–" if ballot.vote.disclosed_at else _("known once disclosed")
        return ballot.choice_shown or untold  # type: ignore[attr-defined]


@admin.register(BallotLink)
class BallotLinkAdmin(VoteDetailAdmin):
    place = 140
    list_display = ("vote", "sent_at", "expires_at", "used_at", "attempts")
    sortable_by = ("sent_at",)
    ordering = ("-sent_at", "-pk")
    fields = ("vote", "sent_at", "expires_at", "used_at", "attempts")


@admin.register(Code)
class CodeAdmin(VoteDetailAdmin):
    place = 150
    list_display = ("vote", "batch", "serial", "voided_at")
    list_filter = ("batch",)
    sortable_by = ("serial",)
    ordering = ("-vote", "serial")
    fields = ("vote", "batch", "serial", "voided_at")
