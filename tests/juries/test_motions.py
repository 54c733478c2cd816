"""Motions: on one application or the whole; who is not shown a motion has no vote on it; the quorum at its vote."""

import io

import pypdf
import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from juries.models import Juror, Motion, Recusal
from juries.operations import deliberation
from juries.queries.extracts import without
from tests.factories.accounts import join
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db

TEXT = "First prize to the barge"
PAGES = ("chair", "chair-minutes", "chair-minutes-data", "chair-minutes-paper")


@pytest.fixture
def finale():
    made = a_finale(3, voices=4)
    made.reach("deliberate")
    made.attend()
    return made


def aside(made, user, which=0):
    own = Juror.objects.get(panel=made.panel, user=user)
    return Recusal.objects.create(juror=own, submission=made.finalists[which], category="family")


def put(made, text=TEXT, votes=(3, 0, 0), which=0, by=None, **given):
    counts = dict(zip(("votes_for", "votes_against", "abstentions"), votes, strict=True))
    about = None if which is None else made.finalists[which]
    return deliberation.put_motion(made.panel, text, submission=about, by=by or made.chair, **counts, **given)


def told(client, user, made, name):
    client.force_login(user)
    answer = client.get(reverse(f"juries:{name}", kwargs={"pk": made.panel.pk}))
    assert answer.status_code == 200
    if name != "chair-minutes-paper":
        return " ".join(answer.content.decode().split())
    paper = pypdf.PdfReader(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


@pytest.mark.parametrize("how", ["declared", "unsure", "member"])
@pytest.mark.parametrize("votes", [(4, 0, 0), (2, 2, 0), (0, 3, 1), (0, 0, 4)])
def test_who_stands_aside_has_no_vote_on_it(finale, how, votes):
    put(finale, votes=votes)
    if how == "member":
        join(finale.finalists[0].structure, "editor", finale.juror)
    else:
        aside(finale, finale.juror)
        Recusal.objects.update(category="unsure" if how == "unsure" else "family")
    with pytest.raises(Invalid) as refusal:
        put(finale, votes=votes)
    assert (refusal.value.code, refusal.value.field) == ("bad_votes", "votes_for")
    assert {"3", "4"} <= set(str(refusal.value).split())
    put(finale, votes=(2, 1, 0))
    put(finale, votes=votes, which=1)
    put(finale, votes=votes, which=None)


@pytest.mark.parametrize("name", ["number", "title"])
def test_nor_where_the_text_alone_names_it(finale, name):
    aside(finale, finale.juror)
    text = f"Prize to {getattr(finale.finalists[0], name)}"
    for which in (None, 1):
        with pytest.raises(Invalid):
            put(finale, text, (4, 0, 0), which)
        assert put(finale, text, (3, 0, 0), which).is_carried


def test_it_is_not_put_by_who_stands_aside_nor_about_what_is_not_there(finale):
    elsewhere = a_finale(1)
    aside(finale, finale.chair)
    with pytest.raises(Forbidden):
        put(finale)
    with pytest.raises(Invalid) as refusal:
        deliberation.put_motion(
            finale.panel, TEXT, submission=elsewhere.finalists[0], votes_for=1, votes_against=0, by=finale.chair
        )
    assert refusal.value.field == "submission"
    assert put(finale, by=finale.secretary).submission == finale.finalists[0]


def test_a_chair_who_stands_aside_parts_no_equal_votes_on_it(finale):
    tied = {"votes": (2, 2, 0), "by": finale.secretary}
    assert put(finale, casting="for", **tied).is_carried
    aside(finale, finale.chair)
    with pytest.raises(Invalid) as refusal:
        put(finale, casting="for", **tied)
    assert refusal.value.field == "casting"
    assert put(finale, casting="for", which=1, **tied).is_carried


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["chair", "secretary", "juror", "agent"])
def test_who_stands_aside_reads_neither_the_motion_nor_its_tally(client, finale, name, who):
    put(finale, votes=(3, 1, 0))
    put(finale, "Vote by show of hands", which=None)
    person = getattr(finale, who)
    if who == "agent":
        Juror.objects.create(panel=finale.panel, user=person, has_voice=False)
    if who == "juror" and name == "chair":
        return
    assert TEXT in told(client, person, finale, name)
    aside(finale, person)
    page = told(client, person, finale, name)
    assert TEXT not in page
    assert "Vote by show of hands" in page
    other = finale.secretary if who != "secretary" else finale.chair
    assert TEXT in told(client, other, finale, name)


