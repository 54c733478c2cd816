"""The controls of questions answered by documents: one, or several in order."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.core import wording
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.files.kinds import kinds_taken
from bethune_smartcity.files.uploads import check_upload, too_large
from calls.models import Attachment, Question
from calls.operations.documents import refused, too_many


def documents_at_most(most: int) -> str:
    """How many documents a question takes, in words."""
    words = ngettext("%(n)s document at most", "%(n)s documents at most", most)
    return words % {"n": wording.number(most)}


class KeptDocument:
    """An attachment as a file control shows it: name, octets, key, where it is read, and why it is not for now."""

    def __init__(self, attachment: Attachment) -> None:
        self.name, self.size, self.key = attachment.file.name, attachment.file.size, attachment.pk
        self.held_back = attachment.file.held_back
        self.url = reverse("files:download", kwargs={"pk": attachment.file_id})

    def __str__(self) -> str:
        return self.name


class SentDocument(NamedTuple):
    """A document sent, or (False) to take off. `seen` is the key of the one it concerns: 0 for none, None unstated."""

    question: Question
    document: Any
    seen: int | None


@dataclass
class Sent:
    """What a control of several documents sends: those to add, those in place of one kept, the keys to take off."""

    added: list[UploadedFile] = field(default_factory=list)
    replaced: dict[int, UploadedFile] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)

    def uploads(self) -> list[UploadedFile]:
        return [*self.added, *self.replaced.values()]


def checks() -> dict[str, Any]:
    """What the page's script refuses before it is sent."""
    return {"data-bytes-max": settings.UPLOAD_MAX_BYTES, "data-too-large": too_large()}


class DocumentField(forms.FileField):
    """A document, sent or taken off. The portal's own checks read its content."""

    def __init__(self, question: Question, help_text: str) -> None:
        super().__init__(label=question.label, help_text=help_text or kinds_taken(), required=question.required)
        self.widget.is_required = False
        self.widget.attrs |= checks()
        self.widget.clear_checkbox_label = _("Remove")

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not isinstance(data, UploadedFile):
            return data
        try:
            check_upload(data)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
        return data


class DocumentsInput(forms.Widget):
    """The documents kept, each with the ways to replace it and to take it off, and a control to add others.

    Beside `name`, which adds, each has its own names: `name-<key>` replaces it, `name-<key>-clear` takes it off.
    """

    template_name = "calls/applicant/documents.html"
    needs_multipart_form = True
    use_fieldset = True

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.attrs |= checks()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        added = files.getlist(name) if hasattr(files, "getlist") else filter(None, [files.get(name)])
        named = re.compile(re.escape(name) + r"-([0-9]{1,18})(-clear)?")
        ours = [(match, key) for key in [*files, *data] if (match := named.fullmatch(key))]
        replaced = {int(match[1]): files[key] for match, key in ours if not match[2] and files.get(key)}
        removed = [int(match[1]) for match, key in ours if match[2] and data.get(key)]
        return Sent(list(added), replaced, [key for key in removed if key not in replaced])

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        kept = value or []
        return context | {"kept": kept, "room": len(kept) < self.most, "limits": checks(), "full": too_many(self.most)}

    def id_for_label(self, id_: str) -> str:
        return ""


class DocumentsField(forms.Field):
    """Several documents in order. `kept` is how many are there already."""

    def __init__(self, question: Question, help_text: str, kept: int) -> None:
        super().__init__(
            label=question.label,
            help_text=f"{help_text or kinds_taken()} {capfirst(documents_at_most(question.max_files))}.",
            required=question.required,
            widget=DocumentsInput(question.max_files),
        )
        self.question, self.kept = question, kept

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown beside an error: what is kept, as what was sent cannot be shown again."""
        return initial

    def clean(self, value: Sent) -> Sent:
        for upload in value.uploads():
            try:
                check_upload(upload)
            except Invalid as error:
                raise forms.ValidationError(refused(self.question, upload, error)) from None
        if value.added and len(value.added) > self.question.max_files - self.kept + len(value.removed):
            raise forms.ValidationError(too_many(self.question.max_files))
        return value

    def acts(self, sent: Sent) -> list[SentDocument]:
        """What to do, one document after the other: those added come first where there is room for them."""
        replaced = [SentDocument(self.question, upload, key) for key, upload in sent.replaced.items()]
        added = [SentDocument(self.question, upload, 0) for upload in sent.added]
        removed = [SentDocument(self.question, False, key) for key in sent.removed]
        fits = self.kept + len(added) <= self.question.max_files
        return [*replaced, *added, *removed] if fits else [*replaced, *removed, *added]


def field_of(question: Question, help_text: str, kept: int) -> forms.Field:
    """The control of `question`, of which that many documents are kept."""
    several = question.takes_several
    return DocumentsField(question, help_text, kept) if several else DocumentField(question, help_text)
