"""The minutes as a document: what their page shows, in the same words and the same order, with a place to sign."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.language import page_language
from bethune_smartcity.core.papers import Paper, framed
from juries.models import Minutes, Motion, Panel, Proposal

Block = dict[str, Any]
Section = dict[str, Any]
NONE = "–"


def paper_of(panel: Panel, content: Mapping[str, Any], minutes: Minutes | None, effects: Sequence[Any]) -> Paper:
    """The minutes of `panel` as a document.

    Args:
        content: what the page shows (`readable`), already without what its reader stands aside from.
        minutes: those written or signed; None for those that would be written now.
        effects: (name, figure) of each juror, for those who may know.
    """
    at = minutes.written_at if minutes else clock.now()
    data = framed(
        _("Minutes"),
        kicker=content["authority"]["service"],
        footer=foot(minutes, content),
        at=at,
        words={},
        subtitle=str(panel),
        status=status(minutes, content),
        sections=[one for one in sections_of(panel, content, minutes, effects) if one["blocks"]],
    )
    name = "proces-verbal-occulte" if content.get("masked") else "proces-verbal"
    return Paper("minutes", f"{name}-{panel.pk}", page_language(), data)


def sections_of(
    panel: Panel, content: Mapping[str, Any], minutes: Minutes | None, effects: Sequence[Any]
) -> list[Section]:
    return [
        section(_("The session"), session(content)),
        section(_("The jury"), jury(content)),
        section(_("Criteria and method"), method(panel, content)),
        section(_("The ranking"), ranking(content["standing"], content["withdrawn"])),
        section(_("Motions"), [items([motion(one) for one in content["motions"]])]),
        section(_("The decision"), decision(content)),
        section(pgettext("minutes", "Dissents"), [items([dissent(one) for one in content["dissents"]])]),
        section(_("Public prize"), public_prize(content["public_vote"])),
        section(_("Annex: the jurors’ severity"), severity(effects)),
        section(_("Signature"), signature(content, minutes)),
    ]


def section(title: str, blocks: Sequence[Block | None]) -> Section:
    return {"title": title, "blocks": [block for block in blocks if block]}


def title(text: str) -> Block:
    return {"kind": "title", "title": text}


def facts(rows: Sequence[tuple[str, Any]]) -> Block:
    """Labels and what they say, those that say nothing left out."""
    return {"kind": "facts", "rows": [[label, str(value)] for label, value in rows if value not in ("", None)]}


def items(texts: Sequence[str]) -> Block | None:
    return {"kind": "items", "items": list(texts)} if texts else None


def small(text: str) -> Block | None:
    return {"kind": "small", "text": text} if text else None


def table(
    heads: Sequence[str], rows: Sequence[Sequence[Any]], *, wide: Sequence[int], figures: Sequence[int] = ()
) -> Block:
    """A table; `wide` are the places of the columns that take the room, `figures` of those set to the right."""
    cells = [[NONE if cell in ("", None) else str(cell) for cell in row] for row in rows]
    return {"kind": "table", "heads": list(heads), "rows": cells, "wide": list(wide), "figures": list(figures)}


def titled(text: str, texts: Sequence[str]) -> list[Block | None]:
    """A list below its title; nothing without anything to list."""
    return [title(text), items(texts)] if texts else []


def joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part not in ("", None))


def labelled(label: str, text: str) -> str:
    return f"{label}{pgettext('between label and text', ':')} {text}"


def named(one: Mapping[str, Any]) -> str:
    return f"{one['number']} {one['title']}"


def money(value: Any) -> str:
    return NONE if value is None else wording.amount(value)


def foot(minutes: Minutes | None, content: Mapping[str, Any]) -> str:
    software = f"{content['software']['name']} {content['software']['version']}"
    return joined(content["call"]["title"], labelled(_("Digest"), minutes.digest[:16]) if minutes else "", software)


def status(minutes: Minutes | None, content: Mapping[str, Any]) -> str:
    """What this document is worth: a preview, to be signed, or signed; and whether something is left out."""
    if minutes is None:
        told = _("Preview: nothing is decided yet.")
    elif minutes.signed_at:
        told = signer(minutes, content)
    else:
        told = _("To be signed.")
    left_out = {
        "extract": _("Extract: what its reader stands aside from is left out."),
        "masked": _("Masked copy: persons’ names and conflicts are left out."),
    }
    return " ".join([told, *(words for name, words in left_out.items() if content.get(name))])


def signer(minutes: Minutes, content: Mapping[str, Any]) -> str:
    """Who signed the minutes and when; when alone in a masked copy."""
    words = {"who": str(minutes.signed_by), "when": wording.instant(minutes.signed_at)}
    return (_("Signed on %(when)s.") if content.get("masked") else _("Signed by %(who)s on %(when)s.")) % words


def session(content: Mapping[str, Any]) -> list[Block | None]:
    authority, meeting = content["authority"], content.get("meeting") or {}
    rules = content["rules"]
    version = _("version %(number)s") % {"number": rules["version"]} if rules else ""
    return [
        facts(
            [
                (
                    _("Authority"),
                    ", ".join(filter(None, (authority["name"], authority["siret"], authority["service"]))),
                ),
                (_("Call"), content["call"]["title"]),
                (_("Rules"), f"{version}, {wording.day(rules['in_force_from'])}" if rules else ""),
                (pgettext("of a meeting", "Occasion"), meeting.get("occasion")),
                (pgettext("of a meeting", "Place"), meeting.get("place")),
            ]
        ),
        *titled(_("Acts and hours"), [act(one) for one in content["times"]]),
        *titled(_("Reopenings"), [act(one) for one in content["reopenings"]]),
        *titled(
            _("Pitches, in order"), [joined(wording.instant(o["starts_at"]), named(o)) for o in content["pitches"]]
        ),
        *titled(
            _("Inadmissible applications"), [labelled(named(o), o["reason"] or NONE) for o in content["inadmissible"]]
        ),
    ]


def act(one: Mapping[str, Any]) -> str:
    return joined(one["label"], wording.instant(one["at"]), one["by"], one["reason"], one["frozen"])


def jury(content: Mapping[str, Any]) -> list[Block | None]:
    quorum = _("%(present)s voices present out of %(voices)s, quorum %(needed)s.") % content["quorum"]
    heads = [_("Name"), _("In the capacity of"), _("Role"), _("Presence")]
    rows = [member(one) for one in content["members"]]
    return [
        {"kind": "text", "lines": [quorum]},
        table(heads, rows, wide=(0, 1)),
        *titled(_("Recusals"), recusals(content)),
        *titled(_("Abstentions on an application"), [abstention(one) for one in content.get("abstentions", [])]),
    ]


def recusals(content: Mapping[str, Any]) -> list[str]:
    n = content.get("recusals_masked", 0)
    if n:
        return [ngettext("%(n)s recusal, masked", "%(n)s recusals, masked", n) % {"n": n}]
    ruled = [
        joined(one["juror"], one["scope"], _("by rule: member of a structure that applied"))
        for one in content.get("recused_by_rule", [])
    ]
    return [*(recusal(one) for one in content["recusals"]), *ruled]


def member(one: Mapping[str, Any]) -> list[str]:
    role = _("chair") if one["chair"] else _("secretary") if one["secretary"] else _("juror")
    role = role if one["voice"] else f"{role}, {_('without a vote')}"
    role = ", ".join([role, *(str(word) for word in one["seating"])])
    return [one["name"], one["capacity"], role, _("present") if one["present"] else _("absent")]


def recusal(one: Mapping[str, Any]) -> str:
    scope = _("the whole session") if one["scope"] == "session" else one["scope"]
    return joined(one["juror"], scope, one["category"], wording.instant(one["declared_at"]), one["answered"])


def abstention(one: Mapping[str, Any]) -> str:
    return labelled(joined(one["juror"], named(one)), one["reason"])


def method(panel: Panel, content: Mapping[str, Any]) -> list[Block | None]:
    told, sheets = content["method"], content["sheets"] or {}
    ridge = _("Totals out of 20, calibrated by least squares with a ridge of %(ridge)s:") % {"ridge": told["ridge"]}
    plan = {"seed": told["assignment"]["seed"], "digest": told["assignment"]["digest"][:12]}
    return [
        table(
            [_("Criterion"), _("Weight"), _("Scale")],
            [[criterion_name(c), c["weight"], f"{c['scale'][0]} – {c['scale'][1]}"] for c in told["criteria"]],
            wide=(0,),
            figures=(1, 2),
        ),
        facts(
            [
                (_("Official score"), told["basis"]),
                (_("Readings of each application"), told["readings"] if panel.stage == Panel.Stage.READING else ""),
                (_("Places to give"), told["places"]),
                (_("Sheets expected"), sheets.get("expected")),
                (_("Sheets handed in"), sheets.get("handed_in")),
                (_("Sheets missing"), sheets.get("missing")),
            ]
        ),
        small(f"{ridge} {told['formula']}"),
        small(_("Last plan: seed %(seed)s, inputs %(digest)s.") % plan if plan["digest"] else ""),
    ]


def criterion_name(one: Mapping[str, Any]) -> str:
    return one["label"] if one["counted"] else f"{one['label']} ({_('not counted')})"


def ranking(standing: Mapping[str, Any] | None, gone: Sequence[Mapping[str, Any]]) -> list[Block | None]:
    if standing is None:
        return []
    heads = [
        _("Rank"),
        _("Application"),
        _("Sheets"),
        _("Mean"),
        _("Correction"),
        _("Adjusted"),
        _("Margin"),
        _("Zone"),
    ]
    return [
        {"kind": "text", "lines": [wording.instant(standing["frozen_at"])]},
        table(heads, [ranked(line) for line in standing["lines"]], wide=(1,), figures=(2, 3, 4, 5, 6)),
        *titled(_("Ties"), standing["ties"]),
        *titled(_("Withdrawn before the decision"), [joined(named(o), wording.instant(o["at"])) for o in gone]),
        small(f"{_('Digest of the inputs:')} {standing['digest']}"),
    ]


def ranked(line: Mapping[str, Any]) -> list[Any]:
    margin = f"± {line['margin']}" if line["margin"] else ""
    return [
        line["rank"],
        named(line),
        line["sheets"],
        line["mean"],
        line["correction"],
        line["adjusted"],
        margin,
        line["zone"],
    ]


def casting(side: str) -> str:
    """How the chair's casting vote went."""
    return labelled(_("casting vote of the chair"), str(Motion.Casting(side).label))


