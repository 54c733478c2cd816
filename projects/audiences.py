"""The teams of a call's projects whom its agents write to."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.models import City
from calls.audiences import Audience, Reader
from calls.message_placeholders import CALL, CONTACT, LINK, NAME, unasked
from calls.models import Call

from .message_texts import PROJECT
from .models import Project
from .operations.reminders import followed_calls
from .places import EDITORS
from .queries import ENDED


def projects_of(call: Call) -> QuerySet[Project]:
    """The projects that came from `call` and are not over."""
    return Project.objects.filter(award__call=call).exclude(state__in=ENDED).order_by("name", "pk")


def parts(call: Call) -> dict[str, Any]:
    """All of them, then each, by its key as a text. One statement."""
    rows = projects_of(call).values_list("pk", "name")
    return {"": _("The teams of all projects under way")} | {str(pk): name for pk, name in rows}


def chosen(call: Call, part: str, moment: datetime) -> QuerySet[Project]:
    """Those of a part whose award is public at the aware instant `moment`."""
    told = projects_of(call).filter(award__publish_at__lte=moment)
    return told.filter(pk=part) if part else told


def people(call: Call, part: str, moment: datetime) -> QuerySet[User]:
    """Owners and editors of the structures that carry those projects."""
    structures = chosen(call, part, moment).order_by().values("structure")
    seats = Membership.objects.filter(structure__in=structures, role__in=EDITORS)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True)


def readers(call: Call, part: str, users: Sequence[User], moment: datetime) -> list[Reader]:
    """What each of a team is told, of the project they carry. Three statements."""
    by_structure: dict[Any, list[Project]] = defaultdict(list)
    for project in chosen(call, part, moment).only("pk", "name", "slug", "structure_id"):
        by_structure[project.structure_id].append(project)
    seats = Membership.objects.filter(user__in=users, structure__in=by_structure, role__in=EDITORS)
    theirs: dict[Any, list[Project]] = defaultdict(list)
    for user, structure in seats.values_list("user", "structure").order_by("structure"):
        theirs[user] += by_structure[structure]
    city = City.current()
    return [reader_of(call, user, theirs[user.pk], city) for user in users]


def reader_of(call: Call, user: User, projects: list[Project], city: Any) -> Reader:
    names = ", ".join(project.name for project in projects)
    page = ("projects:followup", {"slug": projects[0].slug}) if projects else ("calls:detail", {"slug": call.slug})
    return Reader(user, names, *page, {"projects": names, "call": call, "city": city})


def reach(user: Any) -> Q:
    """Owners and editors of a structure that carries a project of the call of a bulk message."""
    seats = Membership.objects.filter(user=user, role__in=EDITORS, structure=OuterRef("structure"))
    return Q(Exists(Project.objects.filter(Exists(seats), award__call=OuterRef("call"))))


TEAMS = Audience(
    name="projects.teams",
    label=_("Project teams"),
    permission="projects.remind_steps",
    run_by=followed_calls,
    parts=parts,
    people=people,
    readers=readers,
    placeholders=(unasked(LINK), NAME, CALL, unasked(PROJECT, lambda facts: facts["projects"]), unasked(CONTACT)),
    reach=reach,
)
