from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bethune_smartcity.portal"
    label = "portal"
    verbose_name = "Pages du portail"

    def ready(self) -> None:
        from bethune_smartcity.core.changes import register_changes
        from bethune_smartcity.files.readers import register_reader
        from bethune_smartcity.notifications.planners import register_planner
        from bethune_smartcity.notifications.specimens import register_specimens
        from bethune_smartcity.notifications.tidings import register_tidings
        from juries.link_sessions import open_page

        from . import newsletter, weekly
        from .files import readable_pictures
        from .queries.news import changes

        newsletter.register()
        register_planner("portal.news", newsletter.plan)
        register_tidings("portal.news", newsletter.expect)
        weekly.register()
        register_specimens("portal:message-kinds")
        register_planner("portal.weekly", weekly.plan, foresee=weekly.foresee)
        register_changes("portal.news", changes)
        register_reader("news", readable_pictures)
        open_page("portal:jury")
