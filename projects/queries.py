"""What each person may see of the projects. Every list, page and figure starts here."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.language import said, said_in
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.text import normalise
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import CallAgent
from juries.models import Award
from pillars.measures import before_and_after, way_made
from pillars.models import Reading

from .models import Milestone, Payment, Photo, Project, ReplicationFile, ReplicationRequest, Target, Update
from .places import followed_by, mentored_by, seats_of, taken_part_in_by
from .workflow import MilestoneState, PaymentState, PhotoState, ReplicationState

ENDED = ("deployed", "stopped")
READINGS_SHOWN = 24
NEWS_SHOWN = 20
MOMENT, KEY = Award._meta.get_field("publish_at"), Project._meta.pk


def _announced(moment: Any = None) -> Q:
    """Projects whose award the public knows at a moment (or the slot of one), or that need none; None: by now."""
    return Q(award__isnull=True) | Q(award__publish_at__lte=clock.now() if moment is None else moment)


def _with_relations(projects: QuerySet[Project]) -> QuerySet[Project]:
    return projects.select_related("pillar", "structure", "award__call", "award__prize")


def with_next_step(projects: QuerySet[Project]) -> QuerySet[Project]:
    """`projects` with the first step not done yet: its title, the language of it, its day and its state.

    They are `next_title`, `next_language`, `next_due` and `next_state`.
    """
    steps = Milestone.objects.filter(project=OuterRef("pk")).exclude(state=MilestoneState.ACCEPTED).order_by("order")
    return projects.annotate(
        next_title=Subquery(steps.annotate(said=said("title")).values("said")[:1]),
        next_language=Subquery(steps.annotate(code=said_in("title")).values("code")[:1]),
        next_due=Subquery(steps.values("due_on")[:1]),
        next_state=Subquery(steps.values("state")[:1]),
    )


def for_cards(projects: QuerySet[Project]) -> QuerySet[Project]:
    """`projects` with what a card shows and no more: their pillar, their next step; their story is left out."""
    return with_next_step(projects).select_related(None).select_related("pillar").defer("story", "search_text")


def with_picture(projects: QuerySet[Project]) -> QuerySet[Project]:
    """`projects` with the key of the small size of their first photograph that is shown (`picture_key`)."""
    shown = Photo.objects.filter(project=OuterRef("pk"), state=PhotoState.ACCEPTED).order_by("pk")
    return projects.annotate(picture_key=Subquery(shown.values("small")[:1], output_field=UUIDField()))


PHOTOS = Compiled(
    lambda project: Photo.objects.filter(project=project, state=PhotoState.ACCEPTED).order_by("pk"), project=KEY
)
STEPS = Compiled(lambda project: Milestone.objects.filter(project=project).order_by("order"), project=KEY)
NEWS = Compiled(
    lambda project: Update.objects.filter(project=project).order_by("-published_at")[:NEWS_SHOWN], project=KEY
)


def photos_shown(project: Project) -> list[Photo]:
    """The photographs of a project that its page shows. One statement."""
    return PHOTOS.fetch(project=project.pk)


def steps_of(project: Project) -> list[Milestone]:
    """The small steps of a project in their order. One statement."""
    return STEPS.fetch(project=project.pk)


def news_of(project: Project) -> list[Update]:
    """The latest news of a project. One statement."""
    return NEWS.fetch(project=project.pk)


def placed(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Those of `projects` that stand somewhere on the map."""
    return projects.filter(latitude__isnull=False, longitude__isnull=False)


def public_projects(moment: Any = None) -> QuerySet[Project]:
    """The showcase at the aware instant `moment` (or the slot of one), at the present one without it."""
    return _with_relations(Project.objects.filter(_announced(moment), is_public=True))


def unannounced_projects(moment: Any) -> QuerySet[Project]:
    """Those meant for the showcase whose award the public does not know yet at a moment, or the slot of one."""
    unknown = Award.objects.exclude(publish_at__lte=moment)
    return Project.objects.filter(is_public=True, award__in=unknown.values("pk"))


def public_updates(moment: datetime) -> QuerySet[Update]:
    """The news of the showcase's projects that were out at the aware instant `moment`, with their project."""
    out = Update.objects.filter(published_at__lte=moment, project__in=public_projects().values("pk"))
    return out.select_related("project").defer("project__story", "project__search_text")


