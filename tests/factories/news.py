"""Articles, reached by the portal's own operations."""

from datetime import timedelta
from itertools import count

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.portal.operations import news
from pillars.models import Pillar
from tests.factories.projects import picture

_numbers = count(1)


def article(*hooks, by=SYSTEM, at=None, draft=False, planned=None, **fields):
    """An article on the pillars of those colour names, published an hour ago (or at `at`), or `planned` for later."""
    n = next(_numbers)
    words = {
        "slug": f"article-{n}",
        "title_fr": f"Article {n}",
        "standfirst_fr": f"Chapeau {n}.",
        "body_fr": "## Un titre\n\nUn texte.",
    }
    with clock.at(at or clock.now() - timedelta(hours=1)):
        made = news.write(by=by, pillars=Pillar.objects.filter(hook__in=hooks), **words | fields)
        return made if draft else news.publish(made, by=by, at=planned)


def translated(**fields):
    """The texts of an article in every language of the portal."""
    return {
        f"{name}_{code}": f"{name} {code}"
        for name in ("title", "standfirst", "body")
        for code in ("fr", "en", "de", "nl")
    } | fields


ALTS = {
    "alt_fr": "Des sondes au bord du bassin",
    "alt_en": "Probes beside the basin",
    "alt_de": "Sonden am Becken",
    "alt_nl": "Sondes naast het bekken",
}


def pictured(*hooks, **fields):
    """The same with a picture."""
    return news.illustrate(article(*hooks, **fields), picture(), by=SYSTEM, **ALTS)
