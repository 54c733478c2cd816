"""The minutes as a page to read and print, and the same as data: nothing of what their reader stands aside from."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from bethune_smartcity.core import wording
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.core.papers import send
from bethune_smartcity.core.views import GuardedPage
from juries.forms.sheets import shown
from juries.models import Ballot, Juror, Minutes, Panel, Proposal, Recusal, StandingLine
from juries.operations.deliberation import FORMULA, Cause, Desk, write_content
from juries.queries.extracts import placed, without
from juries.queries.standings import aside_numbers
from juries.views.chair import TABLED, OnPanel
from juries.views.minutes_paper import paper_of
from juries.views.presiding import quorum_lacked
from juries.views.ranked import correction, figure, signed
from juries.workflow import PANEL, PanelState

CAUSES = {
    Cause.ABOVE_RANK: gettext_lazy("placed above its rank"),
    Cause.LOWERED: gettext_lazy("placed below its rank"),
    Cause.FURTHER: gettext_lazy("on top of a better prize"),
    Cause.BELOW_RANK: gettext_lazy("not kept in spite of its rank"),
    Cause.WITHHELD: gettext_lazy("a prize goes to nobody at its place"),
    Cause.TIE: gettext_lazy("a tie that the jury settled"),
    Cause.AMOUNT: gettext_lazy("another amount than announced"),
}
ACTS = {
    "open": pgettext_lazy("minutes", "Opening of the sheets"),
    "lock": pgettext_lazy("minutes", "Locking of the marks"),
    "disclose": pgettext_lazy("minutes", "Disclosure of the standing"),
    "deliberate": pgettext_lazy("minutes", "Opening of the deliberation"),
    "decide": pgettext_lazy("minutes", "Settling of the decision"),
    "sign": pgettext_lazy("minutes", "Signature of the minutes"),
    "proclaim": pgettext_lazy("minutes", "Proclamation"),
    "reopen": pgettext_lazy("minutes", "Reopening of the sheets"),
    "deliberate_again": pgettext_lazy("minutes", "Reopening of the deliberation"),
    "freeze": pgettext_lazy("minutes", "Freezing of the standing"),
}
FORMULAS = {
    FORMULA: gettext_lazy(
        "the scores q_i and the effects b_j of the jurors that make Σ (y_ij − q_i − b_j)² + ridge × Σ b_j² least; "
        "totals on 20; margin = √(σ² ÷ n_i), "
        "where σ² = (4 s0² + squares of what remains + ridge × Σ b_j²) ÷ (4 + N − n)"
    ),
}
BLOT = "█████"
OF_THE_ORDER = {cause.value for cause in Cause if cause != Cause.AMOUNT}
OF_JURORS = {"effects", "discordance"}


class MinutesPage(OnPanel, GuardedPage):
    """The minutes: as they would be written now, as written, or as signed. The same as JSON beside."""

    permission = "juries.see_standing"
    template_name = "juries/chair/minutes.html"

    def check_time(self) -> None:
        if self.object.state not in TABLED:
            raise Conflict("no_minutes_yet", _("The minutes are drawn up from the deliberation on."))

    @cached_property
    def minutes(self) -> Minutes | None:
        return Minutes.objects.filter(panel=self.object).select_related("signed_by").first()

    @cached_property
    def whole(self) -> dict[str, Any]:
        if self.minutes is not None and self.object.state != PanelState.DELIBERATION:
            return self.minutes.content
        return write_content(Desk.load(self.object))

    @cached_property
    def content(self) -> dict[str, Any]:
        numbers = aside_numbers(self.object, self.request.user)
        # Severities rest on every sheet of a juror: with them one would find how each marked what is closed.
        sees_all = can(self.request.user, "juries.see_annex", self.object) and not is_ranked(self.whole, numbers)
        return without(self.whole if sees_all else without_annex(self.whole), numbers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_draft = self.minutes is None or self.object.state == PanelState.DELIBERATION
        return super().get_context_data(
            panel=self.object,
            call=self.object.call,
            minutes=None if is_draft else self.minutes,
            content=readable(self.content, is_settled=not is_draft),
            effects=effects(self.object, self.content),
            sees_annex=can(self.request.user, "juries.see_annex", self.object),
            may_dissent=self.object.state == PanelState.DELIBERATION
            and can(self.request.user, "juries.sit", self.object),
            crumbs=self.crumbs(_("Minutes")),
            **kwargs,
        )


class MinutesPaper(MinutesPage, View):
    """The minutes as a document to sign and keep."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data()
        return send(paper_of(self.object, context["content"], context["minutes"], context["effects"]))


