"""Starting an application and writing it, section by section."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from bethune_smartcity.accounts.forms import StructureForm
from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.operations import found_structure
from bethune_smartcity.core import wording
from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.errors import DomainError, Invalid
from bethune_smartcity.core.views import GuardedForm
from calls.answers import clean_answer, joined, posted
from calls.forms.applying import ApplyForm, DescribeForm, description_of
from calls.forms.section import SectionForm
from calls.models import Answer, Attachment, Call, Question, Section, Submission
from calls.operations import submissions
from calls.operations.closing import is_writable
from calls.queries import Filled, filled_form, my_submissions, visible_calls
from calls.queries.completeness import excess
from calls.workflow import SubmissionState

from .asking import as_posted, change_of, elsewhere, said_of_asking, saved_at
from .changes import about_changes, asked_or_withdrawn, change_seen, keep_all_withdrawn, keep_withdrawn
from .clashes import as_data, two_texts
from .frame import DESCRIPTION, Frame, OwnSubmission, people_of, url_of


class Apply(GuardedForm):
    """Start an application: for a structure one writes for, or one founded here."""

    permission = "calls.view_call"
    form_class = ApplyForm
    template_name = "calls/applicant/apply.html"

    def fetch(self) -> Call:
        return get_object_or_404(visible_calls(self.request.user), slug=self.kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.founding: StructureForm | None = None
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submissions.check_call_accepting(self.object)
        return super().get(request, *args, **kwargs)

    def structures(self) -> Any:
        writing = Structure.objects.filter(
            memberships__user=self.request.user, memberships__role__in=["owner", "editor"]
        )
        if self.object.one_per_structure:
            taken = my_submissions(self.request.user).filter(call=self.object)
            writing = writing.exclude(pk__in=taken.exclude(state=SubmissionState.WITHDRAWN).values("structure"))
        return writing

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object, "structures": self.structures()}

    def founding_form(self, form: ApplyForm) -> StructureForm | None:
        """The form of a new structure, for someone who has none to apply with."""
        if "structure" in form.fields:
            return None
        return self.founding or StructureForm(prefix="new", initial={"country": "FR"}, use_required_attribute=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        mine = my_submissions(self.request.user).filter(call=self.object).exclude(state=SubmissionState.WITHDRAWN)
        crumbs = [(_("Calls"), reverse("calls:list")), (self.object.short_title, self.object.get_absolute_url())]
        return context | {
            "call": self.object,
            "founding": self.founding_form(context["form"]),
            "mine": list(mine),
            "crumbs": [*crumbs, (_("Apply"), "")],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if "structure" not in form.fields:
            self.founding = StructureForm(request.POST, prefix="new", use_required_attribute=False)
        founding_valid = self.founding is None or self.founding.is_valid()
        return self.form_valid(form) if form.is_valid() and founding_valid else self.form_invalid(form)

    def act(self, form: ApplyForm) -> None:
        user, data = self.request.user, form.cleaned_data
        with transaction.atomic():
            structure = data.get("structure") or found_structure(by=user, **self.founding.cleaned_data)
            self.started = submissions.start_draft(
                self.object, structure, title=data["title"], pillar=data["pillar"], by=user
            )

    def get_success_url(self) -> str:
        return url_of(self.started, "submission")


class WritePage(OwnSubmission, GuardedForm):
    """One section of an application, as a form that keeps whatever can be kept."""

    permission = "calls.edit_submission"
    template_name = "calls/applicant/section.html"
    object: Submission

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_writable(self.object):
            return redirect(url_of(self.object, "submission"))
        return super().get(request, *args, **kwargs)

    @property
    def frame(self) -> Frame:
        if not hasattr(self, "_frame"):
            self._frame = Frame(self.object)
        return self._frame

    def order(self) -> int:
        return int(self.kwargs["order"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before, here, after = self.frame.around(self.order())
        context = super().get_context_data(**kwargs)
        return context | {
            "frame": self.frame,
            "steps": self.frame.steps(),
            "total": sum(step.number > 0 for step in self.frame.steps()),
            "here": here,
            "before": before,
            "after": after,
            "people": people_of(self.object),
            "fields": self.fields(context["form"]),
            "autosaved": self.object.is_draft,
        }

    def fields(self, form: Any) -> list[dict[str, Any]]:
        """Each field with what the page says about it."""
        plain = {"saved_at": None, "version": None, "clash": None, "asked": True}
        return [{"bound": bound, "missing": self.lacks(bound), **plain} for bound in form]

    def lacks(self, bound: BoundField) -> bool:
        """Whether nothing answers a field that must be filled before handing in."""
        return not bound.value() and any(lack.field == bound.name for lack in self.frame.lacks)

    def get_success_url(self) -> str:
        """Where the button that was pressed leads."""
        before, here, after = self.frame.around(self.order())
        check = url_of(self.object, "check")
        places = {"previous": before.url if before else here.url, "next": after.url if after else check}
        return places.get(self.request.POST.get("go", ""), check if "go" in self.request.POST else here.url)


class Describe(WritePage):
    """The first section of every application: the project's name, line and pillars."""

    form_class = DescribeForm

    def order(self) -> int:
        return DESCRIPTION

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = description_of(self.object)
        return super().get_form_kwargs() | {"submission": self.object, "initial": initial}

    def act(self, form: DescribeForm) -> None:
        submissions.describe(self.object, by=self.request.user, **description_from(form))
        if form.twice():
            messages.warning(self.request, form.twice())


