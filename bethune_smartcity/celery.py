"""The background worker: thin tasks, the schedule in code, rows as the only truth."""

import os
from time import monotonic

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import heartbeat_sent
from django.db import transaction
from kombu.exceptions import OperationalError

from .probe import WORKER_SIGN

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bethune_smartcity.settings.dev")


# For so many seconds a broker that did not answer is not asked again: the sweep goes round as soon.
REST = 60


class WakeUpTask(DjangoTask):
    """A task whose message only wakes a worker: what is to be done stands in the database."""

    abstract = True
    # From when on, by this process's clock, the broker is asked again.
    _asked_from = 0.0

    def delay_on_commit(self, *args, **kwargs) -> None:
        """Queue the task once the transaction is committed.

        A broker that does not answer is logged, and left alone for a while, so that nobody waits for it once for each
        message: the act is already recorded, and the next sweep finds it.
        """

        # A function of its own: what Django logs of a fault is its name, which a partial does not have.
        def wake() -> None:
            self._wake(*args, **kwargs)

        transaction.on_commit(wake, robust=True)

    def _wake(self, *args, **kwargs) -> None:
        if monotonic() < WakeUpTask._asked_from:
            return
        try:
            self.delay(*args, **kwargs)
        except OperationalError:
            WakeUpTask._asked_from = monotonic() + REST
            raise


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
    "scan-files": {
        "task": "bethune_smartcity.files.tasks.scan_files",
        "schedule": 15.0,
        "options": {"expires": 14},
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
