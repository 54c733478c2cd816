"""Applications to one call whose structures may be one and the same: shown to its agents, and to nobody else."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.resemblance import Likeness, Profile, alike, likeness, profile
from calls.models import Call, Distinction, Submission
from calls.workflow import SubmissionState

from .submissions import handed_in, screened_by

KEPT = 600
OF_STRUCTURE = ("name", "country", "registration_number", "website", "memberships__user__email")
COMPARED = ("pk", "number", "structure", *(f"structure__{name}" for name in OF_STRUCTURE))


@dataclass(frozen=True)
class Pair:
    """Two applications, the first one's number before the other's, and why their structures may be one.

    `is_apart` when an agent said that they are two.
    """

    one: Submission
    other: Submission
    reasons: list[str]
    is_apart: bool


@dataclass
class Field:
    """The first application of each structure, by its key, and what of these structures is compared."""

    first: dict[Any, Submission]
    profiles: list[Profile]


def _field(found: QuerySet[Submission]) -> Field:
    """The structures behind `found`, withdrawn ones left out. One statement."""
    first: dict[Any, Submission] = {}
    addresses: dict[Any, list[str]] = defaultdict(list)
    standing = found.exclude(state=SubmissionState.WITHDRAWN).order_by("number", "pk")
    for pk, number, key, name, country, registered, site, address in standing.values_list(*COMPARED):
        structure = Structure(pk=key, name=name, country=country, registration_number=registered, website=site)
        first.setdefault(key, Submission(pk=pk, number=number, structure=structure))
        addresses[key].append(address or "")
    return Field(first, [profile(one.structure, addresses[key]) for key, one in first.items()])


def told_apart(call_id: Any) -> set[tuple[Any, Any]]:
    """The keys of every two structures that agents of that call know to be two. One statement."""
    return set(Distinction.objects.filter(call_id=call_id).values_list("first", "second"))


def pairs_of(user: Any, call: Call) -> list[Pair]:
    """Every two applications to `call` among those `user` screens whose structures may be one. Two statements."""
    field = _field(screened_by(user).filter(call=call))
    return _pairs(list(alike(field.profiles)), field.first, call.pk)


def pairs_with(user: Any, submission: Submission) -> list[Pair]:
    """The same for one application: it comes first in each; none of it once it is withdrawn.

    Who may be the same is read from what was compared last; two statements for those, none where there is nobody.
    """
    mine = submission.structure_id
    near = {key for place in _compared(submission.call).places if mine in place for key in place}
    if not near:
        return []
    field = _field(screened_by(user).filter(call_id=submission.call_id, structure__in=near))
    known = {one.key: one for one in field.profiles}
    own = known.pop(mine, None)
    found = (likeness(own, other) for other in known.values()) if own else ()
    return _pairs([like for like in found if like], {**field.first, mine: submission}, submission.call_id)


def _pairs(found: list[Likeness], first: dict[Any, Submission], call_id: Any) -> list[Pair]:
    apart = told_apart(call_id) if found else set()
    return [Pair(first[like.first], first[like.second], like.reasons, like.place in apart) for like in found]


@dataclass(frozen=True)
class Compared:
    """What comparing the structures of a call found, up to its application of that number: every two that may be one,
    by their keys, and how many of them nobody told apart."""

    last_number: int | None = None
    places: frozenset[tuple[Any, Any]] = frozenset()
    count: int = 0


def _key(call: Call) -> str:
    return f"calls.resemblances:{call.slug}"


def _compared(call: Call) -> Compared:
    """Compared anew once there are more applications, and every ten minutes: two statements, then none."""
    known = cache.get(_key(call), Compared())
    if known.last_number != call.last_number:
        places = frozenset(like.place for like in alike(_field(handed_in(call)).profiles))
        apart = told_apart(call.pk) if places else set()
        known = Compared(call.last_number, places, len(places - apart))
        cache.set(_key(call), known, KEPT)
    return known


def count_pairs(call: Call) -> int:
    """How many two structures that applied to `call` may be one and were not told apart; none while it is sealed."""
    return 0 if call.is_under_seal else _compared(call).count


def count_known(call: Call) -> int | None:
    """The same as it was counted last; None when it was not, or not since the last application. No statement."""
    known = cache.get(_key(call), Compared())
    return known.count if known.last_number == call.last_number and not call.is_under_seal else None


def count_anew(call: Call) -> None:
    """Forget the count of `call`: someone told two structures apart."""
    cache.delete(_key(call))