def description_from(form: DescribeForm) -> dict[str, Any]:
    return form.cleaned_data | {"other_pillars": list(form.cleaned_data["other_pillars"])}


class WriteSection(WritePage):
    """One section of the call's form. What can be kept is kept, even when another field is refused."""

    form_class = SectionForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.clashes: dict[int, Answer] = {}
        return super().dispatch(request, *args, **kwargs)

    def section(self) -> Section:
        if self.order() > len(self.frame.sections):
            raise Http404
        return self.frame.sections[self.order() - 1]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"section": self.section(), "filled": self.frame.filled}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        section = self.section()
        return super().get_context_data(section=section, **about_changes(self.frame, section), **kwargs)

    def fields(self, form: SectionForm) -> list[dict[str, Any]]:
        filled, asked = self.frame.filled, form.asked_keys()
        aside = filled.set_aside(asked)
        return [
            {
                "asked": q.pk in asked,
                "conditional": q.shown_if_id or q.section.shown_if_id,
                "aside": q in aside,
                "bound": form[q.field_name],
                "missing": self.lacks(form[q.field_name]),
                "saved_at": saved_at(q, filled),
                "version": self.version_of(q),
                "change": change_seen(q, self.object),
                **two_texts(self.clashes.get(q.pk), q, form.values.get(q, "")),
            }
            for q in form.questions
        ]

    def version_of(self, question: Question) -> int:
        kept = self.clashes.get(question.pk) or self.frame.filled.answers.get(question.pk)
        return kept.version if kept else 0

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.is_valid()
        before = self.frame.asked
        status = self.keep(form)
        del self._frame
        if form.errors or self.clashes:
            return self.render_to_response(self.get_context_data(form=form), status=status)
        if "go" not in request.POST:
            messages.success(request, _("Your answers are saved."))
        return redirect(self.get_success_url() if not self.asks_more(form, before) else self.request.path)

    def asks_more(self, form: SectionForm, before: set[int]) -> bool:
        """Whether what was saved asks for an answer on this very page; whatever it changes is said."""
        change = change_of(self.frame, before)
        if change:
            messages.info(self.request, change)
        return any(question.pk in self.frame.asked - before for question in form.questions)

    def keep(self, form: SectionForm) -> int:
        """Save what can be saved; what is refused becomes an error at its field. Returns the answer's status."""
        try:
            self.keep_answers(self.chosen(form), form.seen)
            keep_all_withdrawn(self.request, self.frame)
            for question, document in form.documents():
                self.keep_document(question, document)
        except DomainError as error:
            here = error.field in form.fields
            form.add_error(error.field if here else None, str(error) if here else elsewhere(error, self.frame))
            return error.status
        return 409 if self.clashes else 422

    def chosen(self, form: SectionForm) -> dict[Question, str]:
        """The answers of the form, once the writer chose between two texts: theirs is the one kept already."""
        question_id, _sep, choice = self.request.POST.get("keep", "").partition(":")
        values = dict(form.values)
        for question, value in form.values.items():
            if str(question.pk) != question_id:
                continue
            kept = Answer.objects.filter(submission=self.object, question=question).first()
            if kept and choice == "theirs":
                del values[question]
            elif kept and choice == "both":
                values[question] = joined(question, value, kept.value) or value
        return values

    def keep_answers(self, values: dict[Question, str], seen: dict[Question, int]) -> None:
        """Save the answers; those someone else changed meanwhile are left for the writer to choose."""
        try:
            submissions.save_answers(self.object, values, by=self.request.user, versions=seen)
        except submissions.AnswerConflict as conflict:
            self.clashes = {answer.question_id: answer for answer in conflict.answers}
            rest = {question: value for question, value in values.items() if question.pk not in self.clashes}
            submissions.save_answers(self.object, rest, by=self.request.user, versions=seen)

    def keep_document(self, question: Question, document: Any) -> None:
        if document is False:
            for attachment in Attachment.objects.filter(submission=self.object, question=question):
                submissions.detach(attachment, by=self.request.user)
        else:
            submissions.attach(self.object, question, document, by=self.request.user)


