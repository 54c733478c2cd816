"""The published results in the public API: what was awarded or mentioned, never a mark."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.api import FieldsOnce, PublicData, ToldOnce
from calls.api import PrizeData
from calls.models import Call, Prize
from calls.queries import announced
from juries.models import Award, Mention
from juries.queries.outcome import published_awards, published_mentions
from pillars.api import PillarName
from pillars.models import Pillar


class StructureName(FieldsOnce, serializers.ModelSerializer):
    """Who carries an application or a project."""

    country = serializers.CharField(source="country.code", read_only=True)

    class Meta:
        model = Structure
        fields = ("name", "kind", "country", "city", "website")


class CallName(ToldOnce, serializers.ModelSerializer):
    """A call as other things name it."""

    class Meta:
        model = Call
        fields = ("slug", "title")


class ProposedData(serializers.Serializer):
    """What an applicant that the jury distinguished proposed."""

    title = serializers.CharField()
    one_line = serializers.CharField()
    structure = StructureName()
    pillar = PillarName(allow_null=True)


class ResultData(serializers.ModelSerializer):
    call = CallName(read_only=True)
    prize = PrizeData(read_only=True)
    laureate = ProposedData(source="submission", read_only=True)

    class Meta:
        model = Award
        fields = ("id", "call", "prize", "laureate", "amount", "support", "reason", "publish_at")


def _public_calls(_request: Any) -> QuerySet[Call]:
    return announced(clock.now())


class ResultFilter(django_filters.FilterSet):
    call = django_filters.ModelChoiceFilter(queryset=_public_calls, to_field_name="slug", empty_label=None)
    pillar = django_filters.ModelChoiceFilter(
        queryset=Pillar.objects.all(), field_name="submission__pillar", to_field_name="slug", empty_label=None
    )
    kind = django_filters.ChoiceFilter(choices=Prize.Kind.choices, field_name="prize__kind", empty_label=None)
    ordering = django_filters.OrderingFilter(fields=("publish_at", "amount"))


class Results(PublicData):
    """Prizes awarded, announced and awarded amounts apart, with the jury's reason, once published."""

    queryset = Award.objects.none()
    serializer_class = ResultData
    filterset_class = ResultFilter
    lookup_field = "pk"
    lookup_value_regex = "[0-9]+"

    def get_queryset(self):
        return published_awards(clock.now()).order_by("-publish_at", "call_id", "prize__kind", "prize__rank")


class MentionData(serializers.ModelSerializer):
    call = CallName(read_only=True)
    finalist = ProposedData(source="submission", read_only=True)

    class Meta:
        model = Mention
        fields = ("id", "call", "finalist", "words", "publish_at")


class MentionFilter(django_filters.FilterSet):
    call = django_filters.ModelChoiceFilter(queryset=_public_calls, to_field_name="slug", empty_label=None)
    pillar = django_filters.ModelChoiceFilter(
        queryset=Pillar.objects.all(), field_name="submission__pillar", to_field_name="slug", empty_label=None
    )


class Mentions(PublicData):
    """Special mentions given to finalists without a prize, in the jury's words, once published."""

    queryset = Mention.objects.none()
    serializer_class = MentionData
    filterset_class = MentionFilter
    lookup_field = "pk"
    lookup_value_regex = "[0-9]+"

    def get_queryset(self):
        return published_mentions(clock.now()).order_by("-publish_at", "call_id", "submission__number")
