"""Thin tasks: safe to repeat, ids or nothing as arguments."""

from celery import shared_task

from bethune_smartcity.core import clock

from . import delivery
from .planners import plan
from .pulse import went_round


@shared_task(name="bethune_smartcity.notifications.tasks.deliver")
def deliver(pk: int) -> bool:
    """Send one message if it is due and nobody else has it."""
    message = delivery.claim(pk)
    if message:
        delivery.send(message)
    return message is not None


@shared_task(name="bethune_smartcity.notifications.tasks.sweep")
def sweep() -> int:
    """Write what the dates made due, then send everything due that was left. Returns how many were sent."""
    written = plan(clock.now())
    sent = sum(bool(deliver.run(pk)) for pk in delivery.due_ids())
    went_round(written=written, sent=sent)
    return sent
