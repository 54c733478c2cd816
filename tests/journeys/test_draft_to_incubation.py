"""From a founder's draft to the showcase, page by page: the open call of the demonstration, walked without script."""

import re
from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from calls.models import Call, Question, Submission
from juries.models import Award, Ballot, Panel
from tests.demo.loading import demonstration
from tests.post import letters

from .person import PASSWORD, Person

pytestmark = pytest.mark.django_db

JURORS = ("jure1", "jure2", "jure3")
ANSWERS = {
    Question.Kind.LONG: "Un arrêt devant la gare, et l'accord des communes voisines.",
    Question.Kind.AMOUNT: "61000",
    Question.Kind.YES_NO: "yes",
    Question.Kind.LINK: "https://navette.example/",
}


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


class Walk:
    """The open call, and everyone who walks it."""

    def __init__(self):
        self.people = {}
        self.call = Call.objects.get(slug="mobilite")
        self.draft = Submission.objects.get(call=self.call, state="draft")

    def __getattr__(self, name):
        if name not in self.people:
            self.people[name] = Person("" if name == "visitor" else name)
        return self.people[name]

    def is_unknown(self, *paths, to=("autre", "agent2"), status=404):
        """Those addresses lead outsiders nowhere, and a visitor to the sign-in page."""
        for path in paths:
            assert self.visitor.answer(path) == "in", path
            for name in to:
                assert getattr(self, name).answer(path) == status, (name, path)


def test_the_open_call_is_walked_from_a_draft_to_the_showcase():
    walk = Walk()
    hand_in(walk)
    close_and_screen(walk)
    read(walk)
    hold_the_finale(walk)
    publish(walk)
    incubate(walk)


def hand_in(walk):
    """The founder fills the last section, checks and hands in."""
    founder, own = walk.fondatrice, f"/candidatures/{walk.draft.pk}/"
    walk.is_unknown(own, f"{own}3/", f"{own}verifier/", f"{own}recepisse/", to=("autre", "agent2", "agent", "jure1"))
    founder.opens("/espace/")
    assert own in founder.text
    founder.opens(own)
    assert founder.url == f"{own}3/"
    questions = Question.objects.filter(section__call=walk.call, section__order=3, kind__in=ANSWERS)
    founder.sends(press="check", **{question.field_name: ANSWERS[question.kind] for question in questions})
    assert founder.url == f"{own}verifier/"
    founder.sends(mandate="on", truth="on", rules="on")
    assert founder.url == f"{own}recepisse/"
    walk.draft.refresh_from_db()
    assert walk.draft.state == "submitted"
    assert walk.draft.number in founder.text
    assert walk.collegue.answer(f"{own}recepisse/") == 200


def close_and_screen(walk):
    """The agent closes the call early with a reason, and declares both applications admissible."""
    agent, board = walk.agent, "/gestion/appels/mobilite/"
    # The call is public: its board is refused to others, not hidden from them.
    walk.is_unknown(board, f"{board}clore/", f"{board}candidatures/", to=("autre", "agent2", "fondatrice"), status=403)
    agent.opens(board)
    agent.opens(f"{board}clore/")
    reason = "Assez de candidatures pour cette démonstration."
    agent.sends(reason=reason)
    assert reason in walk.visitor.opens("/appels/mobilite/")
    late = walk.fondatrice.client.post(f"/candidatures/{walk.draft.pk}/3/", {})
    assert late.status_code == 409
    for submission in walk.call.submissions.order_by("number"):
        page = f"/gestion/candidatures/{submission.pk}/"
        walk.is_unknown(page, f"{page}admettre/", to=("agent2", "jure1"))
        agent.opens(f"{board}candidatures/")
        assert page in agent.text
        agent.opens(page)
        agent.opens(f"{page}admettre/")
        agent.sends(to="admettre")
        submission.refresh_from_db()
        assert submission.state == "admissible"
    assert re.search("recevable", walk.fondatrice.opens(f"/candidatures/{walk.draft.pk}/"), re.IGNORECASE)


