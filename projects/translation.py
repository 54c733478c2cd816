from modeltranslation.translator import TranslationOptions, register

from .models import ReplicationFile


@register(ReplicationFile)
class ReplicationFileTranslation(TranslationOptions):
    fields = ("context", "needs", "cost", "partners", "lessons")
