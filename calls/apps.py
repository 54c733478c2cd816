from django.apps import AppConfig
from django.conf import settings


class CallsConfig(AppConfig):
    name = "calls"
    verbose_name = "Appels à projets"

    def ready(self) -> None:
        from bethune_smartcity.accounts.acquaintance import register_acquaintance
        from bethune_smartcity.accounts.uses import register_use
        from bethune_smartcity.core.changes import register_changes
        from bethune_smartcity.core.framed import register_own
        from bethune_smartcity.core.registries import register_invariant
        from bethune_smartcity.files.readers import register_reader
        from bethune_smartcity.notifications.leaving import register_whole
        from bethune_smartcity.notifications.texts import register_keeper

        from . import followers, invariants
        from .acquaintance import ACQUAINTANCE
        from .act import draw_act
        from .files import readable_documents, readable_logos
        from .notices import register_kinds
        from .operations.structures import USE
        from .queries.changes import changes
        from .queries.message_texts import KEEPER
        from .queries.wholes import WHOLES

        register_kinds()
        register_keeper("calls", KEEPER)
        followers.register()
        register_acquaintance("calls", ACQUAINTANCE)
        register_use("calls", USE)
        register_changes("calls", changes)
        register_own("calls.act", draw_act)
        self.put_into_words()
        register_reader("calls", readable_documents)
        register_reader("calls.logos", readable_logos)
        for model, wholes in WHOLES.items():
            register_whole(model, wholes)
        self.remind()
        register_invariant("no late submission", invariants.nobody_late_is_in)
        register_invariant("numbers were given by their call", invariants.numbers_were_given_by_their_call)
        register_invariant("forms handed in existed", invariants.forms_handed_in_exist)
        register_invariant("versions handed in keep their digest", invariants.versions_keep_their_digest)
        self.write()

    def put_into_words(self) -> None:
        """What lines of the journal are about, in words."""
        from bethune_smartcity.lifecycle.wording import names_among, names_of_choices, register_labels, register_names

        from .aside import told_to
        from .models import CallAgent, Submission
        from .queries.corrections import field_labels
        from .queries.message_texts import labels_of

        submissions = names_among(Submission.objects.filter(submitted_at__isnull=False), told_to)
        register_names("submission", submissions)
        register_names("submissions", submissions)
        register_names("message", labels_of)
        register_names("language", lambda _values, _viewer: dict(settings.LANGUAGES))
        register_names("right", names_of_choices(CallAgent.Right))
        register_labels(Submission, field_labels)

    def remind(self) -> None:
        """What the dates of a call make the portal say."""
        from bethune_smartcity.notifications.planners import register_planner
        from bethune_smartcity.notifications.serving import register_serving
        from bethune_smartcity.notifications.tidings import register_tidings

        from . import followers
        from .ladders import register_ladder
        from .notices import CLOSING
        from .operations.reminders import DRAFTS, drafts_at_their_date, plan_closing
        from .queries.ladders import foresee

        register_ladder(DRAFTS)
        register_serving(CLOSING, drafts_at_their_date)
        # One foresight for every ladder, those of upper apps among them; each app writes its own.
        register_planner("calls.drafts", plan_closing, foresee=foresee)
        register_planner("calls.followers", followers.plan_news)
        register_tidings("calls.followers", followers.expect)

    def write(self) -> None:
        """Whom agents write to by hand, and how it leaves."""
        from bethune_smartcity.notifications.planners import register_planner

        from . import readership
        from .audiences import register_audience
        from .operations.leaving import foresee
        from .operations.letters import write_due
        from .queries.audiences import APPLICANTS, DRAFTS

        readership.register()
        for audience in (DRAFTS, APPLICANTS):
            register_audience(audience)
        register_planner("calls.letters", write_due, foresee=foresee)
