"""One scene in which every address of the portal has something to show, and the people who may come to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from bethune_smartcity.accounts import inviting
from bethune_smartcity.accounts.enrolment import enrolment_path
from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import channels, following
from bethune_smartcity.notifications.holders import confirmation_of, holder_of, key_of_holder
from bethune_smartcity.notifications.models import Subscription
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.steps import Sending
from bethune_smartcity.notifications.texts import Words
from bethune_smartcity.portal.operations import calendar_links
from calls.models import MessageText, Question, RulesVersion
from calls.notices import REMINDERS
from calls.operations import clarifications, form_changes, letters
from calls.operations.reminders import DRAFTS
from juries.operations import panels, voting
from tests.factories import news, projects
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, draft, give_rights, questions_of, submitted
from tests.factories.juries import finalist, ready, seat

PERSONAS = (
    "anonymous",
    "citizen",
    "owner",
    "rival",
    "juror",
    "chair",
    "agent",
    "agent2",
    "admin",
)
BACKEND = "django.contrib.auth.backends.ModelBackend"
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:\[[^\]]*\]|[^()\[\]])*\)")


@dataclass
class Scene:
    """`people` by persona; `values` fill addresses: those of the longest prefix that has the name win."""

    people: dict[str, User]
    values: dict[str, dict[str, Any]]
    sessions: dict[str, str] = field(default_factory=dict)
    moment: datetime = field(default_factory=clock.now)

    def sign_in(self) -> None:
        """Give each persona a session, to be used by every browser of theirs."""
        for persona, user in self.people.items():
            client = Client()
            client.force_login(user, backend=BACKEND)
            self.sessions[persona] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def client(self, persona: str) -> Client:
        """A browser in which that persona is signed in."""
        client = Client(raise_request_exception=False)
        if persona in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona]
        return client

    def value(self, route: str, name: str) -> str:
        """What stands for `name` in the address of `route`. Raises LookupError when nothing was said of it."""
        if name == "object_id":
            return row_of(route)
        prefixes = [prefix for prefix, known in self.values.items() if route.startswith(prefix) and name in known]
        if not prefixes:
            raise LookupError(f"the scene has nothing for <{name}> of {route}")
        return str(self.values[max(prefixes, key=len)][name])

    def path(self, route: str, **given: Any) -> str:
        """The address of `route` in this scene, with the values `given` instead of the scene's own."""

        def fill(found: re.Match) -> str:
            return str(given.get(found["name"], "")) or self.value(route, found["name"])

        return "/" + PART.sub(fill, GROUP.sub(fill, route)).replace("^", "").replace("$", "").replace("\\", "")


def row_of(route: str) -> str:
    """The key of some row of the table that an address of the back office is about."""
    _admin, app, model, *_rest = route.split("/")
    table = apps.get_model(app, model) if app in apps.app_configs else None
    row = table._base_manager.order_by("pk").first() if table else None
    return str(row.pk) if row else "1"


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the portal as its patterns write it, in French (without prefix), each once."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def build() -> Scene:
    """Make the scene, through operations wherever a state is reached."""
    people = {name: UserFactory() for name in ("citizen", "juror", "chair")}
    people["agent"], people["admin"] = AgentFactory(), UserFactory(is_administrator=True)
    people["agent2"] = agent_of(CallFactory())
    ours, theirs = StructureFactory(), StructureFactory()
    people["owner"], people["rival"] = owner_of(ours), owner_of(theirs)
    values: dict[str, dict[str, Any]] = {}
    for part in (_open, _closed, _judged, _voted, _published):
        values |= part(people, ours, theirs)
    values["piliers/"] = values["api/v1/^pillars/"] = {"slug": "mobilite-transport"}
    values["actualites/"] = values["api/v1/^news/"] = {"slug": news.article("mobilite").slug}
    values["^"] = {"slug": "accessibilite"}
    values["gestion/textes/"] = values.get("gestion/textes/", {}) | {"slug": "cookies"}
    values["demo/mails/"] = {"name": "none.log", "place": 0}
    values["admin/"] = {"url": "nowhere", "app_label": "calls", "act": "unknown"}
    values |= _people(people, ours)
    *_rest, uid, token, _end = enrolment_path(AgentFactory()).split("/")
    values["inscription/agent/"] = {"uid": uid, "token": token}
    holder = holder_of("reader@town.example")
    following.ask("reader@town.example", [("calls.opening", 0)], language="fr")
    asked = [row.pk for row in Subscription.objects.filter(holder=holder)]
    values["suivre/confirmer/"] = {"token": confirmation_of(holder, asked)}
    values["suivi/"] = {"key": key_of_holder(holder), "topic": "calls.opening", "about": 0}
    values["messages/"] = {"key": channels.key_to_quiet(people["citizen"].pk, REMINDERS)}
    values["calendrier/"] = {"token": calendar_links.renew(people["citizen"])}
    values["^mot-de-passe/"] = {"uidb36": "1", "key": "unknown-key"}
    values["^fr/"] = {"rest": "appels/"}
    scene = Scene(people, values)
    scene.sign_in()
    return scene


