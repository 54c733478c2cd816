"""Calls as anyone may read them: the list, one call, its questions and its rules."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import PublicPage, or_404
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.framed import Framed
from bethune_smartcity.core.structured import Thing, event, service
from calls.models import Call, CallDate
from calls.operations import clarifications
from calls.phases import Phase, phase_at
from calls.queries import public_calls
from calls.queries.page import (
    LATEST_ANSWERS,
    Date,
    answered_questions,
    calendar_of,
    call_to_read,
    eligibility_of,
    grids_of,
    own_application,
    prizes_of,
    rules_in_force,
    waiting_questions,
)
from calls.sequels import links_open, summaries_of

PAGE = 50


class QuestionForm(forms.Form):
    """A question about a call, answered for all to read."""

    text = forms.CharField(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy("The question and its answer are public; your name is not. 2,000 characters at most."),
        max_length=clarifications.MAX_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write your question.")},
    )


class Calls(Framed, TemplateView):
    kept_by = ("page",)
    template_name = "calls/public/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = clock.now()
        calls = public_calls(moment)
        past = Paginator(calls.past, PAGE).get_page(self.request.GET.get("page"))
        summaries = summaries_of(past, moment)
        for call in past:
            call.summed_up = summaries.get(call.pk)
        return super().get_context_data(calls=calls, past=past, crumbs=[(_("Calls"), "")], **kwargs)


class OneCall(PublicPage):
    """A page about the call of the address, if this visitor may open it."""

    kwargs: dict[str, Any]
    request: Any

    @cached_property
    def call(self) -> Call:
        return or_404(call_to_read(self.request.user, self.kwargs["slug"]))

    def crumbs(self, *rest: tuple[str, str]) -> list[tuple[str, str]]:
        own = (self.call.short_title, self.call.get_absolute_url() if rest else "")
        return [(_("Calls"), reverse("calls:list")), own, *rest]


class CallPage(Framed, OneCall, TemplateView):
    template_name = "calls/public/call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, moment = self.call, clock.now()
        prizes, calendar = prizes_of(call), calendar_of(call, moment)
        links = links_open(call, moment)
        return super().get_context_data(
            call=call,
            crumbs=self.crumbs(),
            things=[thing_of(call), *events_of(call, calendar)],
            phase=(phase := phase_at(call, moment)),
            has_results=phase in {Phase.PUBLISHED, Phase.ARCHIVED},
            prizes=prizes,
            promised=sum(prize.amount or 0 for prize in prizes),
            money_prizes=sum(1 for prize in prizes if prize.amount),
            closes_words=wording.day_and_hour(wording.last_minute(call.closes_at)),
            questions_words=wording.day(wording.last_minute(call.takes_questions_until)),
            sequels=[link for link in links if not link.is_aside],
            asides=[link for link in links if link.is_aside],
            grids=grids_of(call),
            eligibility=eligibility_of(call) if call.decides else [],
            calendar=calendar,
            form_changes=call.form_changes.order_by("number") if call.form_number else (),
            answers=answered_questions(call)[:LATEST_ANSWERS] if call.answered else (),
            takes_questions=takes_questions(call),
            own=own_application(call, self.request.user),
            follows=call.is_followed,
            **kwargs,
        )


class Questions(OneCall, FormView):
    """What was asked and answered, and the form to ask."""

    kept_by = ("page",)
    form_class = QuestionForm
    template_name = "calls/public/questions.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: QuestionForm) -> HttpResponse:
        language = get_language() or "fr"
        try:
            clarifications.ask(self.call, form.cleaned_data["text"], by=self.request.user, language=language)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=error.status, headers=error.headers)
        messages.success(self.request, _("Your question is sent. Its answer will be public here, and mailed to you."))
        return super().form_valid(form)

    def form_invalid(self, form: QuestionForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        return reverse("calls:questions", args=[self.call.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.call
        answers = Paginator(answered_questions(call), PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            call=call,
            crumbs=self.crumbs((_("Questions and answers"), "")),
            answers=answers,
            waiting=waiting_questions(call, self.request.user)[:PAGE],
            takes_questions=takes_questions(call),
            why_none=why_no_questions(call),
            **kwargs,
        )


class Rules(OneCall, TemplateView):
    """The rules in force, and the versions before them."""

    kept_by = ("version",)
    template_name = "calls/public/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(rules_in_force(self.call, clock.today()))
        number = self.request.GET.get("version", "")
        chosen = [version for version in versions if not number or str(version.number) == number]
        if not chosen:
            raise Http404
        return super().get_context_data(
            call=self.call,
            crumbs=self.crumbs((_("Rules"), "")),
            version=chosen[0],
            versions=versions,
            **kwargs,
        )


def thing_of(call: Call) -> Thing:
    """The call for machines: what the city offers, for whom, and until when."""
    return service(
        call.title,
        url=call.get_absolute_url(),
        opens=call.opens_exactly or call.opens_month,
        closes=call.closes_at,
        about=call.summary,
        serviceType=_("Call for projects"),
        audience={"@type": "Audience", "audienceType": call.audience},
    )


def events_of(call: Call, calendar: Iterable[Date]) -> Iterator[Thing]:
    """The steps of the calendar of `call` that the public may come to or follow, for machines."""
    for line in calendar:
        step = line.step
        if step and step.is_somewhere and step.attendance != CallDate.Attendance.INVITATION:
            yield event(
                step.label,
                url=call.get_absolute_url(),
                starts=step.at if step.with_time else step.first_day,
                ends=step.ends_at if step.with_time else step.last_day,
                about=call.title,
                place=step.place,
                online=step.online_at,
                eventStatus="https://schema.org/EventScheduled",
                potentialAction={"@type": "RegisterAction", "target": step.register_at} if step.register_at else {},
            )


def takes_questions(call: Call) -> bool:
    """Whether a question may be asked at the present instant."""
    return call.phase in {Phase.ANNOUNCED, Phase.OPEN} and clock.now() < call.takes_questions_until


def why_no_questions(call: Call) -> str:
    """Since when no question may be asked, or from when one will; for a call that takes none at present."""
    if call.phase == Phase.DRAFT:
        if call.announced_at is None:
            return _("Questions will be taken once the call is announced.")
        return _("Questions will be taken from %(day)s.") % {"day": wording.day(call.announced_at)}
    until = call.takes_questions_until
    if clock.now() < until:
        return _("Questions are no longer taken.")
    last = wording.day(wording.last_minute(until))
    return _("Questions are no longer taken: the last day was %(day)s.") % {"day": last}
