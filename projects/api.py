"""The showcase in the public API."""

from collections import defaultdict
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bethune_smartcity.core import clock
from bethune_smartcity.core.api import FieldsOnce, PublicData
from bethune_smartcity.core.statements import Compiled, number_of
from calls.api import PrizeData
from juries.api import CallName, StructureName
from juries.models import Award
from pillars.api import PillarName
from pillars.models import Pillar
from projects import queries
from projects.models import Milestone, Project, Update
from projects.workflow import ProjectState


def in_all_languages(*columns: str) -> list[str]:
    return [f"{column}_{code}" for column in columns for code, _name in settings.LANGUAGES]


# What the list tells, and nothing of the long texts beside it.
LISTED = (
    *("slug", "name", "one_line", "state", "opened_at", "place", "latitude", "longitude"),
    *("structure__name", "structure__kind", "structure__country", "structure__city", "structure__website"),
    *("pillar__slug", "award__call__slug", "award__submission"),
    *in_all_languages("pillar__name", "award__call__title"),
)


class StepData(serializers.ModelSerializer):
    """A small step of a project."""

    order = serializers.IntegerField(read_only=True)
    title = serializers.CharField(read_only=True)
    due_on = serializers.DateField(read_only=True)
    done_at = serializers.DateTimeField(source="accepted_at", read_only=True, allow_null=True)

    class Meta:
        model = Milestone
        fields = ("order", "title", "due_on", "done_at")


class NewsData(serializers.ModelSerializer):
    class Meta:
        model = Update
        fields = ("title", "body", "published_at")


class ProjectAward(serializers.ModelSerializer):
    """A prize of the project's laureate: as announced, and as awarded."""

    prize = PrizeData(read_only=True)

    class Meta:
        model = Award
        fields = ("prize", "amount", "support")


# Stands for a slug in an address; no slug is as long.
SLUG = "s" * 60


class ProjectData(FieldsOnce, serializers.ModelSerializer):
    # Named here: told by the model, each would be worked out again for every request.
    slug = serializers.SlugField(read_only=True)
    name = serializers.CharField(read_only=True)
    one_line = serializers.CharField(read_only=True)
    place = serializers.CharField(read_only=True)
    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, read_only=True, allow_null=True)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, read_only=True, allow_null=True)
    opened_at = serializers.DateTimeField(read_only=True)
    page = serializers.SerializerMethodField()
    stage = serializers.ChoiceField(source="state", choices=ProjectState.choices, read_only=True)
    pillar = PillarName(read_only=True)
    structure = StructureName(read_only=True, allow_null=True)
    call = serializers.SerializerMethodField()
    awards = serializers.SerializerMethodField()
    steps = StepData(source="small_steps", many=True, read_only=True)

    class Meta:
        model = Project
        fields = (
            "slug",
            "page",
            "name",
            "one_line",
            "stage",
            "opened_at",
            "place",
            "latitude",
            "longitude",
            "pillar",
            "structure",
            "call",
            "awards",
            "steps",
        )

    def get_page(self, project: Project) -> str:
        return self._pattern.replace(SLUG, project.slug)

    @extend_schema_field(CallName(allow_null=True))
    def get_call(self, project: Project) -> Any:
        return self._call.to_representation(project.award.call) if project.award_id else None

    @extend_schema_field(ProjectAward(many=True))
    def get_awards(self, project: Project) -> Any:
        return [self._award.to_representation(award) for award in project.published]

    # A serializer is costly to make: one for the whole list, not one for each project.
    @cached_property
    def _call(self) -> CallName:
        return CallName(context=self.context)

    @cached_property
    def _award(self) -> ProjectAward:
        return ProjectAward(context=self.context)

    @cached_property
    def _pattern(self) -> str:
        """The address of any project's page, reversed once for a list."""
        return f"{settings.SITE_URL}{Project(slug=SLUG).get_absolute_url()}"


class ProjectDetail(ProjectData):
    news = NewsData(source="updates", many=True, read_only=True)

    class Meta(ProjectData.Meta):
        fields = (*ProjectData.Meta.fields, "story", "news")


class ProjectFilter(django_filters.FilterSet):
    stage = django_filters.ChoiceFilter(choices=ProjectState.choices, field_name="state", empty_label=None)
    pillar = django_filters.ModelChoiceFilter(queryset=Pillar.objects.all(), to_field_name="slug", empty_label=None)
    ordering = django_filters.OrderingFilter(fields=("opened_at", "name"))


def _listed(moment: Any = None) -> QuerySet[Project]:
    """What the list tells of the showcase, steps apart, at the present moment or at that of a slot."""
    known = queries.public_projects(moment).select_related(None).select_related("pillar", "structure", "award__call")
    return known.only(*LISTED)


def _numbers() -> QuerySet[Project, Any]:
    """How many are meant for the showcase, as a row."""
    return number_of(Project.objects.filter(is_public=True))


def _unannounced(moment: Any) -> QuerySet[Project, Any]:
    return queries.unannounced_projects(moment).order_by().values_list("pk", flat=True)


def _first(moment: Any) -> QuerySet[Project]:
    return _listed(moment)[:FIRST_PAGE]


def _first_steps(moment: Any) -> QuerySet[Milestone]:
    """The steps of the first page's projects; PostgreSQL and SQLite both take a page as a list of keys."""
    return Milestone.objects.filter(project__in=_first(moment).values("pk"))


STEPS = Prefetch("milestones", to_attr="small_steps")
FIRST_PAGE = 50
MOMENT = Award._meta.get_field("publish_at")
FIRST, FIRST_STEPS = (Compiled(build, moment=MOMENT) for build in (_first, _first_steps))
NUMBER, UNANNOUNCED = Compiled(_numbers), Compiled(_unannounced, moment=MOMENT)


class _Showcase:
    """The rows of the list, whose number and first page, which nearly everyone asks for, are compiled once."""

    def __init__(self, rows: QuerySet[Project]) -> None:
        self.rows, self.moment = rows, clock.now()

    def count(self) -> int:
        # The few not announced yet are taken off: asking each row of its award takes six times as long.
        return NUMBER.first() - len(UNANNOUNCED.fetch(moment=self.moment))

    def __getitem__(self, part: slice) -> Any:
        return self._first()[part] if part.start == 0 and part.stop <= FIRST_PAGE else self.rows[part]

    def _first(self) -> list[Project]:
        page, steps = FIRST.fetch(moment=self.moment), defaultdict(list)
        for step in FIRST_STEPS.fetch(moment=self.moment):
            steps[step.project_id].append(step)
        for project in page:
            project.small_steps = steps[project.pk]
        return page


class Projects(PublicData):
    """The showcase: each project, its stage, its small steps done and to come."""

    queryset = Project.objects.none()
    serializer_class = ProjectData
    filterset_class = ProjectFilter

    def get_queryset(self):
        if self.action == "list":
            return _listed().prefetch_related(STEPS)
        return queries.public_projects().prefetch_related(STEPS, "updates")

    def paginate_queryset(self, queryset):
        asked = ProjectFilter.base_filters.keys() & self.request.query_params.keys()
        return queries.with_awards(super().paginate_queryset(queryset if asked else _Showcase(queryset)))

    def get_object(self):
        return queries.with_awards([super().get_object()])[0]

    def get_serializer_class(self):
        return ProjectData if self.action == "list" else ProjectDetail
