"""What a juror marks changes nothing of any page that anybody else can open, before the jury knows its standing.

Every address of the portal's resolver is asked, with objects of the scene and again with those of the panel at work, as
every persona and in several orders. Then the marks, comments and notes of one juror are changed, and after the lock the
figures frozen from them as well, and everything is asked again: an answer that is not the same, to the last character,
tells something of them, be it a total, a mean, a rank, a count or an order.
"""

import re
from hashlib import sha256

import pytest
from django.db import transaction
from django.db.models import F

from bethune_smartcity.core import clock
from calls.models import Criterion
from juries.models import Assignment, Juror, Mark, Panel, Sheet, StandingLine
from juries.operations import scoring
from tests.factories.juries import write
from tests.scene import PERSONAS, build, routes

pytestmark = pytest.mark.django_db

WORDS = ("canary-public", "canary-whole", "canary-private")
OTHERS = ("x", "", "other words, and more of them than before")
# Marks that no page holds for another reason, as they are written in any language, on a scale up to 99.
HIGH, LOW = "86.5", "1.5"
FIGURES = ("86.5", "86,5")
ORDERS = ("", "?page=1&sort=score&o=-total&ordering=-score&order=-mean")
# Where the panel's applications are listed.
ORDERED = ("/jury/", "/gestion/", "/admin/juries/", "/admin/calls/submission/", "/api/")
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|data-token="[^"]*"|[0-9a-f]{8}-request|"X-CSRFToken": "[^"]*"'
)
SEEING = ("juror", "chair", "agent")
EVERYWHERE = [route for route in sorted(set(routes())) if not route.startswith("admin/")]
BACK_OFFICE = [route for route in sorted(set(routes())) if route.startswith("admin/")]


class Plot:
    """The scene, its panel at work, and the marks of a juror who is none of the personas."""

    def __init__(self):
        self.scene = build()
        self.panel = Panel.objects.select_related("call").get(pk=self.scene.values["jury/"]["pk"])
        Criterion.objects.filter(call=self.panel.call).update(maximum=99)
        self.duties = list(
            Assignment.objects.filter(juror__panel=self.panel, is_declared=True)
            .exclude(juror__recusals__submission=F("submission"))
            .select_related("juror__panel__call", "juror__user", "submission")
        )
        known = {person.pk for person in self.scene.people.values()}
        self.planted = next(duty for duty in self.duties if duty.juror.user_id not in known)
        self.objects = {"slug": self.panel.call.slug, "submission": self.planted.submission_id}
        sheet = write(self.planted, HIGH, hand_in=False, comment=WORDS[1], private_note=WORDS[2])
        self.sheet = scoring.hand_in(sheet, by=self.planted.juror.user)
        self.tell(HIGH, WORDS)

    def tell(self, value, words):
        """Let the juror have marked and written that."""
        public, whole, private = words
        Mark.objects.filter(sheet=self.sheet).update(value=value, comment=public)
        Sheet.objects.filter(pk=self.sheet.pk).update(comment=whole, private_note=private)

    def lock(self):
        """Every other sheet is handed in and the marks are locked, the standing frozen."""
        for duty in self.duties:
            if duty != self.planted:
                write(duty, 40)
        chair = Juror.objects.get(panel=self.panel, is_chair=True).user
        scoring.lock_panel(self.panel, by=chair)

    def turn_over(self):
        """The frozen figures another way round, as other marks would have made them."""
        lines = list(StandingLine.objects.filter(standing__panel=self.panel).order_by("order"))
        places = [(line.order, line.rank) for line in lines]
        StandingLine.objects.filter(pk__in=[line.pk for line in lines]).update(order=F("order") + 100)
        for line, (order, rank) in zip(reversed(lines), places, strict=True):
            shown = {"mean": 1.23, "adjusted": 2.34, "margin": 3.45, "spread": 4.56, "probability": 0.5}
            StandingLine.objects.filter(pk=line.pk).update(order=order, rank=rank, band="discuss", **shown)

    def paths(self, route):
        """The addresses of a route: with what the scene fills it, and with the panel's own objects."""
        key = self.panel.pk if "<int:pk>" in route else self.planted.submission_id if "<uuid:pk>" in route else ""
        own = self.objects | ({"pk": key} if key else {})
        return list(dict.fromkeys([self.scene.path(route), self.scene.path(route, **own)]))

    def ask(self, persona, path):
        """The page at `path`, without what is new at each request; its effects are undone."""
        with transaction.atomic(), clock.at(self.scene.moment):
            answer = self.scene.client(persona).get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return f"{answer.status_code} {CHANGING.sub('', body.decode(errors='replace'))}"

    def pages(self, personas, known):
        for persona in personas:
            for route in known:
                for path in self.paths(route)[0 if persona not in SEEING else -1 :]:
                    for order in ORDERS if persona in SEEING and path.startswith(ORDERED) else ORDERS[:1]:
                        yield persona, path + order


def print_of(page):
    return sha256(page.encode()).hexdigest()


def leaks(plot, pages, change, restore):
    """The pages that say what was written, and those that are not the same once it was written otherwise."""
    before, found = {}, []
    for asked in pages:
        page = plot.ask(*asked)
        before[asked] = print_of(page)
        found += [(*asked, "says it")] if any(word in page for word in WORDS) else []
    change()
    differing = [asked for asked, told in before.items() if print_of(plot.ask(*asked)) != told]
    restore()
    for asked in differing:
        page = plot.ask(*asked)
        # What is never twice the same tells nothing by being another: only by what it says.
        if print_of(page) == before[asked] or any(figure in page for figure in FIGURES):
            found.append((*asked, "depends on it"))
    return found


def other_marks(plot):
    plot.tell(LOW, OTHERS)


def all_other_marks(plot):
    other_marks(plot)
    plot.turn_over()


@pytest.mark.parametrize(
    ("personas", "known"),
    [
        pytest.param(SEEING, EVERYWHERE, id="portal"),
        pytest.param(PERSONAS, BACK_OFFICE, id="back office", marks=pytest.mark.long),
        pytest.param(sorted(set(PERSONAS) - set(SEEING)), EVERYWHERE, id="everyone else", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("is_locked", [False, pytest.param(True, marks=pytest.mark.long)], ids=["open", "locked"])
def test_no_page_depends_on_what_a_juror_marked(personas, known, is_locked):
    plot = Plot()
    change = other_marks
    if is_locked:
        plot.lock()
        change = all_other_marks
    kept = list(StandingLine.objects.filter(standing__panel=plot.panel).values())

    def restore():
        plot.tell(HIGH, WORDS)
        StandingLine.objects.filter(standing__panel=plot.panel).update(order=F("order") + 200)
        for row in kept:
            StandingLine.objects.filter(pk=row["id"]).update(**row)

    assert not leaks(plot, list(plot.pages(personas, known)), lambda: change(plot), restore)


def test_a_page_that_said_it_would_be_found():
    plot = Plot()
    scene, juror = plot.scene, plot.planted.juror.user
    scene.people["marker"] = juror
    scene.sign_in()
    page = scene.path("jury/<int:pk>/fiche/<uuid:submission>/", pk=plot.panel.pk, **plot.objects)
    board = scene.path("jury/<int:pk>/presidence/")
    asked = [("marker", page), ("chair", board)]
    found = leaks(plot, asked, lambda: other_marks(plot), lambda: plot.tell(HIGH, WORDS))
    assert found == [("marker", page, "says it"), ("marker", page, "depends on it")]