def test_it_stays_hidden_in_minutes_as_signed_and_old_minutes_stay_readable(finale):
    put(finale)
    content = deliberation.write_content(deliberation.Desk.load(finale.panel))
    numbers = {one.number for one in finale.finalists}
    assert [one["number"] for one in content["motions"]] == [finale.finalists[0].number]
    for number in numbers:
        left = without(content, [number])["motions"]
        assert [one["text"] for one in left] == ([] if number == finale.finalists[0].number else [TEXT])
    for name in ("number", "title", "present", "quorum"):
        del content["motions"][0][name]
    assert without(content, numbers)["motions"][0]["text"] == TEXT


def test_the_journal_of_the_panel_keeps_what_it_concerns_to_itself(client, finale):
    put(finale, votes=(3, 1, 0))
    line = JournalEntry.objects.get(verb="put_motion")
    assert line.data["submission"] == str(finale.finalists[0].pk)
    client.force_login(finale.agent)
    page = client.get(reverse("admin:juries_panel_change", args=[finale.panel.pk]), follow=True).content.decode()
    assert finale.finalists[0].title not in page


@pytest.mark.parametrize("present", range(1, 5))
def test_a_vote_without_the_quorum_says_so(client, finale, present):
    keys = [juror.pk for juror in finale.jurors[present:]]
    Juror.objects.filter(pk__in=keys).update(is_present=False)
    motion = put(finale, votes=(present, 0, 0))
    finale.panel.jurors.update(is_present=True)
    assert (motion.present, motion.quorum, motion.lacks_quorum) == (present, 3, present < 3)
    for name in PAGES[:2] + PAGES[3:]:
        page = told(client, finale.chair, finale, name)
        assert (f"voix présentes {present}, quorum 3" in page) == (present < 3)
    client.force_login(finale.chair)
    data = client.get(reverse("juries:chair-minutes-data", kwargs={"pk": finale.panel.pk})).json()
    assert (data["motions"][0]["present"], data["motions"][0]["quorum"]) == (present, 3)


def test_of_an_old_motion_nothing_is_known_of_the_quorum(client, finale):
    Motion.objects.create(panel=finale.panel, text=TEXT, votes_for=1)
    for name in PAGES:
        page = told(client, finale.chair, finale, name)
        assert TEXT in page
        assert "quorum n’était pas" not in page


def test_the_form_offers_what_is_not_closed_to_one(client, finale):
    aside(finale, finale.chair)
    client.force_login(finale.chair)
    url = reverse("juries:chair-motion", kwargs={"pk": finale.panel.pk})
    shown = [key for key, _label in client.get(url).context["form"].fields["submission"].choices]
    assert shown == ["", *(str(one.pk) for one in finale.finalists[1:])]
    given = {"text": TEXT, "votes_for": "3", "votes_against": "1", "abstentions": "0"}
    assert client.post(url, given | {"submission": str(finale.finalists[0].pk)}).status_code == 422
    assert client.post(url, given | {"submission": str(finale.finalists[1].pk)}).status_code == 302
    assert client.post(url, given).status_code == 302
    assert list(Motion.objects.values_list("submission", flat=True)) == [finale.finalists[1].pk, None]
    aside(finale, finale.juror, 2)
    answer = client.post(url, given | {"submission": str(finale.finalists[2].pk)})
    assert (answer.status_code, "déportées" in answer.content.decode()) == (400, True)
    assert TEXT in answer.content.decode()
