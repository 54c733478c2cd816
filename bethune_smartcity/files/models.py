"""Files people hand in. The name on disk is ours, the type comes from the content."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock


def path_on_disk(stored: "StoredFile", _name: str) -> str:
    return f"files/{stored.pk.hex[:2]}/{stored.pk.hex}"


class StoredFile(models.Model):
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

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return self.name
