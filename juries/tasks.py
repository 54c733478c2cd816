"""Thin tasks: safe to repeat, without arguments."""

from celery import shared_task

from bethune_smartcity.files.pages import draw_all

from .operations.panels import make_due_plans
from .queries.reading import documents_to_read

SECONDS = 45
HALF_AN_HOUR = 1800


@shared_task(name="juries.tasks.draw_documents")
def draw_documents() -> int:
    """Draw the pages of the documents that jurors are asked to read. Returns how many documents were drawn."""
    return draw_all(documents_to_read(), seconds=SECONDS)


@shared_task(name="juries.tasks.plan_readings", time_limit=HALF_AN_HOUR)
def plan_readings() -> int:
    """Make the plans of readings asked for. Returns how many."""
    return make_due_plans()