def visible_projects(user: Any, moment: Any = None) -> QuerySet[Project]:
    """The showcase, and what `user` follows besides, at a moment (or the slot of one); None: at the present one."""
    return _with_relations(
        Project.objects.filter(
            _announced(moment) & (Q(is_public=True) | taken_part_in_by(user)) | followed_by(user),
        )
    )


def followed_projects(user: Any, moment: Any = None) -> QuerySet[Project]:
    """The projects whose follow-up `user` may read at a moment (or the slot of one), at the present one without it:
    members, mentors, partner contacts, agents.
    """
    return _with_relations(Project.objects.filter(_announced(moment) & taken_part_in_by(user) | followed_by(user)))


def announced_projects_followed(user: Any) -> QuerySet[Project]:
    """Those of the projects whose follow-up `user` may read that the public may know of by now."""
    return Project.objects.filter(_announced() & (taken_part_in_by(user) | followed_by(user)))


def next_steps(submissions: Collection[Any]) -> dict[Any, Milestone]:
    """The first step still to report of the projects grown from `submissions` whose award is public, by the key of
    the submission. One statement, none without submissions.
    """
    if not submissions:
        return {}
    grown = Project.objects.filter(_announced(), award__submission__in=submissions).exclude(state__in=ENDED)
    planned = Milestone.objects.filter(state=MilestoneState.PLANNED, project__in=grown.values("pk"))
    steps = planned.select_related("project__award").order_by("-due_on", "-order")
    return {step.project.award.submission_id: step for step in steps if step.project.award}


def is_on_a_team(user: Any) -> bool:
    """Whether a project that the public may know of is of a structure of `user`, or mentored by them."""
    return Project.objects.filter(_announced() & (Q(Exists(seats_of(user))) | Q(mentored_by(user)))).exists()


def run_projects(user: Any) -> QuerySet[Project]:
    """The projects `user` runs as an agent: those followed, less those of their own structures."""
    return _with_relations(Project.objects.filter(followed_by(user)).exclude(Exists(seats_of(user))))


def search(projects: QuerySet[Project], text: str) -> QuerySet[Project]:
    """Those of `projects` that hold every word of `text`, whatever its accents and case."""
    for word in normalise(text).split()[:8]:
        projects = projects.filter(search_text__contains=word)
    return projects


def awards_followed(user: Any) -> QuerySet[Award]:
    """The awards of the calls `user` follows, public or not yet."""
    rights = CallAgent.objects.filter(call=OuterRef("call"), user=user, right=CallAgent.Right.FOLLOW)
    awards = Award.objects.filter(Exists(rights)) if user.is_active and user.is_agent else Award.objects.none()
    return awards.select_related("prize", "call", "submission__structure", "submission__pillar")


def openable_awards(user: Any) -> QuerySet[Award]:
    """Public awards of the calls `user` follows that no project has grown from yet: of each submission its best one."""
    grown = Project.objects.filter(award__submission=OuterRef("submission"))
    own = Membership.objects.filter(structure=OuterRef("submission__structure"), user=user)
    public = Award.objects.filter(submission=OuterRef("submission"), publish_at__lte=clock.now())
    awards = awards_followed(user).filter(pk=Subquery(public.order_by("prize__kind", "prize__rank").values("pk")[:1]))
    return awards.exclude(Exists(grown) | Exists(own)).order_by("publish_at", "pk")


def _public_awards(moment: Any, **of: Any) -> QuerySet[Award]:
    awards = Award.objects.filter(publish_at__lte=moment, **of)
    return awards.select_related("prize").order_by("prize__kind", "prize__rank")


AWARDED = Compiled(_public_awards, moment=MOMENT, submission=Award._meta.get_field("submission"))


def with_awards(projects: list[Project]) -> list[Project]:
    """`projects`, each with what its laureate was publicly awarded as `published`. One statement."""
    told = defaultdict(list)
    keys = {project.award.submission_id for project in projects if project.award}
    for award in _public_awards(clock.now(), submission__in=keys):
        told[award.submission_id].append(award)
    for project in projects:
        project.published = told[project.award.submission_id] if project.award else []  # type: ignore[attr-defined]
    return projects


def public_awards(project: Project) -> list[Award]:
    """Every prize the project's submission won that the public knows by now. One statement, none without an award."""
    return AWARDED.fetch(moment=clock.now(), submission=project.award.submission_id) if project.award else []


def stage_counts(projects: QuerySet[Project]) -> dict[str, int]:
    """How many of `projects` stand at each stage."""
    return dict(projects.order_by().values_list("state").annotate(Count("pk")))


