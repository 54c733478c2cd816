"""Photographs of a project: sent by those who tell its news, shown by those who run it."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.language import page_language
from bethune_smartcity.core.text import check_plain, one_line
from bethune_smartcity.files.pictures import pictures_of
from bethune_smartcity.files.uploads import storing
from bethune_smartcity.lifecycle.moves import move, record
from projects import notices
from projects.models import Photo, Project
from projects.operations.texts import by_language

MOST = 30
SIZES = ("small", "medium", "large")


def send_photo(
    project: Project, upload: UploadedFile, *, alt: str = "", by: Any, credit: str = "", **alts: str
) -> Photo:
    """Add a photograph to a project: shown at once when an agent who runs it sends it, proposed otherwise.

    `alt` says what it shows in the page's language; `alts` (`alt_fr` …) in each. Returns it. Raises Forbidden, Invalid
    (file, alt) or Conflict (enough of them).
    """
    require(by, "projects.post_update", project)
    said = {column: one_line(text or "") for column, text in by_language(Photo, {"alt": alt} if alt else alts).items()}
    if not any(said.values()):
        raise Invalid("alt_missing", _("Say what the picture shows."), field=f"alt_{page_language()}")
    for column, text in said.items():
        check_plain(text, field=column)
    if project.photos.count() >= MOST:
        raise Conflict("enough_photos", _("This project has %(n)d photographs already.") % {"n": MOST})
    pictures = pictures_of(upload)
    with storing() as shelf:
        sizes = dict(zip(SIZES, (shelf.store(picture.upload, by=by) for picture in pictures), strict=True))
        shape = {"width": pictures[-1].width, "height": pictures[-1].height}
        author = None if by.pk is None else by
        photo = Photo(project=project, **sizes, **shape, **said, credit=credit, author=author, created_at=clock.now())
        _propose(photo, by=by)
    return photo


@transaction.atomic
def _propose(photo: Photo, *, by: Any) -> None:
    """Keep `photo` and the rows of its files; who runs its project shows it at once, who does not asks them to."""
    for size in SIZES:
        getattr(photo, size).save()
    photo.save(force_insert=True)
    record(photo, "propose", by=by, to_state=photo.state, data={"project": photo.project_id})
    if can(by, "projects.run_project", photo.project):
        move(photo, "show", by=by)
    else:
        notices.photo_proposed(photo, by=by)


@transaction.atomic
def show_photo(photo: Photo, *, by: Any) -> Photo:
    """Let everyone see a photograph. Returns it. Raises Forbidden or Conflict."""
    move(photo, "show", by=by)
    notices.photo_judged(photo, "", by=by)
    return photo


@transaction.atomic
def hide_photo(photo: Photo, *, reason: str, by: Any) -> Photo:
    """Show a photograph no more, or not at all. Returns it. Raises Forbidden, Invalid (reason) or Conflict."""
    move(photo, "hide", by=by, reason=reason)
    notices.photo_judged(photo, reason, by=by)
    return photo
