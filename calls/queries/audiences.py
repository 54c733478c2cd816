"""The applicants of a call whom its agents write to: by what they know themselves of where they stand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.texts import Placeholder
from calls.audiences import Audience, Reader
from calls.message_placeholders import CALL, CLOSES, CONTACT, LINK, NAME, NUMBER, STRUCTURE, unasked
from calls.models import Call, Submission
from calls.workflow import SubmissionState

from .submissions import screened_calls, submissions_as

S = SubmissionState
HANDED_IN, FINALISTS = "handed_in", "finalists"
# States that one may be written to by, once they are public.
STATES = (S.SUBMITTED, S.ADMISSIBLE, S.INADMISSIBLE, S.SHORTLISTED, S.DECLINED, S.LAUREATE, S.WITHDRAWN)
# The same for everyone who handed something in.
KNOWN_TO_ALL = (HANDED_IN, S.WITHDRAWN)


def is_hidden(moment: datetime) -> Q:
    """The condition to have a decision that its own people do not know yet at the aware instant `moment`."""
    return Q(decision_public_at__gt=moment) & ~Q(former_state="")


def is_told(moment: datetime) -> Q:
    return Q(decision_public_at__isnull=True) | Q(decision_public_at__lte=moment) | Q(former_state="")


def in_public_states(
    submissions: QuerySet[Submission], states: Sequence[str], moment: datetime
) -> QuerySet[Submission]:
    """Those of `submissions`, not withdrawn, that everyone may know to be in one of `states` at that instant."""
    shown = (is_hidden(moment) & Q(former_state__in=states)) | (is_told(moment) & Q(state__in=states))
    return submissions.filter(shown).exclude(state=S.WITHDRAWN)


def applications(call: Call, part: str, moment: datetime) -> QuerySet[Submission]:
    """The applications to `call` of that part, as their own people know where they stand at that instant."""
    given = Submission.objects.filter(call=call, number__isnull=False)
    if part == S.WITHDRAWN:
        return given.filter(state=S.WITHDRAWN)
    if part == FINALISTS:
        been = is_told(moment) & Q(former_state=S.SHORTLISTED)
        known = in_public_states(given, (S.SHORTLISTED, S.LAUREATE), moment) | given.filter(been)
        return known.exclude(state=S.WITHDRAWN)
    if part == HANDED_IN:
        return given.exclude(state=S.WITHDRAWN)
    return in_public_states(given, (part,), moment)


def drafts(call: Call, _part: str, _moment: datetime) -> QuerySet[Submission]:
    return Submission.objects.filter(call=call, state=S.DRAFT)


def people_of(submissions: QuerySet[Submission]) -> QuerySet[User]:
    """The people of the structures behind `submissions`, each once."""
    seats = Membership.objects.filter(structure__in=submissions.order_by().values("structure"))
    return User.objects.filter(pk__in=seats.values("user"), is_active=True)


def readers_of(call: Call, submissions: QuerySet[Submission], users: Sequence[User]) -> list[Reader]:
    """What each of `users` is told of those of `submissions` that are theirs. Three statements at most."""
    seats = Membership.objects.filter(user__in=users, structure__in=submissions.order_by().values("structure"))
    structures: dict[Any, set[Any]] = defaultdict(set)
    for user, structure in seats.values_list("user", "structure"):
        structures[user].add(structure)
    every = {structure for each in structures.values() for structure in each}
    theirs: dict[Any, list[Submission]] = defaultdict(list)
    rows = submissions.filter(structure__in=every).select_related("structure").only(*SHOWN)
    for row in rows.order_by("number", "created_at"):
        theirs[row.structure_id].append(row)
    city = City.current()
    return [
        reader_of(call, user, [row for key in sorted(structures[user.pk]) for row in theirs[key]], city)
        for user in users
    ]


# Whose an application is; nothing of what it says.
SHOWN = ("pk", "number", "created_at", "call_id", "structure__name")


def reader_of(call: Call, user: User, rows: list[Submission], city: Any) -> Reader:
    names = ", ".join(dict.fromkeys(row.structure.name for row in rows))
    numbers = ", ".join(row.number for row in rows if row.number)
    facts = {"structures": names, "numbers": numbers, "closes": call.closes_at, "call": call, "city": city}
    page, keys = ("calls:submission", {"pk": rows[0].pk}) if rows else ("calls:detail", {"slug": call.slug})
    return Reader(user, f"{names} ({numbers})" if numbers else names, page, keys, facts)


def caution(call: Call, part: str, moment: datetime) -> str:
    """That some decisions do not count yet, where they would change who is written to."""
    if part in KNOWN_TO_ALL:
        return ""
    hidden = Submission.objects.filter(is_hidden(moment), call=call).exclude(state=S.WITHDRAWN).order_by()
    found = hidden.aggregate(n=Count("pk"), last=Max("decision_public_at"))
    n = found["n"]
    if not n:
        return ""
    sentence = ngettext(
        "%(n)d decision is not public yet: until %(when)s it does not count, and its applicant is written to by the "
        "former state. To be written to would tell it.",
        "%(n)d decisions are not public yet: until %(when)s they do not count, and their applicants are written to by "
        "the former state. To be written to would tell them.",
        n,
    )
    return sentence % {"n": n, "when": wording.instant(found["last"])}


def states_to_choose(_call: Call) -> dict[str, Any]:
    """Whom one may choose among those who handed something in."""
    first = {HANDED_IN: _("All who handed an application in"), FINALISTS: _("All the finalists, laureates included")}
    return first | {
        state.value: _("Applications in the state “%(state)s”") % {"state": state.label} for state in STATES
    }


def reach(user: Any) -> Q:
    """Whoever belongs to a structure with an application to the call of a bulk message."""
    return Q(Exists(submissions_as(user).filter(call=OuterRef("call"))))


# --- Who they are ---

APPLICANT_STRUCTURE: Placeholder = unasked(STRUCTURE, lambda facts: facts["structures"])
DEADLINE = unasked(CLOSES, lambda facts: wording.deadline(facts["closes"]))
OURS = (unasked(LINK), NAME, CALL, APPLICANT_STRUCTURE)

DRAFTS = Audience(
    name="calls.drafts",
    label=_("Draft holders"),
    permission="calls.screen_call",
    run_by=screened_calls,
    parts=lambda _call: {"": _("All who have a draft")},
    people=lambda call, part, moment: people_of(drafts(call, part, moment)),
    readers=lambda call, part, users, moment: readers_of(call, drafts(call, part, moment), users),
    placeholders=(*OURS, DEADLINE, unasked(CONTACT)),
    reach=reach,
)
APPLICANTS = Audience(
    name="calls.applicants",
    label=_("Applicants"),
    permission="calls.screen_call",
    run_by=screened_calls,
    parts=states_to_choose,
    people=lambda call, part, moment: people_of(applications(call, part, moment)),
    readers=lambda call, part, users, moment: readers_of(call, applications(call, part, moment), users),
    placeholders=(*OURS, unasked(NUMBER, lambda facts: facts["numbers"]), unasked(CONTACT)),
    caution=caution,
    reach=reach,
)
