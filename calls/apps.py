from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"
    verbose_name = "Appels à projets"

    def ready(self) -> None:
        from bethune_smartcity.files.readers import register_reader
        from bethune_smartcity.notifications.planners import register_planner

        from .files import may_read
        from .notices import register_kinds
        from .operations.reminders import plan_closing

        register_kinds()
        register_reader("calls", may_read)
        register_planner("calls.closing", plan_closing)
