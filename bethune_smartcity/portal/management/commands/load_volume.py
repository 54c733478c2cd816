"""`manage.py load_volume N`: a call with N submissions and five sheets each, for `make bench`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from bethune_smartcity.portal.volume import load


class Command(BaseCommand):
    help = "Load a call with N submissions, for measures. Refuses production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Volumes load in demonstration mode only (DEMO=1, never in production).")
        try:
            load(options["count"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        take_statistics()
        self.stdout.write(f"{options['count']} submissions loaded")


def take_statistics() -> None:
    """Have PostgreSQL's planner know what was loaded, as autovacuum does for a city within the minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
