"""The public vote: one voter one ballot, by every channel, between the opening and the close; then oblivion."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid, TooOften
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.operations.publication import set_results_at
from juries.models import Ballot, BallotLink, Code
from juries.operations import voting
from juries.operations.voting import CountedBallot, normalise
from juries.phases import VotePhase
from juries.queries.ballots import bursts, finalists, turnout
from juries.queries.invariants import counts_follow_their_ballots
from tests.factories.accounts import UserFactory
from tests.juries.finale import a_finale
from tests.post import letters

pytestmark = pytest.mark.django_db
ONLINE, ROOM = Ballot.Channel.ONLINE, Ballot.Channel.ROOM


@pytest.fixture
def finale():
    return a_finale(3)


@pytest.fixture
def vote(finale):
    """A vote open since an hour, for an hour."""
    now = clock.now()
    opens, closes = now - timedelta(hours=1), now + timedelta(hours=1)
    return voting.open_vote(finale.call, opens_at=opens, closes_at=closes, by=finale.agent)


def ask(vote, address="voter@ville.example"):
    """Ask for a ballot. Returns the link's row, its token and its code as mailed."""
    link = voting.request_ballot(vote, address)
    body = letters()[-1].body
    return link, re.search(r"/lien/([\w-]+)/", body)[1], re.search(r"\b(\d{6})\b", body)[1]


def choices(vote):
    return list(vote.ballots.order_by("pk").values_list("submission__title", flat=True))


def after_the_close(vote):
    return clock.at(vote.closes_at + timedelta(minutes=1))


class TestKeys:
    @pytest.mark.parametrize(
        ("typed", "known"),
        [
            (" Voter@Ville.Example ", "voter@ville.example"),
            ("voter+vote2@ville.example", "voter@ville.example"),
            ("first.last+x@gmail.com", "firstlast@gmail.com"),
            ("first.last@googlemail.com", "firstlast@gmail.com"),
            ("first.last@ville.example", "first.last@ville.example"),
            ("voter@bücher.example", "voter@xn--bcher-kva.example"),
        ],
    )
    def test_one_mailbox_has_one_spelling(self, typed, known):
        assert normalise(typed) == known

    @pytest.mark.parametrize("typed", ["", "voter", "a@b", "a b@ville.example", "+x@ville.example", "a\x00@b.example"])
    def test_what_is_no_address_is_refused_at_its_field(self, typed):
        with pytest.raises(Invalid) as refusal:
            normalise(typed)
        assert refusal.value.field == "address"

    @given(st.emails())
    def test_normalising_again_changes_nothing(self, address):
        try:
            once = normalise(address)
        except Invalid:
            return
        assert normalise(once) == once

    def test_the_pepper_lies_in_a_file_of_ours_alone(self, vote):
        file = Path(settings.VOTE_PEPPERS_DIR) / str(vote.pk)
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(file.read_bytes()) == 32

    def test_without_its_pepper_a_vote_takes_nothing(self, vote):
        (Path(settings.VOTE_PEPPERS_DIR) / str(vote.pk)).unlink()
        with pytest.raises(Conflict):
            voting.request_ballot(vote, "voter@ville.example")