def plan_and_open(walk, panel):
    """The agent plans who marks what and opens the sheets."""
    board = f"/gestion/jury/{panel.pk}/"
    walk.is_unknown(board)
    walk.agent.opens(board)
    walk.agent.sends(to="/plan/", seed="7")
    walk.agent.opens(f"{board}ouvrir/")
    walk.agent.sends(to="ouvrir")
    panel.refresh_from_db()
    assert panel.state == "open", walk.agent.told()


def mark_everything(walk, panel, name, mark):
    """A juror declares no link and hands in every sheet; each leads to the next."""
    juror, room = getattr(walk, name), f"/jury/{panel.pk}/"
    juror.opens(room)
    juror.opens(f"{room}liens/")
    juror.sends(rest="on")
    assert juror.url == room
    for submission in (walk.draft, Submission.objects.get(call=walk.call, structure__name__startswith="Autre")):
        sheet = f"{room}fiche/{submission.pk}/"
        walk.is_unknown(sheet, to=("autre", "agent2", "fondatrice", "agent"))
        juror.opens(sheet)
        marks = {name: mark(submission) for name in juror.form("", "hand_in", {}).names if name.startswith("mark-")}
        juror.sends(press="hand_in", comment="Un premier pas net.", **marks)
    assert juror.url == room, juror.told()


def mark(submission):
    return "4.5" if submission.title.startswith("Navette") else "3"


def read(walk):
    """Three jurors read both applications; nobody learns a score before the lock; the jury keeps both."""
    panel = Panel.objects.get(call=walk.call, stage="reading")
    walk.is_unknown(f"/jury/{panel.pk}/", to=("autre", "agent2", "fondatrice"))
    plan_and_open(walk, panel)
    for name in JURORS:
        mark_everything(walk, panel, name, mark)
    for path in ("classement/", "presidence/proces-verbal/"):
        assert walk.presidence.answer(f"/jury/{panel.pk}/{path}") == 409
    lock_and_deliberate(walk, panel)
    presides(walk, panel, "proposer")
    settle(walk, panel)
    assert {one.state for one in walk.call.submissions.all()} == {"shortlisted"}
    assert "finaliste" in walk.fondatrice.opens(f"/candidatures/{walk.draft.pk}/").lower()


def presides(walk, panel, act, **values):
    """The chair opens the page of an act, which says what it will do, and does it."""
    board = f"/jury/{panel.pk}/presidence/"
    page = f"{board}{act}/"
    walk.is_unknown(page, to=("autre", "agent2", "fondatrice"))
    assert walk.jure1.answer(page) == 403
    walk.presidence.opens(page)
    walk.presidence.sends(to=page, **values)
    if "/espace/verification/" in walk.presidence.url:
        assert act == "signer"
        walk.presidence.sends(password=PASSWORD)
    panel.refresh_from_db()


def lock_and_deliberate(walk, panel):
    """Sheets missing are said and left out; the jury sees the standing, who is there, and deliberates."""
    presides(walk, panel, "verrouiller", without="on")
    assert panel.state == "locked"
    assert walk.jure1.answer(f"/jury/{panel.pk}/classement/") == 409
    presides(walk, panel, "divulguer")
    assert walk.draft.title in walk.jure1.opens(f"/jury/{panel.pk}/classement/")
    seats = panel.jurors.filter(user__email__startswith="jure", user__email__lt="jure4")
    presides(walk, panel, "presence", present=[str(juror.pk) for juror in seats])
    presides(walk, panel, "deliberer")
    assert panel.state == "deliberation"


def settle(walk, panel, **proclaimed):
    """The decision is settled, its minutes signed, and proclaimed."""
    presides(walk, panel, "arreter")
    assert walk.draft.title in walk.presidence.opens(f"/jury/{panel.pk}/presidence/proces-verbal/")
    presides(walk, panel, "signer")
    presides(walk, panel, "proclamer", **proclaimed)
    assert panel.state == "proclaimed", walk.presidence.told()


