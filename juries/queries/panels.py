"""Panels, seats and loads as their organisers see them: completeness, never a mark."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    FilteredRelation,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.accounts.reach import OneVisible
from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import CallAgent, Criterion, Submission
from calls.workflow import SubmissionState
from juries.aside import apart
from juries.models import Assignment, Juror, Panel, Recusal, SeatInvitation, SecondReading, Sheet, Standing
from juries.models.panel import OF_MARKING
from juries.queries.ballots import turnout_within
from juries.rights import with_rights
from juries.workflow import NOTHING_LEFT, SETTLED, PanelState, SeatInvitationState, SheetState

VOTE_COUNTS = (PanelState.PREPARATION, PanelState.OPEN, PanelState.LOCKED)
"""The states in which the chair's board tells the turnout of the public vote."""
IN_SCOPE = {
    Panel.Stage.READING: SubmissionState.ADMISSIBLE,
    Panel.Stage.FINALE: SubmissionState.SHORTLISTED,
}


def visible_panels(user: Any) -> QuerySet[Panel]:
    """The panels `user` sits on, or organises as an agent of the call; people of an applicant organise nothing, and who
    stands aside from a whole session has nothing to do with its panel any more.
    """
    return panels_as(user.pk, organising=is_agent(user))


def panels_as(key: Any, *, organising: bool) -> QuerySet[Panel]:
    """The same by the key of a person, or the slot of one; `organising`: they are an agent."""
    aside = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    seats = Juror.objects.filter(~Exists(aside), panel=OuterRef("pk"), user=key, left_at__isnull=True)
    shown = Q(Exists(seats))
    if organising:
        right = CallAgent.objects.filter(call=OuterRef("call"), user=key, right=CallAgent.Right.JURY)
        structures = Membership.objects.filter(user=key).values("structure")
        own = Submission.objects.filter(call=OuterRef("call"), structure__in=structures)
        session = Recusal.objects.filter(juror__user=key, juror__panel=OuterRef("pk"), submission__isnull=True)
        shown |= Exists(right) & ~Exists(own.exclude(state=SubmissionState.WITHDRAWN)) & ~Exists(session)
    return Panel.objects.filter(shown).select_related("call")


Widen = Callable[[QuerySet[Panel], Any], QuerySet[Panel]]


def one_visible(*beside: str, widen: Widen | None = None) -> OneVisible[Panel]:
    """What gives a panel by its key to those who may open it; `beside` is what is read with it.

    `widen` adds columns to panels, for the person of a key.
    """

    def seen(user: Any, agent: bool) -> QuerySet[Panel]:
        found = panels_as(user, organising=agent).select_related("call", *beside)
        return widen(found, user) if widen else found

    return OneVisible(Panel, seen)


def with_beginnings(panels: QuerySet[Panel]) -> QuerySet[Panel]:
    """`panels`, each with when it last entered its states, for `began`."""
    key = Cast(OuterRef("pk"), CharField())
    kind = {"subject_type__app_label": Panel._meta.app_label, "subject_type__model": Panel._meta.model_name}
    entries = JournalEntry.objects.filter(**kind, subject_id=key).order_by("-at", "-pk").values("at")
    return panels.annotate(**{f"began_{state}": Subquery(entries.filter(to_state=state)[:1]) for state in PanelState})


def as_board(panels: QuerySet[Panel], user: Any) -> QuerySet[Panel]:
    """`panels` as the chair's board reads one for the person of that key: a row for each motion, see `with_motions`,
    and the turnout of the vote beside a finale, for `told_turnout`, until the standing is disclosed.
    """
    counting = When(stage=Panel.Stage.FINALE, state__in=VOTE_COUNTS, then=turnout_within(OuterRef("call")))
    found = with_beginnings(with_rights(panels, user)).annotate(turnout=Case(counting, output_field=JSONField()))
    return found.annotate(motion=FilteredRelation("motions")).select_related("call", "motion")


