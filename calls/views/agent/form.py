"""The form of a call on its board: how it is asked, what is prepared to change, what its readers will be told."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bethune_smartcity.core import wording
from bethune_smartcity.core.access import can
from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.language import page_language
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from bethune_smartcity.notifications.mails import body_of
from calls import notices
from calls.forms.composing import AddForm, ChangeForm
from calls.forms.running import PublicReasonForm
from calls.models import Call, FormChange, Question, QuestionEdit, Section
from calls.operations import form_changes
from calls.phases import Phase
from calls.queries.board import reached_by_form
from calls.wordings import Change, languages_left, last_change, with_columns

from .frame import OnCall, board_url

CONFIGURE = "calls.configure_call"


@dataclass(frozen=True)
class Line:
    """A question of the form: as it is asked, what changed it last, what is prepared for it."""

    question: Question
    edit: QuestionEdit | None = None
    prepared: Change | None = None

    @property
    def left(self) -> str:
        """The names of the languages that what is prepared forgets."""
        made = self.prepared
        codes = languages_left(made.before, made.after) if made and made.before and made.after else []
        return ", ".join(own_name(code) for code in codes)

    @property
    def last(self) -> Change | None:
        return last_change(self.question)


class FormPage(OnCall, GuardedPage):
    """The form as it is asked, question by question; while the call is open, what is prepared, and its publication."""

    permission = "calls.see_call_board"
    template_name = "calls/agent/form.html"
    page_name = gettext_lazy("Form")

    @cached_property
    def edits(self) -> list[QuestionEdit]:
        return form_changes.edits_of(self.object)

    def sections(self) -> list[tuple[Section, list[Line], list[Line]]]:
        """Each section that asks something, with its questions and those prepared to be added."""
        prepared = {edit.question_id: edit for edit in self.edits if edit.question_id}
        asked: dict[Section, list[Line]] = {}
        form = Question.objects.filter(section__call=self.object).select_related("section", "shown_if")
        for question in form.order_by("section__order", "section", "order", "pk"):
            asked.setdefault(question.section, []).append(line_of(question, prepared.get(question.pk)))
        added = [edit for edit in self.edits if edit.question_id is None]
        return [(s, lines, [added_line(e) for e in added if e.section_id == s.pk]) for s, lines in asked.items()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, may = self.object, can(self.request.user, CONFIGURE, self.object)
        return super().get_context_data(
            sections=self.sections(),
            edits=self.edits,
            past=FormChange.objects.filter(call=call).select_related("by").order_by("-number"),
            is_open=call.phase == Phase.OPEN,
            may_change=may and call.phase == Phase.OPEN,
            may_configure=may,
            may_screen=can(self.request.user, "calls.screen_call", call),
            **kwargs,
        )


def line_of(question: Question, edit: QuestionEdit | None) -> Line:
    return Line(question, edit, form_changes.change_of(edit) if edit else None)


def added_line(edit: QuestionEdit) -> Line:
    change = form_changes.change_of(edit)
    return Line(change.question, edit, change)


def told_words(drafts: int, handed_in: int) -> str:
    """How many applications will be told, in words."""
    parts = [
        ngettext("%(n)d draft", "%(n)d drafts", drafts) % {"n": drafts},
        ngettext("%(n)d application submitted", "%(n)d applications submitted", handed_in) % {"n": handed_in},
    ]
    return _("%(one)s and %(other)s") % {"one": parts[0], "other": parts[1]}


class Preparing(OnCall):
    """A page on which one change is prepared."""

    permission = CONFIGURE
    object: Call
    request: HttpRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form_changes.check_form_open(self.object)
        return super().get(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def crumbs(self) -> list[tuple[str, str]]:
        *trail, last = super().crumbs()
        return [*trail, (_("Form"), self.get_success_url()), last]

    def get_success_url(self) -> str:
        return board_url(self.object, "board-form")

    @cached_property
    def question(self) -> Question:
        asked = Question.objects.filter(section__call=self.object).select_related("section__call")
        return get_object_or_404(asked, pk=self.kwargs["question"])

    def edits(self) -> QuerySet[QuestionEdit]:
        return QuestionEdit.objects.filter(section__call=self.object).select_related("section__call", "question")


class Publish(Preparing, GuardedForm):
    """What will be told to whom, and why: then the form changes."""

    form_class = PublicReasonForm
    template_name = "calls/agent/form_publish.html"
    page_name = gettext_lazy("Publish the changes")
    done_message = gettext_lazy("The form is changed, and those who apply are told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        made = [form_changes.change_of(edit) for edit in form_changes.edits_of(call)]
        context = super().get_context_data(**kwargs)
        reason = context["form"]["reason"].value() or _("(the reason you give)")
        subject, body = notices.sample_of_change(call, made, str(reason), page_language())
        return context | {
            "changes": made,
            "preview": {"subject": subject, "body": body_of(body)},
            "closes": wording.deadline(call.closes_at),
            "told": told_words(*reached_by_form(call)),
        }

    def act(self, form: PublicReasonForm) -> None:
        form_changes.publish_changes(self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class ChangeQuestion(Preparing, GuardedForm):
    """Ask a question otherwise: as it is asked now, and as it was prepared already."""

    form_class = ChangeForm
    template_name = "calls/agent/form_question.html"
    page_name = gettext_lazy("Change a question")
    done_message = gettext_lazy("The change is prepared: nobody is told until you publish it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        edit = self.edits().filter(question=self.question, withdraws=False).first()
        asked = with_columns(self.question, edit.columns if edit else {})
        return super().get_form_kwargs() | {"call": self.object, "instance": asked}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"question": self.question, "section": self.question.section}

    def act(self, form: ChangeForm) -> None:
        form_changes.prepare_change(self.question, by=self.request.user, **form.columns())


class AddQuestion(Preparing, GuardedForm):
    form_class = AddForm
    template_name = "calls/agent/form_question.html"
    page_name = gettext_lazy("Add a question")
    done_message = gettext_lazy("The question is prepared: nobody is told until you publish it.")

    @cached_property
    def section(self) -> Section:
        return get_object_or_404(Section.objects.select_related("call"), call=self.object, pk=self.kwargs["section"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"call": self.object, "instance": Question(section=self.section)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"section": self.section}

    def act(self, form: AddForm) -> None:
        form_changes.prepare_question(self.section, by=self.request.user, **form.columns())


class WithdrawQuestion(Preparing, ActionView):
    form_class = forms.Form
    title = page_name = gettext_lazy("Withdraw a question")
    button = gettext_lazy("Prepare the withdrawal")
    done_message = gettext_lazy("The withdrawal is prepared: nobody is told until you publish it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sentence = _(
            "“%(question)s” will no longer be asked once this is published. Applications already submitted keep their "
            "answers; those who prepare one keep what they wrote before their eyes, and do not submit it."
        )
        return super().get_context_data(**kwargs) | {"consequence": sentence % {"question": self.question.label}}

    def act(self, form: Any) -> None:
        form_changes.prepare_withdrawal(self.question, by=self.request.user)


class DropEdit(Preparing, ActionView):
    form_class = forms.Form
    title = page_name = gettext_lazy("Give up a prepared change")
    consequence = gettext_lazy("The question stays as it is asked now. Nobody was told of the change.")
    button = gettext_lazy("Give it up")
    done_message = gettext_lazy("The prepared change is given up.")

    @cached_property
    def edit(self) -> QuestionEdit:
        return get_object_or_404(self.edits(), pk=self.kwargs["edit"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.edit  # noqa: B018 an unknown one is not found
        return super().get(request, *args, **kwargs)

    def act(self, form: Any) -> None:
        form_changes.drop_edit(self.edit, by=self.request.user)
