from functools import partial

from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    verbose_name = "Jurys et vote"

    def ready(self) -> None:
        from bethune_smartcity.accounts.acquaintance import register_acquaintance
        from bethune_smartcity.accounts.uses import register_use
        from bethune_smartcity.core.changes import register_changes
        from bethune_smartcity.files.readers import register_reader
        from bethune_smartcity.lifecycle.wording import names_among, register_names
        from calls.aside import register_aside
        from calls.asked import register_asked
        from calls.feedback import register_feedback
        from calls.mentions import register_mentions
        from calls.sequels import register_sequel
        from calls.settled import register_settled
        from juries.acquaintance import ACQUAINTANCE
        from juries.aside import recusals_of
        from juries.models import Juror
        from juries.operations.structures import USE
        from juries.queries.attendance import asked_of_finalists, readable_decks
        from juries.queries.changes import changes
        from juries.queries.feedback import feedback
        from juries.queries.outcome import mentions_told
        from juries.queries.reading import readable_documents
        from juries.queries.settled import settled_stages
        from juries.sequel import SEQUEL

        register_acquaintance("juries", ACQUAINTANCE)
        register_names("juror", names_among(Juror.objects.select_related("user")))
        register_reader("juries", readable_documents)
        register_reader("juries.decks", readable_decks)
        register_aside("juries", recusals_of)
        register_asked("juries", asked_of_finalists)
        register_changes("juries", changes)
        register_sequel("juries", SEQUEL)
        register_settled("juries", settled_stages)
        register_feedback("juries", feedback)
        register_mentions("juries", mentions_told)
        register_use("juries", USE)
        self.write()
        self.watch()

    def write(self) -> None:
        """What this app tells people, and the reminders of its dates."""
        from bethune_smartcity.notifications.groups import register_belonging
        from bethune_smartcity.notifications.kinds import Audience
        from bethune_smartcity.notifications.leaving import register_edits, register_whole
        from bethune_smartcity.notifications.planners import register_planner
        from bethune_smartcity.notifications.serving import register_serving
        from calls.audiences import register_audience
        from calls.ladders import register_ladder
        from calls.operations.ladders import plan
        from calls.queries.wholes import wholes_of
        from juries import notices, readership
        from juries.models import Panel
        from juries.operations.expecting import FINALISTS, still_awaited
        from juries.operations.leaving import decision_edits, slot_edits
        from juries.operations.panels.invitations import forget
        from juries.operations.reminders import FINALE, READING, nudged_still_late, sheets_still_due
        from juries.queries.audiences import JURORS

        notices.register_kinds()
        readership.register()
        register_audience(JURORS)
        register_belonging(Audience.JURORS, lambda user: user.juries.exists())
        register_serving(notices.REMINDER, sheets_still_due)
        register_serving(notices.NUDGE, nudged_still_late)
        register_serving(notices.EXPECTED, still_awaited)
        register_planner("juries.invitations", forget)
        register_whole(Panel._meta.label_lower, partial(wholes_of, Panel, "call__"))
        register_edits(notices.DECISION, decision_edits)
        register_edits(notices.SLOT, slot_edits)
        for ladder in (READING, FINALE, FINALISTS):
            register_ladder(ladder)
            register_planner(ladder.name, partial(plan, ladder))

    def watch(self) -> None:
        """What must hold of the rows of this app, on the live site too."""
        from bethune_smartcity.core.registries import register_invariant
        from juries.queries import invariants

        register_invariant("no counted mark by a recused juror", invariants.no_recused_mark_counts)
        register_invariant("finished sheets are assigned", invariants.finished_sheets_are_assigned)
        register_invariant("ranking equals its frozen inputs", invariants.standings_follow_their_inputs)
        register_invariant("ranking equals what counts", invariants.standings_follow_what_counts)
        register_invariant("no special mention of a laureate", invariants.no_mention_of_a_laureate)
        register_invariant("a laureate is proposed prizes alone", invariants.laureates_have_prizes_alone)
        register_invariant("minutes equal their digest", invariants.minutes_have_their_digest)
        register_invariant("assignments know what is declared", invariants.assignments_know_what_is_declared)
        register_invariant("no debate outlives its minutes", invariants.no_debate_outlives_its_minutes)
        register_invariant("a counted vote equals its ballots", invariants.counts_follow_their_ballots)