def with_motions(rows: list[Any]) -> Panel | None:
    """The panel of `rows`, read by `as_board`, with `motions_told`: its motions, the first first. No statement."""
    found = rows[0] if rows else None
    if found is not None:
        motions = [row.motion for row in rows if getattr(row, "motion", None)]
        found.motions_told = sorted(motions, key=lambda one: (one.at, one.pk))
    return found


def began(panel: Panel) -> dict[str, datetime | None]:
    """When `panel`, read by `with_beginnings`, last entered each state. No statement."""
    return {state.value: getattr(panel, f"began_{state}") for state in PanelState}


visible_panel = one_visible()


def candidates(panel: Panel) -> QuerySet[Submission]:
    """What the panel has to weigh now: admissible applications for a reading, finalists for a finale."""
    return panel.call.submissions.filter(state=IN_SCOPE[Panel.Stage(panel.stage)]).order_by("number")


OF_A_MARK = ("call", "stage", "weight", "minimum", "maximum", "counted")
"""What a mark is checked and counted by."""


def _criteria(call: Any, stage: Any) -> QuerySet[Criterion]:
    return Criterion.objects.filter(call=call, stage=stage)


STAGE = {"call": Criterion._meta.get_field("call"), "stage": Criterion._meta.get_field("stage")}
FOR_A_MARK = Compiled(lambda **of: _criteria(**of).only(*OF_A_MARK), **STAGE)


def criteria_of(panel: Panel) -> QuerySet[Criterion]:
    """The criteria of the panel's stage, in the order of the rules."""
    return _criteria(panel.call_id, panel.stage)


def marked_criteria(panel: Panel) -> list[Criterion]:
    """The same by what a mark is checked and counted by, without their texts. One statement."""
    return FOR_A_MARK.fetch(call=panel.call_id, stage=panel.stage)


def conflicts(panel: Panel, submissions: Iterable[Any] | None = None) -> set[tuple[Any, int]]:
    """(submission, juror) keys that may never meet: declared recusals, and members of the applicant.

    A recusal of the whole session names every application. `submissions` limits the answer to those keys.
    """
    applications = panel.call.submissions.all()
    if submissions is not None:
        applications = applications.filter(pk__in=submissions)
    structures = dict(applications.values_list("pk", "structure"))
    declared = list(Recusal.objects.on(panel).order_by().values_list("submission", "seat"))
    aside = {juror for submission, juror in declared if submission is None}
    members = set(
        Juror.objects.filter(panel=panel, user__memberships__structure__in=set(structures.values())).values_list(
            "user__memberships__structure", "pk"
        )
    )
    found = {(submission, juror) for submission, juror in declared if submission in structures}
    found |= {(submission, juror) for submission in structures for juror in aside}
    return found | {(pk, juror) for pk, own in structures.items() for structure, juror in members if structure == own}


def frozen_at(panel: Panel) -> Subquery | None:
    """When the standing on which `panel` decided was frozen; None before it has decided.

    Who stands aside after that changes no count of what was decided.
    """
    if panel.state not in SETTLED:
        return None
    latest = Standing.objects.filter(panel=panel, voided_at__isnull=True).order_by("-number")
    return Subquery(latest.values("at")[:1])


def abstentions(panel: Panel) -> QuerySet[Sheet]:
    """The sheets of the panel whose juror abstains and does not stand aside."""
    return Sheet.objects.free(frozen_at(panel)).lasting().filter(juror__panel=panel, state=SheetState.ABSTAINED)


def without_abstentions(readings: QuerySet[Assignment, Any]) -> QuerySet[Assignment, Any]:
    """Those of `readings` whose juror does not abstain."""
    return readings.filter(~Exists(_sheets_of_readings([SheetState.ABSTAINED])))


def unfinished(readings: QuerySet[Assignment, Any]) -> QuerySet[Assignment, Any]:
    """Those of `readings` of which neither a sheet is handed in nor the juror abstains."""
    return readings.filter(~Exists(_sheets_of_readings(NOTHING_LEFT)))


