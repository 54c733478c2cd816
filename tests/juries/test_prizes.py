"""Several prizes to one application: proposed, explained, decided, awarded and told, each once."""

import re
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.moves import move
from bethune_smartcity.notifications.models import Message
from calls.workflow import SubmissionState
from juries.models import Award, Juror, Proposal, Recusal
from juries.operations import deliberation, panels
from juries.operations.deliberation import Allotment, Cause, Desk
from juries.queries.invariants import laureates_have_prizes_alone
from tests.factories.accounts import owner_of
from tests.juries.finale import a_finale, freeze
from tests.juries.test_deliberation import DECLINE, KEEP, codes, prizes, settle, states, tell
from tests.papers import holds

pytestmark = pytest.mark.django_db
WHY = "Two thresholds crossed at once."


@pytest.fixture
def finale():
    """Six finalists in deliberation, three prizes of the jury."""
    made = a_finale(6)
    made.reach("deliberate")
    made.attend()
    return made


@pytest.fixture
def both(finale):
    """The first and second prizes to the first finalist, the third to the second, settled."""
    tell(finale, (0, 0, 1), reasons=("", WHY, ""))
    settle(finale)
    return finale


def found(finale):
    desk = Desk.load(finale.panel)
    return [(one.prize.rank, one.submission.title, one.cause) for one in desk.departures]


def tied(scores):
    """Four finalists of those scores, in deliberation."""
    made = a_finale(4)
    move(made.panel, "open", by=SYSTEM)
    freeze(made.panel, made.finalists, scores)
    for act in ("lock", "disclose", "deliberate"):
        move(made.panel, act, by=SYSTEM)
    made.attend()
    return made


def aside(finale, user, submission):
    seat = Juror.objects.get(panel=finale.panel, user=user)
    Recusal.objects.create(juror=seat, submission=submission, category="family")


class TestProposing:
    def test_each_prize_has_its_row_and_no_other_verdict_sits_beside(self, finale):
        tell(finale, (0, 0, 1), reasons=("", WHY, ""))
        rows = Proposal.objects.filter(panel=finale.panel).order_by("prize__rank", "submission__number")
        given = [(one.submission.title, one.prize.rank, one.amount) for one in rows if one.prize]
        assert given == [("Finalist 1", 1, 5000), ("Finalist 1", 2, 2000), ("Finalist 2", 3, 1500)]
        assert [(one.submission.title, one.verdict) for one in rows if not one.prize] == [
            (f"Finalist {n}", DECLINE) for n in (3, 4, 5, 6)
        ]
        assert list(laureates_have_prizes_alone()) == []
        told = JournalEntry.objects.get(verb="allot").data["proposals"]
        assert [row["prize"] for row in told] == [prize.pk for prize in prizes(finale)]

    def test_a_prize_still_has_one_holder_and_an_application_one_verdict(self, finale):
        tell(finale, (0, 0, 1), reasons=("", WHY, ""))
        first, last = (Proposal.objects.get(prize=prizes(finale)[n]) for n in (0, 2))
        taken = Proposal(panel=finale.panel, submission=last.submission, verdict=KEEP, prize=first.prize)
        again = Proposal(panel=finale.panel, submission=finale.finalists[5], verdict=DECLINE)
        for one in (taken, again):
            with pytest.raises(IntegrityError), transaction.atomic():
                one.save()
        Proposal.objects.create(panel=finale.panel, submission=last.submission, verdict=DECLINE)
        assert len(list(laureates_have_prizes_alone())) == 1

    def test_proposing_anew_takes_all_its_prizes_back(self, finale):
        tell(finale, (0, 0, 1), reasons=("", WHY, ""))
        deliberation.propose(finale.panel, finale.finalists[0], verdict=DECLINE, by=finale.chair)
        assert Proposal.objects.get(submission=finale.finalists[0]).prize is None
        tell(finale, (0, 1, 2))
        assert Proposal.objects.filter(submission=finale.finalists[0]).count() == 1
        assert codes(finale) == []

    def test_the_envelope_counts_each_of_them(self, finale):
        finale.call.envelope = Decimal(8000)
        finale.call.save(update_fields=["envelope"])
        finale.panel.refresh_from_db()
        tell(finale, (0, 0, None), reasons=("", WHY, "None is ripe"))
        assert Desk.load(finale.panel).spent == 7000
        tell(finale, (0, 0, 1), reasons=("", WHY, ""))
        assert codes(finale) == ["envelope"]

    def test_the_ranking_gives_one_to_each(self, finale):
        tell(finale, (0, 0, 0), reasons=(WHY, WHY, WHY))
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        assert found(finale) == []
        assert Proposal.objects.filter(prize__isnull=False).values("submission").distinct().count() == 3


