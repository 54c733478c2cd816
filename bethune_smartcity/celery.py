"""The background worker: thin tasks, the schedule in code, rows as the only truth."""

import os
from functools import partial

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import heartbeat_sent
from django.db import transaction

from .probe import WORKER_SIGN

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")


class WakeUpTask(DjangoTask):
    """A task whose message only wakes a worker: what is to be done stands in the database."""

    abstract = True

    def delay_on_commit(self, *args, **kwargs) -> None:
        """Queue the task once the transaction is committed.

        A broker that does not answer is logged and forgotten: the act is already
        recorded, and the next sweep finds it.
        """
        transaction.on_commit(partial(self.delay, *args, **kwargs), robust=True)


app = Celery("bethune_smartcity", task_cls=WakeUpTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    "sweep": {
        "task": "bethune_smartcity.notifications.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "draw-documents": {
        "task": "juries.tasks.draw_documents",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "plan-readings": {
        "task": "juries.tasks.plan_readings",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "forget-replication-requests": {
        "task": "projects.tasks.forget_requests",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "remove-leftovers": {
        "task": "bethune_smartcity.files.tasks.remove_leftovers",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
}
app.autodiscover_tasks()


@heartbeat_sent.connect
def show_life(**kwargs) -> None:
    """Leave the sign that the worker's health check looks for."""
    WORKER_SIGN.touch()