def _sheets_of_readings(states: Collection[str]) -> QuerySet[Sheet]:
    """The sheet of the reading of the outer statement, if in one of `states`."""
    return Sheet.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"), state__in=states)


def duties(panel: Panel, viewer: Any = None) -> QuerySet[Assignment]:
    """The readings in force: those asked whose juror does not abstain."""
    return without_abstentions(asked(panel, viewer))


def asked(panel: Panel, viewer: Any = None) -> QuerySet[Assignment]:
    """The readings asked of jurors with a voice, or done by those who left, who do not stand aside, of applications
    still there.

    `viewer`: without the applications from which that person stands aside.
    """
    found = Assignment.objects.free(frozen_at(panel)).lasting().filter(OF_MARKING, juror__panel=panel)
    aside = Recusal.objects.filter(juror__user=viewer, submission=OuterRef("submission"))
    return found if viewer is None else found.filter(~Exists(aside))


def short_of_readings(panel: Panel) -> list[tuple[Submission, int, int]]:
    """The applications of a reading that have fewer readings in force than the panel asks for, each with how many it
    has and how many are asked: a recusal, an abstention, or too few jurors for the plan. Three statements.
    """
    if panel.stage != Panel.Stage.READING:
        return []
    wanted = min(panel.readings, panel.jurors.filter(has_voice=True).count())
    given = Counter(duties(panel).order_by().values_list("submission", flat=True))
    return [(one, given[one.pk], wanted) for one in candidates(panel) if given[one.pk] < wanted]


def due_jurors(panel: Panel, jurors: Iterable[Juror]) -> list[Juror]:
    """Those from whom sheets are expected: everyone with a voice or, in a finale, those marked as present."""
    voices = [juror for juror in jurors if juror.has_voice]
    present = [juror for juror in voices if juror.is_present]
    return present if present and panel.stage == Panel.Stage.FINALE else voices


def recusals_of(panel: Panel) -> QuerySet[Recusal]:
    """The recusals in force on the panel, last declared first."""
    found = Recusal.objects.on(panel).select_related("juror__user", "juror__panel__call", "submission")
    return found.order_by("-declared_at", "-pk")


def links_of(panel: Panel) -> list[SeatInvitation]:
    """The invitations of jurors that were not replaced nor withdrawn, the newest first."""
    rows = panel.invitations.exclude(state=SeatInvitationState.REVOKED)
    return list(rows.select_related("juror__user").order_by("-made_at", "-pk"))


def with_links(panels: QuerySet[Panel]) -> Panel | None:
    """The only panel of `panels`, if any, with `links`: what `links_of` gives of it. One statement."""
    kept = FilteredRelation("invitations", condition=~Q(invitations__state=SeatInvitationState.REVOKED))
    rows: list[Any] = list(panels.annotate(link=kept).select_related("call", "link__juror__user"))
    found = rows[0] if rows else None
    if found is not None:
        links = [row.link for row in rows if getattr(row, "link", None)]
        found.links = sorted(links, key=lambda one: (one.made_at, one.pk), reverse=True)
    return found


AGAIN = "again"
NO_KEY = Cast(Value(None), UUIDField())
"""No application, as a column of rows that are united with others about one."""


def read_again(panel: Panel, viewer: Any, *rest: Any) -> QuerySet[Any, Any]:
    """The applications of a second reading without those `viewer` stands aside from, as rows to unite with others:
    `AGAIN`, no juror, key, number, title, then `rest`.
    """
    given = SecondReading.submissions.through.objects.filter(secondreading__panel=panel)
    known = Submission.objects.filter(apart(viewer.pk), pk__in=given.values("submission"))
    return known.order_by().values_list(Value(AGAIN), Value(0), "pk", "number", Cast("title", TextField()), *rest)


def second_reading_of(panel: Panel, again: Sequence[Submission]) -> SecondReading | None:
    """The second reading, if it has begun, with `named`: those of its applications its viewer may know of, without
    scores. No statement where the panel came with it.
    """
    if panel.second_begun_at is None:
        return None
    found: Any = panel.second_reading
    found.named = again
    return found
