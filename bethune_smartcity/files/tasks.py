"""Thin tasks: safe to repeat, without arguments."""

from celery import shared_task

from . import leftovers, scanning

SECONDS = 45


@shared_task(name="bethune_smartcity.files.tasks.remove_leftovers")
def remove_leftovers() -> int:
    """Delete contents that an upload cut short left behind. Returns how many."""
    return leftovers.remove()


@shared_task(name="bethune_smartcity.files.tasks.scan_files")
def scan_files() -> int:
    """Ask the antivirus about the documents that wait for it. Returns of how many it told."""
    return scanning.scan_all(seconds=SECONDS)
