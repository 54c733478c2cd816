"""What the replay of 2017 leaves: the facts of record, each of them produced by the portal's own operations."""

import html
import re
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import PARIS, paris
from bethune_smartcity.core.language import missing_languages
from bethune_smartcity.core.registries import invariants
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.portal.demo.replay import load
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.queries.news import public_articles
from calls.models import Call, Clarification, Submission
from calls.phases import Phase
from juries.models import Award, Ballot, BallotLink, Mark, Panel, Sheet
from juries.queries.standings import current_standing
from pillars.models import Pillar
from projects.models import Project
from projects.queries import measures_of
from tests.juries.calculator import SUM, wrong_corrections, wrong_sums

from .loading import demonstration

pytestmark = pytest.mark.django_db

SLUG = "smart-city-2017"
FINALISTS = {"Get It Done", "Totem Mobi", "IcoHup", "Smiile", "CulturMoov", "ECHY"}
LAUREATES = ["Get It Done", "Totem Mobi", "IcoHup"]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


@pytest.fixture
def call():
    return Call.objects.get(slug=SLUG)


def lines_about(*subjects):
    """The journal of things of one kind, oldest first."""
    kind = ContentType.objects.get_for_model(subjects[0])
    keys = [str(subject.pk) for subject in subjects]
    return JournalEntry.objects.filter(subject_type=kind, subject_id__in=keys).order_by("at", "pk")


def moves(act, *subjects):
    """The lines of one act."""
    return lines_about(*subjects).filter(verb=act)


def test_67_applications_from_five_countries_are_numbered_in_their_order(call):
    received = Submission.objects.filter(call=call).select_related("structure").order_by("submitted_at")
    assert [submission.number for submission in received] == [f"SC17-{n:04d}" for n in range(1, 68)]
    assert {submission.structure.country.code for submission in received} == {"FR", "GB", "DE", "BE", "US"}
    assert all(call.opens_at <= submission.submitted_at < call.closes_at for submission in received)


def test_six_are_shortlisted_and_three_win(call):
    states = Counter(Submission.objects.filter(call=call).values_list("state", flat=True))
    assert states == {"laureate": 3, "declined": 64}
    reading = current_standing(Panel.objects.get(call=call, stage="reading"))
    assert {line.submission.title for line in reading.lines.all() if line.order <= 6} == FINALISTS
    shortlisted = moves("shortlist", *Submission.objects.filter(call=call))
    assert {entry.subject_label.split(maxsplit=1)[1] for entry in shortlisted} == FINALISTS


def test_every_application_was_read_three_times_by_ten_jurors(call):
    sheets = Sheet.objects.filter(juror__panel__call=call, juror__panel__stage="reading", state="handed_in")
    assert set(Counter(sheets.values_list("submission", flat=True)).values()) == {3}
    assert len(set(sheets.values_list("juror", flat=True))) == 10


def test_nine_jurors_mark_the_finale_one_of_them_aside_for_one_finalist(call):
    panel = Panel.objects.get(call=call, stage="finale")
    marked = Counter(Sheet.objects.filter(juror__panel=panel, state="handed_in").values_list("submission__title"))
    assert sorted(marked.values()) == [8, 9, 9, 9, 9, 9]
    (recusal,) = panel.jurors.get(user__email="jure2@demo.example").recusals.all()
    assert marked[(recusal.submission.title,)] == 8
    assert panel.jurors.filter(recusals__isnull=False).count() == 1


def by_hand(panel):
    """The adjusted scores of a panel from its raw marks: alternate q = mean(y - b), b = Σ(y - q) / (m + 3)."""
    got, full = defaultdict(float), defaultdict(float)
    marks = Mark.objects.filter(sheet__juror__panel=panel, sheet__state="handed_in", criterion__counted=True)
    for mark in marks.select_related("sheet", "criterion"):
        pair, weight = (mark.sheet.submission_id, mark.sheet.juror_id), float(mark.criterion.weight)
        got[pair] += weight * float(mark.value - mark.criterion.minimum)
        full[pair] += weight * float(mark.criterion.maximum - mark.criterion.minimum)
    y = {pair: 20 * got[pair] / full[pair] for pair in got}
    of_submission, of_juror = defaultdict(list), defaultdict(list)
    for i, j in y:
        of_submission[i].append(j)
        of_juror[j].append(i)
    b = dict.fromkeys(of_juror, 0.0)
    for _round in range(2000):
        q = {i: sum(y[i, j] - b[j] for j in jurors) / len(jurors) for i, jurors in of_submission.items()}
        b = {j: sum(y[i, j] - q[i] for i in read) / (len(read) + 3) for j, read in of_juror.items()}
    return q