def milestones_to_judge(projects: QuerySet[Project]) -> QuerySet[Milestone]:
    """Reported steps, and planned ones whose day is past, of projects still going: the oldest first."""
    late = Q(state=MilestoneState.PLANNED, due_on__lt=clock.today())
    steps = Milestone.objects.filter(Q(state=MilestoneState.REPORTED) | late, project__in=projects)
    return steps.exclude(project__state__in=ENDED).select_related("project__pillar").order_by("due_on", "pk")


def payments_to_settle(projects: QuerySet[Project]) -> QuerySet[Payment]:
    """Payments requested or approved, the oldest first."""
    payments = Payment.objects.filter(project__in=projects, state__in=(PaymentState.REQUESTED, PaymentState.APPROVED))
    return payments.select_related("project__pillar").order_by("pk")


def photos_to_judge(projects: QuerySet[Project]) -> QuerySet[Photo]:
    """Photographs that wait for an agent, the oldest first."""
    waiting = Photo.objects.filter(project__in=projects, state=PhotoState.PROPOSED)
    return waiting.select_related("project__pillar").order_by("created_at", "pk")


def visible_requests(user: Any) -> QuerySet[ReplicationRequest]:
    """The replication requests `user` answers: of the projects they run, and of the programme as a whole."""
    follows = CallAgent.objects.filter(user=user.pk, right=CallAgent.Right.FOLLOW)
    if not (user.is_active and user.is_agent):
        return ReplicationRequest.objects.none()
    whole = Q(project__isnull=True) & Exists(follows)
    return ReplicationRequest.objects.filter(Q(project__in=run_projects(user).values("pk")) | whole)


def requests_to_answer(user: Any) -> QuerySet[ReplicationRequest]:
    """Those that wait for an answer, the oldest first."""
    waiting = visible_requests(user).filter(state=ReplicationState.RECEIVED)
    return waiting.select_related("project__pillar").order_by("received_at", "pk")


def written_file(project: Project) -> ReplicationFile | None:
    """The replication file of a project, for those who run it. No statement if the project was read with it."""
    return getattr(project, "replication", None)


def file_of(project: Project, user: Any, key: str = "") -> ReplicationFile | None:
    """The replication file of `project`, when it is public, when its key is given, or for those who follow it."""
    found = written_file(project)
    if found is None or found.is_public or (key and compare_digest(key.encode(), found.key.encode())):
        return found
    return found if followed_projects(user).filter(pk=project.pk).exists() else None


@dataclass(frozen=True)
class Measure:
    """A target with the readings around the project's trial; `way` is the share of the way made, in per cent."""

    target: Target
    readings: list[Reading]
    before: Reading | None
    after: Reading | None
    started_on: date | None
    way: int | None

    @property
    def is_reached(self) -> bool:
        return self.way == 100


def _aimed_at(project: Any, kind: Any, subject: Any) -> QuerySet[Target]:
    """The targets of a project, each with the instant its trial began (`began_at`).

    Args:
        project: its key.
        kind: the kind of its lines in the journal.
        subject: the key they are about.
    """
    starts = JournalEntry.objects.filter(subject_type=kind, subject_id=subject, verb="start_trial").order_by("at")
    targets = Target.objects.filter(project=project).select_related("indicator")
    began = targets.annotate(began_at=Subquery(starts.values("at")[:1]))
    return began.prefetch_related("indicator__readings")


AIMED_AT = Compiled(
    _aimed_at,
    project=KEY,
    kind=JournalEntry._meta.get_field("subject_type"),
    subject=JournalEntry._meta.get_field("subject_id"),
)


def measures_of(project: Project) -> list[Measure]:
    """The targets of `project`, each with what was read before its trial and since. Two statements at most."""
    kind = ContentType.objects.get_for_model(Project)
    targets = AIMED_AT.fetch(project=project.pk, kind=kind.pk, subject=str(project.pk))
    return [_measure(target, _day(target.began_at)) for target in targets]


def _measure(target: Target, start: date | None) -> Measure:
    readings = list(target.indicator.readings.all())
    before, after = before_and_after(readings, start)
    way = way_made(target.baseline, target.goal, after.value) if after else None
    return Measure(target, readings[-READINGS_SHOWN:], before, after, start, way)


def _day(at: datetime | None) -> date | None:
    """The day in Paris of an aware instant."""
    return at.astimezone(clock.PARIS).date() if at else None
