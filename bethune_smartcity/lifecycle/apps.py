from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "bethune_smartcity.lifecycle"
    label = "lifecycle"
    verbose_name = "Journal"

    def ready(self) -> None:
        from bethune_smartcity.core.registries import register_invariant

        from .invariants import states_follow_the_journal

        register_invariant("states follow the journal", states_follow_the_journal)
