"""A call with public results, its people, and projects grown from its awards."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bethune_smartcity.accounts.models import Membership, Partner, Structure, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from calls.models import Call, CallAgent, Prize, Submission
from juries.models import Award, Mention
from pillars.models import Pillar
from projects.models import Milestone, Payment, Photo, Project, ReplicationFile, ReplicationRequest, Update
from projects.operations.photos import send_photo

_numbers = count(1)


def person(name, **facts):
    """An account known by `name`, in English so that messages read as they are written."""
    return User.objects.create_user(f"{name}-{next(_numbers)}@demo.example", name=name, language="en", **facts)


def published_call(**fields):
    """A call whose results went public thirty days ago."""
    n, now = next(_numbers), clock.now()
    values = {
        "slug": f"appel-{n}",
        "title": f"Appel {n}",
        "number_prefix": f"P{n}",
        "announced_at": now - timedelta(days=120),
        "opens_at": now - timedelta(days=110),
        "closes_at": now - timedelta(days=60),
        "results_at": now - timedelta(days=30),
    }
    return Call.objects.create(**values | fields)


def structure(name="Get It Done"):
    return Structure.objects.create(name=name)


def _decided(call, state, owner, title, pillar):
    """An application of `call` in that state."""
    submission = Submission.objects.create(
        call=call,
        structure=owner or structure(title),
        title=title,
        one_line="Une ligne.",
        pillar=Pillar.objects.get(hook=pillar),
        exclusive=owner is None,
    )
    number = f"{call.number_prefix}-{next(_numbers):04}"
    Submission.objects.filter(pk=submission.pk).update(
        state=state, number=number, submitted_at=call.closes_at - timedelta(days=1)
    )
    return Submission.objects.get(pk=submission.pk)


def award(call=None, *, owner=None, title="Get It Done", amount="8000", pillar="habitat", publish_at=None, **prize):
    """A prize given to a new laureate of `call`, public for thirty days by default."""
    call = call or published_call()
    submission, n = _decided(call, "laureate", owner, title, pillar), next(_numbers)
    given = Prize.objects.create(call=call, rank=n, name=f"Prix {n}", amount=Decimal(5000), **prize)
    return Award.objects.create(
        call=call,
        prize=given,
        submission=submission,
        amount=None if amount is None else Decimal(amount),
        publish_at=publish_at or call.results_at or clock.now(),
    )


def mention(call=None, *, title="Close To It", words="Un projet proche des habitants.", publish_at=None):
    """A special mention given to a finalist of `call`, public for thirty days by default."""
    call = call or published_call()
    submission = _decided(call, "declined", None, title, "habitat")
    at = publish_at or call.results_at or clock.now()
    return Mention.objects.create(call=call, submission=submission, words=words, publish_at=at)


def project(given=None, *, state="framing", name="", slug="", **fields):
    """A project of an award (a new one by default), put at a stage without its history."""
    given = given or award()
    n = next(_numbers)
    if "one_line_fr" not in fields:
        fields.setdefault("one_line", "La chaleur stockée dans la gare d’eau.")
    made = Project.objects.create(
        award=given,
        structure=given.submission.structure,
        pillar=fields.pop("pillar", given.submission.pillar),
        **({} if "name_fr" in fields else {"name": name or f"Projet {n}"}),
        slug=slug or f"projet-{n}",
        **fields,
    )
    Project.objects.filter(pk=made.pk).update(state=state)
    made.refresh_from_db(fields=["state"])
    return made


def milestone(of, *, state="planned", days=30, title="Un petit pas"):
    made = Milestone.objects.create(
        project=of, order=of.milestones.count() + 1, title=title, due_on=clock.today() + timedelta(days=days)
    )
    stamps = {
        "reported": {"report": "C’est fait.", "reported_at": clock.now()},
        "accepted": {"report": "C’est fait.", "reported_at": clock.now(), "accepted_at": clock.now()},
    }
    Milestone.objects.filter(pk=made.pk).update(state=state, **stamps.get(state, {}))
    made.refresh_from_db()
    return made


def payment(of, *, state="planned", amount="1000", step=None, days=None):
    due_on = None if days is None else clock.today() + timedelta(days=days)
    facts = {"label": "Premier versement", "amount": Decimal(amount), "milestone": step, "due_on": due_on}
    made = Payment.objects.create(project=of, **facts)
    stamps = {"paid_on": clock.today()} if state == "paid" else {}
    Payment.objects.filter(pk=made.pk).update(state=state, **stamps)
    made.refresh_from_db()
    return made


def update(of, title="Un premier pas", **texts):
    words = texts or {"title": title, "body": "Les sondes sont **posées**."}
    return Update.objects.create(project=of, **words)


def picture(width=1200, height=800, *, kind="JPEG", name="photo.jpg", **saved):
    """A picture as a browser sends it."""
    kept = BytesIO()
    Image.new("RGB", (width, height), "#0b5d66").save(kept, kind, **saved)
    return SimpleUploadedFile(name, kept.getvalue(), f"image/{kind.lower()}")


def photo(of, *, state="accepted", alt="Des sondes au bord du bassin"):
    """A photograph of a project, shown by default."""
    sent = send_photo(of, picture(), alt=alt, by=SYSTEM)
    Photo.objects.filter(pk=sent.pk).update(state=state)
    sent.refresh_from_db()
    return sent


def asked(of=None, *, state="received", **said):
    """A city's request about a project, or about the programme."""
    fields = {"organisation": "Ville voisine", "contact_name": "Service innovation", "email": "ville@ville.example"}
    made = ReplicationRequest.objects.create(project=of, message="Comment faire de même ?", **fields | said)
    stamps = {"closed": {"closed_at": clock.now()}, "answered": {"answered_at": clock.now(), "reply": "Voici."}}
    ReplicationRequest.objects.filter(pk=made.pk).update(state=state, **stamps.get(state, {}))
    made.refresh_from_db()
    return made


