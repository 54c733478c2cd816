from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bethune_smartcity.files"
    label = "files"
    verbose_name = "Fichiers"

    def ready(self) -> None:
        from bethune_smartcity.core.registries import register_invariant

        from .invariants import no_orphan_file

        register_invariant("no orphan file", no_orphan_file)