class MaskedMinutes(MinutesPage, View):
    """The minutes without persons' names and conflicts: what is handed to whoever asks for the document."""

    permission = "juries.see_annex"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_draft = self.minutes is None or self.object.state == PanelState.DELIBERATION
        if is_draft:
            raise Conflict("no_minutes_yet", _("The masked copy is drawn up once the jury has decided."))
        return send(paper_of(self.object, readable(masked(self.content), is_settled=True), self.minutes, []))


class MinutesData(MinutesPage, View):
    """The minutes as data."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = JsonResponse(self.content, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer["Content-Disposition"] = f'attachment; filename="proces-verbal-{self.object.pk}.json"'
        return answer


def is_ranked(content: Mapping[str, Any], numbers: Collection[str]) -> bool:
    """Whether one of the applications of `numbers` is in the ranking."""
    return any(line["number"] in numbers for line in (content["standing"] or {}).get("lines", []))


def without_annex(content: dict[str, Any]) -> dict[str, Any]:
    """The minutes without what they say of each juror's marking."""
    standing = content["standing"]
    if standing is None:
        return content
    figures = {name: value for name, value in standing["figures"].items() if name not in OF_JURORS}
    return {**content, "standing": {**standing, "figures": figures}}


def masked(content: dict[str, Any]) -> dict[str, Any]:
    """The minutes without the names of persons, their conflicts and how each marked; `masked` says so.

    Capacities, presences and what was decided stay. Texts written freely stay, except where they hold a name.
    """
    names = {one["name"] for one in content["members"]} | {one["by"] for one in content["times"]}
    names |= {one["by"] for one in content["reopenings"]} - {""}
    members = [{**one, "name": _("Member %(n)s") % {"n": n}} for n, one in enumerate(content["members"], start=1)]
    unnamed = {"juror": _("A member of the jury"), "capacity": ""}
    dissents = [{**one, **unnamed} for one in content.get("dissents", [])]
    told = {**content, "members": members, "recusals": [], "reopenings": [], "signatures": [], "dissents": dissents}
    told["abstentions"] = [{**one, "juror": unnamed["juror"]} for one in content.get("abstentions", [])]
    told["recused_by_rule"] = []
    n = len(content["recusals"]) + len(content.get("recused_by_rule", []))
    return {**blotted(without_annex(told), names - {""}), "recusals_masked": n, "masked": True}


def blotted(data: Any, names: Iterable[str]) -> Any:
    """`data` with each of `names` blotted out of its texts, the longest first, in any case."""
    if isinstance(data, str):
        for name in sorted(names, key=len, reverse=True):
            data = re.sub(re.escape(name), BLOT, data, flags=re.IGNORECASE)
        return data
    if isinstance(data, dict):
        return {key: blotted(value, names) for key, value in data.items()}
    return [blotted(value, names) for value in data] if isinstance(data, list) else data


