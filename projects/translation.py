from modeltranslation.translator import TranslationOptions, register

from .models import Milestone, Photo, Project, ReplicationFile, Update


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("name", "one_line", "story", "place", "search_text")


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("title",)


@register(Update)
class UpdateTranslation(TranslationOptions):
    fields = ("title", "body", "search_text")


@register(Photo)
class PhotoTranslation(TranslationOptions):
    fields = ("alt",)


@register(ReplicationFile)
class ReplicationFileTranslation(TranslationOptions):
    fields = ("context", "needs", "cost", "partners", "lessons")
