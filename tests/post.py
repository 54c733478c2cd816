"""The letter box of tests: what waits is sent first, as a worker would."""

from django.core import mail
from django.core.mail import EmailMessage

from bethune_smartcity.notifications.delivery import send_due


def letters() -> list[EmailMessage]:
    """Every mail sent so far, what was due included."""
    send_due()
    return mail.outbox
