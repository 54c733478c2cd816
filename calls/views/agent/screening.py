"""Reading what was handed in, and saying whether it is admissible."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views import View

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import Guarded, can, or_404
from bethune_smartcity.core.exports import csv_answer
from bethune_smartcity.core.language import in_each
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.views import ActionView, GuardedPage
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.lifecycle.wording import Complements, act_label, act_told
from calls.forms.running import AnswerQuestionForm, BoardFilterForm, CorrectionForm, ExtensionForm, ReasonForm
from calls.models import Clarification, Submission
from calls.operations import clarifications, extensions, screening, sealing
from calls.queries import (
    BoardFilter,
    board_calls,
    helped_by,
    next_to_screen,
    one_visible,
    submissions_for_board,
    visible_submissions,
)
from calls.queries.board import countries_of, journal_of, unanswered
from calls.queries.resemblance import count_pairs, pairs_with
from calls.queries.submissions import COLUMNS
from calls.reading import parts_of
from calls.workflow import SubmissionState
from pillars.models import Pillar
from pillars.queries import OF_A_CHIP, as_chips

from .frame import PER_PAGE, OnCall, OnSubmission, board_url
from .rows import export_rows, header, list_rows


class Filtered(OnCall):
    """A view of the applications an agent asked for by filters in the address."""

    def asked(self) -> tuple[BoardFilterForm, BoardFilter]:
        form = BoardFilterForm(self.request.GET, call=self.object, codes=countries_of(self.object))
        form.is_valid()
        return form, BoardFilter(**{name: value for name, value in form.cleaned_data.items() if value})


class Applications(Filtered, GuardedPage):
    """What was handed in, filtered, sorted, fifty at a time."""

    permission = "calls.screen_call"
    template_name = "calls/agent/submissions.html"
    page_name = gettext_lazy("Applications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, asked = self.asked()
        found = submissions_for_board(self.request.user, self.object, asked)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        rows = list_rows(page.object_list.values(*COLUMNS))
        context = {"form": form, "page": page, "heads": self.heads(asked), "query": self.query()}
        context["twins"] = count_pairs(self.object)
        return super().get_context_data(rows=rows, **context, **kwargs)

    def query(self, **changed: str) -> str:
        """The present filters as a query string, with some of them changed."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changed.items():
            query[name] = value
        return query.urlencode()

    def heads(self, asked: BoardFilter) -> list[dict[str, Any]]:
        """The columns one may sort by: their name, where they lead, and how they are sorted now."""
        names = {"number": _("No."), "title": _("Project"), "submitted_at": _("Submitted")}
        return [self.head(name, label, asked.sort) for name, label in names.items()]

    def head(self, name: str, label: str, sort: str) -> dict[str, Any]:
        order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        following = f"-{name}" if order == "ascending" else name
        return {"name": name, "label": label, "order": order, "query": self.query(sort=following)}


class Export(Filtered, Guarded, View):
    """The same list as a table, all pages of it; the journal says how many applications left."""

    permission = "calls.screen_call"
    http_method_names = ["get"]

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        call, user = self.object, self.request.user
        sealing.check_open(call)
        _form, asked = self.asked()
        found = submissions_for_board(user, call, asked)
        record(call, "export", by=user, data={"applications": found.count()})
        return csv_answer(f"{call.slug}-candidatures", header(), export_rows(found.values(*COLUMNS)))


class Next(OnCall, Guarded, View):
    """Open the next application to examine, after the one named in the address; the list when none waits."""

    permission = "calls.screen_call"
    http_method_names = ["get"]

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        following = next_to_screen(self.request.user, self.object, self.request.GET.get("after", "")[:16])
        if following is None:
            messages.info(self.request, _("Nothing else waits to be examined."))
            return redirect(board_url(self.object, "board-submissions"))
        return redirect("calls:screen", pk=following.pk)