def move_clock(walk, moment):
    """The agent moves the whole demonstration to another moment."""
    walk.agent.opens("/demo/horloge/")
    walk.agent.sends(moment=moment)


def hold_the_finale(walk):
    """On finale day: running order, sheets with the pitches, and the public's vote by e-mail."""
    panel = Panel.objects.get(call=walk.call, stage="finale")
    vote = walk.call.public_vote
    move_clock(walk, "finale-day")
    assert clock.is_shifted()
    starts = f"{vote.opens_at.astimezone(clock.PARIS):%Y-%m-%dT%H:%M}"
    presides(walk, panel, "ordre", seed="22", starts_at=starts, minutes="20")
    plan_and_open(walk, panel)
    for name in JURORS:
        mark_everything(walk, panel, name, mark)
    vote_by_mail(walk)
    lock_and_deliberate(walk, panel)


def vote_by_mail(walk):
    """A neighbour's address brings a link; only pressing the button behind it votes."""
    voter = walk.visitor
    voter.opens("/vote/mobilite/")
    with clock.at(clock.now() + timedelta(seconds=10)):
        voter.sends(to="/vote/mobilite/", choice=str(walk.draft.pk), address="voisine@habitants.example")
        (message,) = [one for one in letters() if one.to == ["voisine@habitants.example"]]
    link = re.search(r"/vote/mobilite/lien/\S+", message.body)[0]
    voter.opens(link)
    assert Ballot.objects.filter(vote__call=walk.call).count() == 0
    voter.sends(to=link, choice=str(walk.draft.pk))
    assert voter.url == "/vote/mobilite/merci/"
    assert Ballot.objects.get(vote__call=walk.call).submission == walk.draft


def publish(walk):
    """The vote is counted, the palmarès proposed with the announced prizes, and nothing shows before its instant."""
    panel = Panel.objects.get(call=walk.call, stage="finale")
    move_clock(walk, "publication")
    presides(walk, panel, "vote/depouiller")
    assert walk.jure1.opens(f"/jury/{panel.pk}/presidence/vote/").count("voisine") == 0
    presides(walk, panel, "vote/divulguer")
    presides(walk, panel, "proposer")
    results = "/appels/mobilite/resultats/"
    at = clock.now() + timedelta(hours=2)
    settle(walk, panel, publish_at=f"{at.astimezone(clock.PARIS):%Y-%m-%dT%H:%M}")
    walk.draft.refresh_from_db()
    assert walk.draft.state == "laureate"
    assert "lauréat" not in walk.fondatrice.opens(f"/candidatures/{walk.draft.pk}/").lower()
    assert "5 000" not in plain(walk.visitor.opens(results))
    presides(walk, panel, "publier")
    for person in (walk.visitor, walk.autre, walk.fondatrice):
        page = plain(person.opens(results))
        assert page.index(walk.draft.title) < page.index("Derniers kilomètres")
        assert "5 000 €" in page
    assert "lauréat" in walk.fondatrice.opens(f"/candidatures/{walk.draft.pk}/").lower()


def plain(page):
    return " ".join(page.split())


def incubate(walk):
    """The agent opens the incubation: the project stands in the showcase, the founder follows it."""
    award = Award.objects.get(call=walk.call, submission=walk.draft, prize__kind="jury")
    page = f"/gestion/projets/ouvrir/{award.pk}/"
    walk.is_unknown(page, to=("autre", "agent2", "fondatrice"))
    assert walk.draft.title not in walk.visitor.opens("/projets/")
    walk.agent.opens("/gestion/projets/")
    walk.agent.opens(page)
    walk.agent.sends(slug="navette-du-soir", story_fr="Une navette, du dernier train aux communes voisines.")
    assert walk.draft.title in walk.visitor.opens("/projets/")
    assert "dernier train" in walk.visitor.opens("/projets/navette-du-soir/")
    walk.is_unknown("/projets/navette-du-soir/suivi/")
    walk.fondatrice.opens("/projets/navette-du-soir/suivi/")