def motion(one: Mapping[str, Any]) -> str:
    votes = [f"{one['for']} {pgettext('vote', 'for')}", f"{one['against']} {pgettext('vote', 'against')}"]
    votes.append(ngettext("%(n)s abstention", "%(n)s abstentions", one["abstentions"]) % {"n": one["abstentions"]})
    if one.get("casting"):
        votes.append(casting(one["casting"]))
    carried = _("carried") if one["carried"] else _("not carried")
    about = named(one) if one.get("number") else ""
    return joined(one["text"], about, ", ".join(votes), carried, one["short"], wording.instant(one["at"]))


def decision(content: Mapping[str, Any]) -> list[Block | None]:
    heads = [_("Application"), _("Rank"), _("Decision"), _("Announced"), _("Awarded"), _("Reason")]
    rows = [decided(one) for one in content["decision"]]
    rows += [[o["prize"], "", _("not awarded"), money(o["announced"]), "", o["reason"]] for o in content["withheld"]]
    told = table(heads, rows, wide=(0, 2, 5), figures=(1, 3, 4)) if rows else None
    orders = [list(row) for row in content["orders"]]
    places = [pgettext("in an order", "Place"), _("By the ranking"), _("As decided")]
    return [
        told or {"kind": "text", "lines": [_("Nothing is proposed yet.")]},
        *titled(_("Special mentions"), [labelled(named(one), one["mention"]) for one in content["mentions"]]),
        *titled(
            _("Where the jury departs from the ranking or the announcement"),
            [departure(one) for one in content["departures"]],
        ),
        *([title(_("Both orders")), table(places, orders, wide=(1, 2))] if orders else []),
    ]


