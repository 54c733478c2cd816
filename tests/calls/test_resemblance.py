"""Structures that may be one and the same: agents are shown which, applicants never; nothing follows by itself."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from bethune_smartcity.accounts import resemblance as likenesses
from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.resemblance import alike, domain_of, likeness, name_key, number_key, profile
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Distinction, Submission
from calls.operations import resemblance, submissions
from calls.queries.resemblance import count_pairs, pairs_of, pairs_with
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, give_rights, submitted

pytestmark = pytest.mark.django_db


def compared(key, name="", country="FR", number="", website="", *addresses):
    given = {"name": name, "country": country, "registration_number": number, "website": website}
    return profile(Structure(pk=key, **given), addresses)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Navette du soir",), ("NAVETTE DU SOIR SAS",)),
        (("Éolia",), ("Eolia, S.A.R.L.",)),
        (("Navettes du soir",), ("Navette du soir",)),
        (("Blue Sky GmbH", "DE"), ("BlueSky", "US")),
        (("Any", "FR", "123 456 782 00010"), ("Other", "FR", "12345678200028")),
        (("Any", "BE", "0123.456.749"), ("Other", "BE", "BE 0123 456 749".removeprefix("BE "))),
        (("Any", "FR", "", "https://www.eolia.fr/a"), ("Other", "DE", "", "", "anna@eolia.fr")),
        (("Any", "GB", "", "https://shop.eolia.co.uk"), ("Other", "GB", "", "", "x@mail.eolia.co.uk")),
    ],
)
def test_number_domain_or_name_say_that_two_may_be_one(one, other):
    assert likeness(compared(1, *one), compared(2, *other))
    assert [like.first for like in alike([compared(1, *one), compared(2, *other)])] == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Navette du soir",), ("Panier du coin",)),
        (("Startup 1",), ("Startup 2",)),
        (("SAS",), ("SARL",)),
        (("Any", "FR", "123456782"), ("Other", "BE", "123456782")),
        (("Any", "FR", "", "", "a@gmail.com"), ("Other", "FR", "", "", "b@gmail.com")),
        (("Any", "FR", "", "", "a@orange.fr"), ("Other", "FR", "", "", "b@orange.fr")),
        (("Any", "FR", "", "https://www.linkedin.com/company/a"), ("Other", "FR", "", "https://linkedin.com/b")),
        (("Any", "FR", "", "", "a@demo.example"), ("Other", "FR", "", "", "b@demo.example")),
        (("Any", "GB", "", "https://a.co.uk"), ("Other", "GB", "", "https://b.co.uk")),
    ],
)
def test_what_many_share_says_nothing(one, other):
    assert likeness(compared(1, *one), compared(2, *other)) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_people_type_is_compared_both_ways_alike(one, other):
    mine, theirs = compared(1, one, "FR", other, one, other), compared(2, other, "FR", one, other, one)
    assert bool(likeness(mine, theirs)) == bool(likeness(theirs, mine))
    assert domain_of(one) == domain_of(one.lower())
    assert name_key(name_key(one)) == name_key(one)
    assert number_key("FR", one) == number_key("FR", one.upper())


NAMES = st.sampled_from(["navette", "soir", "panier", "lien", "eolia", "bethune", "sas", "2"])


@settings(max_examples=60)
@given(st.lists(st.lists(NAMES, max_size=3).map(" ".join), max_size=12))
def test_looking_at_those_that_share_something_finds_what_looking_at_all_finds(names):
    known = [compared(key, name) for key, name in enumerate(names)]
    every = {(one.key, other.key) for one in known for other in known if one.key < other.key and likeness(one, other)}
    assert {(like.first, like.second) for like in alike(known)} == every


@pytest.fixture
def call():
    cache.clear()
    return CallFactory()


@pytest.fixture
def twins(call):
    """Two applications of structures with nearly the same name, and one of another."""
    names = ("Navette du soir", "Navettes du Soir SAS", "Panier du coin")
    return [submitted(call, StructureFactory(name=name, owner=UserFactory(language="fr"))) for name in names]


def screen(submission):
    return reverse("calls:screen", kwargs={"pk": submission.pk})


def listed(call):
    return reverse("calls:resemblances", kwargs={"slug": call.slug})


def tell(client, one, other, **sent):
    path = reverse("calls:tell-apart", kwargs={"pk": one.pk})
    return client.post(path, {"other": other.number, **sent})


def test_an_agent_sees_on_the_application_on_the_board_and_on_the_list_who_may_be_the_same(call, twins, client):
    one, other, apart = twins
    client.force_login(agent_of(call))
    with translation.override("fr"):
        assert "Chercher des doublons" in client.get(reverse("calls:board", args=[call.slug])).content.decode()
        page = client.get(screen(one)).content.decode()
        assert "Doublons possibles" in page
        assert f"{other.number}, Navettes du Soir SAS" in page
        assert "Nom presque identique" in page
        assert "Doublons possibles" not in client.get(screen(apart)).content.decode()
        rows = client.get(reverse("calls:board-submissions", args=[call.slug])).content.decode()
        assert f'href="{listed(call)}"' in rows
        assert "doublon possible" in client.get(reverse("calls:board", args=[call.slug])).content.decode()
        both = client.get(listed(call)).content.decode()
    assert both.count("Navettes du Soir SAS</a>") == 1
    assert "Panier du coin" not in both


def test_saying_that_they_are_two_is_journalled_on_both_and_can_be_taken_back(call, twins, client):
    one, other, _apart = twins
    agent = agent_of(call)
    client.force_login(agent)
    assert count_pairs(call) == 1
    assert tell(client, other, one, act="apart").headers["Location"].endswith(screen(other)[3:])
    assert tell(client, one, other, act="apart", **{"from": "list"}).headers["Location"].endswith(listed(call)[3:])
    lines = JournalEntry.objects.filter(verb="tell_apart")
    assert {line.subject_id for line in lines} == {str(one.pk), str(other.pk)}
    assert {line.actor for line in lines} == {agent}
    assert Distinction.objects.count() == 1
    assert [pair.is_apart for pair in pairs_of(agent, call)] == [True]
    with translation.override("fr"):
        assert "distingue deux structures" in client.get(screen(one)).content.decode().lower()
    tell(client, one, other, act="back")
    assert [pair.is_apart for pair in pairs_with(agent, other)] == [False]
    assert JournalEntry.objects.filter(verb="take_back_apart").count() == 2


def test_the_count_follows_what_was_said(call, twins, django_capture_on_commit_callbacks):
    one, other, _apart = twins
    assert count_pairs(call) == 1
    with django_capture_on_commit_callbacks(execute=True):
        resemblance.tell_apart(one, other, by=agent_of(call))
    assert count_pairs(call) == 0


def test_nothing_is_refused_to_an_applicant_who_looks_like_another_nor_told(call, twins, client):
    again = draft(call, StructureFactory(name="Navette du Soir"), complete=True)
    owner = owner_of(again.structure)
    done = submissions.submit(again, by=owner)
    assert done.number
    client.force_login(owner)
    for name in ("submission", "check", "receipt"):
        page = client.get(reverse(f"calls:{name}", kwargs={"pk": done.pk}), follow=True).content.decode()
        assert twins[0].number not in page
    for path in (screen(done), listed(call)):
        assert client.get(path).status_code in {403, 404}
    assert tell(client, done, twins[0]).status_code in {403, 404}
    assert not Distinction.objects.exists()


def test_drafts_withdrawn_ones_and_other_calls_are_not_compared(call, twins):
    agent, one = agent_of(call), twins[0]
    draft(call, StructureFactory(name="Navette du soir bis"))
    gone = submitted(call, StructureFactory(name="Navette du soir !"))
    submissions.withdraw(gone, by=owner_of(gone.structure))
    elsewhere = submitted(CallFactory(), StructureFactory(name="Navette du soir"))
    assert [pair.other for pair in pairs_with(agent, one)] == [twins[1]]
    give_rights(elsewhere.call, agent)
    with pytest.raises(Invalid):
        resemblance.tell_apart(one, elsewhere, by=agent)
    with pytest.raises(Invalid):
        resemblance.tell_apart(one, one, by=agent)


def test_who_does_not_screen_says_nothing(call, twins):
    for by in (AgentFactory(), agent_of(call, "configure"), owner_of(twins[0].structure)):
        with pytest.raises(Forbidden):
            resemblance.tell_apart(*twins[:2], by=by)


def test_under_seal_nothing_of_it_is_shown(client):
    cache.clear()
    call = CallFactory(sealed=True)
    agent = agent_of(call)
    for name in ("Navette du soir", "Navette du soir SAS"):
        submitted(call, StructureFactory(name=name))
    client.force_login(agent)
    assert (count_pairs(call), pairs_of(agent, call)) == (0, [])
    for page in (listed(call), reverse("calls:board", args=[call.slug])):
        assert "Navette" not in client.get(page).content.decode()


def test_it_asks_the_same_of_a_hundred_as_of_one(call):
    agent, first = agent_of(call), submitted(call)
    assert first.call == call
    counts = {}
    for n in (1, 3, 100):
        kept = Submission.objects.filter(call=call).count()
        made = Structure.objects.bulk_create(
            Structure(name=f"Structure {clock.now().timestamp()} {place}") for place in range(n - kept)
        )
        Submission.objects.bulk_create(
            Submission(
                call=call,
                structure=structure,
                title="A",
                state="submitted",
                number=f"{call.number_prefix}-{structure.pk}",
                submitted_at=clock.now(),
            )
            for structure in made
        )
        cache.clear()
        acts = {"first": lambda: pairs_with(agent, first), "again": lambda: pairs_with(agent, first)}
        for name, act in {**acts, "all": lambda: pairs_of(agent, call)}.items():
            with CaptureQueriesContext(connection) as asked:
                act()
            counts.setdefault(name, set()).add(len(asked))
    assert counts == {"first": {1}, "again": {0}, "all": {1}}


def test_of_one_application_only_those_like_it_are_read(call, twins):
    agent = agent_of(call)
    assert pairs_with(agent, twins[2]) == []
    assert twins[0].call == call
    with CaptureQueriesContext(connection) as asked:
        assert [pair.other for pair in pairs_with(agent, twins[0])] == [twins[1]]
    assert len(asked) == 2
    assert "Panier" not in str(connection.queries)


def test_thousands_of_numbered_structures_are_compared_only_with_those_of_their_number(monkeypatch):
    looked_at = []
    monkeypatch.setattr(likenesses, "likeness", lambda one, other: looked_at.append((one.key, other.key)))
    known = [compared(key, f"Structure de quartier {key}") for key in range(2000)]
    assert list(alike([*known, compared(2000, "Structure du quartier 7")])) == []
    assert looked_at == [(7, 2000)]


def test_a_piece_that_all_names_hold_brings_no_two_of_them_together(monkeypatch):
    looked_at = []
    monkeypatch.setattr(likenesses, "likeness", lambda one, other: looked_at.append((one.key, other.key)))
    own = [f"{a}{b}" for a in ("xq", "vk", "zj", "wj", "yq", "qk", "jx", "kz", "hx", "fq") for b in "bcdfghjklm"]
    known = [compared(key, f"{name} ville durable") for key, name in enumerate(own)]
    assert list(alike(known)) == []
    assert len(looked_at) < len(own) ** 2 / 8
