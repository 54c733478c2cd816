from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "bethune_smartcity.accounts"
    label = "accounts"
    verbose_name = "Comptes et structures"

    def ready(self) -> None:
        from bethune_smartcity.lifecycle.wording import names_among, names_of_choices, register_names
        from bethune_smartcity.notifications.groups import register_belonging
        from bethune_smartcity.notifications.kinds import Audience, Kind, register_kind
        from bethune_smartcity.notifications.planners import register_planner

        from . import inviting, notices, readership
        from .models import Membership, User
        from .rules import is_agent

        register_belonging(Audience.APPLICANTS, lambda user: user.memberships.exists())
        register_belonging(Audience.AGENTS, is_agent)
        register_names("user", names_among(User.objects.all()))
        register_names("role", names_of_choices(Membership.Role))
        notices.register_kinds()
        readership.register()
        register_planner("accounts.invitations", inviting.forget)
        register_kind(Kind("account", _("Sign-in code or account link"), sensitive=True))
