"""What a person holds on calls and on what is handed in to them. Asked on every page: statements compiled once."""

from typing import Any

from bethune_smartcity.accounts.models import Membership, Structure, User
from bethune_smartcity.core.statements import Compiled

from .aside import apart
from .models import Call, CallAgent, Submission, applying_as

PERSON, CALL, STRUCTURE, SUBMISSION = (model._meta.pk for model in (User, Call, Structure, Submission))
RIGHT = CallAgent._meta.get_field("right")
SCREEN = CallAgent.Right.SCREEN


def _screening(user: Any) -> Any:
    """The rights to screen of a person, without those on calls they apply to."""
    held = CallAgent.objects.filter(user=user, right=SCREEN)
    return held.exclude(call__in=applying_as(user).values("call"))


def organising(user: Any) -> Any:
    """The rights to organise a jury of a person, without those on calls they apply to."""
    held = CallAgent.objects.filter(user=user, right=CallAgent.Right.JURY)
    return held.exclude(call__in=applying_as(user).values("call"))


def _helping(user: Any, call: Any, structure: Any, submission: Any) -> Any:
    members = Membership.objects.filter(user=user, structure=structure)
    return _screening(user).filter(apart(user, submission), call=call).exclude(user__in=members.values("user"))


MEMBER_OF = Compiled(lambda user: Membership.objects.filter(user=user).values("structure"), user=PERSON)
"""The structures a person belongs to."""

ROLES = Compiled(
    lambda user, structure: Membership.objects.filter(user=user, structure=structure).values_list("role", flat=True),
    user=PERSON,
    structure=STRUCTURE,
)
"""The roles of a person in a structure: none or one."""

SCREENED = Compiled(lambda user: _screening(user).values("call"), user=PERSON)
"""The calls a person screens, and does not apply to."""

ORGANISED = Compiled(lambda user: organising(user).values("call"), user=PERSON)
"""The calls whose jury a person organises, and to which they do not apply."""

ORGANISES = Compiled(lambda user, call: organising(user).filter(call=call), user=PERSON, call=CALL)

ANY_RIGHT = Compiled(lambda user, call: CallAgent.objects.filter(user=user, call=call), user=PERSON, call=CALL)
THIS_RIGHT = Compiled(
    lambda user, call, right: CallAgent.objects.filter(user=user, call=call, right=right),
    user=PERSON,
    call=CALL,
    right=RIGHT,
)
SCREENS = Compiled(lambda user, call: _screening(user).filter(call=call), user=PERSON, call=CALL)
HELPS = Compiled(_helping, user=PERSON, call=CALL, structure=STRUCTURE, submission=SUBMISSION)
"""A person screens the call of an application, does not belong to the structure that applies, and does not stand aside
from it.
"""

APPLIES = Compiled(lambda user, call: applying_as(user).filter(call=call), user=PERSON, call=CALL)
"""A person belongs to a structure that applies, or prepares to apply, to a call."""
