"""What the pages of the projects show, and how little they ask of the database."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.wording import day
from projects.models import Milestone, Payment, Project
from tests.factories import projects as make

pytestmark = pytest.mark.django_db

SHOWCASE = "/projets/"
MOST_STATEMENTS = 12


def read(client, address, status=200):
    """A page's text, its typography made plain."""
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def statements(client, address):
    """How many statements a page takes."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def full(scene=None):
    """A project with every part."""
    made = (scene or make.cast()).project
    make.payment(made, state="requested", step=make.milestone(made, state="accepted"))
    make.milestone(made)
    make.update(made)
    return made


def test_the_showcase_tells_the_next_small_step(client):
    project = make.project(name="Get It Done", slug="get-it-done", state="trial")
    make.milestone(project, state="accepted", title="Sonder le bassin")
    make.milestone(project, title="Plan de financement")
    text = read(client, SHOWCASE)
    assert "Get It Done" in text
    assert "Plan de financement" in text
    assert "Sonder le bassin" not in text
    assert "story__art" in text


def test_the_showcase_shows_its_cards_before_its_map_and_leads_to_it(client):
    make.project(name="Get It Done", latitude=Decimal("50.53"), longitude=Decimal("2.64"))
    text = read(client, SHOWCASE)
    assert text.index('href="#map"') < text.index('class="cards"') < text.index('id="map"') < text.index("map-list")
    Project.objects.update(latitude=None, longitude=None)
    assert "#map" not in read(client, SHOWCASE)


def test_a_showcase_without_projects_has_nothing_to_narrow_and_leads_to_the_calls(client):
    text = read(client, SHOWCASE).split("<main")[1]
    assert "id_stage" not in text
    assert '<a class="btn" href="/appels/">' in text
    assert "id_stage" in read(client, f"{SHOWCASE}?q=rien")


def test_a_step_done_shows_the_day_it_was_accepted(client):
    scene = make.cast()
    project = scene.project
    done = make.milestone(project, state="accepted", days=90)
    make.milestone(project, days=120)
    accepted, due = (day(at).replace("\u00a0", " ") for at in (done.accepted_at, done.due_on))
    text = read(client, project.get_absolute_url())
    assert accepted in text
    assert due not in text
    client.force_login(scene["agent"])
    text = read(client, reverse("projects:followup", args=[project.slug]))
    assert f"atteint le {accepted}" in re.sub(r"<[^>]*>", "", text)


def test_the_showcase_is_narrowed_by_words_pillar_and_stage(client):
    make.project(name="Bus à haut niveau", state="trial", pillar=make.Pillar.objects.get(hook="mobilite"))
    make.project(name="Chaleur du bassin", state="framing")
    slug = make.Pillar.objects.get(hook="mobilite").slug
    for query in ("?q=NIVEAU+haut", f"?pillar={slug}", "?stage=trial", f"?q=bus&pillar={slug}&stage=trial"):
        text = read(client, SHOWCASE + query)
        assert "Bus à haut niveau" in text
        assert "Chaleur du bassin" not in text
    assert 'class="empty"' in read(client, SHOWCASE + "?q=tramway")


@pytest.mark.parametrize("query", ["?stage=flying", "?pillar=inconnu", "?q=" + "a" * 101])
def test_a_filter_that_does_not_exist_is_said_at_its_field(client, query):
    make.project(name="Chaleur du bassin")
    text = read(client, SHOWCASE + query, status=422)
    assert "Chaleur du bassin" in text
    assert "errorlist" in text


@pytest.mark.parametrize("query", ["?page=0", "?page=9999", "?page=x", "?q=%20", "?stage="])
def test_odd_pages_are_the_nearest_one(client, query):
    make.project(name="Chaleur du bassin")
    assert "Chaleur du bassin" in read(client, SHOWCASE + query)


def test_the_project_page_tells_announced_and_awarded(client):
    project = make.project(make.award(amount="8000", title="Get It Done"), story="## Le bassin\n\n<script>x</script>")
    text = read(client, project.get_absolute_url())
    assert "5 000 €" in text
    assert "8 000 €" in text
    assert "<h3>Le bassin</h3>" in text
    assert "<script>x" not in text


@pytest.mark.parametrize(("support", "said"), [("Un mentor.", "accompagnement"), ("", "–")])
def test_a_prize_without_money_is_not_taken_for_the_sum_announced(client, support, said):
    award = make.award(amount=None)
    award.support = support
    award.save()
    text = read(client, make.project(award).get_absolute_url())
    assert "5 000 €" in text
    assert f"<dt>Attribué</dt><dd>{said}</dd>" in text


def test_a_prize_under_embargo_is_not_told(client):
    project = make.project()
    public = make.award(project.award.call, amount="777", publish_at=clock.now() + timedelta(hours=1))
    public.submission = project.award.submission
    public.save()
    assert "777" not in read(client, project.get_absolute_url())


def test_nobody_outside_reads_reports_people_or_payments(client):
    scene = make.cast()
    project = full(scene)
    text = read(client, project.get_absolute_url())
    for hidden in ("C’est fait.", "Premier versement", str(scene["mentor"]), str(scene["owner"])):
        assert hidden not in text


@pytest.mark.parametrize(
    ("name", "page"),
    [
        *((name, page) for name in ("anonymous", "mentor", "agent") for page in ("list", "detail")),
        *((name, "followup") for name in ("owner", "reader", "mentor", "partner", "agent", "conflicted agent")),
        ("agent", "board"),
    ],
)
def test_statements_do_not_grow_with_rows(client, name, page):
    scene = make.cast()
    project = full(scene)
    if scene[name]:
        client.force_login(scene[name])
    address = reverse(f"projects:{page}", args=[] if page in {"list", "board"} else [project.slug])
    read(client, address)
    few = statements(client, address)
    for _ in range(3):
        full(scene)
        make.award(project.award.call)
        other = make.project(make.award(project.award.call, owner=project.structure))
        full(make.Cast(other))
    assert statements(client, address) == few <= MOST_STATEMENTS


@pytest.mark.parametrize(
    "page", ["post-update", "describe", "add-milestone", "add-payment", "appoint", "report", "request", "open"]
)
def test_forms_take_few_statements(client, page):
    scene = make.cast()
    step, payment = make.milestone(scene.project), make.payment(scene.project)
    award = make.award(scene.project.award.call)
    slug = scene.project.slug
    given = {
        "report": {"args": (slug, step.pk)},
        "open": {"args": (award.pk,)},
        "request": {"kwargs": {"slug": slug, "pk": payment.pk, "act": "request"}},
    }.get(page, {"args": (slug,)})
    address = reverse(f"projects:{page}", **given)
    client.force_login(scene["owner"] if page in {"report", "request"} else scene["agent"])
    read(client, address)
    assert statements(client, address) <= MOST_STATEMENTS


def test_the_board_sorts_what_waits(client):
    scene = make.cast()
    project = scene.project
    make.milestone(project, state="reported", title="À accepter")
    make.milestone(project, days=-3, title="En retard")
    make.milestone(project, days=3, title="À temps")
    make.payment(project, state="requested")
    fresh = make.award(project.award.call, title="Totem Mobi")
    client.force_login(scene["agent"])
    text = read(client, "/gestion/projets/")
    for shown in (
        "À accepter",
        "En retard",
        "Premier versement",
        "Totem Mobi",
        reverse("projects:open", args=[fresh.pk]),
    ):
        assert shown in text
    assert "À temps" not in text
    assert not client.get("/gestion/projets/?stage=deployed").context["rows"]
    client.force_login(scene["conflicted agent"])
    assert project.name not in read(client, "/gestion/projets/")


class Press:
    """A person filling the pages' forms."""

    def __init__(self, client, scene):
        self.client, self.scene = client, scene

    def __call__(self, who, door, *args, status=302, **typed):
        self.client.force_login(self.scene[who])
        if door == "request":
            address = reverse("projects:request", kwargs={"slug": args[0], "pk": args[1], "act": "request"})
        else:
            address = reverse(f"projects:{door}", args=args)
        answer = self.client.post(address, typed)
        assert answer.status_code == status, answer.content.decode()
        return answer


