from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "bethune_smartcity.notifications"
    label = "notifications"
    verbose_name = "Messages"
