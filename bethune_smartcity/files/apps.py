from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bethune_smartcity.files"
    label = "files"
    verbose_name = "Fichiers"
