"""Check on the live site what must always hold, and name the rows that break it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bethune_smartcity.core.registries import Invariant, invariants


class Command(BaseCommand):
    help = "Check what must always hold; name the rows that break it and exit with 1 if there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = sum(self.check_one(invariant) for invariant in invariants())
        if broken:
            raise CommandError(f"{broken} broken", returncode=1)

    def check_one(self, invariant: Invariant) -> int:
        """Print what breaks one invariant, or that it holds. Returns how many rows break it."""
        found = [*invariant.check()]
        self.stdout.write(f"{'BROKEN' if found else 'holds '}  {invariant.name}")
        for sentence in found:
            self.stdout.write(f"        {sentence}")
        return len(found)