class TestDepartures:
    def test_a_further_prize_is_explained_and_those_who_follow_have_nothing_to_explain(self, finale):
        tell(finale, (0, 0, 1))
        assert found(finale) == [(2, "Finalist 1", Cause.FURTHER)]
        with translation.override("en"):
            (gap,) = deliberation.gaps(finale.panel)
        assert gap.sentence.startswith("Give the reason why Finalist 1 gets ")
        assert gap.sentence.endswith(" on top of a better prize.")
        tell(finale, (0, 0, 1), reasons=(WHY, "", ""))
        assert codes(finale) == ["no_reason"], "the reason is that of the further prize"
        tell(finale, (0, 0, 1), reasons=("", WHY, ""))
        assert codes(finale) == []

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ((0, 1, 0), [(3, "Finalist 1", Cause.FURTHER)]),
            ((0, 0, 0), [(2, "Finalist 1", Cause.FURTHER), (3, "Finalist 1", Cause.FURTHER)]),
            ((0, 0, 2), [(2, "Finalist 1", Cause.FURTHER), (3, "Finalist 3", Cause.ABOVE_RANK)]),
            (
                (2, 2, 0),
                [
                    (1, "Finalist 3", Cause.ABOVE_RANK),
                    (2, "Finalist 3", Cause.FURTHER),
                    (3, "Finalist 1", Cause.LOWERED),
                ],
            ),
            ((0, 0, None), [(2, "Finalist 1", Cause.FURTHER), (3, "Finalist 2", Cause.WITHHELD)]),
            ((0, None, 0), [(2, "Finalist 2", Cause.WITHHELD), (3, "Finalist 1", Cause.FURTHER)]),
        ],
    )
    def test_each_further_prize_on_top_of_what_the_order_asks(self, finale, order, expected):
        tell(finale, order)
        assert found(finale) == expected

    def test_equals_one_of_whom_takes_two(self):
        made = tied((17, 17, 15, 14))
        tell(made, (0, 0, 1))
        assert found(made) == [(1, "Finalist 1", Cause.TIE), (2, "Finalist 1", Cause.FURTHER)]
        tell(made, (0, 0, 2))
        assert found(made) == [
            (1, "Finalist 1", Cause.TIE),
            (2, "Finalist 1", Cause.FURTHER),
            (3, "Finalist 3", Cause.ABOVE_RANK),
        ]

    def test_more_prizes_than_finalists_are_explained_as_well(self):
        made = a_finale(2)
        made.reach("deliberate")
        made.attend()
        tell(made, (0, 1, 1))
        assert found(made) == [(3, "Finalist 2", Cause.FURTHER)]

    def test_each_amount_is_told_with_its_own_reason(self, finale):
        tell(finale, (0, 0, 1), amounts=(8000, 500, 1500), reasons=("More", WHY, ""))
        said = [(one.cause, Desk.load(finale.panel).reason_of(one)) for one in Desk.load(finale.panel).departures]
        assert said == [(Cause.FURTHER, WHY), (Cause.AMOUNT, "More"), (Cause.AMOUNT, WHY)]


