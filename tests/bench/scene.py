"""The pages to measure on a database filled by `manage.py load_volume`, and sessions to open them with."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from bethune_smartcity.accounts.models import User
from bethune_smartcity.portal.volume import AGENT, APPLICANT, JUROR, SLUG
from calls.models import Call, Question, Submission
from juries.forms.sheets import MARK
from juries.models import Assignment, Panel, Sheet
from projects.queries import public_projects

from .jobs import Job
from .sixty import measured_draft

TEXT = "Une phrase de mesure."
# How many times the time of the bare job the pages of an application may take, and their statements.
WRITING = {"limit": 3.0, "most": 8}
# How many times a bare page's time a public page may take, kept whole and framed.
KEPT, FRAMED = 2.5, 5.0


def session_of(email: str) -> str:
    """A session cookie's value for the account `email`."""
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def sessions() -> dict[str, str]:
    return {"agent": session_of(AGENT), "juror": session_of(JUROR), "applicant": session_of(APPLICANT)}


def open_sheet(panel: Panel) -> Assignment:
    return Assignment.objects.filter(juror__panel=panel, juror__user__email=JUROR).select_related("submission").first()


def marking(panel: Panel, assignment: Assignment) -> dict[str, str]:
    """What the sheet's page sends for one mark."""
    criterion = panel.call.criteria.filter(stage=panel.stage).first()
    sheet = Sheet.objects.filter(juror=assignment.juror, submission=assignment.submission).first()
    return {"field": f"{MARK}{criterion.pk}", "value": "3.5", "version": str(sheet.version if sheet else 0)}


def public_jobs() -> list[Job]:
    """The public pages, each as it is kept for everyone and as it is framed for one visitor.

    With PAGES_KEPT_FOR=0 nothing is kept: every line is then a page drawn whole.
    """
    project = public_projects().first()
    pages = {
        "home": reverse("portal:home"),
        "call": reverse("calls:detail", kwargs={"slug": SLUG}),
        "pillar": reverse("portal:pillar", kwargs={"slug": project.pillar.slug}),
        "results": reverse("juries:results", kwargs={"slug": "smart-city-2017"}),
        "showcase": reverse("projects:list"),
        "project": reverse("projects:detail", kwargs={"slug": project.slug}),
    }
    found = []
    for name, page in pages.items():
        found.append(Job(f"{name}, kept", page, "/", limit=KEPT, rows_shown=10))
        # A parameter no page is kept by.
        found.append(Job(f"{name}, framed", f"{page}?x=1", "/", limit=FRAMED, rows_shown=10, most=8))
    return found


def jobs() -> list[Job]:
    """Every job, with the addresses it has in this database."""
    call = Call.objects.get(slug=SLUG)
    finale = Panel.objects.get(call=call, stage="finale")
    reading = Panel.objects.get(call=call, stage="reading")
    item = Submission.objects.filter(call=call).order_by("number").first()
    draft = Submission.objects.get(state="draft", call__slug=f"{SLUG}-ouvert")
    question = Question.objects.filter(section__call=draft.call, kind="long").first()
    sheet = open_sheet(finale)
    board = reverse("calls:board-submissions", kwargs={"slug": SLUG})
    marked = {"pk": finale.pk, "submission": sheet.submission_id}
    return [
        *public_jobs(),
        Job("submissions", board, "/list", "agent"),
        Job("submissions, filtered", f"{board}?state=shortlisted", "/list?state=admissible", "agent"),
        Job("submissions by score", reverse("juries:standing", kwargs={"pk": reading.pk}), "/list?sort=score", "agent"),
        Job("one submission", reverse("calls:screen", kwargs={"pk": item.pk}), "/detail/1", "agent"),
        Job("juror’s list", reverse("juries:room", kwargs={"pk": finale.pk}), "/list", "juror", most=8),
        Job("juror’s sheet", reverse("juries:sheet", kwargs=marked), "/sheet/1", "juror", most=8),
        Job(
            "save a mark",
            reverse("juries:mark", kwargs=marked),
            "/save/1",
            "juror",
            marking(finale, sheet),
            form=reverse("juries:sheet", kwargs=marked),
        ),
        Job(
            "autosave an answer",
            reverse("calls:autosave", kwargs={"pk": draft.pk, "question": question.pk}),
            "/save/1",
            "applicant",
            {"field": question.field_name, "value": TEXT},
            form=reverse("calls:section", kwargs={"pk": draft.pk, "order": 1}),
            **WRITING,
        ),
        Job(
            "application form",
            reverse("calls:section", kwargs={"pk": draft.pk, "order": 1}),
            "/form/1",
            "applicant",
            **WRITING,
        ),
        Job(
            "section, 15 of 60",
            reverse("calls:section", kwargs={"pk": measured_draft().pk, "order": 2}),
            "/section/1",
            "applicant",
            **WRITING,
        ),
        Job("API list", reverse("api:projects-list"), "/api"),
        Job("CSV", reverse("calls:board-export", kwargs={"slug": SLUG}), "/csv", "agent", rows_shown=10**6),
    ]


def described() -> dict[str, Any]:
    """Jobs and sessions as plain data, for the process that measures."""
    return {"jobs": [vars(job) for job in jobs()], "sessions": sessions()}
