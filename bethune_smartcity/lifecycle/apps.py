from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "bethune_smartcity.lifecycle"
    label = "lifecycle"
    verbose_name = "Journal"
