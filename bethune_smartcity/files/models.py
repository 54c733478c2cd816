"""Files people hand in. The name on disk is ours, the type comes from the content."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.core import clock


def path_on_disk(stored: "StoredFile", _name: str) -> str:
    return f"files/{stored.pk.hex[:2]}/{stored.pk.hex}"


class StoredFile(models.Model):
    class Scan(models.TextChoices):
        CLEAN = "clean", pgettext_lazy("antivirus", "clean")
        PENDING = "pending", pgettext_lazy("antivirus", "to be checked")
        INFECTED = "infected", pgettext_lazy("antivirus", "refused")
        ERROR = "error", pgettext_lazy("antivirus", "could not be checked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("handed in by"), related_name="+"
    )
    blob = models.FileField(_("content"), upload_to=path_on_disk, max_length=200)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("received at"), default=clock.now)
    scan = models.CharField(_("antivirus"), max_length=8, choices=Scan.choices, default=Scan.CLEAN)
    scanned_at = models.DateTimeField(_("checked by the antivirus at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.CheckConstraint(
                name="files_scan_known", condition=models.Q(scan__in=("clean", "pending", "infected", "error"))
            ),
            models.CheckConstraint(
                name="files_scan_dated",
                condition=models.Q(scan="clean")
                | models.Q(scan="pending", scanned_at=None)
                | models.Q(scan__in=("infected", "error"), scanned_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="files_to_scan", fields=["created_at"], condition=models.Q(scan__in=("pending", "error")))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def held_back(self) -> str:
        """Why nobody opens it, as long as nobody does; empty for one that opens."""
        return held_back(self.scan)


HELD_BACK = {
    StoredFile.Scan.PENDING: _("The antivirus is checking this document: nobody can open it for a minute or two."),
    StoredFile.Scan.ERROR: _("The antivirus could not check this document yet: nobody can open it until it has."),
    StoredFile.Scan.INFECTED: _("The antivirus refused this document: nobody can open it, and it is to be replaced."),
}


def held_back(scan: str) -> str:
    """Why nobody opens a file of which the antivirus says `scan`; empty for one that opens."""
    return str(HELD_BACK.get(scan, ""))  # type: ignore[call-overload]


class Preview(models.Model):
    """Whether a document can be read as pictures. Its row is the claim of whoever draws it; none: not begun."""

    class State(models.TextChoices):
        DRAWING = "drawing", _("being drawn")
        READY = "ready", _("ready")
        NONE = "none", _("cannot be drawn")

    original = models.OneToOneField(StoredFile, models.CASCADE, verbose_name=_("document"), related_name="preview")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAWING)
    pages = models.PositiveIntegerField(_("pages of the document"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    claimed_at = models.DateTimeField(_("begun at"), default=clock.now)

    class Meta:
        verbose_name = _("preview of a document")
        verbose_name_plural = _("previews of documents")

    def __str__(self) -> str:
        return self.original.name


class Page(models.Model):
    """A page of a document as a picture, which opens to those who may read the document."""

    original = models.ForeignKey(StoredFile, models.CASCADE, verbose_name=_("document"), related_name="drawn_pages")
    number = models.PositiveSmallIntegerField(_("number"))
    picture = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("picture"), related_name="page")
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))

    class Meta:
        verbose_name = _("page of a document")
        verbose_name_plural = _("pages of documents")
        ordering = ["original", "number"]
        constraints = [models.UniqueConstraint(fields=["original", "number"], name="files_one_page")]

    def __str__(self) -> str:
        return f"{self.original.name}, {self.number}"
