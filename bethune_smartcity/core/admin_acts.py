"""Operations as acts of the back office: on one row from its page, on several from their list, row by row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .access import can, remembered
from .errors import Conflict, DomainError
from .text import validate_plain

PREVIEWED = 20


class ReasonForm(forms.Form):
    """Why, in words the people concerned will read."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, validators=[validate_plain]
    )


@dataclass(frozen=True)
class Act:
    """One operation offered in the back office: `run(row, by=user, **what the form asks)`.

    `permission` is asked about the row (or what `subject` leads to) before the act is offered; the operation asks it
    again. With `sources`, the act is offered from those states only. `alone` keeps it to one row at a time, of which
    `given` tells what the form is made from; `final` is for what cannot be undone.
    """

    name: str
    label: Any
    run: Callable[..., Any]
    permission: str
    form: type[forms.Form] = forms.Form
    consequence: Any = ""
    sources: frozenset[str] | None = None
    subject: str = ""
    alone: bool = False
    final: bool = False
    offered: Callable[[Any], bool] | None = None
    given: Callable[[Any], dict[str, Any]] | None = None

    def suits(self, row: Any) -> bool:
        """Whether the state of `row` lets the act be offered."""
        if self.sources is not None and row.state not in self.sources:
            return False
        return self.offered is None or self.offered(row)

    def allowed(self, request: HttpRequest, row: Any) -> bool:
        return remembered(request, self.permission, attrgetter(self.subject)(row) if self.subject else row)


def act_of(workflow: Any, name: str, run: Callable[..., Any], **options: Any) -> Act:
    """The act of a workflow's transition: its label, permission, sources, and its reason where one is due."""
    transition = workflow[name]
    if transition.needs_reason:
        options.setdefault("form", ReasonForm)
    return Act(name, transition.label, run, transition.permission, sources=transition.sources, **options)


class ActsMixin:
    """What an admin screen needs to offer `acts`."""

    acts: ClassVar[tuple[Act, ...]] = ()
    # The right to act on such rows at all, asked about no object; the door when it is not named.
    acts_door: ClassVar[str] = ""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"  # type: ignore[attr-defined]
        view = self.admin_site.admin_view(self.act_view)  # type: ignore[attr-defined]
        return [path("<path:object_id>/act/<slug:act>/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)  # type: ignore[misc]
        actions.pop("delete_selected", None)
        offered = [act for act in self.acts if not act.alone and self.works_here(request)]
        return actions | {act.name: (partial(start, act), act.name, act.label) for act in offered}

    def works_here(self, request: HttpRequest) -> bool:
        """Whether this person carries out acts on such rows at all."""
        return can(request.user, self.acts_door or self.door)  # type: ignore[attr-defined]

    def response_action(self, request: Any, queryset: Any, *args: Any) -> HttpResponse | None:
        """Acts on the rows that were ticked; what is no identifier is passed over."""
        field = self.opts.pk  # type: ignore[attr-defined]
        ticked = [key for key in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME) if is_key(field, key)]
        posted: Any = request.POST.copy()
        posted.setlist(helpers.ACTION_CHECKBOX_NAME, ticked)
        request.POST = posted
        return super().response_action(request, queryset, *args)  # type: ignore[misc]

    def open_acts(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The acts to offer on the page of `row`: label and address."""
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}_act"  # type: ignore[attr-defined]
        found = [act for act in self.acts if act.suits(row) and act.allowed(request, row)]
        return [{"label": act.label, "url": reverse(base, args=(quote(row.pk), act.name))} for act in found]

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """One act on one row."""
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        chosen = next((found for found in self.acts if found.name == act), None)
        if row is None or chosen is None:
            raise Http404
        seen = self.has_view_permission(request, row)  # type: ignore[attr-defined]
        if not (seen and self.works_here(request) and chosen.allowed(request, row)):
            raise PermissionDenied
        if not chosen.suits(row):
            raise Conflict("wrong_state", _("This is no longer possible: the state has changed."))
        return act_page(self, request, chosen, [row], posted=request.method == "POST")


def is_key(field: Any, text: str) -> bool:
    """Whether `text` can be a key of that column."""
    try:
        field.run_validators(field.to_python(text))
    except ValidationError:
        return False
    return "\x00" not in text and len(text) <= 40


def start(act: Act, modeladmin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
    """The list's way in: the page that says what will be done, then the act itself once it is confirmed."""
    return act_page(modeladmin, request, act, list(queryset), posted="confirmed" in request.POST)


def act_page(modeladmin: Any, request: HttpRequest, act: Act, rows: list[Any], *, posted: bool) -> HttpResponse:
    """Ask what the act needs to know, or carry it out on `rows` and go back."""
    given = act.given(rows[0]) if act.given else {}
    form = act.form(request.POST if posted else None, request.FILES if posted else None, prefix="act", **given)
    status = 200
    if posted and form.is_valid():
        status = carry_out(request, act, rows, form)
        if status == 200:
            return HttpResponseRedirect(way_back(modeladmin, request, rows))
    elif posted:
        status = 422
    return TemplateResponse(request, "admin/act.html", page_of(modeladmin, request, act, rows, form), status=status)


def carry_out(request: HttpRequest, act: Act, rows: Iterable[Any], form: Any) -> int:
    """Run `act` on each row and say what became of each. A lone row's refusal goes to the form instead.

    Returns the status of the answer: 200 unless the page is to be shown again.
    """
    rows, done, refusals = list(rows), 0, []
    for row in rows:
        try:
            with transaction.atomic():
                act.run(row, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            refusals.append((row, refusal))
        else:
            done += 1
    if len(rows) == 1 and refusals:
        only = refusals[0][1]
        form.add_error(only.field if only.field in form.fields else None, str(only))
        return only.status
    report(request, act, done, refusals)
    return 200


def report(request: HttpRequest, act: Act, done: int, refusals: list[tuple[Any, DomainError]]) -> None:
    if done:
        words = ngettext("%(act)s: done for %(n)d row.", "%(act)s: done for %(n)d rows.", done)
        messages.success(request, words % {"act": act.label, "n": done})
    for row, refusal in refusals:
        messages.error(request, _("%(row)s: %(refusal)s") % {"row": row, "refusal": refusal})


def way_back(modeladmin: Any, request: HttpRequest, rows: list[Any]) -> str:
    """The row's page after an act on it (if it is still there to see), the list after an act on several."""
    if "act" not in request.resolver_match.kwargs:  # type: ignore[union-attr]
        return request.get_full_path()
    opts = modeladmin.opts
    if modeladmin.get_object(request, str(rows[0].pk)) is None:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=(quote(rows[0].pk),))


def page_of(modeladmin: Any, request: HttpRequest, act: Act, rows: list[Any], form: Any) -> dict[str, Any]:
    from_list = "act" not in request.resolver_match.kwargs  # type: ignore[union-attr]
    return {
        **modeladmin.admin_site.each_context(request),
        "title": act.label,
        "opts": modeladmin.opts,
        "act": act,
        "form": form,
        "rows": rows[:PREVIEWED],
        "more": max(len(rows) - PREVIEWED, 0),
        "count": len(rows),
        "ticked": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME) if from_list else [],
        "select_across": request.POST.get("select_across", "0"),
        "back": way_back(modeladmin, request, rows) if rows else request.get_full_path(),
    }
