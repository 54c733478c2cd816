"""Run inside the portal. `make N SECONDS`: a call that closes in so many seconds, and N complete drafts with their
owners' sessions; prints them as JSON. `close SECONDS`: that call closes in so many seconds from now; prints when.
`tell`: prints what became of each draft.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import reverse  # noqa: E402

from bethune_smartcity.accounts.models import Membership, Structure, User  # noqa: E402
from bethune_smartcity.core import clock  # noqa: E402
from bethune_smartcity.core.registries import invariants  # noqa: E402
from bethune_smartcity.notifications.models import Message  # noqa: E402
from calls.models import Answer, Call, Question, Section, Submission  # noqa: E402
from pillars.models import Pillar  # noqa: E402
from tests.bench.scene import session_of  # noqa: E402

SLUG = "affluence"
QUESTIONS = ("short", "long", "long", "number", "short", "long")
SAID = {"short": "Une ligne.", "long": "Les derniers kilomètres après sept heures du soir. " * 10, "number": "800"}


def a_call(closes_at: datetime) -> tuple[Call, list[Question]]:
    """A call with a short form and the grace of any new call."""
    opens_at = clock.now() - timedelta(days=10)
    call = Call.objects.create(
        slug=SLUG,
        title="Affluence",
        summary="Mesure.",
        number_prefix="AF",
        announced_at=opens_at,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    call.pillars.set(Pillar.objects.all()[:3])
    section = Section.objects.create(call=call, order=1, title="Projet")
    asked = [
        Question.objects.create(section=section, order=place, kind=kind, label=f"Question {place}")
        for place, kind in enumerate(QUESTIONS)
    ]
    return call, asked


@transaction.atomic
def drafts(call: Call, asked: list[Question], count: int) -> list[Submission]:
    """So many complete drafts, each of a structure with one owner."""
    nobody, pillar = make_password(None), call.pillars.first()
    users = User.objects.bulk_create(
        User(email=f"foule{n}@volume.example", name=f"Foule {n}", password=nobody) for n in range(count)
    )
    structures = Structure.objects.bulk_create(Structure(name=f"Structure {n}") for n in range(count))
    owner = Membership.Role.OWNER
    Membership.objects.bulk_create(
        Membership(user=user, structure=structure, role=owner)
        for user, structure in zip(users, structures, strict=True)
    )
    made = Submission.objects.bulk_create(
        Submission(
            call=call, structure=structure, title="Navette", one_line="Une ligne.", pillar=pillar, created_by=user
        )
        for user, structure in zip(users, structures, strict=True)
    )
    Answer.objects.bulk_create(
        Answer(submission=submission, question=question, value=SAID[question.kind], version=1, saved_by=user)
        for submission, user in zip(made, users, strict=True)
        for question in asked
    )
    return made


def make(count: int, seconds: int) -> dict[str, Any]:
    closes_at = clock.now() + timedelta(seconds=seconds)
    call, asked = a_call(closes_at)
    people = [
        {
            "path": reverse("calls:check", kwargs={"pk": submission.pk}),
            "session": session_of(submission.created_by.email),
        }
        for submission in drafts(call, asked, count)
    ]
    return {"closes_at": closes_at.timestamp(), "grace": call.grace_minutes * 60, "people": people}


def close(seconds: int) -> dict[str, Any]:
    closes_at = clock.now() + timedelta(seconds=seconds)
    Call.objects.filter(slug=SLUG).update(closes_at=closes_at)
    return {"closes_at": closes_at.timestamp()}


def tell() -> dict[str, Any]:
    """Each application by its page, what there is of it, and what the portal's own checks find broken."""
    call = Call.objects.get(slug=SLUG)
    receipts = list(Message.objects.filter(kind="calls.receipt").values_list("about_id", flat=True))
    became = {
        reverse("calls:check", kwargs={"pk": one.pk}): {
            "number": one.number,
            "versions": one.versions.count(),
            "receipts": receipts.count(str(one.pk)),
        }
        for one in Submission.objects.filter(call=call).prefetch_related("versions")
    }
    broken = [sentence for invariant in invariants() for sentence in invariant.check()]
    return {"became": became, "last_number": call.last_number, "broken": broken}


def main(act: str, *given: str) -> None:
    json.dump({"make": make, "close": close, "tell": tell}[act](*map(int, given)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
