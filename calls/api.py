"""The calls for projects in the public API, from the moment they are announced."""

from datetime import datetime
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bethune_smartcity.accounts.models import Partner
from bethune_smartcity.core import clock
from bethune_smartcity.core.api import PublicData
from calls.models import Call, CallDate, Criterion, DeadlineMove, Prize
from calls.phases import LABELS, Phase, phase_at
from calls.queries import announced
from pillars.api import PillarName
from pillars.models import Pillar

PUBLIC_PHASES = [(phase.value, LABELS[phase]) for phase in Phase if phase != Phase.DRAFT]


def in_phase(calls: QuerySet[Call], phase: str, moment: datetime) -> QuerySet[Call]:
    """Those announced `calls` that `phase_at` puts in `phase` at the aware instant `moment`."""
    archived = Q(archived_at__isnull=False, archived_at__lte=moment)
    published = Q(results_at__isnull=False, results_at__lte=moment) & ~archived
    before = calls.exclude(archived | published)
    return {
        Phase.ARCHIVED: calls.filter(archived),
        Phase.PUBLISHED: calls.filter(published),
        Phase.ANNOUNCED: before.filter(opens_at__gt=moment),
        Phase.OPEN: before.filter(opens_at__lte=moment, closes_at__gt=moment),
        Phase.CLOSED: before.filter(opens_at__lte=moment, closes_at__lte=moment),
    }[Phase(phase)]


class PartnerName(serializers.ModelSerializer):
    class Meta:
        model = Partner
        fields = ("name", "website")


class PrizeData(serializers.ModelSerializer):
    """A prize as announced; what was awarded stands with the results."""

    class Meta:
        model = Prize
        fields = ("kind", "rank", "name", "amount", "support")


class CriterionData(serializers.ModelSerializer):
    class Meta:
        model = Criterion
        fields = ("stage", "label", "weight", "minimum", "maximum", "counted")


class CallDateData(serializers.ModelSerializer):
    """A step of the calendar; with a place or an address online, one that people come to or follow."""

    ends_at = serializers.DateTimeField(
        source="ends_before",
        read_only=True,
        allow_null=True,
        help_text="Exclusive; for a step told by its days, the midnight after the last. Null where it is not known.",
    )

    class Meta:
        model = CallDate
        fields = ("label", "at", "ends_at", "place", "online_at", "attendance", "register_at")


class MoveData(serializers.ModelSerializer):
    """A date moved after the announcement, with the reason given."""

    class Meta:
        model = DeadlineMove
        fields = ("field", "before", "after", "reason", "at")


class CallData(serializers.ModelSerializer):
    page = serializers.SerializerMethodField()
    opens_at = serializers.DateTimeField(
        source="opens_exactly",
        read_only=True,
        allow_null=True,
        help_text="Null for a call of the past whose day of opening is not known: `opens_month` then says what is.",
    )
    opens_month = serializers.RegexField(
        r"^\d{4}-\d{2}$", read_only=True, help_text="Month of the opening in Paris, as ISO 8601 writes it: 2017-06."
    )
    phase = serializers.SerializerMethodField()
    results_at = serializers.SerializerMethodField()
    pillars = PillarName(many=True, read_only=True)
    partners = PartnerName(many=True, read_only=True)
    prizes = PrizeData(many=True, read_only=True)
    criteria = CriterionData(many=True, read_only=True)
    dates = CallDateData(many=True, read_only=True)
    moves = MoveData(many=True, read_only=True)

    class Meta:
        model = Call
        fields = (
            "slug",
            "page",
            "title",
            "summary",
            "phase",
            "announced_at",
            "opens_at",
            "opens_month",
            "closes_at",
            "questions_until",
            "results_at",
            "envelope",
            "pillars",
            "partners",
            "prizes",
            "criteria",
            "dates",
            "moves",
        )

    def get_page(self, call: Call) -> str:
        return settings.SITE_URL + call.get_absolute_url()

    @extend_schema_field(serializers.ChoiceField(choices=PUBLIC_PHASES))
    def get_phase(self, call: Call) -> str:
        return phase_at(call, clock.now()).value

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_results_at(self, call: Call) -> Any:
        """The instant of publication once it has passed: before, that there is one is nobody's to know."""
        public = call.results_at is not None and call.results_at <= clock.now()
        return serializers.DateTimeField().to_representation(call.results_at) if public else None


class CallDetail(CallData):
    class Meta(CallData.Meta):
        fields = (
            *CallData.Meta.fields,
            "audience",
            "purpose",
            "sought",
            "ask_lines",
            "support",
            "jury_note",
            "tie_note",
        )


class CallFilter(django_filters.FilterSet):
    phase = django_filters.ChoiceFilter(choices=PUBLIC_PHASES, method="filter_phase", empty_label=None)
    pillar = django_filters.ModelChoiceFilter(
        queryset=Pillar.objects.all(), field_name="pillars", to_field_name="slug", empty_label=None
    )
    ordering = django_filters.OrderingFilter(fields=("opens_at", "closes_at", "announced_at"))

    class Meta:
        model = Call
        fields = ("slug",)

    def filter_phase(self, calls: QuerySet[Call], _name: str, value: str) -> QuerySet[Call]:
        return in_phase(calls, value, clock.now())


class Calls(PublicData):
    """Calls for projects: what they seek, by when, what they give and how they choose."""

    queryset = Call.objects.none()
    serializer_class = CallData
    filterset_class = CallFilter

    def get_queryset(self):
        calls = announced(clock.now()).order_by("-opens_at", "pk")
        return calls.prefetch_related("pillars", "partners", "prizes", "criteria", "dates", "moves")

    def get_serializer_class(self):
        return CallData if self.action == "list" else CallDetail
