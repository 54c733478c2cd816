from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "bethune_smartcity.notifications"
    label = "notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from bethune_smartcity.core.registries import register_invariant, register_sign
        from bethune_smartcity.lifecycle.wording import register_names

        from . import begun, broadcasts, digests, following, forgetting, pulse
        from .invariants import nothing_due_waits
        from .planners import register_planner
        from .rungs import rung_names

        following.register_kinds()
        digests.register()
        register_planner("notifications.broadcasts", broadcasts.write_due)
        register_planner("notifications.forget", forgetting.forget)
        register_planner("notifications.digests", digests.plan)
        register_invariant("no message misses its day’s mail", digests.none_waits_too_long)
        register_names("rung", rung_names)
        begun.register()
        register_invariant("no message is due and unsent for more than an hour", nothing_due_waits)
        register_invariant("followers are told within the hour", forgetting.followers_told_in_time)
        register_invariant("no subscription is kept beyond its time", forgetting.forgotten_in_time)
        register_sign("last_sweep_seconds", pulse.age_of_last_sweep)
        register_sign("oldest_due_seconds", pulse.age_of_oldest_due)
