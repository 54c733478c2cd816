"""Writing an application, section by section."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.unreceived import Unreceived, kept_for, tell_lost
from bethune_smartcity.core.views import GuardedForm
from calls.answers import joined
from calls.forms.applying import DescribeForm
from calls.forms.documents import SentDocument
from calls.forms.section import SectionForm, seen_in
from calls.models import Answer, Attachment, Question, Section, Submission
from calls.operations import submissions
from calls.operations.closing import is_writable
from calls.operations.submissions import description_of
from calls.queries.corrections import STRUCTURE
from calls.reading import said_of

from .asking import as_posted, barred, change_of, document_seen, elsewhere, kept_in, saved_at, with_a_row
from .changes import about_changes, change_seen, keep_all_withdrawn
from .clashes import in_words, two_descriptions, two_texts
from .frame import DESCRIPTION, Frame, OwnSubmission, url_of
from .late import Late, as_form, chosen, late_answers, late_description, with_taken
from .together import together


class WritePage(OwnSubmission, GuardedForm):
    """One section of an application, as a form that keeps whatever can be kept."""

    permission = "calls.edit_submission"
    template_name = "calls/applicant/section.html"
    object: Submission
    # What is sent to it after a session has ended is shown again, once one is signed in.
    keeps_unreceived = True
    # Whether some of what was sent is kept, beside what is refused.
    is_kept_in_part = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_writable(self.object):
            return redirect(url_of(self.object, "submission"))
        tell_lost(request)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs | ({"data": with_taken(self.request, kwargs["data"])} if "data" in kwargs else {})

    def late(self) -> dict[str, Late]:
        """What was sent here after the session had ended and is not what is kept, by field."""
        chosen(self.request)
        sent = kept_for(self.request)
        return self.late_in(sent) if sent else {}

    def late_in(self, sent: Unreceived) -> dict[str, Late]:
        raise NotImplementedError(f"{type(self).__name__} has no late_in()")

    @property
    def frame(self) -> Frame:
        if not hasattr(self, "_frame"):
            self._frame = Frame(self.object)
        return self._frame

    def order(self) -> int:
        return int(self.kwargs["order"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before, here, after = self.frame.around(self.order())
        context, late = super().get_context_data(**kwargs), self.late()
        return context | {
            "frame": self.frame,
            "steps": self.frame.steps,
            "total": sum(step.number > 0 for step in self.frame.steps),
            "here": here,
            "before": before,
            "after": after,
            "together": together(self.frame, self.request.user, self.order()),
            "fields": [row | {"late": late.get(row["bound"].name)} for row in self.fields(context["form"])],
            "autosaved": self.object.is_draft,
            "unchanged": self.unchanged(),
            "structure_opened": STRUCTURE in (self.frame.opened or ()),
        }

    def unchanged(self) -> str:
        """What heads the errors of an edit of which nothing was kept: what was handed in stands. Empty for a draft."""
        if self.object.is_draft or self.is_kept_in_part:
            return ""
        return _("Nothing has been changed: what you submitted stays as it is.")

    def fields(self, form: Any) -> list[dict[str, Any]]:
        """Each field with what the page says about it."""
        plain = {"saved_at": None, "version": None, "clash": None, "asked": True}
        return [{"bound": bound, "missing": self.lacks(bound), "stays": self.stays(bound), **plain} for bound in form]

    def stays(self, bound: BoundField) -> bool:
        """Whether a field is shown to be read: the correction is about others. One refused shows what was typed."""
        return not self.frame.is_open(bound.name) and not bound.errors

    def lacks(self, bound: BoundField) -> bool:
        """Whether nothing answers a field that must be filled before handing in."""
        return not bound.value() and any(lack.field == bound.name for lack in self.frame.lacks)

    def get_success_url(self) -> str:
        """Where the button that was pressed leads."""
        before, here, after = self.frame.around(self.order())
        check = url_of(self.object, "check")
        places = {"previous": before.url if before else here.url, "next": after.url if after else check}
        place = places.get(self.request.POST.get("go", ""), check if "go" in self.request.POST else here.url)
        return self.saved(place)

    def saved(self, place: str) -> str:
        """The address `place`, to go to after a save: where the form is saved as a whole, it tells the script so."""
        chosen(self.request)
        return place if self.object.is_draft else f"{place}#saved"


class Describe(WritePage):
    """The first section of every application: the project's name, line and pillars."""

    form_class = DescribeForm
    clash: submissions.DescriptionConflict | None = None

    def order(self) -> int:
        return DESCRIPTION

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = description_of(self.object)
        kwargs = super().get_form_kwargs() | {"submission": self.object, "initial": initial}
        if "data" in kwargs:
            sent, kept = kwargs["data"], DescribeForm(submission=self.object, initial=initial)
            absent = [name for name in kept.fields if name not in sent and not self.frame.is_open(name)]
            kwargs["data"] = with_kept(sent, kept, absent)
        return kwargs

    def late_in(self, sent: Unreceived) -> dict[str, Late]:
        form = DescribeForm(as_form(sent), submission=self.object)
        return late_description(sent, form, description_of(self.object), self.frame.is_open)

    def fields(self, form: Any) -> list[dict[str, Any]]:
        """Each field, and as text what a correction leaves as it is."""
        described = description_of(self.object)
        return [row | self.about(row["bound"].name, form, described) for row in super().fields(form)]

    def about(self, name: str, form: DescribeForm, described: dict[str, Any]) -> dict[str, Any]:
        """What the page tells of the part `name`: what is kept, its version, both texts when two people wrote it."""
        clashes = two_descriptions(self.object, name, form.cleaned_data[name]) if self.is_disputed(name) else {}
        said = in_words(described[name])
        return {"said": {"text": said, "is_empty": not said}, "version": self.object.version_of(name), **clashes}

    def is_disputed(self, name: str) -> bool:
        return self.clash is not None and name in self.clash.names

    def form_valid(self, form: DescribeForm) -> HttpResponse:
        try:
            self.keep(form)
        except DomainError as error:
            return self.refused(form, error)
        if self.clash:
            return self.render_to_response(self.get_context_data(form=form), status=409)
        if form.twice():
            messages.warning(self.request, form.twice())
        return redirect(self.get_success_url())

    def keep(self, form: DescribeForm) -> None:
        """Save the description; the parts someone else changed meanwhile are left for the writer to choose."""
        values, seen = description_from(form), seen_in(self.request.POST, form.fields)
        name, _sep, choice = self.request.POST.get("keep", "").partition(":")
        kept = description_of(self.object)
        if choice == "theirs" and name in kept:
            values[name] = kept[name]
        try:
            submissions.describe(self.object, by=self.request.user, versions=seen, **values)
        except submissions.DescriptionConflict as conflict:
            self.clash, theirs = conflict, description_of(conflict.held)
            values |= {name: theirs[name] for name in conflict.names}
            submissions.describe(self.object, by=self.request.user, versions=seen, **values)
            self.object.refresh_from_db()


