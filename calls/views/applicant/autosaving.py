"""Keeping the fields of an application one by one, as they change."""

import re
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.functional import cached_property
from django.views import View

from bethune_smartcity.core import wording
from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.errors import DomainError, Invalid
from calls import presence
from calls.answers import clean_answer, posted
from calls.forms.applying import DescribeForm
from calls.forms.section import SectionForm
from calls.models import Answer, Question
from calls.operations import submissions
from calls.operations.submissions import description_of
from calls.queries import Filled, filled_form
from calls.queries.completeness import checked_form, remark

from .asking import as_posted, change_of, document_seen, said_of_asking
from .changes import asked_or_withdrawn, keep_withdrawn
from .clashes import as_data, description_as_data
from .frame import DESCRIPTION, Frame, OwnSubmission
from .writing import description_from, take_off, with_kept

# A field of a question: its answer, or of its documents the one to replace or take off.
NAMED = re.compile(r"q(?P<question>[0-9]{1,18})(?:-(?P<document>[0-9]{1,18}))?(?P<clear>-clear)?")


class Autosave(OwnSubmission, Guarded, View):
    """Keep one field as it changes, and say so as data."""

    permission = "calls.edit_submission"
    http_method_names = ["post"]
    # That of the section in which the field stands.
    place = DESCRIPTION

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        name = request.POST.get("field", "")
        try:
            answer = self.keep(name)
        except submissions.AnswerConflict as conflict:
            return self.clash(conflict.answers[0], name)
        except submissions.DescriptionConflict as conflict:
            return JsonResponse(description_as_data(conflict.held, conflict.names[0]), status=409)
        except submissions.DocumentConflict as conflict:
            return JsonResponse({"errors": [str(conflict)], **self.document(conflict.question)}, status=409)
        except DomainError as error:
            status = 422 if isinstance(error, Invalid) else error.status
            return JsonResponse({"errors": [str(error)], "message": str(error)}, status=status)
        presence.note(self.object.pk, self.request.user.pk, self.place)
        return JsonResponse({"saved_at": wording.hour(self.object.edited_at), **answer, **self.standing(name)})

    @cached_property
    def filled(self) -> Filled:
        """The form as it is answered; an answer that is kept takes its place in it."""
        return checked_form(self.object)

    @cached_property
    def frame(self) -> Frame:
        """The application once the field is kept."""
        return Frame(self.object, self.filled)

    def standing(self, name: str) -> dict[str, Any]:
        """What still lacks, as the page around the field says it."""
        named = NAMED.fullmatch(name)
        field = f"q{named['question']}" if named else name or f"q{self.kwargs['question']}"
        steps = [{n: getattr(step, n) for n in ("place", "lacks", "words", "number")} for step in self.frame.steps]
        said = said_of_asking(self.frame)
        return {"missing": self.frame.is_unanswered(field), "summary": self.frame.summary(), "steps": steps, **said}

    @cached_property
    def seen(self) -> int | None:
        """The version of the field that the writer saw; None when they do not say."""
        stated = self.request.POST.get("version", "")
        return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 19 else None

    def keep(self, name: str) -> dict[str, Any]:
        if "question" in self.kwargs:
            return self.keep_answer(self.kwargs["question"], self.values(name or f"q{self.kwargs['question']}"))
        if name in DescribeForm.base_fields:
            return self.keep_description(name)
        named = NAMED.fullmatch(name)
        if not named:
            raise Http404
        return self.keep_answer(int(named["question"]), self.values(name))

    def values(self, name: str) -> list[str]:
        return self.request.POST.getlist(name) or self.request.POST.getlist("value")

    def keep_description(self, name: str) -> dict[str, Any]:
        kept = DescribeForm(submission=self.object, initial=description_of(self.object))
        data = with_kept(self.request.POST, kept, [other for other in kept.fields if other != name])
        form = DescribeForm(data, submission=self.object)
        if not form.is_valid():
            raise Invalid("odd_value", next(iter(form.errors.values()))[0], field=name)
        seen = {name: self.seen} if self.seen is not None else None
        submissions.describe(self.object, by=self.request.user, versions=seen, **description_from(form))
        version = {"version": self.object.version_of(name)}
        if not form.twice():
            return version
        both = {name: self.object.version_of(name) for name in ("pillar", "other_pillars")}
        others = as_posted([pillar.pk for pillar in self.object.other_pillars.all()])
        return {"note": str(form.twice()), "kept": {"other_pillars": others}, **version, "versions": both}

    def keep_answer(self, pk: int, values: list[str]) -> dict[str, Any]:
        question = asked_or_withdrawn(self.filled, pk)
        sections = [section.pk for section in self.filled.sections]
        self.place = sections.index(question.section_id) + 1 if question.section_id in sections else DESCRIPTION
        if question.withdrawn_in is not None:
            return keep_withdrawn(self.object, question, values, self.request.user)
        if question.kind == Question.Kind.FILE:
            return self.keep_document(question)
        seen = {question: self.seen} if self.seen is not None else None
        value = posted(question, values)
        read: dict[str, Any] = {"versions": seen, "known": self.filled.answers}
        saved = submissions.save_answers(self.object, {question: value}, by=self.request.user, **read)
        kept, before = saved.get(question), self.filled.asked_keys()
        if kept:
            self.filled.answers[pk] = kept
        sentence = remark(question, kept.value, self.frame.asked) if kept else ""
        change = {"note": note} if (note := change_of(self.frame, before)) else {}
        return {"version": kept.version if kept else 0, "errors": [sentence] if sentence else [], **change}

    def keep_document(self, question: Question) -> dict[str, Any]:
        upload = next(iter(self.request.FILES.values()), None)
        named = NAMED.fullmatch(self.request.POST.get("field", ""))
        seen = int(named["document"]) if named and named["document"] else self.seen
        if upload is not None:
            submissions.attach(self.object, question, upload, by=self.request.user, seen=seen)
        elif named and named["clear"]:
            take_off(self.object, question, seen, by=self.request.user)
        return self.document(question)

    def document(self, question: Question) -> dict[str, Any]:
        """The control of a document, or of several, as they are kept now, and the key of one that is alone."""
        self.filled = filled_form(self.object, written=True)
        form = SectionForm(section=question.section, filled=self.filled)
        seen = document_seen(self.filled, question)
        return {"control": str(form[question.field_name])} | ({} if seen is None else {"version": seen})

    def clash(self, kept: Answer, name: str) -> JsonResponse:
        mine = clean_answer(kept.question, posted(kept.question, self.values(name)))
        return JsonResponse(as_data(kept, mine), status=409)