def _people(people: dict[str, User], ours: Any) -> dict[str, dict[str, Any]]:
    """Our structure has a member besides its owner, and invited the citizen, who proved their address."""
    EmailAddress.objects.create(user=people["citizen"], email=people["citizen"].email, verified=True, primary=True)
    invitation = inviting.invite(ours, people["citizen"].email, Membership.Role.READER, by=people["owner"])
    member = Membership.objects.get(user=join(ours, Membership.Role.EDITOR))
    return {
        "espace/structures/": {"pk": ours.pk, "member": member.pk, "invitation": invitation.pk},
        "espace/invitations/": {"pk": invitation.pk},
        "gestion/personnes/": {"pk": people["owner"].pk},
    }


def _open(people: dict[str, User], ours: Any, theirs: Any) -> dict[str, dict[str, Any]]:
    """A call open: our draft, complete, and a question that waits."""
    call = CallFactory(agent=people["agent"], slug="scene-open")
    begun = draft(call, ours, complete=True)
    submitted(call, theirs)
    asked = clarifications.ask(call, "May an association apply?", language="en", by=people["citizen"])
    section = call.sections.first()
    first, *_others, last = questions_of(call)
    edit = form_changes.prepare_change(last, label_fr="Where is it told?", by=people["agent"])
    wording = MessageText.objects.create(
        call=call, text="calls.withdrawn", language="fr", subject="{numero}", body="{candidature}\n{lien}"
    )
    written = {"fr": Words("Pour {nom}", "Bonjour {nom}.")}
    letter = letters.write_letter(call, "calls.applicants", "handed_in", written, by=people["agent"])
    RulesVersion.objects.create(call=call, number=1, text="Rules.", in_force_from=clock.today() - timedelta(days=30))
    return {
        "appels/": {"slug": call.slug},
        "api/v1/^calls/": {"slug": call.slug},
        "gestion/appels/": {"slug": call.slug},
        "gestion/appels/<slug:slug>/formulaire/": {"question": first.pk, "section": section.pk, "edit": edit.pk},
        "gestion/appels/<slug:slug>/messages/": {"text": wording.text, "language": wording.language},
        "gestion/textes/": {"text": "projects.replication_answer.programme", "language": wording.language},
        "gestion/courriers/": {"pk": letter.pk},
        "gestion/questions/": {"pk": asked.pk},
        "gestion/envois/": {"ref": Sending(DRAFTS.name, Rung(-2), call, call.closes_at).ref, "act": "hold"},
        "candidatures/": {"pk": begun.pk, "order": section.order, "question": section.questions.first().pk},
    }


def _closed(people: dict[str, User], ours: Any, theirs: Any) -> dict[str, dict[str, Any]]:
    """A call closed: our application, with a document, waits to be examined. Another call is in preparation, and
    one under seal.
    """
    call = CallFactory(agent=people["agent"], closed=True)
    asked = Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Document")
    done = submitted(call, ours)
    coming = CallFactory(agent=people["agent"], draft=True, slug="scene-draft")
    stored = done.attachments.get(question=asked).file
    sealed = CallFactory(agent=people["agent"], closed=True, sealed=True, slug="scene-sealed")
    return {
        "gestion/candidatures/": {"pk": done.pk},
        "gestion/appels/<slug:slug>/annoncer/": {"slug": coming.slug},
        "gestion/appels/<slug:slug>/ouvrir-les-plis/": {"slug": sealed.slug},
        "fichiers/": {"pk": stored.pk},
    }