class TestOnline:
    def test_neither_the_address_nor_the_secret_is_kept(self, vote):
        link, token, code = ask(vote)
        row = Message.objects.get(kind="juries.ballot")
        assert (row.address, row.body, row.subject, row.recipient) == ("", "", "", None)
        kept = str(BallotLink.objects.values().get(pk=link.pk)) + str(Message.objects.values().get(pk=row.pk))
        assert not [secret for secret in (token, code, "voter@ville") if secret in kept]
        assert letters()[-1].to == ["voter@ville.example"]

    def test_asking_and_following_vote_for_nobody(self, vote):
        _link, token, _code = ask(vote)
        assert voting.is_live(voting.live_link(vote, token))
        assert not vote.ballots.exists()

    def test_a_link_votes_once(self, vote, finale):
        _link, token, _code = ask(vote)
        voting.cast_by_link(voting.live_link(vote, token), finale.finalists[0])
        with pytest.raises(Conflict):
            voting.cast_by_link(voting.live_link(vote, token), finale.finalists[1])
        assert choices(vote) == ["Finalist 1"]

    def test_the_code_of_the_same_message_votes_and_spends_the_link(self, vote, finale):
        link, token, code = ask(vote)
        voting.cast_by_code(link, finale.finalists[1], code=f" {code[:3]} {code[3:]} ")
        assert choices(vote) == ["Finalist 2"]
        assert not voting.is_live(voting.live_link(vote, token))

    def test_five_wrong_codes_spend_it(self, vote, finale):
        link, _token, code = ask(vote)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        for _n in range(5):
            with pytest.raises(Invalid):
                voting.cast_by_code(link, finale.finalists[0], code=wrong)
            link.refresh_from_db()
        with pytest.raises(Conflict):
            voting.cast_by_code(link, finale.finalists[0], code=code)
        assert not vote.ballots.exists()

    def test_a_link_dies_after_half_an_hour(self, vote, finale):
        link, _token, _code = ask(vote)
        with clock.at(link.sent_at + timedelta(minutes=30)), pytest.raises(Conflict):
            voting.cast_by_link(link, finale.finalists[0])

    def test_voting_again_replaces_however_the_address_is_spelt(self, vote, finale):
        for address, finalist in (("voter@ville.example", 0), ("Voter+2@ville.example", 2)):
            link, _token, code = ask(vote, address)
            voting.cast_by_code(link, finale.finalists[finalist], code=code)
        assert choices(vote) == ["Finalist 3"]

    def test_a_refused_choice_leaves_the_link_alive(self, vote, finale):
        stranger = a_finale(1).finalists[0]
        link, token, _code = ask(vote)
        with pytest.raises(Invalid) as refusal:
            voting.cast_by_link(link, stranger)
        assert refusal.value.field == "choice"
        assert voting.is_live(voting.live_link(vote, token))

    def test_three_mails_an_hour_to_one_address(self, vote):
        now = clock.now()
        with clock.at(now):
            for spelling in ("voter@ville.example", "VOTER@ville.example", "voter+1@ville.example"):
                voting.request_ballot(vote, spelling)
            with pytest.raises(TooOften) as refusal:
                voting.request_ballot(vote, "voter@ville.example")
            assert 0 < refusal.value.retry_after <= 3601
            voting.request_ballot(vote, "other@ville.example")
        with clock.at(now + timedelta(minutes=59)), pytest.raises(TooOften):
            voting.request_ballot(vote, "voter@ville.example")
        assert len(letters()) == 4

    def test_a_network_has_a_generous_limit_of_its_own(self, vote, monkeypatch):
        monkeypatch.setattr(voting.online, "MAILS_PER_NETWORK", 2)
        for n in range(2):
            voting.request_ballot(vote, f"voter{n}@ville.example", network="192.0.2.7")
        with pytest.raises(TooOften):
            voting.request_ballot(vote, "voter3@ville.example", network="192.0.2.7")
        voting.request_ballot(vote, "voter4@ville.example", network="192.0.2.8")

    def test_a_fault_of_the_mail_server_tells_no_address_and_the_link_leaves_later(self, vote, monkeypatch):
        def refuse(*_args, **_kwargs):
            raise OSError("550 voter@ville.example unknown")

        now = clock.now()
        with clock.at(now), monkeypatch.context() as broken:
            broken.setattr("django.core.mail.EmailMessage.send", refuse)
            voting.request_ballot(vote, "voter@ville.example")
            assert not letters()
        row = Message.objects.get(kind="juries.ballot")
        assert (row.error, row.address, row.attempts) == ("OSError", "", 0)
        with clock.at(now + timedelta(minutes=2)):
            assert [sent.to for sent in letters()] == [["voter@ville.example"]]
        assert not Message.objects.get(pk=row.pk).sealed

    def test_a_link_that_is_over_is_not_sent_and_leaves_no_address(self, vote):
        link = voting.request_ballot(vote, "voter@ville.example")
        with clock.at(link.expires_at):
            assert not letters()
        row = Message.objects.get(kind="juries.ballot")
        assert (row.state, row.sealed, row.address) == ("expired", "", "")


