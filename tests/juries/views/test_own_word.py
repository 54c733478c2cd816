"""What a juror says for themselves: wishes before the plan, a dissent before the decision."""

import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Submission
from juries.models import Assignment, Dissent, Wish
from juries.operations import deliberation, panels, scoring
from juries.queries.progress import board
from juries.views.minutes import masked, without
from pillars.models import Pillar
from tests.factories.accounts import UserFactory
from tests.factories.juries import disclosed, opened, prepared, seat, write

pytestmark = pytest.mark.django_db


def to(name, jury):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})


def deliberating(**shape):
    jury = disclosed(**shape)
    deliberation.deliberate(jury.panel, by=jury.chair)
    jury.panel.refresh_from_db()
    return jury


def said_by(jury, place):
    return dict(Wish.objects.filter(juror=jury.jurors[place]).values_list("pillar__slug", "kind"))


def test_a_juror_says_what_they_would_like_to_read(client):
    jury = prepared(jurors=2, applications=1)
    juror, (one, other) = jury.jurors[1], Pillar.objects.all()[:2]
    panels.accept_charter(juror, by=juror.user)
    client.force_login(juror.user)
    assert to("wishes", jury) in client.get(to("room", jury)).content.decode()
    sent = {f"pillar-{one.pk}": "wants", f"pillar-{other.pk}": "avoids"}
    assert client.post(to("wishes", jury), sent).url == to("room", jury)
    assert said_by(jury, 1) == {one.slug: "wants", other.slug: "avoids"}
    assert client.post(to("wishes", jury), {f"pillar-{one.pk}": "loves"}).status_code == 422
    client.post(to("wishes", jury), {f"pillar-{one.pk}": "avoids"})
    assert said_by(jury, 1) == {one.slug: "avoids"}
    entry = JournalEntry.objects.filter(verb="state_wishes").latest("pk")
    assert entry.data == {one.slug: "avoids"}


def test_those_who_organise_read_wishes_and_jurors_do_not(client):
    jury = prepared(jurors=3, applications=1)
    one, other = Pillar.objects.all()[:2]
    panels.state_wishes(jury.jurors[1], {one: "wants", other: "avoids"}, by=jury.jurors[1].user)
    (load,) = [each for each in board(jury.panel, jury.agent).loads if each.juror == jury.jurors[1]]
    assert (load.wants, load.avoids, load.knows) == ([one.name], [other.name], [])
    client.force_login(jury.agent)
    page = client.get(to("organise", jury)).content.decode()
    assert "aimerait lire" in page
    assert "préférerait ne pas lire" in page
    client.force_login(jury.jurors[2].user)
    assert "aimerait lire" not in client.get(to("room", jury)).content.decode()


def test_the_plan_follows_a_wish_between_equals_and_never_over_a_recusal():
    jury = prepared(jurors=3, applications=3, readings=1)
    first, _second, _third = jury.submissions
    pillar, elsewhere = Pillar.objects.all()[:2]
    Submission.objects.filter(pk=first.pk).update(pillar=pillar)
    Submission.objects.exclude(pk=first.pk).update(pillar=elsewhere)
    keen = jury.jurors[2]
    panels.state_wishes(keen, {pillar: "wants", elsewhere: "avoids"}, by=keen.user)
    for seed in range(4):
        panels.plan_assignments(jury.panel, seed=seed, by=jury.agent)
        assert Assignment.objects.get(submission=first).juror == keen
    panels.accept_charter(keen, by=keen.user)
    panels.declare_recusal(keen, first, "family", by=keen.user)
    for seed in range(4):
        planned = panels.plan_assignments(jury.panel, seed=seed, by=jury.agent)
        assert planned.lacking == 0
        assert not Assignment.objects.filter(juror=keen, submission=first).exists()
        assert Assignment.objects.filter(juror=keen).count() == 1


def test_what_everyone_avoids_is_read_all_the_same():
    jury = prepared(jurors=3, applications=3)
    for juror in jury.jurors:
        panels.state_wishes(juror, dict.fromkeys(Pillar.objects.all(), "avoids"), by=juror.user)
    assert panels.plan_assignments(jury.panel, seed=1, by=jury.agent).lacking == 0
    assert Assignment.objects.count() == 9


def test_wishes_are_a_juror_s_own_and_of_readings_to_share_out():
    jury = prepared(jurors=2, applications=1)
    pillar, juror = Pillar.objects.first(), jury.jurors[1]
    for person in (jury.agent, jury.chair, UserFactory()):
        with pytest.raises(Forbidden):
            panels.state_wishes(juror, {pillar: "wants"}, by=person)
    with pytest.raises(Invalid):
        panels.state_wishes(juror, {pillar: "loves"}, by=juror.user)
    silent = seat(jury.panel, jury.agent, has_voice=False)
    finale = prepared("finale", jurors=1, applications=1)
    for one in (silent, finale.jurors[0]):
        with pytest.raises(Conflict):
            panels.state_wishes(one, {pillar: "wants"}, by=one.user)
    assert not Wish.objects.exists()


def test_the_page_of_wishes_says_when_it_is_too_late(client):
    jury = opened(jurors=2, applications=1)
    client.force_login(jury.chair)
    assert client.get(to("wishes", jury)).status_code == 200
    for place in range(2):
        write(jury.assignment(place, 0), 3)
    scoring.lock_panel(jury.panel, by=jury.chair)
    assert client.get(to("wishes", jury)).status_code == 409
    assert client.post(to("wishes", jury), {}).status_code == 409