def _judged(people: dict[str, User], ours: Any, theirs: Any) -> dict[str, dict[str, Any]]:
    """A reading under way: our application is the juror's and the chair's to mark; someone may stand aside."""
    call = CallFactory(agent=people["agent"], closed=True)
    read = [admitted(call, structure, by=people["agent"]) for structure in (ours, theirs)]
    panel = panels.create_panel(call, "reading", by=people["agent"], readings=2)
    chair = seat(panel, people["agent"], people["chair"], is_chair=True)
    juror = seat(panel, people["agent"], people["juror"])
    unsure = seat(panel, people["agent"])
    for each in (chair, juror, unsure):
        ready(each, read)
        for submission in read:
            panels.assign(each, submission, by=people["agent"])
    recusal = panels.declare_recusal(unsure, read[0], "unsure", by=unsure.user)
    panels.open_panel(panel, by=people["agent"])
    offered = panels.invite_juror(panel, "invited@town.example", by=people["agent"])
    seated = {"pk": panel.pk, "submission": read[0].pk, "juror": juror.pk, "recusal": recusal.pk}
    seated |= {"invitation": offered.pk, "token": "unknown-token", "remark": 1}
    return {"jury/": seated, "gestion/jury/": seated, "gestion/appels/<slug:slug>/jurys/": {"slug": call.slug}}


def _voted(people: dict[str, User], ours: Any, theirs: Any) -> dict[str, dict[str, Any]]:
    """A finale in preparation while the public votes."""
    call = CallFactory(agent=people["agent"], closed=True, slug="scene-voted")
    running = [finalist(call, people["agent"], structure) for structure in (ours, theirs)]
    panel = panels.create_panel(call, "finale", by=people["agent"], place="Théâtre (démo)")
    seat(panel, people["agent"], people["chair"], is_chair=True)
    seat(panel, people["agent"], people["juror"])
    voting.open_vote(
        call,
        opens_at=clock.now() - timedelta(hours=1),
        closes_at=clock.now() + timedelta(hours=1),
        by=people["agent"],
    )
    ours_alone = ("presidence/vote/", "presidence/palmares/", "presidence/ordre/", "comparer/")
    return {
        "candidatures/<uuid:pk>/finale/": {"pk": running[0].pk},
        "vote/": {"slug": call.slug, "token": "unknown-token"},
        "appels/<slug:slug>/finale/": {"slug": call.slug},
        "gestion/vote/": {"slug": call.slug},
        **{f"jury/<int:pk>/{page}": {"pk": panel.pk} for page in ours_alone},
    }


def _published(people: dict[str, User], ours: Any, theirs: Any) -> dict[str, dict[str, Any]]:
    """Results published: our project is in incubation, theirs may be opened."""
    call = projects.published_call(slug="scene-published")
    give_rights(call, people["agent"])
    made = projects.project(projects.award(call, owner=ours), slug="scene-project")
    waiting = projects.award(call, owner=theirs, title="Waiting")
    join(ours, Membership.Role.READER)
    step = projects.milestone(made)
    paid = projects.payment(made)
    reported = projects.milestone(made, state="reported")
    asked = projects.payment(made, state="requested")
    photo = projects.photo(made, state="proposed")
    projects.dossier(made)
    request = projects.asked(made)
    run = {"slug": made.slug, "act": "agree"}
    return {
        "appels/<slug:slug>/resultats/": {"slug": call.slug},
        "gestion/appels/<slug:slug>/archiver/": {"slug": call.slug},
        "projets/": {"slug": made.slug},
        "api/v1/^projects/": {"slug": made.slug},
        "api/v1/^results/": {"pk": made.award_id},
        "api/v1/^mentions/": {"pk": projects.mention(call).pk},
        "projets/<slug:slug>/suivi/etapes/": {"pk": step.pk},
        "projets/<slug:slug>/suivi/versements/": {"pk": paid.pk},
        "gestion/projets/": run,
        "gestion/projets/ouvrir/": {"pk": waiting.pk},
        "gestion/projets/<slug:slug>/etapes/": {"pk": reported.pk, "act": "accept"},
        "gestion/repliquer/": {"pk": request.pk},
        "gestion/projets/<slug:slug>/photos/": {"pk": photo.pk, "act": "show"},
        "gestion/projets/<slug:slug>/versements/": {"pk": asked.pk, "act": "approve"},
    }
