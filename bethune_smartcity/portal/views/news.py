"""The news: all of it, narrowed to a theme, and one article."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from bethune_smartcity.core import clock, structured
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.language import language_of, missing_languages, named
from bethune_smartcity.portal.forms import NewsFilter
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.queries.news import (
    about,
    call_told,
    project_told,
    public_articles,
    related_to,
    visible_articles,
)
from calls.queries import announced
from pillars.models import Pillar

PER_PAGE = 12


class News(PublicPage, TemplateView):
    kept_by = ("theme", "page")
    template_name = "portal/news/list.html"

    @cached_property
    def pillars(self) -> list[Pillar]:
        return [*Pillar.objects.all()]

    @cached_property
    def form(self) -> NewsFilter:
        return NewsFilter(self.request.GET or None, pillars=self.pillars)

    @cached_property
    def chosen(self) -> Pillar | None:
        """The theme in force; none for a bad one."""
        slug = self.form.cleaned_data["theme"] if self.form.is_valid() else ""
        return next((pillar for pillar in self.pillars if pillar.slug == slug), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=422 if self.form.errors else 200)

    def page(self) -> Page:
        articles = public_articles(clock.now())
        if self.chosen is not None:
            articles = about(articles, self.chosen)
        return Paginator(articles, PER_PAGE).get_page(self.request.GET.get("page"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            page=self.page(),
            chosen=self.chosen,
            pillars=self.pillars,
            has_calls=announced(clock.now()).exists,
            crumbs=[(_("News"), "")],
            **kwargs,
        )


class ArticlePage(PublicPage, TemplateView):
    """An article; its agents also read it before the public does."""

    kept_by = ()
    template_name = "portal/news/article.html"

    @cached_property
    def article(self) -> Article:
        return get_object_or_404(visible_articles(self.request.user), slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article, moment = self.article, clock.now()
        return super().get_context_data(
            article=article,
            themes=[*article.pillars.all()],
            call=call_told(article, moment),
            project=project_told(article),
            related=related_to(article, moment),
            missing=[] if article.is_public else missing_languages(article),
            thing=thing_of(article) if article.is_public else {},
            crumbs=[(_("News"), reverse("portal:news")), (named(article, "title"), "")],
            **kwargs,
        )


def image_of(article: Article) -> str:
    """The address of its picture, or of its share card."""
    if article.has_picture:
        return reverse("files:download", kwargs={"pk": article.large_id})
    return reverse("portal:article-card", kwargs={"slug": article.slug})


def thing_of(article: Article) -> structured.Thing:
    """An article as machines read it."""
    return structured.article(
        article.title,
        url=article.get_absolute_url(),
        published=article.published_at,
        changed=article.updated_at,
        about=article.standfirst,
        image=image_of(article),
        inLanguage=language_of(article, "body"),
        keywords=[pillar.name for pillar in article.pillars.all()],
    )
