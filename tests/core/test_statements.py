"""Statements compiled once say what Django's own would, in each language, for each value, wherever they stand."""

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from bethune_smartcity.accounts.models import Membership, Structure, User
from bethune_smartcity.core.statements import Among, Compiled, number_of, prefetched
from calls.models import Call, Submission
from pillars.models import Pillar
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, draft

pytestmark = pytest.mark.django_db

MINE = Compiled(lambda user: Membership.objects.filter(user=user).values("structure"), user=User._meta.pk)
OWN = Compiled(
    lambda user: (
        Submission.objects.filter(structure__in=MINE.within(user=user))
        .select_related("call", "structure")
        .prefetch_related("other_pillars")
        .annotate(place=F("structure__city"))
        .order_by("title")
    ),
    user=User._meta.pk,
)
ON = Compiled(lambda moment: Call.objects.filter(opens_at__gt=moment), moment=Call._meta.get_field("opens_at"))
OF_STRUCTURE = Compiled(
    lambda structure: Structure.objects.filter(
        Exists(Membership.objects.filter(structure=OuterRef("pk"))), pk=structure
    ),
    structure=Structure._meta.pk,
)
STATE = Submission._meta.get_field("state")


@pytest.fixture
def people():
    return [owner_of(StructureFactory()) for _ in range(3)]


def applied(user):
    structure = user.memberships.get().structure
    return [draft(structure=structure) for _ in range(2)]


def test_rows_are_those_of_the_same_queryset(people):
    for user in people:
        applied(user)
    for user in people:
        plain = Submission.objects.filter(structure__memberships__user=user).order_by("title")
        assert OWN.fetch(user=user.pk) == list(plain)
        assert OWN.first(user=user.pk) == plain.first()
        assert OWN.exists(user=user.pk)


def test_rows_carry_what_is_read_beside_them(people):
    applied(people[0])
    with CaptureQueriesContext(connection) as seen:
        (one, _other) = OWN.fetch(user=people[0].pk)
        assert one.call.title
        assert one.structure.name
        assert one.place == "Béthune"
        assert list(one.other_pillars.all()) == []
    assert len(seen) == 2


def test_one_statement_and_none_is_shared(people):
    applied(people[0])
    assert OWN.fetch(user=people[0].pk)
    with CaptureQueriesContext(connection) as seen:
        assert OWN.fetch(user=people[1].pk) == []
        assert OWN.first(user=people[1].pk) is None
        assert not OWN.exists(user=people[1].pk)
        assert not OWN.exists(user=None)
    assert len(seen) == 4


def test_a_statement_is_part_of_another(people):
    applied(people[0])
    found = Submission.objects.filter(structure__in=MINE.within(user=people[0].pk))
    assert found.count() == 2
    assert not found.exclude(structure__in=MINE.within(user=people[0].pk)).exists()
    assert not Submission.objects.filter(structure__in=MINE.within(user=people[1].pk)).exists()


def test_keys_and_instants_are_written_as_the_database_keeps_them(people):
    structure = people[0].memberships.get().structure
    assert OF_STRUCTURE.fetch(structure=structure.pk) == [structure]
    assert OF_STRUCTURE.fetch(structure=str(structure.pk)) == [structure]
    call = CallFactory()
    assert call not in ON.fetch(moment=call.opens_at)
    assert call in ON.fetch(moment=call.opens_at.replace(year=call.opens_at.year - 1))


def test_each_language_reads_its_own_columns():
    named = Compiled(lambda: Pillar.objects.order_by("name").only("name"))
    for language in ("fr", "de", "fr"):
        with override(language):
            assert [pillar.name for pillar in named.fetch()] == [p.name for p in Pillar.objects.order_by("name")]


def test_values_and_unions_come_as_tuples(people):
    both = Compiled(
        lambda user: (
            Membership.objects.filter(user=user)
            .values_list("structure")
            .union(Membership.objects.filter(user=user).values_list("structure"))
        ),
        user=User._meta.pk,
    )
    assert both.fetch(user=people[0].pk) == [(people[0].memberships.get().structure_id,)]


def test_the_sql_is_made_once(people, monkeypatch):
    made = []
    counted = Compiled(lambda user: made.append(user) or User.objects.filter(pk=user), user=User._meta.pk)
    for user in people:
        assert counted.fetch(user=user.pk) == [user]
    assert len(made) == 1


def test_deleting_nothing_only_reads_and_deleting_takes_what_the_queryset_has(people):
    mine = Compiled(lambda user: Membership.objects.filter(user=user), user=User._meta.pk)
    mine.delete(user=people[0].pk)
    assert set(Membership.objects.values_list("user", flat=True)) == {people[1].pk, people[2].pk}
    with CaptureQueriesContext(connection) as seen:
        mine.delete(user=people[0].pk)
    assert [statement["sql"].split()[0] for statement in seen.captured_queries] == ["SELECT"]


NAMED = Among(lambda keys: Structure.objects.filter(pk__in=keys).order_by("pk"), Structure._meta.pk)


@pytest.mark.parametrize("number", [0, 1, 3, 4, 5, 9])
def test_rows_among_any_number_of_values_take_one_statement_and_none_for_no_value(number):
    made = [StructureFactory() for _ in range(10)]
    with CaptureQueriesContext(connection) as seen:
        assert NAMED.fetch([one.pk for one in made[:number]]) == made[:number]
    assert len(seen) == (1 if number else 0)
    assert NAMED.fetch({made[9].pk: None, -1: None}) == made[9:]


def test_a_statement_among_values_is_compiled_once_for_each_size(monkeypatch):
    one = Among(lambda keys: Structure.objects.filter(pk__in=keys), Structure._meta.pk)
    compiled = []
    monkeypatch.setattr(
        Compiled, "_compile", lambda self, real=Compiled._compile, **how: compiled.append(self) or real(self, **how)
    )
    for number in (1, 2, 4, 5, 8, 3, 7):
        one.fetch(range(1, number + 1))
    assert len(compiled) == 2


def test_a_part_is_that_of_the_whole_list(people):
    for user in people:
        applied(user)
    ordered = Compiled(lambda state: Submission.objects.filter(state=state).order_by("pk"), state=STATE)
    every = list(Submission.objects.filter(state="draft").order_by("pk"))
    with CaptureQueriesContext(connection) as seen:
        assert ordered.part(0, 2, state="draft") == every[:2]
        assert ordered.part(4, 9, state="draft") == every[4:]
        assert ordered.part(9, 12, state="draft") == []
        assert ordered.part(0, 0, state="draft") == []
    assert len(seen) == 3
    assert ordered.fetch(state="draft") == every


def test_a_number_is_that_of_the_rows(people):
    counted = Compiled(lambda state: number_of(Submission.objects.filter(state=state).order_by("title")), state=STATE)
    assert counted.first(state="draft") == 0
    applied(people[0])
    assert counted.first(state="draft") == 2
    assert counted.first(state="withdrawn") == 0


def test_what_is_given_is_not_asked_again(people):
    one, _other = applied(people[0])
    pillar = Pillar.objects.first()
    prefetched(one, "other_pillars", [pillar])
    with CaptureQueriesContext(connection) as seen:
        assert list(one.other_pillars.all()) == [pillar]
    assert not seen
