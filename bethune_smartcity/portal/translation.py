from modeltranslation.translator import TranslationOptions, register

from .models import Article


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "standfirst", "body", "alt", "search_text")
    required_languages = {"default": (), "fr": ("title", "standfirst", "body")}
