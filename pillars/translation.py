from modeltranslation.translator import TranslationOptions, register

from .models import Indicator, Objective, Pillar


@register(Pillar)
class PillarTranslation(TranslationOptions):
    fields = ("name", "tagline", "vision")


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "unit", "unit_one")
