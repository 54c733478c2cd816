"""The minutes: everything the decision rests on, as plain data, in the city's own language."""

import tomllib
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Prize, RulesVersion, Submission
from calls.queries import withdrawn_at
from calls.workflow import SubmissionState
from juries.models import Dissent, Juror, Motion, Panel, Proposal, Recusal, SecondReading, Sheet, Slot
from juries.queries.board import progress
from juries.queries.panels import abstentions, criteria_of, recusals_of

from .desk import Desk
from .ranking import Departure, Ranking

FORMAT = 1
REOPENING = ("reopen", "deliberate_again")
FORMULA = (
    "q_i, b_j minimising sum (y_ij - q_i - b_j)^2 + ridge * sum b_j^2; totals on 20; "
    "margin = sqrt(sigma^2 / n_i), sigma^2 = (4 s0^2 + RSS + ridge * sum b^2) / (4 + N - n)"
)


@cache
def software_version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def write_content(desk: Desk) -> dict[str, Any]:
    """The content of the minutes of a panel at this instant, JSON types only. Instants are ISO 8601 with offset."""
    panel = desk.panel
    with translation.override("fr"):
        story = _story(panel)
        return {
            "format": FORMAT,
            "software": {"name": "bethune-smartcity", "version": software_version()},
            "authority": _authority(),
            "call": _call(panel),
            "panel": {"id": panel.pk, "stage": panel.stage, "written_at": _iso(clock.now())},
            "meeting": _meeting(panel),
            "times": _times(story),
            "members": [_member(juror) for juror in desk.jurors],
            "quorum": _quorum(desk),
            "recusals": [_recusal(one) for one in recusals_of(panel)],
            "recused_by_rule": _recused_by_rule(panel),
            "inadmissible": _inadmissible(panel),
            "method": _method(panel),
            "sheets": _sheets(desk),
            "abstentions": [_abstention(sheet) for sheet in _given_up(panel)],
            "reopenings": [_act(entry) for entry in story if entry.verb in REOPENING],
            "standing": _standing(desk.ranking),
            "withdrawn": _withdrawn(desk.ranking),
            "pitches": _pitches(panel),
            "motions": [_motion(one) for one in Motion.objects.filter(panel=panel).select_related("submission")],
            "dissents": [_dissent(one) for one in Dissent.objects.filter(panel=panel).select_related("juror__user")],
            "decision": _decision(desk),
            "withheld": [_withheld(prize, reason) for prize, reason in desk.withheld],
            "departures": _departures(desk),
            "public_vote": _vote(desk),
            "signatures": [],
        }


def decided_otherwise(content: dict[str, Any], desk: Desk) -> bool:
    """Whether what `desk` holds now is another decision, or another laureate of the public, than `content` tells."""
    with translation.override("fr"):
        withheld = [_withheld(prize, reason) for prize, reason in desk.withheld]
        now: dict[str, Any] = {"decision": _decision(desk), "withheld": withheld, "public_vote": _vote(desk)}
    return _agreed(now) != _agreed(content)


DECIDED = ("number", "verdict", "prize", "awarded", "support", "mention")
"""What of a line of the decision makes an award or a mention: titles and names of structures may be put right since."""


def _agreed(content: dict[str, Any]) -> tuple[Any, ...]:
    vote = content["public_vote"] or {}
    lines = sorted(tuple(str(row.get(name) or "") for name in DECIDED) for row in content["decision"])
    withheld = sorted(row["rank"] for row in content.get("withheld", []))
    return lines, withheld, vote.get("winner"), vote.get("digest")


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(clock.PARIS).isoformat() if moment else None


def _money(value: Any) -> str | None:
    return None if value is None else str(value)


def _authority() -> dict[str, Any]:
    city = City.current()
    return {"name": city.name, "siret": city.siret, "service": city.service}


def _call(panel: Panel) -> dict[str, Any]:
    call = panel.call
    rules = RulesVersion.objects.filter(call=call, in_force_from__lte=clock.today()).order_by("-number").first()
    return {
        "title": call.title,
        "address": call.slug,
        "envelope": _money(call.envelope),
        "rules": {"version": rules.number, "in_force_from": rules.in_force_from.isoformat()} if rules else None,
    }


def _meeting(panel: Panel) -> dict[str, Any]:
    """Where and on which days the jury meets; empty for what was not said."""
    days = {"from": panel.held_from, "until": panel.held_until}
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"occasion": panel.occasion, "place": panel.place, **told}


def _story(panel: Panel) -> list[JournalEntry]:
    """The panel's journal, oldest first."""
    kind = ContentType.objects.get_for_model(Panel)
    return list(JournalEntry.objects.filter(subject_type=kind, subject_id=str(panel.pk)).order_by("at", "pk"))


def _act(entry: JournalEntry) -> dict[str, Any]:
    return {"act": entry.verb, "at": _iso(entry.at), "by": entry.actor_label, "reason": entry.reason}