class TestRoom:
    def test_codes_are_long_unambiguous_and_known_by_digest_only(self, vote, finale):
        codes = voting.issue_codes(vote, "Entrance", 50, by=finale.agent)
        texts = {code.text for code in codes}
        assert len(texts) == 50
        assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", text) for text in texts)
        assert [code.serial for code in codes] == list(range(1, 51))
        kept = str(list(Code.objects.values()))
        assert not [text for text in texts if text in kept or text.replace("-", "") in kept]
        assert voting.issue_codes(vote, "Bar", 1, by=finale.agent)[0].serial == 51

    def test_a_code_votes_once_however_it_is_typed(self, vote, finale):
        code = voting.issue_codes(vote, "Entrance", 1, by=finale.agent)[0].text
        typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        voting.cast_in_room(vote, finale.finalists[0], code=typed)
        with pytest.raises(Conflict):
            voting.cast_in_room(vote, finale.finalists[1], code=code)
        assert choices(vote) == ["Finalist 1"]

    def test_an_unknown_or_voided_code_does_not_vote(self, vote, finale):
        code = voting.issue_codes(vote, "Entrance", 1, by=finale.agent)[0]
        with pytest.raises(Invalid):
            voting.cast_in_room(vote, finale.finalists[0], code="ABCD-EFGH-JKMN")
        voting.void_codes(vote, [code.serial], reason="A slip was lost", by=finale.agent)
        with pytest.raises(Conflict):
            voting.cast_in_room(vote, finale.finalists[0], code=code.text)

    def test_the_code_of_another_vote_is_unknown(self, vote, finale):
        other = a_finale(1)
        elsewhere = voting.open_vote(other.call, opens_at=vote.opens_at, closes_at=vote.closes_at, by=other.agent)
        code = voting.issue_codes(elsewhere, "Entrance", 1, by=other.agent)[0].text
        with pytest.raises(Invalid):
            voting.cast_in_room(vote, finale.finalists[0], code=code)

    @pytest.mark.parametrize(("batch", "n"), [("", 1), ("x" * 41, 1), ("Bar", 0), ("Bar", 2001)])
    def test_odd_orders_are_refused(self, vote, finale, batch, n):
        with pytest.raises(Invalid):
            voting.issue_codes(vote, batch, n, by=finale.agent)


class TestHours:
    def test_nothing_before_the_opening_nothing_from_the_close_on(self, vote, finale):
        code = voting.issue_codes(vote, "Entrance", 1, by=finale.agent)[0].text
        for moment in (vote.opens_at - timedelta(seconds=1), vote.closes_at):
            with clock.at(moment):
                with pytest.raises(Conflict):
                    voting.request_ballot(vote, "voter@ville.example")
                with pytest.raises(Conflict):
                    voting.cast_in_room(vote, finale.finalists[0], code=code)
        with clock.at(vote.closes_at - timedelta(seconds=1)):
            voting.cast_in_room(vote, finale.finalists[0], code=code)

    def test_a_link_sent_before_the_close_is_refused_after_it(self, vote, finale):
        with clock.at(vote.closes_at - timedelta(minutes=5)):
            link, _token, _code = ask(vote)
        with clock.at(vote.closes_at), pytest.raises(Conflict):
            voting.cast_by_link(link, finale.finalists[0])
        assert link.expires_at == vote.closes_at

    def test_dates_move_until_the_opening(self, finale):
        opens, closes = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
        vote = voting.open_vote(finale.call, opens_at=opens, closes_at=closes, by=finale.agent)
        later = voting.open_vote(finale.call, opens_at=opens, closes_at=closes + timedelta(hours=1), by=finale.agent)
        assert later.pk == vote.pk
        with clock.at(opens), pytest.raises(Conflict):
            voting.open_vote(finale.call, opens_at=opens, closes_at=closes, by=finale.agent)
        with pytest.raises(Invalid):
            voting.open_vote(a_finale(1).call, opens_at=closes, closes_at=opens, by=SYSTEM)

    def test_an_open_vote_is_closed_for_a_reason(self, vote, finale):
        with pytest.raises(Invalid):
            voting.close_vote(vote, reason=" ", by=finale.chair)
        assert voting.close_vote(vote, reason="The room is empty", by=finale.chair).phase == VotePhase.CLOSED
        with pytest.raises(Conflict):
            voting.close_vote(vote, reason="Again", by=finale.chair)

    def test_finalists_are_candidates_once_they_are_public(self, finale):
        public_at = finale.finalists[0].decision_public_at
        assert not finalists(finale.call, public_at - timedelta(seconds=1)).exists()
        assert finalists(finale.call, public_at).count() == 3


