"""Compute a frozen standing again from its own inputs alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from juries.models import Standing
from juries.queries.invariants import divergences


class Command(BaseCommand):
    help = 'Prints "identical" when a standing follows from its frozen inputs, or the difference (then exits 1).'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help="number of the standing in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        standing = Standing.objects.select_related("panel__call").filter(pk=options["id"]).first()
        if standing is None:
            raise CommandError(f"no standing {options['id']}")
        found = list(divergences(standing))
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("identical")
