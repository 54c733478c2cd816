"""`manage.py send_due`: one round of reminders and deliveries by hand, with no worker."""

from typing import Any

from django.core.management.base import BaseCommand

from bethune_smartcity.notifications.tasks import sweep


class Command(BaseCommand):
    help = "Write the reminders that have come due and send every message that waits."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep.run()} message(s) sent")