@pytest.mark.parametrize("stage", ["reading", "finale"])
def test_the_ranking_is_the_formula_recomputed_by_hand(call, stage):
    panel = Panel.objects.get(call=call, stage=stage)
    lines = list(current_standing(panel).lines.order_by("order"))
    expected = by_hand(panel)
    assert {line.submission_id: line.adjusted for line in lines} == pytest.approx(expected, abs=1e-6)
    shown = [Decimal(f"{expected[line.submission_id]:.9f}").quantize(Decimal("0.01")) for line in lines]
    assert shown == sorted(shown, reverse=True)
    assert [line.rank for line in lines] == sorted(line.rank for line in lines)


def test_the_finale_ranks_the_laureates_as_the_record_does(call):
    lines = current_standing(Panel.objects.get(call=call, stage="finale")).lines.order_by("order")
    assert [line.submission.title for line in lines][:3] == LAUREATES


def test_announced_and_awarded_amounts_stand_apart(call):
    announced = [prize.amount for prize in call.prizes.filter(kind="jury").order_by("rank")]
    assert announced == [5000, 2000, 1500]
    awards = Award.objects.filter(call=call, prize__kind="jury").select_related("submission").order_by("prize__rank")
    assert [(award.submission.title, award.amount) for award in awards] == [
        ("Get It Done", Decimal(8000)),
        ("Totem Mobi", None),
        ("IcoHup", None),
    ]
    assert "ncubation" in awards[0].support
    assert Award.objects.get(call=call, prize__kind="public").submission.title == "Get It Done"


def test_the_journal_reads_as_history(call):
    received = list(Submission.objects.filter(call=call).select_related("created_by"))
    submitted = moves("submit", *received)
    assert {e.subject_id: (e.at, e.actor_id) for e in submitted} == {
        str(s.pk): (s.submitted_at, s.created_by_id) for s in received
    }
    admitted = moves("admit", *received).values_list("at", "actor__email")
    assert len(admitted) == 67
    assert {email for _at, email in admitted} == {"agent@demo.example"}
    assert all(paris(2017, 9, 13) <= at < paris(2017, 9, 15) for at, _email in admitted)
    for act, day, count in (("shortlist", 19, 6), ("decline", 19, 61), ("decline", 23, 3), ("elect", 23, 3)):
        taken = moves(act, *received).filter(at__gte=paris(2017, 9, day), at__lt=paris(2017, 9, day + 1))
        assert set(taken.values_list("actor__email", flat=True)) == {"presidence@demo.example"}
        assert taken.count() == count


def test_nobody_marks_or_votes_at_night(call):
    marked = Sheet.objects.filter(juror__panel__call=call).values_list("handed_in_at", flat=True)
    voted = Ballot.objects.filter(vote__call=call).values_list("cast_at", flat=True)
    assert {moment.astimezone(clock.PARIS).hour for moment in [*marked, *voted]} <= set(range(8, 22))


def test_the_panels_went_forward_by_their_chair_in_september_2017(call):
    acts = ["open", "lock", "disclose", "deliberate", "decide", "sign", "proclaim"]
    for panel in Panel.objects.filter(call=call):
        entries = lines_about(panel).filter(verb__in=acts)
        assert [entry.verb for entry in entries] == acts
        assert {entry.actor.email for entry in entries[1:]} == {"presidence@demo.example"}
        assert {entry.at.astimezone(PARIS).strftime("%Y-%m") for entry in entries} == {"2017-09"}


def test_everything_replayed_is_dated_then_and_has_an_actor(call):
    about = [call, *call.panels.all(), *Project.objects.filter(award__call=call), call.public_vote]
    for subject in about:
        entries = lines_about(subject)
        assert entries
        assert all(paris(2017, 6, 1) <= entry.at < paris(2018, 12, 31) for entry in entries)
        assert all(entry.actor_id for entry in entries)


def test_replayed_messages_are_written_as_sent_and_never_leave(demo):
    assert Message.objects.exists()
    assert not Message.objects.exclude(state="sent", replayed=True).exists()
    assert demo.mails == 0
    assert mail.outbox == []


