"""Everyone who meets a call, around one application: the cast that permission tests walk through."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from bethune_smartcity.accounts.models import Membership
from calls.models import Call, Submission
from juries.models import Assignment, Juror, Panel, Recusal
from tests.factories.accounts import AgentFactory, PartnerFactory, StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of, submitted

Role = Membership.Role


@dataclass
class Cast:
    """The people, by the names tests use. `submission` is the owner's; `other_applicant` has one on the same call."""

    call: Call
    submission: Submission
    panel: Panel
    people: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("people", {}):
            return self.people[name]
        raise AttributeError(name)


PERSONAS = (
    "anonymous",
    "citizen",
    "owner",
    "editor",
    "reader",
    "other_applicant",
    "juror",
    "recused_juror",
    "chair",
    "agent",
    "member_agent",
    "rival_agent",
    "other_agent",
    "administrator",
    "partner",
    "mentor",
)


def seat(panel: Panel, **fields: Any) -> Juror:
    """A juror of `panel`, who is a new person. Returns the seat."""
    return Juror.objects.create(panel=panel, user=UserFactory(), **fields)


def cast(make: Any = submitted, **call_fields: Any) -> Cast:
    """The whole cast around an application made by `make(call, structure)` on an open call.

    The agent holds every right on the call, the other agent on another one; the member agent holds every right on
    the call and belongs to the structure that applies, the rival agent to the other one. The recused juror was
    assigned the application first.
    """
    call = CallFactory(**call_fields)
    structure = StructureFactory()
    submission = make(call, structure)
    rival = make(call, StructureFactory())
    panel = Panel.objects.create(call=call, stage=Panel.Stage.READING)
    seats = {name: seat(panel, is_chair=name == "chair") for name in ("juror", "recused_juror", "chair")}
    for juror in seats.values():
        Assignment.objects.create(juror=juror, submission=submission)
    Recusal.objects.create(juror=seats["recused_juror"], submission=submission, category=Recusal.Category.FINANCIAL)
    partner = PartnerFactory()
    call.partners.add(partner)
    people = {
        "anonymous": AnonymousUser(),
        "citizen": UserFactory(),
        "owner": owner_of(structure),
        "editor": join(structure, Role.EDITOR),
        "reader": join(structure, Role.READER),
        "other_applicant": owner_of(rival.structure),
        **{name: juror.user for name, juror in seats.items()},
        "agent": agent_of(call),
        "member_agent": join(structure, Role.READER, agent_of(call)),
        "rival_agent": join(rival.structure, Role.READER, agent_of(call)),
        "other_agent": agent_of(CallFactory()),
        "administrator": AgentFactory(is_administrator=True),
        "partner": UserFactory(),
        "mentor": UserFactory(),
    }
    partner.contacts.add(people["partner"])
    return Cast(call, submission, panel, people)
