"""The documents of an application as a juror's page shows them: their pages as pictures, and the way to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.core import wording
from bethune_smartcity.files.kinds import OFFICE, PDF
from bethune_smartcity.files.models import StoredFile
from juries.queries.reading import Document, Leaf


@dataclass(frozen=True, slots=True)
class Picture:
    """A page drawn: where it is, how large, and what stands for it in words."""

    url: str
    width: str
    height: str
    alt: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A document on the page: its pictures, or the sentence that says why there is none, or not all."""

    label: str
    file: StoredFile
    is_pdf: bool
    is_office: bool
    pictures: list[Picture]
    note: str


def shown(documents: Iterable[Document]) -> list[Shown]:
    """Each of `documents` as it is shown. No statement."""
    asked = [list(several) for _question, several in groupby(documents, key=lambda one: one.attachment.question_id)]
    return [_shown(one, _label(one, place, len(all_))) for all_ in asked for place, one in enumerate(all_, start=1)]


def _label(document: Document, place: int, count: int) -> str:
    """The question that the document answers; where several do, which of them it is."""
    label = str(document.attachment.question.label)
    words = {"label": label, "place": place, "count": count}
    return label if count == 1 else _("%(label)s (%(place)s of %(count)s)") % words


def _shown(document: Document, label: str) -> Shown:
    file = document.attachment.file
    is_pdf = file.content_type == PDF
    words = _("Page %(number)s of %(count)s of %(name)s") if is_pdf else _("Picture: %(name)s")
    count = document.preview.pages if document.preview else 0
    pictures = [
        _picture(page, words % {"number": page.number, "count": count, "name": file.name}) for page in document.pages
    ]
    return Shown(label, file, is_pdf, file.content_type in OFFICE, pictures, _note(document))


def _picture(page: Leaf, alt: str) -> Picture:
    url = reverse("files:download", kwargs={"pk": page.picture})
    return Picture(url, str(page.width), str(page.height), alt)


def _note(document: Document) -> str:
    if held_back := document.attachment.file.held_back:
        return held_back
    if document.attachment.file.content_type in OFFICE:
        return _("This is an office document: its pages do not show here, download it to read it.")
    if document.is_undrawable:
        return _("This document cannot be shown here: download it to read it.")
    if not document.pages:
        return _("Its pages are being prepared and will show here in a minute or two. Download it to read it now.")
    if document.is_cut:
        words = {"n": wording.number(len(document.pages)), "count": wording.number(document.preview.pages)}
        return _("The first %(n)s pages out of %(count)s are shown: download the document to read the others.") % words
    return ""