def test_from_award_to_deployment_through_the_pages(client):
    scene = make.cast()
    award = scene.project.award
    Project.objects.all().delete()
    press = Press(client, scene)
    pillar = award.submission.pillar_id
    slug = "gare-d-eau"
    described = {
        "name_fr": "Gare d’eau",
        "slug": slug,
        "pillar": pillar,
        "is_public": "on",
        "mentor": scene["mentor"].email,
    }

    refused = press("agent", "open", award.pk, status=422, **described | {"mentor": "inconnu@demo.example"})
    assert "Gare d’eau" in refused.content.decode()
    press("agent", "open", award.pk, **described)
    project = Project.objects.get()
    assert client.get("/projets/").context["page"].paginator.count == 1

    day = (clock.today() + timedelta(days=30)).isoformat()
    press("agent", "add-milestone", slug, status=422, title_fr="", due_on=day)
    press("agent", "add-milestone", slug, status=400, title_fr="Hier", due_on="2017-01-01")
    press("agent", "add-milestone", slug, title_fr="Sonder le bassin", due_on=day)
    step = Milestone.objects.get()
    over = press("agent", "add-payment", slug, status=400, label="Études", amount="8000.01", milestone=step.pk)
    assert "errorlist" in over.content.decode()
    press("agent", "add-payment", slug, status=422, label="Études", amount="NaN")
    press("agent", "add-payment", slug, label="Études", amount="8000", milestone=step.pk)
    payment = Payment.objects.get()
    press("agent", "advance", slug, "agree")
    press("agent", "advance", slug, "start_trial")

    press("owner", "request", slug, payment.pk, status=409)
    press("owner", "report", slug, step.pk, status=422, report="\x00")
    press("owner", "report", slug, step.pk, report="Trois sondes.")
    press("agent", "milestone", slug, step.pk, "ask_again", status=422, reason="")
    press("agent", "milestone", slug, step.pk, "accept")
    press("owner", "request", slug, payment.pk)
    press("agent", "payment", slug, payment.pk, "approve")
    press("agent", "payment", slug, payment.pk, "pay")
    press("mentor", "post-update", slug, title_fr="Un pas", body_fr="Les sondes sont posées.")
    press("agent", "appoint", slug, email=scene["citizen"].email)
    press("agent", "appoint", slug, status=409, email=scene["citizen"].email)
    press(
        "agent",
        "describe",
        slug,
        name_fr="La gare d’eau",
        pillar=pillar,
        is_public="on",
        story_fr="Un bassin.",
        state="deployed",
    )
    project.refresh_from_db()
    assert (project.name, project.state, project.slug) == ("La gare d’eau", "trial", slug)
    press("agent", "advance", slug, "evaluate")
    press("agent", "advance", slug, "deploy", status=422, reason=" ")
    press("agent", "advance", slug, "deploy", reason="800 logements.")

    client.logout()
    text = read(client, f"/projets/{slug}/")
    assert "Sonder le bassin" in text
    assert "Les sondes sont posées." in text
    payment.refresh_from_db()
    assert payment.paid_on == clock.today()


@pytest.mark.parametrize(
    ("language", "said"),
    [("", ", en retard"), ("/en", ", late"), ("/de", ", verspätet"), ("/nl", ", te laat")],
)
def test_a_step_long_past_that_is_not_done_says_that_it_is_late(client, language, said):
    project = make.project(name="Get It Done", slug="get-it-done", state="trial")
    step = make.milestone(project, title="Plan de financement", days=-40)
    for address in (f"{language}{SHOWCASE}", f"{language}{SHOWCASE}get-it-done/"):
        assert said in read(client, address)
    Milestone.objects.filter(pk=step.pk).update(state="reported", reported_at=clock.now(), report="Fait.")
    assert said not in read(client, f"{language}{SHOWCASE}")
    Milestone.objects.filter(pk=step.pk).update(state="planned")
    Project.objects.update(state="stopped")
    assert said not in read(client, f"{language}{SHOWCASE}get-it-done/")