def test_the_messages_of_2017_are_dated_then(call):
    receipts = Message.objects.filter(path__contains="/candidatures/", recipient__email__startswith="candidat")
    assert receipts
    assert all(message.sent_at.astimezone(PARIS).year in {2017, 2018} for message in receipts)


def test_nothing_tells_who_voted(call, demo):
    vote = call.public_vote
    assert vote.purged_at is not None
    assert Ballot.objects.filter(vote=vote).exists()
    assert not Ballot.objects.filter(vote=vote, voter_key__isnull=False).exists()
    assert not BallotLink.objects.filter(vote=vote).exists()
    opened_today = Call.objects.get(slug="mobilite").public_vote
    assert set(demo.peppers) == {str(opened_today.pk)}
    assert not Message.objects.filter(address__endswith="@votants.example").exists()


def test_the_call_is_archived_and_kept(call):
    assert call.kept_as_archive
    assert call.phase == Phase.ARCHIVED


def test_three_projects_are_in_incubation(call):
    projects = Project.objects.filter(award__call=call).order_by("award__prize__rank")
    assert [project.award.submission.title for project in projects] == LAUREATES
    for project in projects:
        assert project.milestones.filter(state="accepted").exists()
        assert project.updates.exists()


def test_the_open_call_has_a_draft_a_submission_a_moved_date_and_three_answers():
    call = Call.objects.get(slug="mobilite")
    assert call.phase == Phase.OPEN
    assert Counter(call.submissions.values_list("state", flat=True)) == {"draft": 1, "submitted": 1}
    assert call.clarifications.filter(answered_at__isnull=False).count() == 3
    assert call.moves.count() == 1
    sitting = set(User.objects.filter(juries__panel__call=call).values_list("email", flat=True))
    assert sitting == {"presidence@demo.example", *(f"jure{n}@demo.example" for n in range(1, 10))}


def test_news_tell_both_calls_in_every_language():
    public = public_articles(clock.now())
    assert public.count() == 6
    assert [missing_languages(article) for article in public] == [[]] * 6
    waiting = {article.slug: article.state for article in Article.objects.exclude(pk__in=public.values("pk"))}
    assert waiting == {"derniers-jours-pour-candidater": "published", "ce-que-vous-avez-demande": "draft"}
    assert [article.slug for article in public][-1] == "un-premier-appel-a-projets"
    assert moves("publish", *Article.objects.all()).count() == 7


