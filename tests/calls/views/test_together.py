"""Who is on a draft at this moment, in which section, and what each saved last: told to its people alone."""

import json
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock, kept
from calls import presence
from tests.bench.counting import counted
from tests.factories.accounts import StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import draft, pdf, questions_of

pytestmark = pytest.mark.django_db
# An hour at which no day ends.
NOON = clock.now().replace(hour=11, minute=0, second=0, microsecond=0)


class Desk:
    """A draft with its owner and an editor, each in a browser."""

    def __init__(self):
        caches["pages"].clear()
        presence.ROOMS.silent_until = None
        self.draft = draft()
        self.owner = owner_of(self.draft.structure)
        self.editor = join(self.draft.structure, "editor")
        self.first, self.second = questions_of(self.draft.call)[0], questions_of(self.draft.call)[2]
        self.browsers = {}

    def browser(self, person):
        if person not in self.browsers:
            self.browsers[person] = Client()
            self.browsers[person].force_login(person)
        return self.browsers[person]

    def at(self, person, name, data=None, **kwargs):
        """What a page answers to a person, in English."""
        with translation.override("en"):
            address = reverse(f"calls:{name}", kwargs={"pk": self.draft.pk, **kwargs})
            return self.browser(person).get(address) if data is None else self.browser(person).post(address, data)

    def opens(self, person, order):
        answer = self.at(person, "section", order=order)
        assert answer.status_code == 200
        return answer.text

    def saves(self, person, question, value):
        field = question.field_name
        assert self.at(person, "autosave", {"field": field, field: value}).status_code == 200

    def asks(self, person, place):
        """What the page of a person is told when it asks again."""
        with translation.override("en"):
            address = reverse("calls:presence", kwargs={"pk": self.draft.pk})
            return json.loads(self.browser(person).get(address, {"place": place}).content)


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def test_each_sees_where_the_other_is_and_not_oneself(desk):
    assert "Here now" not in desk.opens(desk.editor, 2)
    page = desk.opens(desk.owner, 1)
    assert page.count("Here now: “Part 2”") == 1
    assert "is in this section too" not in page
    assert "Here now: “Part 1”" in desk.opens(desk.editor, 2)


def test_two_in_one_section_are_told_so_where_they_write(desk):
    desk.opens(desk.editor, 1)
    page = desk.opens(desk.owner, 1)
    assert f"{desk.editor} is in this section too." in page
    assert page.index('role="status" data-together') < page.index("is in this section too.")
    assert desk.asks(desk.editor, 1)["together"].startswith(f"{desk.owner} is in this section too.")
    third = join(desk.draft.structure, "editor")
    assert "are in this section too." in desk.opens(third, 1)


def test_a_minute_later_who_left_is_not_here_and_who_still_looks_is(desk):
    desk.opens(desk.editor, 2)
    with clock.at(NOON + timedelta(seconds=50)):
        desk.asks(desk.editor, 2)
    with clock.at(NOON + timedelta(seconds=100)):
        assert "Here now: “Part 2”" in desk.opens(desk.owner, 1)
    with clock.at(NOON + timedelta(seconds=111)):
        assert "Here now" not in desk.opens(desk.owner, 1)


def test_a_save_and_the_page_that_checks_all_say_where_one_is(desk):
    desk.opens(desk.editor, 1)
    desk.saves(desk.editor, desk.second, "12")
    assert "Here now: “Part 2”" in desk.opens(desk.owner, 1)
    assert desk.at(desk.editor, "check").status_code == 200
    assert "Here now: “Check and submit”" in desk.asks(desk.owner, 1)["people"]
    desk.opens(desk.editor, 0)
    assert "Here now: “Your project”" in desk.at(desk.owner, "check").text


def test_what_each_saved_last_is_told_with_its_hour_then_its_day(desk):
    desk.saves(desk.editor, desk.first, "A text")
    with clock.at(NOON + timedelta(minutes=3)):
        desk.saves(desk.editor, desk.second, "12")
        assert "Saved “Part 2” at 1" in desk.opens(desk.owner, 1)
        assert "Saved “Part 1”" not in desk.opens(desk.owner, 1)
        assert "Saved “" not in desk.opens(desk.editor, 1)
    with clock.at(NOON + timedelta(days=2)):
        told = desk.asks(desk.owner, 1)["people"]
        assert "Saved “Part 2” on " in told
        assert " at " not in told


def test_a_description_and_a_document_count_as_saved(desk):
    described = {"field": "one_line", "one_line": "In one line"}
    assert desk.at(desk.editor, "autosave", described).status_code == 200
    assert "Saved “Your project” at" in desk.opens(desk.owner, 1)
    desk.second.kind = "file"
    desk.second.save()
    with clock.at(NOON + timedelta(minutes=1)):
        desk.saves(desk.editor, desk.second, pdf())
        assert "Saved “Part 2” at" in desk.opens(desk.owner, 1)


def test_nobody_else_learns_who_is_here(desk):
    desk.opens(desk.editor, 1)
    reader = join(desk.draft.structure, "reader")
    stranger = owner_of(StructureFactory())
    assert desk.at(reader, "presence").status_code in {403, 404}
    for person in (stranger, UserFactory()):
        assert desk.at(person, "presence").status_code == 404
    assert set(presence.here_on(desk.draft.pk)) == {desk.editor.pk}


def test_who_is_alone_is_asked_nothing_and_odd_places_break_nothing(desk):
    alone = Desk.__new__(Desk)
    alone.draft, alone.browsers = draft(), {}
    page = alone.opens(owner_of(alone.draft.structure), 1)
    assert "data-here" not in page
    assert "data-together" not in page
    assert "data-here" in desk.opens(desk.owner, 1)
    for place in ("", "x", "-7", "99", "²", "9" * 30):
        assert set(desk.asks(desk.owner, place)) == {"people", "together"}


def test_a_cache_that_fails_takes_nothing_from_who_writes(desk, monkeypatch):
    class Broken:
        def get(self, *given):
            raise ConnectionError

        set = get

    monkeypatch.setattr(kept, "caches", {"pages": Broken()})
    assert "Here now" not in desk.opens(desk.owner, 1)
    desk.saves(desk.owner, desk.first, "Kept all the same")
    assert desk.draft.answers.get().value == "Kept all the same"


def test_a_list_asked_for_again_takes_few_statements_whatever_the_people(desk):
    def statements():
        desk.asks(desk.owner, 1)
        with counted() as seen:
            desk.asks(desk.owner, 1)
        return len(seen.seen)

    few = statements()
    for _ in range(5):
        desk.saves(join(desk.draft.structure, "editor"), desk.first, f"Text {_}")
    assert statements() == few <= 8
