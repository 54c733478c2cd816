"""Two people, or two tabs, on one description or one document: nothing is overwritten unseen."""

import pytest
from django.urls import reverse
from django.utils import translation

from calls.models import Attachment, Question
from calls.operations import submissions
from tests.factories.accounts import UserFactory, join, owner_of
from tests.factories.calls import draft, pdf

pytestmark = pytest.mark.django_db


class Pair:
    """A draft that two people write: the founder by the page, Camille meanwhile."""

    def __init__(self, client):
        self.draft, self.client = draft(complete=True), client
        self.camille = join(self.draft.structure, "editor", UserFactory(name="Camille"))
        self.main, self.other, self.third = self.draft.call.pillars.all()
        section = self.draft.call.sections.order_by("order")[0]
        self.plan = Question.objects.create(section=section, order=9, kind="file", label="Plan", required=False)
        client.force_login(owner_of(self.draft.structure))

    def url(self, name, **kwargs):
        return reverse(f"calls:{name}", kwargs={"pk": self.draft.pk, **kwargs})

    def meanwhile(self, **changes):
        """Camille changes the description."""
        self.draft.refresh_from_db()
        kept = submissions.description_of(self.draft)
        submissions.describe(self.draft, **{**kept, **changes}, by=self.camille)

    def field(self, name, version, *values):
        sent = {"field": name, name: values, "version": str(version)}
        return self.client.post(self.url("autosave"), sent)

    def description(self):
        self.draft.refresh_from_db()
        return submissions.description_of(self.draft)

    def page(self, **changes):
        """What the page of the description sends."""
        kept = self.description()
        sent = {name: kept[name] for name in ("title", "one_line")}
        sent |= {"pillar": kept["pillar"].pk, "other_pillars": [pillar.pk for pillar in kept["other_pillars"]]}
        return sent | {f"{name}-version": self.draft.version_of(name) for name in kept} | changes


@pytest.fixture
def pair(client):
    with translation.override("en"):
        yield Pair(client)


def parts(pair):
    """For each part of the description: what one writes, what the other does, and how theirs is shown."""
    return {
        "title": ("Mine", "Theirs", "Theirs"),
        "one_line": ("Mine.", "Theirs.", "Theirs."),
        "pillar": (pair.third, pair.other, str(pair.other)),
        "other_pillars": ([pair.third], [pair.other], str(pair.other)),
    }


PARTS = ("title", "one_line", "pillar", "other_pillars")


def as_sent(value):
    return [str(getattr(one, "pk", one)) for one in (value if isinstance(value, list) else [value])]


@pytest.mark.parametrize("name", PARTS)
def test_no_part_of_the_description_is_overwritten_unseen(pair, name):
    mine, theirs, shown = parts(pair)[name]
    seen = pair.draft.version_of(name)
    pair.meanwhile(**{name: theirs})
    late = pair.field(name, seen, *as_sent(mine))
    said = late.json()
    assert late.status_code == 409
    assert (said["who"], said["shown"], said["value"]) == ("Camille", shown, " ".join(as_sent(theirs)))
    assert pair.description()[name] == theirs
    kept = pair.field(name, said["version"], *as_sent(mine))
    assert kept.json()["version"] == said["version"] + 1
    assert pair.description()[name] == mine


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_the_page_shows_both_keeps_the_rest_and_lets_one_choose(pair, name, choice):
    mine, theirs, shown = parts(pair)[name]
    rest = "title" if name != "title" else "one_line"
    sent = pair.page(**{name: as_sent(mine), rest: "Typed as well"})
    pair.meanwhile(**{name: theirs})
    both = pair.client.post(pair.url("section", order=0), sent)
    assert both.status_code == 409
    assert "Camille has changed this answer" in both.text
    assert shown in both.text
    assert (pair.description()[name], pair.description()[rest]) == (theirs, "Typed as well")
    again = pair.page(**{name: as_sent(mine), "keep": f"{name}:{choice}"})
    assert pair.client.post(pair.url("section", order=0), again).status_code == 302
    assert pair.description()[name] == (mine if choice == "mine" else theirs)


def test_other_parts_and_the_same_words_are_no_conflict(pair):
    seen = pair.draft.version_of("title")
    pair.meanwhile(title="Same", one_line="Theirs.")
    assert pair.field("title", seen, "Same").status_code == 200
    assert pair.field("title", pair.draft.version_of("title"), "Mine").status_code == 200
    assert pair.description()["one_line"] == "Theirs."


def test_a_pillar_that_leaves_the_others_tells_their_version_as_well(pair):
    pair.meanwhile(other_pillars=[pair.other])
    moved = pair.field("pillar", pair.draft.version_of("pillar"), pair.other.pk).json()
    pair.draft.refresh_from_db()
    assert moved["versions"]["other_pillars"] == pair.draft.version_of("other_pillars")
    ticked = pair.field("other_pillars", moved["versions"]["other_pillars"], pair.third.pk)
    assert ticked.status_code == 200


def attached(pair):
    return list(Attachment.objects.filter(submission=pair.draft).values_list("file__name", flat=True))


def send(pair, version, name="mine.pdf"):
    return pair.client.post(pair.url("autosave", question=pair.plan.pk), {"file": pdf(name), "version": str(version)})


def test_a_document_sent_meanwhile_is_told_and_kept_until_one_has_seen_it(pair):
    submissions.attach(pair.draft, pair.plan, pdf("theirs.pdf"), by=pair.camille)
    late = send(pair, 0)
    said = late.json()
    assert late.status_code == 409
    assert "Camille sent “theirs.pdf”" in said["errors"][0]
    assert "theirs.pdf" in said["control"]
    assert attached(pair) == ["theirs.pdf"]
    kept = send(pair, said["version"])
    assert attached(pair) == ["mine.pdf"]
    assert kept.json()["version"] == pair.draft.attachments.get().pk


def test_a_document_taken_off_or_replaced_meanwhile_is_told(pair):
    first = send(pair, 0).json()["version"]
    submissions.detach(pair.draft.attachments.get(), by=pair.camille)
    assert "taken this document off" in send(pair, first).json()["errors"][0]
    submissions.attach(pair.draft, pair.plan, pdf("theirs.pdf"), by=pair.camille)
    off = {"field": f"q{pair.plan.pk}-clear", f"q{pair.plan.pk}-clear": "on", "version": str(first)}
    assert pair.client.post(pair.url("autosave"), off).status_code == 409
    assert attached(pair) == ["theirs.pdf"]


def test_the_page_without_script_tells_of_a_document_too(pair):
    name = pair.plan.field_name
    answers = {q.field_name: q.answers.get().value for q in pair.plan.section.questions.exclude(pk=pair.plan.pk)}
    submissions.attach(pair.draft, pair.plan, pdf("theirs.pdf"), by=pair.camille)
    sent = {**answers, f"{name}-version": "0"}
    late = pair.client.post(pair.url("section", order=1), {**sent, name: pdf("mine.pdf")})
    assert late.status_code == 409
    assert "Camille sent “theirs.pdf”" in late.text
    assert attached(pair) == ["theirs.pdf"]
    version = pair.draft.attachments.get().pk
    assert f'name="{name}-version" value="{version}"' in late.text
    sent[f"{name}-version"] = version
    assert pair.client.post(pair.url("section", order=1), {**sent, name: pdf("mine.pdf")}).status_code == 302
    assert attached(pair) == ["mine.pdf"]