def test_a_juror_s_dissent_is_printed_in_the_minutes(client):
    jury = deliberating(jurors=3, applications=2)
    dissenter = jury.jurors[2]
    client.force_login(dissenter.user)
    assert to("dissent", jury) in client.get(to("room", jury)).content.decode()
    assert to("dissent", jury) in client.get(to("chair-minutes", jury)).content.decode()
    page = client.get(to("dissent", jury)).content.decode()
    assert 'name="juror"' not in page
    answer = client.post(to("dissent", jury), {"text": "The old dock deserved better.\r\nIt was ready."})
    assert answer.url == to("chair-minutes", jury)
    page = client.get(to("chair-minutes", jury)).content.decode()
    assert "The old dock deserved better.<br>It was ready." in page
    (told,) = client.get(to("chair-minutes-data", jury)).json()["dissents"]
    assert (told["juror"], told["text"]) == (str(dissenter), "The old dock deserved better.\nIt was ready.")
    assert "deserved better" in client.get(to("dissent", jury)).content.decode()


def test_a_dissent_is_changed_and_taken_back_by_its_juror_alone():
    jury = deliberating(jurors=3, applications=1)
    dissenter = jury.jurors[2]
    deliberation.record_dissent(dissenter, "First words.", by=jury.chair)
    with pytest.raises(Conflict):
        deliberation.record_dissent(dissenter, "Other words.", by=jury.chair)
    deliberation.record_dissent(dissenter, "My words.", by=dissenter.user)
    assert Dissent.objects.get().text == "My words."
    assert deliberation.record_dissent(dissenter, "  ", by=dissenter.user) is None
    assert not Dissent.objects.exists()
    verbs = JournalEntry.objects.filter(verb__contains="dissent").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["record_dissent", "record_dissent", "take_back_dissent"]


def test_who_leads_notes_a_dissent_for_a_juror(client):
    jury = deliberating(jurors=3, applications=1)
    client.force_login(jury.chair)
    assert 'name="juror"' in client.get(to("dissent", jury)).content.decode()
    client.post(to("dissent", jury), {"juror": jury.jurors[1].pk, "text": "As told to the chair."})
    assert Dissent.objects.get().juror == jury.jurors[1]
    refused = client.post(to("dissent", jury), {"juror": jury.jurors[1].pk, "text": "Something else."})
    assert refused.status_code == 409
    assert "Something else." in refused.content.decode()
    assert client.post(to("dissent", jury), {"juror": "999999", "text": "x"}).status_code == 422


@pytest.mark.parametrize("text", ["x" * 2001, "nul \x00", "\u202egnp"])
def test_odd_words_are_refused_at_their_field(client, text):
    jury = deliberating(jurors=2, applications=1)
    client.force_login(jury.jurors[1].user)
    assert client.post(to("dissent", jury), {"text": text}).status_code in {400, 422}
    assert not Dissent.objects.exists()


def test_no_dissent_without_a_voice_nor_outside_the_deliberation(client):
    jury = disclosed(jurors=2, applications=1)
    with pytest.raises(Conflict):
        deliberation.record_dissent(jury.jurors[1], "Too early.", by=jury.jurors[1].user)
    client.force_login(jury.jurors[1].user)
    assert client.get(to("dissent", jury)).status_code == 409
    deliberation.deliberate(jury.panel, by=jury.chair)
    for person in (jury.agent, UserFactory(), jury.jurors[1].user):
        with pytest.raises(Forbidden):
            deliberation.record_dissent(jury.jurors[0], "Not mine.", by=person)


def test_a_dissent_names_nobody_in_the_masked_copy_and_nothing_hidden_in_an_extract():
    jury = deliberating(jurors=3, applications=2)
    name = str(jury.jurors[2])
    deliberation.record_dissent(jury.jurors[2], f"I, {name}, would keep {jury.submissions[0].title}.", by=jury.chair)
    content = deliberation.write_content(deliberation.Desk.load(jury.panel))
    (shown,) = masked(content)["dissents"]
    assert name not in str(shown)
    assert "would keep" in shown["text"]
    assert shown["capacity"] == ""
    assert without(content, {jury.submissions[0].number})["dissents"] == []
    assert len(without(content, {jury.submissions[1].number})["dissents"]) == 1


def test_wishes_and_knowledge_are_asked_about_the_pillars_of_the_call_and_those_already_said(client):
    jury = prepared(jurors=2, applications=1)
    other, juror = Pillar.objects.exclude(calls=jury.call).first(), jury.jurors[1]
    own = [*jury.call.pillars.all()]
    assert 0 < len(own) < Pillar.objects.count()

    def asked(person, name, **more):
        client.force_login(person)
        return client.get(reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, **more})).context["form"]

    def known(name, **more):
        form = asked(jury.agent, name, **more)
        assert form.fields["primary"].choices == form.fields["secondary"].choices
        return [int(key) for key, _label in form.fields["primary"].choices]

    keys = [pillar.pk for pillar in own]
    assert [pillar.pk for pillar, _bound in asked(juror.user, "wishes").rows] == keys
    assert known("seat") == known("invite") == known("change-seat", juror=juror.pk) == keys
    juror.wishes.create(pillar=other, kind="wants")
    juror.expertise.create(pillar=other, level="primary")
    assert other.pk in [pillar.pk for pillar, _bound in asked(juror.user, "wishes").rows]
    assert other.pk in known("change-seat", juror=juror.pk)
    jury.call.pillars.clear()
    assert len(known("seat")) == Pillar.objects.count()
