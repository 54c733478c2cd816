from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    name = "bethune_smartcity.core"
    label = "core"
    verbose_name = "Portail"

    def ready(self) -> None:
        if settings.DEMO:
            from celery.signals import task_prerun

            from .demo import apply_demo_clock

            task_prerun.connect(apply_demo_clock, dispatch_uid="core.demo_clock")
