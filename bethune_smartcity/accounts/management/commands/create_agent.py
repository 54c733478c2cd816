"""`manage.py create_agent EMAIL`: the way in on an empty portal."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from bethune_smartcity.accounts.enrolment import enrolment_path
from bethune_smartcity.accounts.operations import enrol_agent
from bethune_smartcity.core.access import SYSTEM


class Command(BaseCommand):
    help = "Give an address an agent's account and print the link on which its owner chooses a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--agent-only", action="store_true", help="without the administrator's rights")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"{options['email']} is not an e-mail address") from None
        user = enrol_agent(options["email"], by=SYSTEM, administrator=not options["agent_only"])
        self.stdout.write(settings.SITE_URL + enrolment_path(user))
