"""The pillars in the public API."""

from rest_framework import serializers

from bethune_smartcity.core.api import PublicData, ToldOnce
from pillars.models import Indicator, Objective, Pillar, Reading


class PillarName(ToldOnce, serializers.ModelSerializer):
    """A pillar as other things name it."""

    class Meta:
        model = Pillar
        fields = ("slug", "name")


class ReadingData(serializers.ModelSerializer):
    class Meta:
        model = Reading
        fields = ("day", "value", "source")


class IndicatorData(serializers.ModelSerializer):
    unit_one = serializers.CharField(
        source="unit_alone",
        read_only=True,
        help_text="Singular of `unit`, in the same language; empty where none is given.",
    )
    readings = ReadingData(many=True, read_only=True)

    class Meta:
        model = Indicator
        fields = ("name", "unit", "unit_one", "rising_is_better", "readings")


class ObjectiveData(serializers.ModelSerializer):
    class Meta:
        model = Objective
        fields = ("text",)


class PillarData(serializers.ModelSerializer):
    class Meta:
        model = Pillar
        fields = ("slug", "name", "order", "tagline", "vision", "lead_department")


class PillarDetail(PillarData):
    objectives = ObjectiveData(many=True, read_only=True)
    indicators = IndicatorData(many=True, read_only=True)

    class Meta(PillarData.Meta):
        fields = (*PillarData.Meta.fields, "objectives", "indicators")


class Pillars(PublicData):
    """The seven pillars of the Master Smart City, in their order."""

    queryset = Pillar.objects.all()
    serializer_class = PillarData

    def get_queryset(self):
        if self.action == "list":
            return super().get_queryset()
        return super().get_queryset().prefetch_related("objectives", "indicators__readings")

    def get_serializer_class(self):
        return PillarData if self.action == "list" else PillarDetail
