"""The acknowledgement of an application and the copy of what was handed in, as documents to keep."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views import View

from bethune_smartcity.accounts.models import Structure, name_of_country
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.language import language_of, page_language, text_of
from bethune_smartcity.core.models import City
from bethune_smartcity.core.papers import Paper, framed, in_language, send, told
from calls.answers import shown_lines
from calls.frozen import Step, asks_as_frozen, documents_in, first_language, questions_in, reads_as_frozen
from calls.instants import to_the_second
from calls.models import Question, Submission, SubmissionVersion
from calls.queries import withdrawn_at
from calls.workflow import SubmissionState
from pillars.models import Pillar

from .frame import OwnSubmission
from .handing_in import check_submitted, receipt_of
from .progress import Leg, next_sentence

Pair = list[Any]


class OwnPaper(OwnSubmission, Guarded, View):
    """A document about one application, for whoever may open its page."""

    permission = "calls.view_submission"
    http_method_names = ["get", "head"]

    def paper(self) -> Paper:
        raise NotImplementedError(f"{type(self).__name__} has no paper()")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_submitted(self.object)
        return send(self.paper())


class ReceiptPaper(OwnPaper):
    """The acknowledgement: number, instant to the second, digests, documents received, service, what comes next."""

    def paper(self) -> Paper:
        submission, receipt = self.object, receipt_of(self.object, self.request.user)
        data = framed(
            _("Acknowledgement of application no. %(number)s") % {"number": submission.number},
            kicker=receipt["city"].service,
            footer=drawn_up(submission),
            at=submission.submitted_at,
            words=receipt_words(),
            **received(submission, receipt),
            **following(submission, receipt),
            service=service_facts(receipt["city"]),
        )
        return Paper("receipt", f"recepisse-{submission.number}", page_language(), data)


class ApplicationPaper(OwnPaper):
    """The whole of what was handed in last: every question with its answer, every document with its digest."""

    def paper(self) -> Paper:
        submission = self.object
        version = submission.versions.order_by("number").last()
        data = framed(
            version.content["title"],
            kicker=_("Copy of application no. %(number)s") % {"number": submission.number},
            footer=drawn_up(submission),
            at=version.at,
            words={"empty": _("no answer")},
            facts=[*version_facts(submission, version), *project_facts(version.content)],
            sections=sections_of(version.content, submission),
        )
        return Paper("application", f"candidature-{submission.number}", page_language(), data)


def drawn_up(submission: Submission) -> str:
    """The foot of each page: which application, and when the document was made."""
    words = {"number": submission.number, "when": wording.instant(clock.now())}
    return _("Application no. %(number)s. Document drawn up on %(when)s.") % words


def receipt_words() -> dict[str, Any]:
    return {
        "digests": _("Proof of what was received"),
        "digest_note": _(
            "A digest is computed from all answers and documents: nothing of them can change without changing it."
        ),
        "files": _("Documents received"),
        "file_heads": [_("Document"), _("Size"), _("Digest (SHA-256)")],
        "next": _("What comes next"),
        "service": _("Service in charge"),
    }


def received(submission: Submission, receipt: dict[str, Any]) -> dict[str, Any]:
    """What was handed in, and when."""
    words = {"number": submission.number, "received": receipt["received"], "withdrawn": receipt["withdrawn"]}
    last = receipt["last_version"] or receipt["version"]
    return {
        "sentence": _("Your application no. %(number)s is submitted, on %(received)s.") % words,
        "over": _("Your application no. %(number)s was withdrawn on %(withdrawn)s.") % words
        if words["withdrawn"]
        else "",
        "facts": [
            [_("Project"), submission.title],
            [_("Call"), told(submission.call, "title")],
            [_("Structure"), submission.structure.name],
        ],
        "digests": digests_of(receipt),
        "files": files_of(last.content) if last else [],
    }


def digests_of(receipt: dict[str, Any]) -> list[Pair]:
    """The digest of what was handed in first and, when it changed since, of what stands now."""
    first, last = receipt["version"], receipt["last_version"]
    found = [[_("What you submitted (SHA-256)"), first.digest]] if first else []
    if last:
        words = {"n": last.number, "when": to_the_second(last.at)}
        found.append([_("Version %(n)s, saved on %(when)s") % words, last.digest])
    return [*found, *(corrected(step) for step in receipt["corrections"])]


def corrected(step: Step) -> Pair:
    """Which answers a version corrected at the city's request."""
    words = {"n": step.version.number, "when": to_the_second(step.version.at)}
    return [_("Corrected at the city’s request, version %(n)s, on %(when)s") % words, " · ".join(step.names)]


def files_of(content: dict[str, Any]) -> list[Pair]:
    """The name, the size and the digest of each document handed in."""
    answers = [question for section in content["sections"] for question in section["questions"]]
    files = [file for answer in answers for file in documents_in(answer)]
    return [[file["name"], wording.size(file["size"]), file["digest"]] for file in files]