def decided(row: Mapping[str, Any]) -> list[Any]:
    verdicts = {
        Proposal.Verdict.KEEP: _("kept"),
        Proposal.Verdict.RESERVE: _("on the reserve list"),
        Proposal.Verdict.DECLINE: _("not selected"),
    }
    told = row["prize"] or verdicts[Proposal.Verdict(row["verdict"])]
    told = f"{told}\n{row['support']}" if row["support"] else told
    told = f"{told}\n{_('special mention')}" if row.get("mention") else told
    return [named(row), row["rank"], told, money(row["announced"]), money(row["awarded"]), row["reason"]]


def departure(one: Mapping[str, Any]) -> str:
    return labelled(joined(named(one), one["prize"], one["why"]), one["reason"] or NONE)


def dissent(one: Mapping[str, Any]) -> str:
    return joined(labelled(one["juror"], one["text"]), wording.instant(one["at"]))


def public_prize(vote: Mapping[str, Any] | None) -> list[Block | None]:
    if vote is None:
        return []
    channels = [labelled(one["label"], counted(one)) for one in vote["channels"]]
    opening = f"{wording.instant(vote['opens_at'])} – {wording.deadline(vote['closes_at'])}"
    winner = f"{_('Winner:')} {vote['winner']}" if vote["winner"] else ""
    return [
        {"kind": "text", "lines": [line for line in (counted(vote), winner, opening, vote["tie"]) if line]},
        items(channels),
        table(
            [_("Finalist"), _("Ballots")], [[o["title"], o["total"]] for o in vote["ballots"]], wide=(0,), figures=(1,)
        ),
        small(f"{_('Digest of the totals:')} {vote['digest']}"),
    ]


def counted(votes: Mapping[str, Any]) -> str:
    valid = ngettext("%(n)s valid ballot", "%(n)s valid ballots", votes["valid"]) % {"n": votes["valid"]}
    return f"{valid}, {ngettext('%(n)s void', '%(n)s void', votes['void']) % {'n': votes['void']}}"


def severity(effects: Sequence[Any]) -> list[Block | None]:
    if not effects:
        return []
    words = _(
        "What the calibration read in the marks of each, in points out of 20: "
        "above zero, more generous than the others."
    )
    return [small(words), table([_("Juror"), _("Effect")], [list(pair) for pair in effects], wide=(0,), figures=(1,))]


def signature(content: Mapping[str, Any], minutes: Minutes | None) -> list[Block | None]:
    """Who signed, or a place for the chair and the secretary to sign on paper."""
    if minutes is None:
        return []
    digest = small(f"{_('Digest:')} {minutes.digest}")
    if minutes.signed_at:
        return [{"kind": "text", "lines": [signer(minutes, content)]}, digest]
    seats = [(_("chair"), "chair"), (_("secretary"), "secretary")]
    names = [f"{m['name']}, {label}" for label, role in seats for m in content["members"] if m[role]]
    return [digest, {"kind": "signature", "names": names} if names else None]
