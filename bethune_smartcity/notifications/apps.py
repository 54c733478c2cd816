from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "bethune_smartcity.notifications"
    label = "notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from bethune_smartcity.core.registries import register_invariant

        from .invariants import nothing_due_waits

        register_invariant("no message is due and unsent for more than an hour", nothing_due_waits)
