"""A juror who stands aside mid-way finds nothing of the application any more, at any address, tabs left open included.

Every address of the portal's resolver is asked as that juror, with objects of the scene and with those of the panel at
work, once they declared a link with what they had begun to mark; then what an old tab would send is sent.
"""

import pytest
from django.db import transaction

from bethune_smartcity.core import clock
from bethune_smartcity.files.models import StoredFile
from calls.models import Attachment, Question, Submission
from juries.models import Assignment, Juror, Panel, Remark, Sheet
from juries.operations import deliberation, panels, scoring
from tests.factories.juries import write
from tests.scene import build, routes

pytestmark = pytest.mark.django_db

CANARIES = (
    *("Kestrel quay", "CANARY-0007", "kestrel-budget", "canary-comment", "canary-remark", "canary-reason"),
    "canary-motion",
)
EVERYWHERE = [route for route in sorted(set(routes())) if not route.startswith("admin/")]
# Where one reads what one declared.
OWN = ("jury/<int:pk>/", "jury/<int:pk>/liens/")
ALWAYS = ("jury/<int:pk>/", "jury/<int:pk>/fiche/<uuid:submission>/", "fichiers/<uuid:pk>/")
AT_THE_MEETING = (
    "jury/<int:pk>/classement/",
    "jury/<int:pk>/classement/<uuid:submission>/",
    "jury/<int:pk>/reunion/",
    "jury/<int:pk>/debat/<uuid:submission>/",
    "jury/<int:pk>/presidence/proces-verbal/",
    "jury/<int:pk>/presidence/proces-verbal.json",
)


class Walk:
    """The scene, its juror, and the application they begin to mark; `deliberate` brings their panel to its meeting."""

    def __init__(self):
        self.scene = build()
        self.panel = Panel.objects.select_related("call").get(pk=self.scene.values["jury/"]["pk"])
        self.seat = Juror.objects.select_related("user", "panel__call").get(
            panel=self.panel, user=self.scene.people["juror"]
        )
        hidden = self.scene.values["jury/"]["submission"]
        Submission.objects.filter(pk=hidden).update(title=CANARIES[0], number=CANARIES[1])
        self.hidden = Submission.objects.get(pk=hidden)
        asked = Question.objects.create(section=self.panel.call.sections.first(), order=9, kind="file", label="Budget")
        self.file = self.scene.values["fichiers/"]["pk"]
        StoredFile.objects.filter(pk=self.file).update(name=f"{CANARIES[2]}.pdf")
        Attachment.objects.filter(file=self.file).update(submission=hidden, question=asked)
        for duty in self.duties():
            is_own = duty.juror == self.seat and duty.submission == self.hidden
            write(duty, 3, hand_in=not is_own, comment=CANARIES[3] if duty.submission == self.hidden else "")
        self.objects = {"slug": self.panel.call.slug, "submission": hidden}

    def duties(self):
        asked = Assignment.objects.filter(juror__panel=self.panel, is_declared=True)
        return asked.free().select_related("juror__panel__call", "juror__user", "submission")

    def deliberate(self):
        chair = Juror.objects.get(panel=self.panel, is_chair=True)
        scoring.hand_in(Sheet.objects.get(juror=self.seat, submission=self.hidden), by=self.seat.user)
        scoring.lock_panel(self.panel, by=chair.user)
        scoring.disclose_panel(self.panel, by=chair.user)
        deliberation.deliberate(self.panel, by=chair.user)
        deliberation.propose(self.panel, self.hidden, verdict="keep", reason=CANARIES[5], by=chair.user)
        Remark.objects.create(panel=self.panel, submission=self.hidden, juror=chair, text=CANARIES[4])
        self.panel.jurors.update(is_present=True)
        deliberation.put_motion(self.panel, f"First is {CANARIES[0]}", votes_for=2, votes_against=0, by=chair.user)
        about = {"submission": self.hidden, "votes_for": 2, "votes_against": 0, "by": chair.user}
        deliberation.put_motion(self.panel, f"It comes first: {CANARIES[6]}", **about)

    def paths(self, route):
        kinds = {"<int:pk>": self.panel.pk, "<uuid:pk>": self.file if "fichiers" in route else self.hidden.pk}
        key = next((value for kind, value in kinds.items() if kind in route), "")
        own = self.objects | ({"pk": key} if key else {})
        return list(dict.fromkeys([self.scene.path(route), self.scene.path(route, **own)]))

    def ask(self, path, **sent):
        """(status, page) of what the juror asks, or sends; its effects are undone."""
        client = self.scene.client("juror")
        with transaction.atomic(), clock.at(self.scene.moment):
            answer = client.post(path, sent) if sent else client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return answer.status_code, answer.get("Content-Disposition", "") + body.decode(errors="replace")

    def found(self, known):
        """The routes at which something of the application is told to the juror."""
        told = {}
        for route in known:
            for path in self.paths(route):
                _status, page = self.ask(path)
                if words := [word for word in CANARIES if word in page]:
                    told.setdefault(route, set()).update(words)
        return told


@pytest.mark.parametrize("meets", [False, True], ids=["open", "deliberation"])
def test_no_address_tells_it_any_more(meets):
    walk = Walk()
    if meets:
        walk.deliberate()
    # The guard off, the same walk finds it where a juror works: it would be seen.
    doors = [route for route in EVERYWHERE if route.startswith(("jury/<int:pk>/", "fichiers/"))]
    before = walk.found(doors)
    assert {*ALWAYS, *(AT_THE_MEETING if meets else ())} <= before.keys()
    assert set().union(*before.values()) == set(CANARIES if meets else CANARIES[:4])
    panels.declare_recusal(walk.seat, walk.hidden, "family", by=walk.seat.user)
    after = walk.found(EVERYWHERE)
    # Their own declaration, which they wrote themselves, is all that still names it.
    assert {route: words for route, words in after.items() if route not in OWN} == {}
    assert all(words <= set(CANARIES[:2]) for words in after.values())


def test_what_an_old_tab_sends_is_refused_without_a_word_of_it():
    walk = Walk()
    sheet = Sheet.objects.get(juror=walk.seat, submission=walk.hidden)
    kept = (sheet.state, sheet.version, sheet.comment)
    panels.declare_recusal(walk.seat, walk.hidden, "family", by=walk.seat.user)
    own = [route for route in EVERYWHERE if route.startswith("jury/<int:pk>/") and "<uuid:submission>" in route]
    assert len(own) > 4
    for route in own:
        path = walk.scene.path(route, pk=walk.panel.pk, submission=walk.hidden.pk)
        sent = {"version": sheet.version, "act": "hand_in", "comment": "late", "reason": "late", "text": "late"}
        status, page = walk.ask(path, **sent, category="other", verdict="keep")
        assert status in (403, 404, 405, 409), (route, status)
        assert not [word for word in CANARIES if word in page], route
    sheet.refresh_from_db()
    assert (sheet.state, sheet.version, sheet.comment) == kept
