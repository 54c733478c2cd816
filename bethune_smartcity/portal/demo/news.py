"""The news of 2017 and of the open call, written, published and planned by the agent with the clock held at each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import paris
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.operations import news
from calls.models import Call
from pillars.models import Pillar
from projects.models import Project

from . import call_2017, mobility
from .articles import texts_of
from .cast import Cast
from .pictures import drawn_picture
from .rendered import CITY, give
from .stories import Texts, told


@dataclass(frozen=True)
class Plan:
    """When an article came out, on which pillars (by colour name), about which call and project (by address)."""

    slug: str
    at: datetime
    hooks: tuple[str, ...] = ()
    call: str = call_2017.SLUG
    project: str = ""


OF_2017 = (
    Plan("un-premier-appel-a-projets", paris(2017, 6, 29, 9)),
    Plan("67-candidatures-de-cinq-pays", paris(2017, 9, 13, 11)),
    Plan("six-startups-sur-scene", paris(2017, 9, 20, 9)),
    Plan("trois-laureats-et-un-prix-du-public", paris(2017, 9, 24, 10), ("habitat", "mobilite", "entraide")),
    Plan("les-premiers-pas-des-laureats", paris(2017, 10, 3, 10), ("habitat",), project="get-it-done"),
)
NEW, LAST_DAYS, ASKED = "mobilite-un-nouvel-appel", "derniers-jours-pour-candidater", "ce-que-vous-avez-demande"
# What the drawing of an article shows, in the order of the languages.
PICTURES: dict[str, Texts] = {
    "les-premiers-pas-des-laureats": (
        "Dessin : des maisons à pignon au-dessus de l’eau",
        "Drawing: gabled houses above the water",
        "Zeichnung: Giebelhäuser über dem Wasser",
        "Tekening: huizen met puntgevel boven het water",
    ),
    "67-candidatures-de-cinq-pays": (
        "Dessin : une route et trois arrêts, de nuit",
        "Drawing: a road and three stops, at night",
        "Zeichnung: eine Straße und drei Haltepunkte, bei Nacht",
        "Tekening: een weg en drie haltes, bij nacht",
    ),
    "six-startups-sur-scene": (
        "Dessin : un point, et les cercles de son écho",
        "Drawing: a point, and the circles of its echo",
        "Zeichnung: ein Punkt und die Kreise seines Echos",
        "Tekening: een punt en de cirkels van zijn echo",
    ),
}
# The pillar whose pattern an article shows, where it bears on the whole programme.
PATTERNS = {"67-candidatures-de-cinq-pays": "mobilite", "six-startups-sur-scene": "entraide"}
BEFORE_CLOSE = timedelta(days=7)


def tell(cast: Cast) -> Iterator[str]:
    """Write the articles that are not there yet. Yields the address of each."""
    there = set(Article.objects.values_list("slug", flat=True))
    yield from (_publish(plan, cast) for plan in OF_2017 if plan.slug not in there)
    yield from (_of_open_call(slug, cast) for slug in (NEW, LAST_DAYS, ASKED) if slug not in there)


def _publish(plan: Plan, cast: Cast) -> str:
    with clock.at(plan.at):
        article = _write(plan, cast)
        if plan.slug in PICTURES:
            drawing, alt = (
                drawn_picture(PATTERNS.get(plan.slug) or plan.hooks[0], at_dusk=True),
                told("alt", PICTURES[plan.slug]),
            )
            article = news.illustrate(article, drawing, by=cast.agent, credit=CITY[0], **alt)
            give(article, "credit", CITY, permission="portal.write_news", cast=cast)
        news.publish(article, by=cast.agent)
    return plan.slug


def _of_open_call(slug: str, cast: Cast) -> str:
    """One article of the open call: out with its announcement, planned for its last days, or a draft in French alone."""
    call = Call.objects.get(slug=mobility.SLUG)
    with clock.at(call.announced_at + timedelta(hours=1)):
        article = _write(Plan(slug, clock.now(), ("mobilite",), call.slug), cast)
        if slug != ASKED:
            news.publish(article, at=call.closes_at - BEFORE_CLOSE if slug == LAST_DAYS else None, by=cast.agent)
    return slug


def _write(plan: Plan, cast: Cast) -> Article:
    return news.write(
        slug=plan.slug,
        pillars=Pillar.objects.filter(hook__in=plan.hooks),
        call=Call.objects.get(slug=plan.call),
        project=Project.objects.filter(slug=plan.project).first(),
        by=cast.agent,
        **texts_of(plan.slug),
    )