def _times(story: list[JournalEntry]) -> list[dict[str, Any]]:
    """The acts that moved the panel, and each freezing of its standing: its digest, and the one it voids."""
    found, last = [], ""
    for entry in story:
        told = _act(entry)
        if entry.verb == "freeze":
            told |= {"standing": entry.data["standing"], "digest": entry.data["digest"], "voids": last}
            last = entry.data["digest"]
        if entry.to_state or entry.verb == "freeze":
            found.append(told)
    return found


def _member(juror: Juror) -> dict[str, Any]:
    return {
        "name": str(juror.user),
        "capacity": juror.capacity,
        "voice": juror.has_voice,
        "chair": juror.is_chair,
        "secretary": juror.is_secretary,
        "present": juror.is_present,
        "substitute": juror.is_substitute,
        "called_up_at": _iso(juror.called_up_at),
        "stands_in_for": str(juror.stands_in_for or ""),
        "left_at": _iso(juror.left_at),
        "charter_accepted_at": _iso(juror.charter_accepted_at),
    }


def _quorum(desk: Desk) -> dict[str, Any]:
    there = desk.quorum
    return {"needed": there.needed, "voices": there.voices, "present": there.present}


def _recusal(recusal: Recusal) -> dict[str, Any]:
    return {
        "juror": str(recusal.juror.user),
        "scope": recusal.submission.number if recusal.submission else "session",
        "category": recusal.category,
        "declared_at": _iso(recusal.declared_at),
        "confirmed_at": _iso(recusal.confirmed_at),
    }


def _recused_by_rule(panel: Panel) -> list[dict[str, Any]]:
    """Who sits and belongs to a structure that applied, by application: aside without a word, those who said it too
    left to `recusals`.
    """
    said = set(Recusal.objects.on(panel).values_list("juror__user", "submission"))
    applied = Submission.objects.filter(call=panel.call_id, structure__memberships__user__juries__panel=panel)
    pairs = applied.exclude(number=None).values_list("number", "pk", "structure__memberships__user")
    names = {juror.user_id: str(juror.user) for juror in panel.jurors.select_related("user")}
    rows = sorted((number, names[user]) for number, pk, user in pairs if user in names and (user, pk) not in said)
    return [{"juror": name, "scope": number} for number, name in dict.fromkeys(rows)]


def _inadmissible(panel: Panel) -> list[dict[str, Any]]:
    """What the screening set aside, with its reasons: said once, by the panel that reads."""
    if panel.stage != Panel.Stage.READING:
        return []
    refused = Submission.objects.filter(call=panel.call_id, state=SubmissionState.INADMISSIBLE).order_by("number")
    kind = ContentType.objects.get_for_model(Submission)
    keys = [str(one.pk) for one in refused]
    entries = JournalEntry.objects.filter(subject_type=kind, subject_id__in=keys, verb="refuse").order_by("at")
    reasons = dict(entries.values_list("subject_id", "reason"))
    return [{**_named(one), "reason": reasons.get(str(one.pk), "")} for one in refused]


def _named(submission: Submission) -> dict[str, Any]:
    return {"number": submission.number, "title": submission.title}


def _second_reading(panel: Panel) -> dict[str, Any]:
    """What the second reading was, if there was one; its applications in the order of their numbers."""
    found = SecondReading.objects.filter(panel=panel).first()
    if found is None:
        return {}
    named = [_named(one) for one in found.submissions.order_by("number")]
    facts = {"leading": found.leading, "readings": found.readings, "seed": found.seed, "digest": found.plan_digest}
    return {"second_reading": {"at": _iso(panel.second_begun_at), **facts, "applications": named}}


def _method(panel: Panel) -> dict[str, Any]:
    return {
        "basis": panel.basis,
        "ridge": panel.ridge,
        "formula": FORMULA,
        "readings": panel.readings,
        "places": panel.places,
        "assignment": {"seed": panel.seed, "digest": panel.plan_digest},
        **_second_reading(panel),
        "criteria": [
            {
                "label": one.label,
                "weight": str(one.weight),
                "scale": [str(one.minimum), str(one.maximum)],
                "counted": one.counted,
            }
            for one in criteria_of(panel)
        ],
    }


def _sheets(desk: Desk) -> dict[str, int]:
    done = progress(desk.panel, desk.jurors)
    return {"expected": done.expected, "handed_in": done.handed_in, "missing": done.missing}


def _given_up(panel: Panel) -> QuerySet[Sheet]:
    """The sheets whose juror abstains, in the order of the applications' numbers."""
    found = abstentions(panel).select_related("juror__user", "submission")
    return found.order_by("submission__number", "juror")


def _abstention(sheet: Sheet) -> dict[str, Any]:
    return {**_named(sheet.submission), "juror": str(sheet.juror), "reason": sheet.abstained_for}