def effects(panel: Panel, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the calibration took off the marks of each juror, or added: (name, signed figure).

    Nothing of those without a sheet that counts.
    """
    found = (content["standing"] or {}).get("figures", {}).get("effects", {})
    names = {str(juror.pk): str(juror) for juror in Juror.objects.filter(panel=panel).select_related("user")}
    return [(names.get(key, key), signed(value)) for key, value in found.items() if value is not None]


def readable(content: dict[str, Any], *, is_settled: bool) -> dict[str, Any]:
    """The minutes in the reader's words: amounts, instants, acts, zones and categories; `is_settled`: the decision is
    taken, and links without an answer stay so.
    """
    return {
        **content,
        "rules": rules(content["call"]["rules"]),
        "times": [act(one) for one in content["times"]],
        "reopenings": [act(one) for one in content["reopenings"]],
        "members": [{**one, "seating": list(seating(one))} for one in content["members"]],
        "recusals": [recusal(one, is_settled=is_settled) for one in content["recusals"]],
        "method": method(content["method"]),
        "standing": standing_lines(content["standing"]),
        "withdrawn": [{**one, "at": instant(one["at"])} for one in content.get("withdrawn", [])],
        "pitches": [{**one, "starts_at": instant(one["starts_at"])} for one in content["pitches"]],
        "motions": [motion(one) for one in content["motions"]],
        "dissents": [{**one, "at": instant(one["at"])} for one in content.get("dissents", [])],
        "decision": [
            {**one, "announced": money(one["announced"]), "awarded": money(one["awarded"])}
            for one in content["decision"]
        ],
        "mentions": [one for one in content["decision"] if one.get("mention")],
        "withheld": [{**one, "announced": money(one["announced"])} for one in content.get("withheld", [])],
        "departures": [{**one, "why": cause_of(one, content["decision"])} for one in content["departures"]],
        "orders": both_orders(content),
        "public_vote": ballots(content["public_vote"]),
    }


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def money(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def amounts(one: Mapping[str, Any]) -> dict[str, Decimal | None]:
    return {name: money(one[name]) for name in ("announced", "awarded")}


def rules(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {**given, "in_force_from": date.fromisoformat(given["in_force_from"])} if given else None


def act(entry: Mapping[str, Any]) -> dict[str, Any]:
    label = ACTS.get(entry["act"]) or PANEL[entry["act"]].label
    return {**entry, "label": label, "at": instant(entry["at"]), "frozen": frozen(entry)}


def frozen(entry: Mapping[str, Any]) -> str:
    """The digest of the standing that an act froze, and of the one it voided; empty for the other acts."""
    if not entry.get("digest"):
        return ""
    told = {"digest": entry["digest"][:8], "voided": (entry.get("voids") or "")[:8]}
    return (_("digest %(digest)s, in place of %(voided)s") if told["voided"] else _("digest %(digest)s")) % told


def cause_of(departure: Mapping[str, Any], decision: Iterable[Mapping[str, Any]]) -> Any:
    """Why a departure calls for a reason, in words that fit what is decided of its application."""
    verdicts = {one["number"]: one["verdict"] for one in decision}
    if departure["cause"] == Cause.BELOW_RANK and verdicts.get(departure["number"]) == Proposal.Verdict.RESERVE:
        return _("on the reserve list in spite of its rank")
    return CAUSES[Cause(departure["cause"])]


def seating(one: Mapping[str, Any]) -> Iterator[str]:
    """How a member came to their seat, or left it, where it was not from beginning to end."""
    if one.get("substitute"):
        yield _("substitute, not called up")
    if one.get("called_up_at"):
        name = one.get("stands_in_for")
        yield _("called up in place of %(name)s") % {"name": name} if name else _("called up")
    if one.get("left_at"):
        yield _("left on %(day)s") % {"day": wording.day(instant(one["left_at"]))}


def motion(one: Mapping[str, Any]) -> dict[str, Any]:
    """A motion, which says when too few were there at its vote (unknown of old minutes)."""
    there = one.get("present"), one.get("quorum")
    return {**one, "at": instant(one["at"]), "short": quorum_lacked(*there)}


def recusal(one: Mapping[str, Any], *, is_settled: bool) -> dict[str, Any]:
    waiting = _("without an answer at the decision") if is_settled else _("the chair has still to answer")
    hours = {name: instant(one[name]) for name in ("declared_at", "confirmed_at")}
    answered = _("confirmed") if one["confirmed_at"] else waiting
    return {**one, **hours, "category": Recusal.Category(one["category"]).label, "answered": answered}


def method(given: Mapping[str, Any]) -> dict[str, Any]:
    criteria = [
        {**one, "weight": shown(Decimal(one["weight"])), "scale": [shown(Decimal(bound)) for bound in one["scale"]]}
        for one in given["criteria"]
    ]
    told = {
        "basis": Panel.Basis(given["basis"]).label,
        "ridge": shown(Decimal(str(given["ridge"]))),
        "formula": str(FORMULAS.get(given["formula"], given["formula"])),
    }
    return {**given, "criteria": criteria, **told}


def standing_lines(standing: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The standing with its figures as they are read."""
    if standing is None:
        return None
    return {
        **standing,
        "frozen_at": instant(standing["frozen_at"]),
        "lines": [standing_line(line) for line in standing["lines"]],
        "ties": [", ".join(tie) for tie in standing["ties"] if len(tie) > 1],
    }


def standing_line(line: Mapping[str, Any]) -> dict[str, Any]:
    zone = StandingLine.Band(line["zone"]).label if line["zone"] else ""
    figures = {name: figure(line[name]) for name in ("mean", "adjusted", "margin")}
    return {**line, **figures, "correction": correction(line["mean"], line["adjusted"]), "zone": zone}


def both_orders(content: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(place, by the ranking, as decided) where the jury departs from the ranking; nothing otherwise.

    Places are those of the whole ranking and of the whole decision: what is left out leaves its own empty.
    """
    if not any(one["cause"] in OF_THE_ORDER for one in content["departures"]):
        return []
    whole = placed(content)
    decided = {one["place"]: one["title"] for one in whole["decision"] if one["place"]}
    ranked = {line["place"]: line["title"] for line in whole["standing"]["lines"]}
    places = [place for place in range(1, max(decided, default=0) + 1) if place in ranked or place in decided]
    return [(place, ranked.get(place, ""), decided.get(place, "")) for place in places]


def ballots(vote: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if vote is None:
        return None
    channels = [{"label": Ballot.Channel(name).label, **counts} for name, counts in vote["channels"].items()]
    hours = {name: instant(vote[name]) for name in ("opens_at", "closes_at", "counted_at")}
    return {**vote, **hours, "channels": channels}