def ballots_of(finale, counts, at):
    """As many ballots as `counts` says for each finalist, one a minute from `at` on."""
    chosen = [one for one, n in zip(finale.finalists, counts, strict=True) for _n in range(n)]
    return [CountedBallot(one, ROOM, f"slip {i}", at + timedelta(minutes=i)) for i, one in enumerate(chosen)]


class TestImport:
    def test_a_replayed_history_obeys_the_rules_of_any_ballot(self, vote, finale):
        at = vote.opens_at
        assert voting.cast_many(vote, ballots_of(finale, (3, 1, 2), at), by=finale.agent) == 6
        twice = [
            CountedBallot(finale.finalists[0], ONLINE, "a@ville.example", at),
            CountedBallot(finale.finalists[1], ONLINE, "A+x@ville.example", at + timedelta(seconds=9)),
        ]
        assert voting.cast_many(vote, reversed(twice), by=finale.agent) == 1
        assert choices(vote)[-1] == "Finalist 2"
        assert JournalEntry.objects.filter(verb="cast_many").count() == 2

    def test_bare_slips_are_a_voter_each(self, vote, finale):
        assert voting.cast_many(vote, [finale.finalists[0]] * 4, by=finale.agent) == 4
        assert voting.cast_many(vote, [finale.finalists[0]] * 2, by=finale.agent) == 2
        assert turnout(vote).valid == 6

    def test_late_ones_strangers_and_outsiders_are_refused_whole(self, vote, finale):
        good = CountedBallot(finale.finalists[0], ROOM, "1", vote.opens_at)
        late = CountedBallot(finale.finalists[0], ROOM, "2", vote.closes_at)
        stranger = CountedBallot(a_finale(1).finalists[0], ROOM, "3", vote.opens_at)
        for bad, refusal in ((late, Conflict), (stranger, Invalid)):
            with pytest.raises(refusal):
                voting.cast_many(vote, [good, bad], by=finale.agent)
        with pytest.raises(Forbidden):
            voting.cast_many(vote, [good], by=finale.chair)
        assert not vote.ballots.exists()