def _standing(ranking: Ranking) -> dict[str, Any] | None:
    if ranking.standing is None:
        return None
    return {
        "number": ranking.standing.number,
        "frozen_at": _iso(ranking.standing.at),
        "digest": ranking.standing.digest,
        "figures": ranking.standing.figures,
        "lines": [
            {
                **_named(line.submission),
                "rank": line.rank,
                "sheets": line.sheets,
                "mean": line.mean,
                "adjusted": line.adjusted,
                "margin": line.margin,
                "zone": line.band,
                "spread": line.spread,
                "why": line.why,
            }
            for line in ranking.lines
        ],
        "ties": [[line.submission.number for line in group] for _first, group in ranking.groups() if len(group) > 1],
    }


def _withdrawn(ranking: Ranking) -> list[dict[str, Any]]:
    """What was ranked and withdrawn before the decision, with when; by number."""
    gone = [line.submission for line in ranking.lines if line.submission.state == SubmissionState.WITHDRAWN]
    return [{**_named(one), "at": _iso(withdrawn_at(one))} for one in sorted(gone, key=lambda one: one.number or "")]


def _pitches(panel: Panel) -> list[dict[str, Any]]:
    slots = Slot.objects.filter(panel=panel).select_related("submission").order_by("order")
    return [
        {**_named(slot.submission), "order": slot.order, "starts_at": _iso(slot.starts_at), "minutes": slot.minutes}
        for slot in slots
    ]


def _motion(motion: Motion) -> dict[str, Any]:
    return {
        "text": motion.text,
        "number": motion.submission.number if motion.submission else None,
        "title": motion.submission.title if motion.submission else None,
        "for": motion.votes_for,
        "against": motion.votes_against,
        "abstentions": motion.abstentions,
        "casting": motion.casting,
        "carried": motion.is_carried,
        "present": motion.present,
        "quorum": motion.quorum,
        "at": _iso(motion.at),
    }


def _dissent(dissent: Dissent) -> dict[str, Any]:
    return {
        "juror": str(dissent.juror),
        "capacity": dissent.juror.capacity,
        "text": dissent.text,
        "at": _iso(dissent.at),
    }


def _decision(desk: Desk) -> list[dict[str, Any]]:
    """What is decided, prizes first, then in the order of the ranking."""
    places = {line.submission_id: line.order for line in desk.ranking.lines}
    last = len(places) + 1
    rest = sorted(
        (one for one in desk.proposals if one.prize is None), key=lambda one: places.get(one.submission_id, last)
    )
    return [_proposal(one, desk.ranking) for one in [*(one for one in desk.proposals if one.prize), *rest]]


def _proposal(proposal: Proposal, ranking: Ranking) -> dict[str, Any]:
    ranks = {line.submission_id: line.rank for line in ranking.lines}
    prize = proposal.prize
    return {
        **_named(proposal.submission),
        "structure": proposal.submission.structure.name,
        "rank": ranks.get(proposal.submission_id),
        "verdict": proposal.verdict,
        "prize": prize.name if prize else None,
        "announced": _money(prize.amount) if prize else None,
        "awarded": _money(proposal.amount),
        "support": proposal.support,
        "reason": proposal.reason,
        "mention": proposal.mention,
    }


def _withheld(prize: Prize, reason: str) -> dict[str, Any]:
    return {"prize": prize.name, "rank": prize.rank, "announced": _money(prize.amount), "reason": reason}


def _departures(desk: Desk) -> list[dict[str, Any]]:
    return [_departure(one, desk.reason_of(one) or _reason_gone(one.submission)) for one in desk.departures]


def _reason_gone(submission: Submission) -> str:
    return _("application withdrawn") if submission.state == SubmissionState.WITHDRAWN else ""


def _departure(departure: Departure, reason: str) -> dict[str, Any]:
    return {
        **_named(departure.submission),
        "cause": departure.cause.value,
        "prize": departure.prize.name if departure.prize else None,
        "reason": reason,
    }


def _vote(desk: Desk) -> dict[str, Any] | None:
    """The public vote as the jury knows it: nothing before it is disclosed."""
    vote = desk.vote
    if vote is None or vote.disclosed_at is None:
        return None
    titles = {str(line.submission_id): line.submission.title for line in desk.ranking.lines}
    chosen = vote.winner or (desk.leading[0] if len(desk.leading) == 1 else None)
    return {
        "opens_at": _iso(vote.opens_at),
        "closes_at": _iso(vote.closes_at),
        "counted_at": _iso(vote.counted_at),
        "channels": vote.totals["channels"],
        "valid": vote.totals["valid"],
        "void": vote.totals["void"],
        "ballots": [{"title": titles.get(pk, ""), **row} for pk, row in sorted(vote.totals["submissions"].items())],
        "digest": vote.totals["digest"],
        "winner": chosen.title if chosen else None,
        "tie": vote.winner_reason,
    }