def with_kept(sent: Any, kept: DescribeForm, names: Iterable[str]) -> Any:
    """What was `sent`, with the fields `names` as the form `kept` holds them."""
    data = sent.copy()
    for name in names:
        data.setlist(name, as_posted(kept.fields[name].prepare_value(kept.initial[name])))
    return data


def description_from(form: DescribeForm) -> dict[str, Any]:
    return form.cleaned_data | {"other_pillars": list(form.cleaned_data["other_pillars"])}


class WriteSection(WritePage):
    """One section of the call's form. What can be kept is kept, even when another field is refused."""

    form_class = SectionForm
    # Where no script sends each alone, all of a section's come at once.
    documents = 10

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.clashes: dict[int, Answer] = {}
        return super().dispatch(request, *args, **kwargs)

    def section(self) -> Section:
        if self.order() > len(self.frame.sections):
            raise Http404
        return self.frame.sections[self.order() - 1]

    def get_form_kwargs(self) -> dict[str, Any]:
        more = self.request.POST.get("more") or self.request.GET.get("more", "")
        read = {"section": self.section(), "filled": self.frame.filled, "opened": self.frame.opened}
        return super().get_form_kwargs() | read | {"more": more}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        section = self.section()
        return super().get_context_data(section=section, **about_changes(self.frame, section), **kwargs)

    def late_in(self, sent: Unreceived) -> dict[str, Late]:
        read = {"section": self.section(), "filled": self.frame.filled, "opened": self.frame.opened}
        return late_answers(sent, SectionForm(as_form(sent), **read))

    def fields(self, form: SectionForm) -> list[dict[str, Any]]:
        filled, asked = self.frame.filled, form.asked_keys()
        aside = filled.set_aside(asked)
        return [
            {
                "asked": q.pk in asked,
                "conditional": q.shown_if_id or q.section.shown_if_id,
                "aside": q in aside,
                "bound": form[q.field_name],
                "stays": self.stays(form[q.field_name]),
                "said": said_of(q, filled),
                "missing": self.lacks(form[q.field_name]),
                "saved_at": saved_at(q, filled, form),
                "warning": form.barring(q) if q.pk in asked else "",
                "version": self.version_of(q),
                "change": change_seen(q, self.object),
                **two_texts(self.clashes.get(q.pk), q, form.values.get(q, "")),
            }
            for q in form.questions
        ]

    def version_of(self, question: Question) -> int | None:
        """The version of its answer; of a document, its key; None where several are kept, each by its own."""
        if question.kind == Question.Kind.FILE:
            return document_seen(self.frame.filled, question)
        kept = self.clashes.get(question.pk) or self.frame.filled.answers.get(question.pk)
        return kept.version if kept else 0

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.is_valid()
        before, filled = self.frame.asked, self.frame.filled
        status = self.keep(form)
        del self._frame
        self.is_kept_in_part = kept_in(self.frame.filled) != kept_in(filled)
        if form.errors or self.clashes:
            form.read_again(self.frame.filled)
            return self.render_to_response(self.get_context_data(form=form), status=status)
        if "go" not in request.POST:
            messages.success(request, _("Your answers are saved."))
        for sentence in barred(self.frame, form.questions, filled):
            messages.warning(request, sentence)
        again = self.asks_more(form, before)
        if form.more:
            return redirect(with_a_row(self.request.path, form.more))
        return redirect(self.saved(self.request.path) if again else self.get_success_url())

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
            for sent in form.documents():
                self.keep_document(sent)
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

    def keep_document(self, sent: SentDocument) -> None:
        if sent.document is False:
            take_off(self.object, sent.question, sent.seen, by=self.request.user)
        else:
            submissions.attach(self.object, sent.question, sent.document, by=self.request.user, seen=sent.seen)


def take_off(submission: Submission, question: Question, seen: int | None, *, by: Any) -> None:
    """Take the document of `question` off: of several, the one of the key `seen`. One gone already is no fault."""
    named = {"pk": seen} if question.takes_several else {}
    for attachment in Attachment.objects.filter(submission=submission, question=question, **named):
        submissions.detach(attachment, by=by, seen=seen)