class TestCount:
    @pytest.fixture
    def voted(self, vote, finale):
        voting.cast_many(vote, ballots_of(finale, (3, 1, 2), vote.opens_at), by=finale.agent)
        return vote

    def test_counted_once_after_the_close(self, voted, finale):
        with pytest.raises(Conflict):
            voting.count(voted, by=finale.chair)
        with after_the_close(voted):
            counted = voting.count(voted, by=finale.chair)
            with pytest.raises(Conflict):
                voting.count(voted, by=finale.chair)
        assert counted.totals["valid"] == 6
        assert counted.totals["submissions"][str(finale.finalists[0].pk)] == {"online": 0, "room": 3, "total": 3}
        assert voting.public_winner(counted) == finale.finalists[0]

    def test_no_ballot_joins_a_counted_vote(self, voted, finale):
        """Nor one asked for before the close and carried out after the count."""
        [printed] = voting.issue_codes(voted, "B1", 1, by=finale.agent)
        link, _token, _code = ask(voted)
        with after_the_close(voted):
            voting.count(voted, by=finale.chair)
        late = (
            lambda: voting.cast_in_room(voted, finale.finalists[0], code=printed.text),
            lambda: voting.cast_by_link(link, finale.finalists[0]),
        )
        for ballot in late:
            with pytest.raises(Conflict):
                ballot()
        assert voted.ballots.count() == 6
        assert not list(counts_follow_their_ballots())

    def test_neither_agents_nor_jurors_count(self, voted, finale):
        with after_the_close(voted):
            for person in (finale.agent, finale.juror, UserFactory()):
                with pytest.raises(Forbidden):
                    voting.count(voted, by=person)

    def test_the_journal_says_how_many_and_never_for_whom(self, voted, finale):
        with after_the_close(voted):
            voting.count(voted, by=finale.chair)
        journal = str(list(JournalEntry.objects.filter(verb="count").values()))
        assert not [one for one in finale.finalists if str(one.pk) in journal]

    def test_voided_ballots_leave_the_count_and_stay_void(self, voted, finale):
        since, until = voted.opens_at, voted.opens_at + timedelta(minutes=2)
        with pytest.raises(Invalid):
            voting.void_ballots(voted, channel=ROOM, since=since, until=until, reason="", by=finale.agent)
        assert voting.void_ballots(voted, channel=ROOM, since=since, until=until, reason="A bot", by=finale.agent) == 2
        again = [CountedBallot(finale.finalists[0], ROOM, "slip 0", voted.opens_at)]
        voting.cast_many(voted, again, by=finale.agent)
        with after_the_close(voted):
            totals = voting.count(voted, by=finale.chair).totals
        assert (totals["valid"], totals["void"]) == (4, 2)
        with after_the_close(voted), pytest.raises(Conflict):
            voting.void_ballots(voted, channel=ROOM, since=since, until=until, reason="Late", by=finale.agent)

    def test_a_slip_is_voided_by_its_serial_with_its_ballot(self, vote, finale):
        codes = voting.issue_codes(vote, "Entrance", 2, by=finale.agent)
        for code in codes:
            voting.cast_in_room(vote, finale.finalists[0], code=code.text)
        assert voting.void_codes(vote, [codes[1].serial, 999], reason="Stolen", by=finale.agent) == 1
        assert (turnout(vote).valid, turnout(vote).void) == (1, 1)
        with pytest.raises(Invalid):
            voting.void_codes(vote, [999], reason="Stolen", by=finale.agent)

    def test_a_tie_waits_for_a_recorded_choice(self, vote, finale):
        voting.cast_many(vote, ballots_of(finale, (2, 2, 1), vote.opens_at), by=finale.agent)
        with after_the_close(vote):
            counted = voting.count(vote, by=finale.chair)
            with pytest.raises(Conflict):
                voting.public_winner(counted)
            with pytest.raises(Conflict):
                voting.settle_tie(vote, finale.finalists[1], reason="Motion 4", by=finale.chair)
            voting.disclose_vote(vote, by=finale.chair)
            for bad, reason in ((finale.finalists[2], "Motion 4"), (finale.finalists[1], " ")):
                with pytest.raises(Invalid):
                    voting.settle_tie(vote, bad, reason=reason, by=finale.chair)
            settled = voting.settle_tie(vote, finale.finalists[1], reason="Motion 4", by=finale.chair)
        assert voting.public_winner(settled) == finale.finalists[1]

    def test_without_a_ballot_nobody_wins(self, vote, finale):
        with after_the_close(vote):
            assert voting.public_winner(voting.count(vote, by=finale.chair)) is None

    def test_a_burst_is_noticed(self, vote, finale):
        at = vote.opens_at
        slow = [
            CountedBallot(finale.finalists[0], ONLINE, f"s{i}@v.example", at + timedelta(minutes=i)) for i in range(50)
        ]
        fast = [
            CountedBallot(finale.finalists[1], ONLINE, f"f{i}@v.example", at + timedelta(minutes=20, seconds=1))
            for i in range(30)
        ]
        voting.cast_many(vote, slow + fast, by=finale.agent)
        assert [(burst.channel, burst.ballots) for burst in bursts(vote)] == [("online", 31)]


class TestOblivion:
    def test_keys_links_and_pepper_go_two_months_after_publication(
        self, vote, finale, django_capture_on_commit_callbacks
    ):
        link, _token, code = ask(vote)
        voting.cast_by_code(link, finale.finalists[0], code=code)
        published = vote.closes_at + timedelta(hours=3)
        with clock.at(published - timedelta(hours=1)):
            voting.count(vote, by=finale.chair)
            with pytest.raises(Conflict):
                voting.purge_vote(vote, by=finale.agent)
            set_results_at(finale.call, published, by=SYSTEM)
        with clock.at(published + timedelta(days=60)), pytest.raises(Conflict):
            voting.purge_vote(vote, by=finale.agent)
        with clock.at(published + timedelta(days=61)), django_capture_on_commit_callbacks(execute=True):
            voting.purge_vote(vote, by=finale.agent)
        ballot = vote.ballots.get()
        assert (ballot.voter_key, ballot.submission) == (None, finale.finalists[0])
        assert not BallotLink.objects.exists()
        assert not (Path(settings.VOTE_PEPPERS_DIR) / str(vote.pk)).exists()
        with clock.at(published + timedelta(days=62)), pytest.raises(Conflict):
            voting.purge_vote(vote, by=finale.agent)
