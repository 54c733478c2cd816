"""Another city takes a project up: what it asks, and the file the project hands on."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.lifecycle.models import Stateful
from projects.workflow import REPLICATION, ReplicationState

from .project import Project

MOST_PEOPLE = 40_000_000


class ReplicationRequest(Stateful):
    """A city, or another body, asks for the file of one project or of the programme (no project).

    Personal data go two years after it is closed, or when the person asks: `forgotten_at` says when they went.
    """

    workflow = REPLICATION

    project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, verbose_name=_("project"), related_name="requests"
    )
    organisation = models.CharField(_("city or organisation"), max_length=160, validators=[validate_single_line])
    country = CountryField(_("country"), default="FR")
    population = models.PositiveIntegerField(
        _("inhabitants"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
        help_text=_("Roughly; it helps us to point out what will differ at your scale."),
    )
    contact_name = models.CharField(_("your name"), max_length=120, blank=True, validators=[validate_single_line])
    email = models.EmailField(_("e-mail address"), blank=True)
    message = models.TextField(_("your message"), max_length=3000, blank=True, validators=[validate_plain])
    language = models.CharField(_("language"), max_length=5, default="fr", choices=settings.LANGUAGES)
    state = models.CharField(
        _("state"), max_length=10, choices=ReplicationState.choices, default=ReplicationState.RECEIVED
    )
    reply = models.TextField(_("reply"), blank=True, validators=[validate_plain])
    received_at = models.DateTimeField(_("received at"), default=clock.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    forgotten_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("replication request")
        verbose_name_plural = _("replication requests")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "-received_at"], name="replication_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | ~models.Q(state="closed") & models.Q(closed_at__isnull=True),
                name="projects_replication_stamped",
            ),
            models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True)
                | models.Q(contact_name="", email="", message="", reply=""),
                name="projects_replication_forgotten",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation


def new_key() -> str:
    """What opens a file that is not public: 128 bits nobody guesses."""
    return secrets.token_urlsafe(16)


class ReplicationFile(models.Model):
    """What another city needs to know to do the same, beside what the project tells by itself."""

    project = models.OneToOneField(Project, models.CASCADE, verbose_name=_("project"), related_name="replication")
    context = models.TextField(_("the starting point"), blank=True, validators=[validate_plain])
    needs = models.TextField(_("what it takes"), blank=True, validators=[validate_plain])
    cost = models.TextField(_("what it costs"), blank=True, validators=[validate_plain])
    partners = models.TextField(_("with whom"), blank=True, validators=[validate_plain])
    lessons = models.TextField(_("what we learnt"), blank=True, validators=[validate_plain])
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Otherwise only those to whom its address is sent can open it.")
    )
    key = models.CharField(_("key of its address"), max_length=40, default=new_key, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)

    class Meta:
        verbose_name = _("replication file")
        verbose_name_plural = _("replication files")
        ordering = ["project"]

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        address = reverse("projects:dossier", kwargs={"slug": self.project.slug})
        return address if self.is_public else f"{address}?cle={self.key}"
