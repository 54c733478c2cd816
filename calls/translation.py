from modeltranslation.translator import TranslationOptions, register

from .models import Call, CallDate, Criterion, Prize, Question, RulesVersion, Section


@register(Call)
class CallTranslation(TranslationOptions):
    fields = (
        "title",
        "summary",
        "audience",
        "purpose",
        "sought",
        "asks",
        "support",
        "jury_note",
        "tie_note",
        "search_text",
    )


@register(Prize)
class PrizeTranslation(TranslationOptions):
    fields = ("name", "support")


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("label", "anchors")


@register(CallDate)
class CallDateTranslation(TranslationOptions):
    fields = ("label", "place")


@register(RulesVersion)
class RulesVersionTranslation(TranslationOptions):
    fields = ("text",)


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ("title", "intro")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("label", "help", "options")
