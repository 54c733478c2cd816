"""Thin tasks: safe to repeat, ids or nothing as arguments."""

from celery import shared_task

from bethune_smartcity.core import clock

from . import delivery
from .planners import plan
from .pulse import went_round


@shared_task(name="bethune_smartcity.notifications.tasks.deliver")
def deliver(pk: int) -> bool:
    """Send one message if it is due and nobody else has it."""
    return delivery.send_one(pk)


@shared_task(name="bethune_smartcity.notifications.tasks.drain")
def drain() -> int:
    """Send everything due. Returns how many messages were taken."""
    return delivery.send_due()


@shared_task(name="bethune_smartcity.notifications.tasks.sweep")
def sweep() -> int:
    """Write what the dates made due, then send everything due that was left. Returns how many were sent."""
    written = plan(clock.now())
    sent = delivery.send_due()
    went_round(written=written, sent=sent)
    return sent