class Autosave(OwnSubmission, Guarded, View):
    """Keep one field as it changes, and say so as data."""

    permission = "calls.edit_submission"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        name = request.POST.get("field", "")
        try:
            answer = self.keep(name)
        except submissions.AnswerConflict as conflict:
            return self.clash(conflict.answers[0], name)
        except DomainError as error:
            status = 422 if isinstance(error, Invalid) else error.status
            return JsonResponse({"errors": [str(error)], "message": str(error)}, status=status)
        return JsonResponse({"saved_at": wording.hour(self.object.edited_at), **answer, **self.standing(name)})

    @cached_property
    def filled(self) -> Filled:
        """The form as it is answered; an answer that is kept takes its place in it."""
        return filled_form(self.object, written=True)

    @cached_property
    def frame(self) -> Frame:
        """The application once the field is kept."""
        return Frame(self.object, self.filled)

    def standing(self, name: str) -> dict[str, Any]:
        """What still lacks, as the page around the field says it."""
        field = name.removesuffix("-clear") or f"q{self.kwargs['question']}"
        steps = [{n: getattr(step, n) for n in ("place", "lacks", "words", "number")} for step in self.frame.steps()]
        said = said_of_asking(self.frame)
        return {"missing": self.frame.is_unanswered(field), "summary": self.frame.summary(), "steps": steps, **said}

    def keep(self, name: str) -> dict[str, Any]:
        if "question" in self.kwargs:
            return self.keep_answer(self.kwargs["question"], self.values(name or f"q{self.kwargs['question']}"))
        if name in DescribeForm.base_fields:
            return self.keep_description(name)
        key = name.removesuffix("-clear").removeprefix("q")
        if not (name.startswith("q") and key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        return self.keep_answer(int(key), self.values(name))

    def values(self, name: str) -> list[str]:
        return self.request.POST.getlist(name) or self.request.POST.getlist("value")

    def keep_description(self, name: str) -> dict[str, Any]:
        data = self.request.POST.copy()
        kept = DescribeForm(submission=self.object, initial=description_of(self.object))
        for other, field in kept.fields.items():
            if other != name:
                data.setlist(other, as_posted(field.prepare_value(kept.initial[other])))
        form = DescribeForm(data, submission=self.object)
        if not form.is_valid():
            raise Invalid("odd_value", next(iter(form.errors.values()))[0], field=name)
        submissions.describe(self.object, by=self.request.user, **description_from(form))
        if not form.twice():
            return {}
        others = as_posted([pillar.pk for pillar in self.object.other_pillars.all()])
        return {"note": str(form.twice()), "kept": {"other_pillars": others}}

    def keep_answer(self, pk: int, values: list[str]) -> dict[str, Any]:
        question = asked_or_withdrawn(self.filled, pk)
        if question.withdrawn_in is not None:
            return keep_withdrawn(self.object, question, values, self.request.user)
        if question.kind == Question.Kind.FILE:
            return self.keep_document(question)
        stated = self.request.POST.get("version", "")
        known = stated.isascii() and stated.isdigit() and len(stated) < 10
        seen = {question: int(stated)} if known else None
        value = posted(question, values)
        saved = submissions.save_answers(self.object, {question: value}, by=self.request.user, versions=seen)
        kept, before = saved.get(question), self.filled.asked_keys()
        if kept:
            self.filled.answers[pk] = kept
        sentence = excess(question, kept.value) if kept else ""
        change = {"note": note} if (note := change_of(self.frame, before)) else {}
        return {"version": kept.version if kept else 0, "errors": [sentence] if sentence else [], **change}

    def keep_document(self, question: Question) -> dict[str, Any]:
        upload = next(iter(self.request.FILES.values()), None)
        if upload is not None:
            submissions.attach(self.object, question, upload, by=self.request.user)
        elif self.request.POST.get("field", "").endswith("-clear"):
            for attachment in Attachment.objects.filter(submission=self.object, question=question):
                submissions.detach(attachment, by=self.request.user)
        del self.filled
        form = SectionForm(section=question.section, filled=self.filled)
        return {"control": str(form[question.field_name])}

    def clash(self, kept: Answer, name: str) -> JsonResponse:
        mine = clean_answer(kept.question, posted(kept.question, self.values(name)))
        return JsonResponse(as_data(kept, mine), status=409)
