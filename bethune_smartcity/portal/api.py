"""The news in the public API."""

from typing import Any

import django_filters
from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bethune_smartcity.core import clock
from bethune_smartcity.core.api import PublicData
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.queries.news import public_articles
from pillars.api import PillarName
from pillars.models import Pillar


class PictureData(serializers.Serializer):
    """A picture at its largest, and what it shows."""

    address = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()
    credit = serializers.CharField(allow_blank=True)


class ArticleData(serializers.ModelSerializer):
    page = serializers.SerializerMethodField()
    themes = PillarName(source="pillars", many=True, read_only=True)
    picture = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Article
        fields = ("slug", "page", "title", "standfirst", "themes", "picture", "published_at", "updated_at")

    def get_page(self, article: Article) -> str:
        return f"{settings.SITE_URL}{article.get_absolute_url()}"

    @extend_schema_field(PictureData(allow_null=True))
    def get_picture(self, article: Article) -> dict[str, Any] | None:
        if not article.has_picture:
            return None
        address = reverse("files:download", kwargs={"pk": article.large_id})
        told = {name: getattr(article, name) for name in ("width", "height", "alt", "credit")}
        return {"address": f"{settings.SITE_URL}{address}", **told}


class ArticleDetail(ArticleData):
    class Meta(ArticleData.Meta):
        fields = (*ArticleData.Meta.fields, "body")


class ArticleFilter(django_filters.FilterSet):
    theme = django_filters.ModelChoiceFilter(
        queryset=Pillar.objects.all(), field_name="pillars", to_field_name="slug", empty_label=None
    )
    ordering = django_filters.OrderingFilter(fields=("published_at",))


class News(PublicData):
    """The news of the programme, newest first; an article's text (Markdown) in its details."""

    queryset = Article.objects.none()
    serializer_class = ArticleData
    filterset_class = ArticleFilter

    def get_queryset(self) -> Any:
        articles = public_articles(clock.now())
        return articles.defer(*BODIES) if self.action == "list" else articles

    def get_serializer_class(self) -> Any:
        return ArticleData if self.action == "list" else ArticleDetail


# What the list does not tell.
BODIES = ("body", *(f"body_{code}" for code, _name in settings.LANGUAGES))