def everything():
    """Every row of every table of ours."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label != "sessions"
    }


def test_loading_again_changes_nothing():
    before = everything()
    assert [line.split(": ")[1] for line in load()] == ["already there"] * 3
    assert everything() == before


def test_a_real_portal_refuses_the_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration mode"):
        call_command("load_demo")


def test_frozen_standings_are_recomputed_identical(call):
    for panel in call.panels.all():
        out = StringIO()
        call_command("recompute_standing", current_standing(panel).pk, stdout=out)
        assert out.getvalue().strip() == "identical"


def test_each_sum_printed_comes_out_to_its_last_digit(client, call):
    for panel in call.panels.all():
        client.force_login(panel.jurors.get(is_chair=True).user)
        for name in ("standing", "chair-minutes"):
            assert wrong_corrections(page_of(client, name, panel)) == []
        lines = current_standing(panel).lines.exclude(mean=None)
        pages = [page_of(client, "explanation", panel, submission=line.submission_id) for line in lines]
        assert [wrong_sums(page) for page in pages] == [[]] * len(pages)
        assert all(len(SUM.findall(page)) > 5 for page in pages)


def page_of(client, name, panel, **more):
    return html.unescape(client.get(reverse(f"juries:{name}", kwargs={"pk": panel.pk, **more})).text)


def test_every_invariant_holds():
    assert [(invariant.name, list(invariant.check())) for invariant in invariants()] == [
        (invariant.name, []) for invariant in invariants()
    ]
    assert invariants()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/appels/",
        f"/appels/{SLUG}/",
        f"/appels/{SLUG}/resultats/",
        f"/vote/{SLUG}/",
        "/appels/mobilite/",
        "/appels/mobilite/questions/",
        "/piliers/",
        "/piliers/mobilite-transport/",
        "/projets/",
        "/projets/get-it-done/",
        "/projets/totem-mobi/",
        "/projets/icohup/",
        "/actualites/",
        "/actualites/trois-laureats-et-un-prix-du-public/",
    ],
)
def test_public_pages_answer_and_say_that_it_is_a_demonstration(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "onnées de démonstration" in answer.text


def test_the_results_page_tells_the_record(client):
    page = " ".join(client.get(f"/appels/{SLUG}/resultats/").text.split())
    places = [page.index(name) for name in LAUREATES]
    assert places == sorted(places)
    assert "8 000 €" in page
    assert "5 000 €" in page
    with translation.override("fr"):
        both = gettext("Public prize too")
    assert page.index(LAUREATES[0]) < page.index(both) < page.index(LAUREATES[1])


WALKED = {
    "": (
        "/",
        "/appels/",
        f"/appels/{SLUG}/",
        f"/appels/{SLUG}/reglement/",
        f"/appels/{SLUG}/resultats/",
        "/appels/mobilite/",
        "/appels/mobilite/questions/",
        "/piliers/",
        "/piliers/mobilite-transport/",
        "/projets/",
        "/projets/get-it-done/",
        "/projets/icohup/",
        "/actualites/",
        "/actualites/six-startups-sur-scene/",
        "/actualites/trois-laureats-et-un-prix-du-public/",
        "/actualites/mobilite-un-nouvel-appel/",
        f"/vote/{SLUG}/",
    ),
    "fondatrice": ("/espace/", "/espace/notifications/", "draft/section/0/", "draft/section/2/"),
    "agent": ("/espace/", "/espace/notifications/"),
}


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in WALKED.items() for path in paths])
def test_french_pages_let_no_line_begin_with_a_sign(client, who, path):
    if who:
        client.force_login(User.objects.get(email=f"{who}@demo.example"))
    draft = Submission.objects.get(call__slug="mobilite", state="draft")
    page = client.get(path.replace("draft/section/", f"/candidatures/{draft.pk}/")).text
    words = html.unescape(re.sub(r"<[^>]+>", "", page.split("<title>", 1)[1]))
    assert re.findall(r".*(?:\S [;:!?»](?!\w)|« ).*", words) == []


def test_the_results_page_says_each_thing_once_and_draws_the_ballots(client):
    page = " ".join(client.get(f"/appels/{SLUG}/resultats/").text.split())
    assert page.count("Le jury réunit la dotation sur le premier prix") == 1
    assert not [name for name in FINALISTS if f"<p>{name}, " in page]
    shares = re.findall(r'<rect width="([0-9.]+)".*?nowrap">([0-9,]+) %', page.split('id="public"')[1])
    assert [(round(float(width), 1), float(words.replace(",", "."))) for width, words in shares] == [
        (35.9, 35.9),
        (22.3, 22.3),
        (17.2, 17.2),
        (13.1, 13.1),
        (8.0, 8.0),
        (3.4, 3.4),
    ]


@pytest.mark.parametrize(
    ("prefix", "told"), [("", "fin juin 2017"), ("/en", "the end of June 2017"), ("/de", "Ende Juni 2017")]
)
def test_the_opening_is_told_no_more_precisely_than_its_record(client, prefix, told):
    for path in (f"/api/v1/calls/{SLUG}/", f"/appels/{SLUG}.ics"):
        assert not re.search("2017-?06-?29", client.get(path).text)
    page = client.get(f"{prefix}/appels/{SLUG}/").text
    for section in ('id="call-brief"', 'id="call-dates"'):
        text = page.split(section)[1].split("</section>")[0].replace("\u00a0", " ")
        assert told in text
        assert "29" not in text
    assert "2017-06-29" not in page
    assert "2017-06-29" not in client.get(f"{prefix}/appels/{SLUG}/reglement/").text
    figures = client.get(f"{prefix}/").text.split('class="past__text"')[1].split("</dl>")[0].replace("\u00a0", " ")
    assert told in figures
    assert "29" not in figures


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/", "France, Angleterre, Allemagne, Belgique, États\u2011Unis"),
        ("/accessibilite/", "La Ville de Béthune s’engage"),
        ("/de/accessibilite/", "Die Stadt Béthune verpflichtet sich"),
        ("/nl/donnees-personnelles/", "De stad Béthune is verantwoordelijk"),
        ("/en/appels/mobilite/", "30%"),
        ("/appels/mobilite/", "annoncés, pour 3 des 4 prix"),
        ("/projets/totem-mobi/", "1 accompli sur 2"),
        (f"/vote/{SLUG}/", "Le vote s’est clos le <strong>"),
    ],
)
def test_pages_say_it_as_their_language_does(client, path, sentence):
    assert sentence in client.get(path).text


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/", 1),
        (f"/appels/{SLUG}/", 3),
        (f"/appels/{SLUG}/resultats/", 2),
        ("/projets/icohup/", 2),
        ("/appels/mobilite/", 0),
    ],
)
def test_what_is_invented_among_the_facts_of_2017_says_so(client, path, count):
    assert client.get(path).text.count('class="invented"') == count


@pytest.mark.parametrize("language", ["en", "de", "nl"])
@pytest.mark.parametrize("path", [f"/appels/{SLUG}/resultats/", "/appels/mobilite/questions/"])
def test_what_was_written_in_french_says_so_where_it_is_not_given_in_the_language_of_the_page(client, language, path):
    page = client.get(f"/{language}{path}").text
    assert 'class="told-in"' not in page
    Submission.objects.update(renderings={})
    Award.objects.update(renderings={})
    Clarification.objects.update(renderings={})
    page = client.get(f"/{language}{path}").text
    assert 'class="told-in"' in page
    bare = re.sub(
        r'<(\w+)[^>]* lang="fr"[^>]*>.*?</\1>', "", page.split("<main")[1].split("</main")[0], flags=re.DOTALL
    )
    words = ("chaleur", "véhicules électriques", "Le jury réunit", "Non. Un prototype")
    assert [word for word in words if word in bare] == []
    assert 'class="told-in"' not in client.get(path).text


@pytest.mark.parametrize("language", ["en", "de", "nl"])
@pytest.mark.parametrize("path", ["/projets/", "/projets/get-it-done/", "/projets/totem-mobi/", "/projets/icohup/"])
def test_the_projects_tell_themselves_in_each_language(client, language, path):
    page = client.get(f"/{language}{path}").text.split("<main")[1].split("</main")[0]
    words = ("chaleur", "Convention signée", "véhicules électriques", "Premiers pas")
    assert [word for word in words if word in re.sub(r'<(\w+)[^>]* lang="fr"[^>]*>.*?</\1>', "", page)] == []


@pytest.mark.parametrize("page", [f"/appels/{SLUG}/resultats/", f"/vote/{SLUG}/"])
def test_a_breadcrumb_names_its_call_in_short(client, page):
    trail = client.get(page).text.split('<nav class="crumbs')[1].split("</nav>")[0]
    assert "Master Smart City 2017</a>" in trail


def test_the_showcase_shows_the_three_projects(client):
    page = client.get("/projets/").text
    assert all(name in page for name in LAUREATES)


@pytest.mark.parametrize("path", ["/appels/bien-vieillir/", "/appels/mobilite/resultats/"])
def test_what_is_not_public_yet_is_unknown(client, path):
    assert client.get(path).status_code == 404


def test_the_replay_left_the_clock_alone():
    assert not clock.is_shifted()
    assert abs((clock.now() - datetime.now(tz=PARIS)).total_seconds()) < 5


def test_every_pillar_aims_at_something_and_measures_it_in_every_language():
    for pillar in Pillar.objects.prefetch_related("objectives", "indicators__readings"):
        texts = [pillar.vision_de, pillar.vision_nl, pillar.vision_en]
        texts += [getattr(one, f"text_{code}") for one in pillar.objectives.all() for code in ("en", "de", "nl")]
        texts += [getattr(one, f"name_{code}") for one in pillar.indicators.all() for code in ("en", "de", "nl")]
        assert all(texts), pillar.slug
        readings = [reading for one in pillar.indicators.all() for reading in one.readings.all()]
        assert len(readings) >= 3
        assert all("démo" in reading.source for reading in readings)


def test_the_three_projects_say_what_they_change():
    made = {project.slug: measures_of(project)[0] for project in Project.objects.all()}
    assert {slug: measure.after is not None for slug, measure in made.items()} == {
        "get-it-done": True,
        "totem-mobi": True,
        "icohup": False,
    }


def test_the_subsidy_of_2017_is_open_data(client):
    lines = client.get("/donnees/subventions.csv").getvalue().decode().splitlines()
    assert [line.split(",")[4] for line in lines[1:]] == ["Get It Done"]
    assert ",8000.00,aide en numéraire,échelonné," in lines[1]