def following(submission: Submission, receipt: dict[str, Any]) -> dict[str, Any]:
    """What comes next; nothing once it was withdrawn."""
    if receipt["state"] == SubmissionState.WITHDRAWN:
        return {"next": [], "steps": []}
    mention = receipt["mention"]
    sentences = [next_sentence(submission, receipt["state"], mention=mention)]
    if mention:
        sentences.append(_("In the words of the jury: “%(words)s”") % {"words": text_of(mention, "words")})
    if submission.accepts_at(clock.arrived()):
        closes = wording.deadline(submission.closes_at)
        sentences.append(_("You may change or withdraw it until %(closes)s.") % {"closes": closes})
    dates = [_("%(label)s: %(value)s") % {"label": one.label, "value": one.words} for one in receipt["dates"]]
    return {"next": [*sentences, *dates], "steps": [step_of(leg) for leg in receipt["progress"]]}


def step_of(leg: Leg) -> Pair:
    states = {"done": _("done"), "now": _("in progress"), "next": pgettext("of a step", "to come")}
    return [leg.name, states[leg.state], leg.note]


def service_facts(city: City) -> list[Pair]:
    """Who is in charge and how to reach them."""
    address = ", ".join(line.strip() for line in city.address.splitlines() if line.strip())
    pairs = [
        [_("Authority"), city.name],
        [_("Service in charge"), city.service],
        [_("Contact"), city.contact_email],
        [_("Postal address"), address],
    ]
    return [pair for pair in pairs if pair[1]]


def version_facts(submission: Submission, version: SubmissionVersion) -> list[Pair]:
    """Which application this is, and which of its versions."""
    withdrawn = withdrawn_at(submission)
    return [
        [_("Call"), told(submission.call, "title")],
        [_("Submitted"), to_the_second(submission.submitted_at)],
        *([[_("Withdrawn"), to_the_second(withdrawn)]] if withdrawn else []),
        [_("Version"), _("%(n)s, saved on %(when)s") % {"n": version.number, "when": to_the_second(version.at)}],
        [_("Digest (SHA-256)"), version.digest],
    ]


def project_facts(content: dict[str, Any]) -> list[Pair]:
    """The project in short, and who carries it, as they were when handed in."""
    slugs = [content["pillar"], *content["other_pillars"]]
    names = {pillar.slug: told(pillar, "name") for pillar in Pillar.objects.filter(slug__in=[s for s in slugs if s])}
    others = [[_("Other pillars") if not n else "", names.get(s, s)] for n, s in enumerate(content["other_pillars"])]
    return [
        [_("In one line"), content["one_line"]],
        *([[_("Main pillar"), names.get(slugs[0], slugs[0])]] if slugs[0] else []),
        *others,
        *structure_facts(content["structure"]),
    ]


def structure_facts(structure: dict[str, Any]) -> list[Pair]:
    kinds = {str(key): str(label) for key, label in Structure.Kind.choices}
    pairs = [
        [_("Structure"), structure["name"]],
        [pgettext("of a structure", "Kind"), kinds.get(structure["kind"], structure["kind"])],
        [_("Country"), name_of_country(structure["country"], get_language())],
        [_("Registration number"), structure["registration_number"]],
        [_("Town"), structure["city"]],
        [_("Website"), structure["website"]],
    ]
    return [pair for pair in pairs if pair[1]]


def sections_of(content: dict[str, Any], submission: Submission) -> list[dict[str, Any]]:
    """The sections of the last version of `submission` as they are printed: the form's words, as it asked them then, in
    the reader's language where they say what was frozen, else as frozen; the answers always so. One statement.
    """
    live = questions_in([content], submission)
    return [
        {
            "title": section_title(section, live),
            "said": [printed(one, live.get(one["id"])) for one in section["questions"]],
        }
        for section in content["sections"]
    ]


def section_title(frozen: dict[str, Any], live: dict[int, Question]) -> Any:
    first = next((live[one["id"]] for one in frozen["questions"] if one["id"] in live), None)
    if first and first_language(first.section, "title") == frozen["title"]:
        return told(first.section, "title")
    return in_language(frozen["title"], settings.LANGUAGE_CODE)


def printed(frozen: dict[str, Any], question: Question | None) -> dict[str, Any]:
    """A frozen question and its answer, as the template of the copy takes them."""
    same = asks_as_frozen(frozen, question)
    label = told(question, "label") if same else in_language(frozen["label"], settings.LANGUAGE_CODE)
    lines = translated(frozen, question) if same and question else frozen.get("shown", [])
    return {"label": label, "lines": lines, "files": [file_facts(file) for file in documents_in(frozen)]}


def translated(frozen: dict[str, Any], question: Question) -> list[Any]:
    """The lines of a frozen answer in the reader's language, as long as the question reads it as it did."""
    if not reads_as_frozen(frozen, question):
        return frozen.get("shown", [])
    lines = shown_lines(question, frozen.get("value", ""))
    listed = question.kind in {Question.Kind.CHOICE, Question.Kind.CHOICES}
    return [in_language(line, language_of(question, "options")) for line in lines] if listed else lines


def file_facts(file: dict[str, Any]) -> list[Pair]:
    return [
        [_("Document"), file["name"]],
        [_("Size"), wording.size(file["size"])],
        [_("Digest (SHA-256)"), file["digest"]],
    ]
