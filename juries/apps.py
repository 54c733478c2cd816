from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    verbose_name = "Jurys et vote"

    def ready(self) -> None:
        from bethune_smartcity.core.registries import register_invariant
        from bethune_smartcity.files.readers import register_reader
        from juries import notices
        from juries.queries.invariants import no_recused_mark_counts, standings_follow_their_inputs
        from juries.queries.reading import may_read_attachment

        notices.register_kinds()
        register_reader("juries", may_read_attachment)
        register_invariant("no counted mark by a recused juror", no_recused_mark_counts)
        register_invariant("ranking equals its frozen inputs", standings_follow_their_inputs)
