from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "bethune_smartcity.lifecycle"
    label = "lifecycle"
    verbose_name = "Journal"

    def ready(self) -> None:
        from bethune_smartcity.core.framed import register_edition
        from bethune_smartcity.core.registries import register_invariant

        from .invariants import states_follow_the_journal
        from .journal import last_line

        register_edition("journal", last_line)
        register_invariant("states follow the journal", states_follow_the_journal)
