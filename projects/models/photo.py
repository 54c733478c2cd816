"""Photographs of a project: proposed by its team, shown once an agent accepts them."""

from functools import reduce
from operator import or_

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.renderings import Rendered
from bethune_smartcity.core.text import validate_single_line
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import Stateful
from projects.workflow import PHOTO, PhotoState

from .project import Project


def _stored(label: object) -> models.OneToOneField:
    return models.OneToOneField(StoredFile, models.PROTECT, verbose_name=label, related_name="+")


def _described() -> models.Q:
    """Its words are there in one language at least."""
    said = (models.Q((f"{column}__isnull", False)) & ~models.Q((column, "")) for column in in_each("alt"))
    return reduce(or_, said)


class Photo(Rendered, Stateful):
    """The same picture in three widths; `width` and `height` are the largest one's."""

    workflow = PHOTO
    rendered = ("credit",)

    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="photos")
    small = _stored(_("small size"))
    medium = _stored(_("medium size"))
    large = _stored(_("large size"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    alt = models.CharField(
        _("what it shows"),
        max_length=250,
        validators=[validate_single_line],
        help_text=_("For those who do not see it: who or what, doing what, where. One sentence."),
    )
    credit = models.CharField(_("credit"), max_length=120, blank=True, validators=[validate_single_line])
    state = models.CharField(_("state"), max_length=10, choices=PhotoState.choices, default=PhotoState.PROPOSED)
    author = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("sent by"), related_name="+")
    created_at = models.DateTimeField(_("sent at"), default=clock.now)

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ["project", "pk"]
        indexes = [models.Index(fields=["project", "state", "id"], name="photo_shown")]
        constraints = [models.CheckConstraint(condition=_described(), name="projects_photo_is_described")]

    def __str__(self) -> str:
        return self.alt
