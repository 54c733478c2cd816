"""`manage.py load_demo`: the city's call of 2017, replayed, and a call open today."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bethune_smartcity.portal.demo.replay import load


class Command(BaseCommand):
    help = "Load the demonstration: the 2017 call replayed and an open call. Safe to run again; refuses production."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration loads in demonstration mode only (DEMO=1, never in production).")
        for line in load():
            self.stdout.write(line)
