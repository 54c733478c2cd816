"""The news of the programme, and the links of people's own calendars."""

from datetime import datetime
from functools import reduce
from operator import and_

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.addresses import address_of
from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.renderings import Rendered
from bethune_smartcity.core.searched import Searched
from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import Stateful
from calls.models import Call
from pillars.models import Pillar
from projects.models import Project

from .workflow import ARTICLE, ArticleState

SIZES = ("small", "medium", "large")


def _stored(label: object) -> models.OneToOneField:
    return models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, editable=False, verbose_name=label, related_name="+"
    )


def _whole_picture() -> models.Q:
    """No picture at all, or one in every size, described in every language."""
    parts = (*SIZES, "width", "height")
    none = models.Q(**{f"{part}__isnull": True for part in parts})
    whole = models.Q(**{f"{part}__isnull": False for part in (*parts, *in_each("alt"))})
    return none | reduce(and_, (~models.Q((column, "")) for column in in_each("alt")), whole)


class Article(Searched, Rendered, Stateful):
    """A piece of news in the portal's languages. The public reads it once it is published and its instant has come.

    Its picture, if it has one, is kept in three widths; `width` and `height` are the largest one's.
    """

    workflow = ARTICLE
    searched = ("title", "standfirst", "body")
    rendered = ("credit",)

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Letters, digits and hyphens; made from the title when left empty. It does not change afterwards."),
    )
    title = models.CharField(_("title"), max_length=140, validators=[validate_single_line])
    standfirst = models.CharField(
        _("standfirst"),
        max_length=300,
        validators=[validate_single_line],
        help_text=_("One or two sentences: what lists, feeds and search engines show."),
    )
    body = models.TextField(
        _("text"), validators=[validate_plain], help_text=_("Markdown: titles, lists, links, bold.")
    )
    pillars = models.ManyToManyField(
        Pillar,
        blank=True,
        verbose_name=_("themes"),
        related_name="+",
        help_text=_("The pillars it bears on; none for the whole programme."),
    )
    call = models.ForeignKey(
        Call, models.SET_NULL, null=True, blank=True, verbose_name=_("call it tells about"), related_name="+"
    )
    project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, verbose_name=_("project it tells about"), related_name="+"
    )
    small = _stored(_("small size"))
    medium = _stored(_("medium size"))
    large = _stored(_("large size"))
    width = models.PositiveIntegerField(_("width"), null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True, editable=False)
    alt = models.CharField(
        _("what the picture shows"),
        max_length=250,
        blank=True,
        validators=[validate_single_line],
        help_text=_("For those who do not see it: who or what, doing what, where. One sentence."),
    )
    credit = models.CharField(_("credit"), max_length=120, blank=True, validators=[validate_single_line])
    state = models.CharField(_("state"), max_length=10, choices=ArticleState.choices, default=ArticleState.DRAFT)
    published_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("last changed at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("news articles")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["state", "-published_at"], name="article_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=ArticleState.PUBLISHED) | models.Q(published_at__isnull=False),
                name="portal_published_article_has_an_instant",
            ),
            models.CheckConstraint(condition=_whole_picture(), name="portal_article_picture_is_whole"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("portal:article", slug=self.slug)

    @property
    def has_picture(self) -> bool:
        return self.large_id is not None

    @property
    def is_public(self) -> bool:
        """Whether everyone reads it at the present instant."""
        return self.is_out and self.published_at <= clock.now()  # type: ignore[operator]

    @property
    def is_planned(self) -> bool:
        """Whether it waits for its instant."""
        return self.is_out and self.published_at > clock.now()  # type: ignore[operator]

    @property
    def is_out(self) -> bool:
        return self.state == ArticleState.PUBLISHED and self.published_at is not None

    @property
    def updated_at(self) -> datetime | None:
        """When what the public reads last changed: never before its instant."""
        return self.published_at and max(self.published_at, self.changed_at)


class CalendarLink(models.Model):
    """The link by which a person's own calendar reads their dates: its digest alone is kept.

    `told` is what was last read there of each date, so that one that moves is told as moved: by identifier, a digest
    of it, how often it changed and when.
    """

    user = models.OneToOneField(User, models.CASCADE, verbose_name=_("person"), related_name="calendar_link")
    digest = models.CharField(_("digest of the link"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=clock.now)
    read_at = models.DateTimeField(_("last read at"), null=True, blank=True)
    told = models.JSONField(_("dates as last read"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
