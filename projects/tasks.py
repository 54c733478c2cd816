"""Thin tasks: safe to repeat, without arguments."""

from celery import shared_task

from .operations.replication import forget_old_requests


@shared_task(name="projects.tasks.forget_requests")
def forget_requests() -> int:
    """Erase the personal data that replication requests held long enough. Returns of how many."""
    return forget_old_requests()