def dossier(of, **fields):
    """The replication file of a project, public by default."""
    return ReplicationFile.objects.create(project=of, **{"needs": "Un bassin.", "is_public": True, **fields})


@dataclass
class Cast:
    """A project and everyone who may come near it."""

    project: Project
    people: dict[str, User | None] = field(default_factory=dict)

    def __getitem__(self, name):
        return self.people[name]


def cast(of=None):
    """`of` (a new project by default) with one person in each role around it."""
    made = of or project()
    call = made.award.call
    people = {"anonymous": None, "citizen": person("citizen")}
    for role in Membership.Role.values:
        people[role] = person(role)
        Membership.objects.create(user=people[role], structure=made.structure, role=role)
    people["rival"] = person("rival")
    Membership.objects.create(user=people["rival"], structure=structure("Autre"), role="owner")
    people["mentor"] = person("mentor")
    made.mentors.add(people["mentor"])
    people["partner"] = person("partner")
    firm = Partner.objects.create(name=f"Partenaire {next(_numbers)}")
    firm.contacts.add(people["partner"])
    call.partners.add(firm)
    people["agent"] = person("agent", is_agent=True)
    CallAgent.objects.create(call=call, user=people["agent"], right="follow")
    people["screener"] = person("screener", is_agent=True)
    CallAgent.objects.create(call=call, user=people["screener"], right="screen")
    people["agent elsewhere"] = person("elsewhere", is_agent=True)
    CallAgent.objects.create(call=published_call(), user=people["agent elsewhere"], right="follow")
    people["conflicted agent"] = person("conflicted", is_agent=True)
    CallAgent.objects.create(call=call, user=people["conflicted agent"], right="follow")
    Membership.objects.create(user=people["conflicted agent"], structure=made.structure, role="reader")
    people["administrator"] = person("administrator", is_administrator=True)
    return Cast(made, people)