class TestAside:
    def test_both_prizes_stay_with_whom_another_proposed_them_to(self, finale):
        tell(finale, (0, 0, 1), reasons=("", WHY, ""))
        aside(finale, finale.secretary, finale.finalists[0])
        assert [one.rank for one in deliberation.prizes_open_to(finale.panel, finale.secretary)] == [3]
        deliberation.propose_ranking(finale.panel, by=finale.secretary)
        kept = Proposal.objects.filter(prize__isnull=False).order_by("prize__rank")
        assert [(one.submission.title, one.prize.rank) for one in kept] == [
            ("Finalist 1", 1),
            ("Finalist 1", 2),
            ("Finalist 3", 3),
        ]
        (last,) = deliberation.prizes_open_to(finale.panel, finale.secretary)
        deliberation.allot(finale.panel, [Allotment(last, finale.finalists[1], last.amount)], by=finale.secretary)
        assert Proposal.objects.filter(submission=finale.finalists[0]).count() == 2

    def test_nothing_of_either_is_told_to_them(self, client, finale):
        tell(finale, (0, 0, 1), amounts=(8000, 2000, 1500), reasons=("", "", ""))
        aside(finale, finale.secretary, finale.finalists[0])
        assert [gap.code for gap in deliberation.gaps(finale.panel, finale.secretary)] == ["aside"]
        client.force_login(finale.secretary)
        for name in ("chair", "meeting", "chair-minutes", "chair-minutes-data", "chair-palmares"):
            page = client.get(reverse(f"juries:{name}", kwargs={"pk": finale.panel.pk})).content.decode()
            # Bounded: a token of the page may hold these four digits.
            assert not re.search(r"\b8\s?000\b", page)
            assert name == "chair" or "Finalist 1" not in page, "their own link is on the board"


class TestDecision:
    def test_the_minutes_print_each_prize_and_both_orders(self, client, both):
        content = both.panel.minutes.content
        decided = [(row["title"], row["prize"], row["awarded"]) for row in content["decision"] if row["prize"]]
        names = [prize.name for prize in prizes(both)]
        assert decided == [
            ("Finalist 1", names[0], "5000.00"),
            ("Finalist 1", names[1], "2000.00"),
            ("Finalist 2", names[2], "1500.00"),
        ]
        assert [(one["cause"], one["prize"], one["reason"]) for one in content["departures"]] == [
            ("further", names[1], WHY)
        ]
        client.force_login(both.chair)
        page = client.get(reverse("juries:chair-minutes", kwargs={"pk": both.panel.pk})).content.decode()
        assert "reçoit ce prix en plus d’un prix meilleur" in page
        paper = client.get(reverse("juries:chair-minutes-paper", kwargs={"pk": both.panel.pk}))
        assert holds(paper, "reçoit ce prix en plus d’un prix meilleur", WHY, "Les deux ordres") == []

    def test_an_application_is_elected_and_told_once(self, both):
        deliberation.proclaim(both.panel, by=both.chair)
        given = [(one.prize.rank, one.submission.title, one.amount) for one in Award.objects.all()]
        assert given == [(1, "Finalist 1", 5000), (2, "Finalist 1", 2000), (3, "Finalist 2", 1500)]
        assert states(both) == [SubmissionState.LAUREATE] * 2 + [SubmissionState.DECLINED] * 4
        assert JournalEntry.objects.filter(verb="elect", subject_id=str(both.finalists[0].pk)).count() == 1
        body = Message.objects.get(kind="juries.decision", recipient=owner_of(both.finalists[0].structure)).body
        assert "€5,000" in body
        assert "€2,000" in body

    def test_the_results_show_one_laureate_with_both(self, client, both):
        deliberation.proclaim(both.panel, by=both.chair)
        both.call.refresh_from_db()
        with translation.override("en"):
            page = client.get(reverse("juries:results", kwargs={"slug": both.call.slug})).content.decode()
        podium = page.split('class="podium"')[1].split("</ol>")[0]
        assert podium.count("<li") == 2
        assert podium.count("<h3>Finalist 1</h3>") == 1
        for prize in prizes(both)[:2]:
            assert podium.split("Finalist 2")[0].count(str(prize.name)) == 2
        table = page.split('id="amounts"')[1].split("</table>")[0]
        assert table.count("Finalist 1") == 2
        assert client.get("/api/v1/results/").json()["count"] == 3


