from modeltranslation.translator import TranslationOptions, register

from .models import LegalText


@register(LegalText)
class LegalTextTranslation(TranslationOptions):
    fields = ("draft", "text")