# What tells the phase of a call, and until when it takes answers.
DATES = ("announced_at", "opens_at", "closes_at", "results_at", "archived_at", "grace_minutes", "sealed", "unsealed_at")
# What the page of an application reads: all of it, and little of what it belongs to.
READ = (
    *(field.attname for field in Submission._meta.concrete_fields),
    *(f"structure__{name}" for name in ("name", "country", "kind", "registration_number", "city", "website")),
    *(f"pillar__{name}" for name in OF_A_CHIP),
    *(f"call__{name}" for name in ("slug", "title", *in_each("title"), *DATES)),
)

read_submission = one_visible(*READ)
OTHER_PILLARS = Compiled(
    lambda submission: as_chips(Pillar.objects.filter(also_submissions=submission)), submission=Submission._meta.pk
)


class Screen(OnSubmission, GuardedPage):
    """One application, to read; beside it what may be decided."""

    permission = "calls.screen_submission"
    template_name = "calls/agent/screen.html"

    def fetch(self) -> Submission:
        """As elsewhere, without the long texts of its call and its pillar: the page tells none of them."""
        return or_404(read_submission(self.request.user, self.kwargs["pk"]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission, call = self.object, self.object.call
        parts = parts_of(submission)
        waiting = submission.state == SubmissionState.SUBMITTED
        lines = list(journal_of(submission))
        crumbs = [
            (_("My calls"), reverse("calls:boards")),
            (call.title, board_url(call)),
            (_("Applications"), board_url(call, "board-submissions")),
            (submission.number, ""),
        ]
        return super().get_context_data(
            submission=submission,
            call=call,
            crumbs=crumbs,
            parts=parts,
            other_pillars=OTHER_PILLARS.fetch(submission=submission.pk),
            decidable=waiting and not submission.accepts_at(clock.now()),
            waiting=waiting,
            extendable=waiting and call.unsealed_at is None,
            awaited=submission.correction_until is not None and clock.now() < submission.correction_until,
            sent_back=sent_back(lines),
            structure=structure_facts(submission.structure),
            refusal=ReasonForm(),
            correction=CorrectionForm(parts=parts),
            twins=pairs_with(self.request.user, submission),
            journal=told_journal(lines, self.request.user),
            **kwargs,
        )


def sent_back(lines: Iterable[JournalEntry]) -> datetime | None:
    """When the last correction asked for came back, from the last lines, newest first; None where it did not."""
    last = next((line for line in lines if line.verb in {"ask_for_correction", "send_correction"}), None)
    return last.at if last is not None and last.verb == "send_correction" else None


def structure_facts(structure: Structure) -> list[tuple[str, str]]:
    """What a structure says of itself, for those who examine whether it may apply."""
    facts = [
        (pgettext("of a structure", "Kind"), structure.get_kind_display()),
        (_("Registration number"), structure.registration_number),
        (_("Town"), structure.city),
        (_("Website"), structure.website),
    ]
    return [fact for fact in facts if fact[1]]


def told_journal(lines: Sequence[JournalEntry], viewer: Any) -> list[tuple[Any, str]]:
    """The lines about an application, each with what was done in words, as `viewer` may know it."""
    complements = Complements(lines, viewer)
    return [(line, act_told(act_label(Submission, line.verb), complements.of(line, Submission))) for line in lines]


class ScreeningAct(OnSubmission):
    """A decision on one application; the next one waiting opens after it."""

    permission = "calls.screen_submission"
    object: Submission

    def get_back_url(self) -> str:
        return reverse("calls:screen", kwargs={"pk": self.object.pk})

    def get_success_url(self) -> str:
        following = next_to_screen(self.request.user, self.object.call, self.object.number or "")
        if following is None:
            return board_url(self.object.call, "board-submissions")
        return reverse("calls:screen", kwargs={"pk": following.pk})


class Admit(ScreeningAct, ActionView):
    form_class = forms.Form
    title = gettext_lazy("Declare admissible")
    consequence = gettext_lazy("The jury will read it, and the applicants are told.")
    done_message = gettext_lazy("The application is admissible. Here is what waits next.")

    def act(self, form: Any) -> None:
        screening.admit(self.object, by=self.request.user)


class Refuse(ScreeningAct, ActionView):
    form_class = ReasonForm
    title = gettext_lazy("Declare not admissible")
    consequence = gettext_lazy("The applicants are told, with the reason you give. Nobody examines it further.")
    tone = "danger"
    done_message = gettext_lazy("The application is not admissible. Here is what waits next.")

    def act(self, form: Any) -> None:
        screening.refuse(self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class AskCorrection(ScreeningAct, ActionView):
    form_class = CorrectionForm
    title = gettext_lazy("Ask for a correction")
    consequence = gettext_lazy(
        "The applicants are told; they can change the answers you tick, and no other, until the instant you give."
    )
    done_message = gettext_lazy("The correction is asked for. Here is what waits next.")

    def act(self, form: Any) -> None:
        screening.ask_for_correction(self.object, by=self.request.user, **form.cleaned_data)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"parts": parts_of(self.object)}


class Extend(OnSubmission, ActionView):
    """Give one application more time. Of a draft, or under seal, the page says no more than whose it is."""

    permission = "calls.extend_submission"
    form_class = ExtensionForm
    title = gettext_lazy("Give more time")
    button = gettext_lazy("Give this time")
    done_message = gettext_lazy("The time is given, and its people are told.")
    object: Submission

    def fetch(self) -> Submission:
        known = [found.values("pk") for found in (helped_by(self.request.user), visible_submissions(self.request.user))]
        return get_object_or_404(
            Submission.objects.filter(Q(pk__in=known[0]) | Q(pk__in=known[1])).select_related("call", "structure"),
            pk=self.kwargs["pk"],
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        extensions.check_extendable(self.object)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        given, now = self.object, {"until": self.object.extended_until, "reason": self.object.extension_reason}
        return super().get_form_kwargs() | {"initial": now if given.extended_until else {}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"structure": self.object.structure.name, "when": wording.deadline(self.object.call.closes_at)}
        sentence = _(
            "%(structure)s may write, submit, change or withdraw its application until the instant you give. Its "
            "people are told, with the reason; everyone else goes on reading the same close: %(when)s."
        )
        return super().get_context_data(**kwargs) | {"consequence": sentence % words}

    def act(self, form: Any) -> None:
        extensions.extend(self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        if can(self.request.user, "calls.screen_submission", self.object):
            return reverse("calls:screen", kwargs={"pk": self.object.pk})
        return board_url(self.object.call, "board-drafts")


class Questions(OnCall, GuardedPage):
    """The questions that wait for an answer, each with its form."""

    permission = "calls.answer_questions"
    template_name = "calls/agent/questions.html"
    page_name = gettext_lazy("Questions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(unanswered(self.object), PER_PAGE).get_page(self.request.GET.get("page"))
        rows = [(question, AnswerQuestionForm(auto_id=f"id_{question.pk}_%s")) for question in page.object_list]
        answered = Clarification.objects.filter(call=self.object, answered_at__isnull=False)
        return super().get_context_data(page=page, rows=rows, answered=answered.order_by("-answered_at")[:20], **kwargs)


class AnswerQuestion(ActionView):
    """Answer one question for all."""

    permission = "calls.answer_clarification"
    form_class = AnswerQuestionForm
    title = gettext_lazy("Answer a question")
    button = gettext_lazy("Publish the answer")
    done_message = gettext_lazy("The answer is public.")

    def fetch(self) -> Clarification:
        visible = Clarification.objects.filter(call__in=board_calls(self.request.user)).select_related("call")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"consequence": self.object.text}

    def act(self, form: Any) -> None:
        clarifications.answer(self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return board_url(self.object.call, "board-questions")
