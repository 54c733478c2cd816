from functools import partial

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = "Projets"

    def ready(self) -> None:
        from bethune_smartcity.accounts.acquaintance import register_acquaintance
        from bethune_smartcity.accounts.uses import register_use
        from bethune_smartcity.core.registries import register_invariant
        from bethune_smartcity.files.readers import register_reader
        from bethune_smartcity.notifications.groups import register_belonging
        from bethune_smartcity.notifications.kinds import Audience
        from bethune_smartcity.notifications.planners import register_planner
        from bethune_smartcity.notifications.serving import register_serving
        from calls.audiences import register_audience
        from calls.ladders import register_ladder
        from calls.operations.ladders import plan
        from calls.sequels import register_sequel

        from . import invariants, notices, readership
        from .acquaintance import ACQUAINTANCE
        from .audiences import TEAMS
        from .files import readable_photos
        from .operations import payment_reminders
        from .operations.reminders import SERVING, STEPS
        from .operations.structures import USE
        from .queries import is_on_a_team
        from .sequel import SEQUEL

        notices.register()
        readership.register()
        register_belonging(Audience.TEAMS, is_on_a_team)
        for kind, serving in (SERVING | payment_reminders.SERVING).items():
            register_serving(kind, serving)
        register_acquaintance("projects", ACQUAINTANCE)
        register_use("projects", USE)
        register_sequel("projects", SEQUEL)
        register_audience(TEAMS)
        for ladder in (STEPS, payment_reminders.TO_REQUEST, payment_reminders.TO_APPROVE):
            register_ladder(ladder)
            register_planner(ladder.name, partial(plan, ladder))
        register_reader("photos", readable_photos)
        register_invariant("payments stay within the award", invariants.payments_stay_within_the_award)
        register_invariant("payments wait for their step", invariants.payments_wait_for_their_step)
