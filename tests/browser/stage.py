"""What happens between two visits: acts on a served demonstration, from a process of their own.

`python -m tests.browser.stage ACT` with the demonstration's surroundings; prints the outcome as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from .demo import ROOT, environment

JURORS = ("jure1@demo.example", "jure2@demo.example", "jure3@demo.example")


def stage(folder: Path, act: str) -> Any:
    """Carry out one of ACTS on the demonstration kept in `folder`. Returns its outcome."""
    command = [sys.executable, "-m", "tests.browser.stage", act]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=240, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def delivered(folder: Path) -> Iterator[None]:
    """Inside, the mails of the demonstration kept in `folder` leave as they would with a worker."""
    command = [sys.executable, "-m", "tests.browser.stage", "postman"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=60)


def where() -> dict[str, Any]:
    """The keys of what addresses name on the open call."""
    from calls.models import Submission
    from juries.models import Panel

    call = {"call__slug": "mobilite"}
    return {
        "draft": str(Submission.objects.get(**call, structure__name__startswith="Navette").pk),
        "submitted": str(Submission.objects.get(**call, structure__name__startswith="Autre").pk),
        "reading": Panel.objects.get(**call, stage="reading").pk,
        "finale": Panel.objects.get(**call, stage="finale").pk,
    }


def several() -> dict[str, Any]:
    """The document that the form of the open call asks for may be three."""
    return _documents(3)


def alone() -> dict[str, Any]:
    """It is one again, and none is attached."""
    from calls.models import Attachment

    Attachment.objects.filter(submission__pk=where()["draft"]).delete()
    return _documents(1)


def _documents(most: int) -> dict[str, Any]:
    from calls.models import Question

    asked = Question.objects.filter(section__call__slug="mobilite", kind="file")
    return {"changed": asked.update(max_files=most)}


def finale() -> dict[str, Any]:
    """The reading is marked and decided; the finale's sheets are open, and the public votes for an hour."""
    from bethune_smartcity.accounts.models import User
    from bethune_smartcity.core import clock
    from calls.models import Call
    from juries.models import Panel
    from juries.operations import deliberation, panels, scoring, session, voting
    from juries.queries.standings import current_standing

    call = Call.objects.get(slug="mobilite")
    agent, chair = (User.objects.get(email=f"{name}@demo.example") for name in ("agent", "presidence"))
    reading, final = Panel.objects.get(call=call, stage="reading"), Panel.objects.get(call=call, stage="finale")
    for juror in reading.jurors.filter(user__email__in=JURORS).select_related("user", "panel__call"):
        panels.declare_no_link(juror, [row.submission for row in juror.assignments.all()], by=juror.user)
        for assignment in juror.assignments.select_related("juror__panel__call", "juror__user", "submission"):
            mark_sheet(assignment)
    scoring.lock_panel(reading, by=chair)
    scoring.disclose_panel(reading, by=chair)
    for juror in reading.jurors.all():
        session.mark_present(juror, True, by=chair)
    deliberation.deliberate(reading, by=chair)
    for line in current_standing(reading).lines.select_related("submission"):
        deliberation.propose(reading, line.submission, verdict="keep", by=chair)
    deliberation.decide(reading, by=chair)
    deliberation.sign(reading, by=chair)
    deliberation.proclaim(reading, by=chair)
    panels.plan_assignments(final, seed=1, by=agent)
    panels.open_panel(final, by=agent)
    now = clock.now()
    voting.open_vote(call, opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(hours=1), by=agent)
    return where()


def reading() -> dict[str, Any]:
    """The open call is being read; "sheets" are those the first juror has still to hand in, by their application."""
    from juries.models import Assignment, Sheet
    from tests.open_reading import build

    build()
    keys = where()
    own = Assignment.objects.filter(juror__panel=keys["reading"], juror__user__email=JURORS[0])
    done = Sheet.objects.filter(juror__user__email=JURORS[0], handed_in_at__isnull=False).values("submission")
    left = own.exclude(submission__in=done).order_by("submission__number")
    return {**keys, "sheets": [str(pk) for pk in left.values_list("submission", flat=True)]}


def mark_sheet(assignment: Any) -> None:
    """Hand in a sheet with the same mark everywhere, unless it was."""
    from decimal import Decimal

    from juries.models import Sheet
    from juries.operations import scoring
    from juries.queries.panels import criteria_of

    juror = assignment.juror
    sheet = Sheet.objects.filter(juror=juror, submission=assignment.submission).first()
    if sheet and sheet.handed_in_at:
        return
    marks = dict.fromkeys(criteria_of(juror.panel), Decimal(4))
    version = sheet.version if sheet else 0
    scoring.hand_in(scoring.save_sheet(assignment, marks=marks, version=version, by=juror.user), by=juror.user)


def unanswered() -> dict[str, Any]:
    """The draft's last section as if nobody had answered it yet."""
    from calls.models import Answer

    keys = where()
    Answer.objects.filter(submission=keys["draft"], question__section__order=3).delete()
    return keys


def rows() -> dict[str, Any]:
    """The draft's form asks for its team as rows, in the section that asked for a link; nothing is answered there."""
    from calls.models import Question

    keys = unanswered()
    asked = Question.objects.filter(section__call__slug="mobilite", section__order=3)
    asked.filter(kind="link").update(kind="table", options_fr="Nom\nRôle", options="Nom\nRôle")
    return keys


def post() -> dict[str, Any]:
    """What is due leaves, as the worker would let it."""
    from bethune_smartcity.core.demo import apply_demo_clock
    from bethune_smartcity.notifications.tasks import sweep

    apply_demo_clock()
    return {"taken": sweep.run()}


def postman() -> dict[str, Any]:
    """What is due leaves twice a second, until whoever started this ends it."""
    while True:
        post()
        time.sleep(0.5)


ACTS = {
    "where": where,
    "several": several,
    "alone": alone,
    "finale": finale,
    "reading": reading,
    "unanswered": unanswered,
    "rows": rows,
    "post": post,
    "postman": postman,
}


def main(act: str) -> None:
    import django

    django.setup()
    sys.stdout.write("\n" + json.dumps(ACTS[act]()) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
