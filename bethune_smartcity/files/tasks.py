"""Thin tasks: safe to repeat, without arguments."""

from celery import shared_task

from . import leftovers


@shared_task(name="bethune_smartcity.files.tasks.remove_leftovers")
def remove_leftovers() -> int:
    """Delete contents that an upload cut short left behind. Returns how many."""
    return leftovers.remove()
