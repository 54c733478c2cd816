from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bethune_smartcity.portal"
    label = "portal"
    verbose_name = "Pages du portail"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from bethune_smartcity.notifications.topics import Topic, register_topic
        from pillars.queries import names_of

        label = _("The news of the programme")
        register_topic(Topic("portal.news", label, names_of, parts=_("Pillars"), whole=_("All the pillars")))
