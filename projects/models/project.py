"""A laureate's project on the territory, and its news."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Structure, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.addresses import address_of
from bethune_smartcity.core.searched import Searched
from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.lifecycle.models import Stateful
from juries.models import Award
from pillars.models import Pillar
from projects.workflow import PROJECT, ProjectState


class Project(Searched, Stateful):
    workflow = PROJECT
    searched = ("name", "one_line", "story", "place")

    slug = models.SlugField(_("address"), unique=True)
    award = models.OneToOneField(
        Award, models.PROTECT, null=True, blank=True, verbose_name=_("award"), related_name="project"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, verbose_name=_("structure"), related_name="projects"
    )
    pillar = models.ForeignKey(Pillar, models.PROTECT, verbose_name=_("main pillar"), related_name="projects")
    name = models.CharField(_("name"), max_length=120, validators=[validate_single_line])
    one_line = models.CharField(_("in one line"), max_length=200, blank=True, validators=[validate_single_line])
    story = models.TextField(
        _("story"), blank=True, validators=[validate_plain], help_text=_("Markdown: titles, lists, links, bold.")
    )
    place = models.CharField(_("place"), max_length=160, blank=True, validators=[validate_single_line])
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    state = models.CharField(_("stage"), max_length=10, choices=ProjectState.choices, default=ProjectState.FRAMING)
    mentors = models.ManyToManyField(User, blank=True, verbose_name=_("mentors"), related_name="mentored")
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    is_public = models.BooleanField(_("in the showcase"), default=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-opened_at", "pk"]
        indexes = [
            models.Index(fields=["-opened_at", "id"], name="project_newest"),
            models.Index(fields=["pillar", "is_public", "award"], name="project_of_pillar"),
            models.Index(fields=["pillar", "-opened_at", "id"], name="project_newest_of_pillar"),
            models.Index(
                fields=["-opened_at", "id"],
                name="project_newest_placed",
                condition=models.Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def searched_beside(self) -> tuple[str, ...]:
        return (self.structure.name,) if self.structure else ()

    def get_state_display(self) -> str:
        """The words of its stage: Django's own puts all the choices into a dictionary each time."""
        return str(ProjectState(self.state).label)

    def get_absolute_url(self) -> str:
        return address_of("projects:detail", slug=self.slug)


class Update(Searched):
    """News of a project, told in the showcase."""

    searched = ("title", "body")

    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="updates")
    title = models.CharField(_("title"), max_length=140, validators=[validate_single_line])
    body = models.TextField(_("text"), validators=[validate_plain])
    author = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("author"), related_name="+")
    published_at = models.DateTimeField(_("published at"), default=clock.now)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.title
