"""Loading the whole demonstration, in the order it happened."""

from collections.abc import Iterator

from django.db import transaction

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.operations import replaying
from calls.models import Call
from calls.operations import publication
from pillars.models import Indicator

from . import call_2017, dossiers, jury_2017, measured, mobility, news, projects_2017
from .cast import Cast, gather

# What the legal pages quote of the city, invented.
RECORD = {
    "contact_email": "smartcity@bethune.example",
    "dpo_email": "dpo@bethune.example",
    "address": "Hôtel de ville, Grand’Place, 62400 Béthune (démo)",
    "siret": "00000000000000",
    "publisher": "Maire de Béthune (démo)",
    "service": "Smart City (démo)",
    "host": "Hébergement Exemple, 59000 Lille (démo)",
}


def load() -> Iterator[str]:
    """Load what is missing, each call in one transaction. Yields a sentence for each thing done."""
    City.objects.filter(pk=1, contact_email="").update(**RECORD, accessibility_declared_on=clock.today())
    cast = gather()
    if not Indicator.objects.exists():
        with transaction.atomic():
            measured.describe(cast)
        yield "pillars: described and measured"
    for slug, replay in ((call_2017.SLUG, replay_2017), (mobility.SLUG, mobility.open_call)):
        if Call.objects.filter(slug=slug).exists():
            yield f"{slug}: already there"
            continue
        with transaction.atomic(), replaying():
            replay(cast)
        yield f"{slug}: loaded"
    measured.set_targets(cast)
    with transaction.atomic():
        told = list(news.tell(cast))
    yield f"news: {len(told)} articles loaded" if told else "news: already there"


def replay_2017(cast: Cast) -> None:
    """From the announcement of June 2017 to the projects of 2018."""
    call = call_2017.create(cast)
    call_2017.screen(call_2017.receive(call), cast.agent)
    jury_2017.read_all(call, cast)
    finale = jury_2017.pitch(call, cast)
    jury_2017.let_the_public_vote(call, cast)
    jury_2017.decide(finale, cast)
    dossiers.tell_cities(projects_2017.incubate(call, cast), cast)
    jury_2017.forget_the_voters(call, cast)
    _archive(call, cast)


def _archive(call: Call, cast: Cast) -> None:
    with clock.at(clock.paris(2018, 9, 24, 9)):
        publication.archive(call, by=cast.agent)