class TestPages:
    def test_the_palmares_takes_them_and_the_others_show_them(self, client, finale):
        client.force_login(finale.chair)
        address = reverse("juries:chair-palmares", kwargs={"pk": finale.panel.pk})
        data = {}
        for prize, one in zip(prizes(finale), (0, 0, 1), strict=True):
            data |= {f"prize{prize.pk}-submission": str(finale.finalists[one].pk)}
            data |= {f"prize{prize.pk}-amount": str(prize.amount), f"prize{prize.pk}-reason": WHY}
        assert client.post(address, data).status_code == 302
        names = [str(prize.name) for prize in prizes(finale)[:2]]
        juror = panels.accept_charter(finale.jurors[-1], by=finale.juror)
        panels.declare_no_link(juror, finale.finalists, by=finale.juror)
        client.force_login(finale.juror)
        where = {"pk": finale.panel.pk, "submission": finale.finalists[0].pk}
        debate = client.get(reverse("juries:debate", kwargs=where)).content.decode()
        meeting = client.get(reverse("juries:meeting", kwargs={"pk": finale.panel.pk})).content.decode()
        for name in names:
            assert name in debate
            assert name in meeting.split("Finalist 2")[0]
        assert meeting.count("<tbody id=") == 6


class TestMentionsAndTheRanking:
    WORDS = "A garden that neighbours tend themselves."

    def mentioned(self):
        return dict(Proposal.objects.exclude(mention="").values_list("submission__title", "mention"))

    def test_they_stay(self, client, finale):
        one = finale.finalists[4]
        deliberation.propose(finale.panel, one, verdict=DECLINE, mention=self.WORDS, by=finale.chair)
        assert deliberation.mentions_lost(finale.panel, finale.chair) == []
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        assert self.mentioned() == {"Finalist 5": self.WORDS}

    def test_those_of_whom_the_ranking_serves_go_and_the_page_says_so_first(self, client, finale):
        one = finale.finalists[0]
        deliberation.propose(finale.panel, one, verdict=DECLINE, mention=self.WORDS, by=finale.chair)
        client.force_login(finale.chair)
        address = reverse("juries:chair-propose-ranking", kwargs={"pk": finale.panel.pk})
        with translation.override("en"):
            assert "Finalist 1" in client.get(address).content.decode()
        assert client.post(address).status_code == 302
        assert self.mentioned() == {}
        assert "alert--warn" not in client.get(address).content.decode()

    def test_those_tied_for_a_prize_are_named_as_well_and_nothing_aside(self):
        made = tied((17, 16, 15, 15))
        for one in made.finalists[2:]:
            deliberation.propose(made.panel, one, verdict=DECLINE, mention=self.WORDS, by=made.chair)
        aside(made, made.secretary, made.finalists[2])
        assert [one.title for one in deliberation.mentions_lost(made.panel, made.chair)] == ["Finalist 3", "Finalist 4"]
        assert [one.title for one in deliberation.mentions_lost(made.panel, made.secretary)] == ["Finalist 4"]


def test_going_back_is_refused_while_one_holds_several(finale):
    migration = import_module("juries.migrations.0019_several_prizes_for_one")
    last = migration.Migration.operations[-1]
    assert last.reverse_code is migration.refuse_several_prizes, "first on the way back"
    tell(finale, (0, 0, 1), reasons=("", WHY, ""))
    with pytest.raises(RuntimeError, match=str(finale.finalists[0].pk)):
        migration.refuse_several_prizes(apps, SimpleNamespace(connection=connection))
    tell(finale, (0, 1, 2))
    migration.refuse_several_prizes(apps, SimpleNamespace(connection=connection))
