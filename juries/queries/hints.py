"""What the register knows that may link a juror to an applicant: for them and the chair to weigh, never a verdict."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.models import Membership, Structure
from bethune_smartcity.accounts.resemblance import Profile, domain_of, likeness, name_key, profile
from bethune_smartcity.core import wording
from bethune_smartcity.core.text import normalise
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Submission
from juries.models import Juror

APPLIES, BELONGS, LEFT = "applies", "belongs", "left"
OF_STRUCTURE = ("name", "country", "registration_number", "website", "city")
# Initials and particles are everyone's.
NAME_FROM = 3
Pair = tuple[UUID, int]
"""(submission, juror), by their keys."""


@dataclass
class Known:
    """A structure as it is compared: what it says of itself, who belongs to it, who left it and when."""

    structure: Structure | None = None
    people: dict[int, tuple[str, str]] = field(default_factory=dict)
    left: dict[int, datetime] = field(default_factory=dict)

    def compared(self, *, without: int) -> Profile:
        """Its number, domains and name, with the addresses of its people but one."""
        addresses = [address for person, (_name, address) in self.people.items() if person != without]
        return profile(self.structure or Structure(), addresses)


def hints(pairs: Iterable[tuple[Juror, UUID]]) -> dict[Pair, list[str]]:
    """Sentences on what may link each juror to an application, for the pairs that have some. One statement.

    `pairs`: each a juror, with their user, and the key of an application. They are for who declares the link and who
    answers: nothing here says what either of them is to think.
    """
    asked = list(pairs)
    if not asked:
        return {}
    register, applicants = _register({juror.user_id for juror, _pk in asked}, {pk for _juror, pk in asked})
    own: dict[int, list[Known]] = defaultdict(list)
    for known in register.values():
        for person in known.people:
            own[person].append(known)
    found = {(pk, juror.pk): _told(juror, register[applicants[pk]], own[juror.user_id]) for juror, pk in asked}
    return {pair: sentences for pair, sentences in found.items() if sentences}


def _told(juror: Juror, applicant: Known, own: list[Known]) -> list[str]:
    """What may link `juror`, who belongs to the structures `own`, to `applicant`."""
    me = juror.user_id
    said = []
    if me in applicant.people:
        said.append(_("Member of the applicant’s structure."))
    elif me in applicant.left:
        said.append(_("Member of the applicant’s structure until %(day)s.") % {"day": wording.day(applicant.left[me])})
    compared = applicant.compared(without=me)
    domain = domain_of(juror.user.email.rpartition("@")[2])
    if domain in compared.domains:
        said.append(_("The same e-mail or website: %(domain)s.") % {"domain": domain})
    if _names(juror.capacity, compared):
        said.append(_("The capacity of the juror names the structure: “%(capacity)s”.") % {"capacity": juror.capacity})
    others = {person: name for person, (name, _address) in applicant.people.items() if person != me}
    if _last_name(juror.user.name) in set(map(_last_name, others.values())) - {""}:
        said.append(_("Someone of the applicant has the same family name."))
    for known in own:
        if known is not applicant:
            said += _shared(known, applicant, compared, others, me)
    return said


def _shared(known: Known, applicant: Known, compared: Profile, others: Collection[int], me: int) -> list[str]:
    """What a structure of the juror has in common with the applicant's."""
    mine, theirs = known.structure, applicant.structure
    if mine is None or theirs is None:
        return []
    said = []
    if others & known.people.keys():
        said.append(_("Someone of the applicant belongs to %(structure)s as well.") % {"structure": mine.name})
    alike = likeness(known.compared(without=me), compared)
    if alike:
        words = {"structure": mine.name, "reasons": ", ".join(alike.reasons)}
        said.append(_("In common with %(structure)s: %(reasons)s.") % words)
    town = normalise(theirs.city)
    if town and (town, theirs.country) == (normalise(mine.city), mine.country):
        said.append(_("In the same town as %(structure)s: %(town)s.") % {"structure": mine.name, "town": theirs.city})
    return said


def _names(capacity: str, compared: Profile) -> bool:
    """Whether the words of a juror's capacity hold the whole name of a structure."""
    name = compared.name
    return len(name) >= NAME_FROM and re.search(rf"\b{re.escape(name)}\b", name_key(capacity)) is not None


def _last_name(name: str) -> str:
    words = normalise(re.sub(r"\(.*?\)", " ", name)).split()
    return words[-1] if len(words) > 1 and len(words[-1]) >= NAME_FROM else ""


def _register(users: Collection[int], submissions: Collection[UUID]) -> tuple[dict[int, Known], dict[UUID, int]]:
    """The structures of these applications and of these people, by their keys, and which one each application is of."""
    found: dict[int, Known] = defaultdict(Known)
    applicants: dict[UUID, int] = {}
    rows = _applying(submissions).union(_belonging(users, submissions), _gone(users, submissions), all=True)
    for kind, key, person, at, text, address, *told in rows:
        known = found[key]
        if kind == APPLIES:
            applicants[UUID(text)] = key
        elif kind == LEFT:
            known.left[person] = max(at, known.left.get(person, at))
        else:
            known.structure = Structure(pk=key, **dict(zip(OF_STRUCTURE, told, strict=True)))
            if person is not None:
                known.people[person] = (text or "", address or "")
    return found, applicants


NOBODY = Value(None, BigIntegerField())
NEVER = Value(None, DateTimeField())
NOTHING = [Value("", CharField())] * len(OF_STRUCTURE)
BLANK = Value("", CharField())


def _row(rows: QuerySet[Any], kind: str, *columns: Any) -> QuerySet[Any, Any]:
    """`rows` as lines of the register: kind, structure, person, instant, text, address, then the structure's own."""
    named = {f"c{place}": F(column) if isinstance(column, str) else column for place, column in enumerate(columns)}
    named = {"row": Value(kind, CharField()), **named}
    return rows.order_by().annotate(**named).values_list(*named)


def _applying(submissions: Collection[UUID]) -> QuerySet[Any, Any]:
    text = Cast("pk", CharField())
    found = Submission.objects.filter(pk__in=submissions)
    return _row(found, APPLIES, "structure", NOBODY, NEVER, text, BLANK, *NOTHING)


def _belonging(users: Collection[int], submissions: Collection[UUID]) -> QuerySet[Any, Any]:
    applying = Submission.objects.filter(pk__in=submissions).order_by().values("structure")
    joined = Membership.objects.filter(user__in=users).order_by().values("structure")
    found = Structure.objects.filter(Q(pk__in=applying) | Q(pk__in=joined))
    people = ("memberships__user", "memberships__since", "memberships__user__name", "memberships__user__email")
    return _row(found, BELONGS, "pk", *people, *OF_STRUCTURE)


def _gone(users: Collection[int], submissions: Collection[UUID]) -> QuerySet[Any, Any]:
    key = Cast("structure", CharField())
    applying = Submission.objects.filter(pk__in=submissions).order_by().annotate(key=key).values("key")
    found = JournalEntry.objects.filter(
        subject_type=ContentType.objects.get_for_model(Structure),
        subject_id__in=applying,
        verb="remove_member",
        data__user__in=users,
    )
    subject, person = (Cast(column, BigIntegerField()) for column in ("subject_id", KT("data__user")))
    return _row(found, LEFT, subject, person, "at", BLANK, BLANK, *NOTHING)
