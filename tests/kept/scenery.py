"""What the kept pages tell of, and where they are: canaries are planted in what one person alone is shown."""

from django.urls import get_resolver, reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.portal.legal import SLUGS
from calls.models import RulesVersion
from calls.operations import clarifications, submissions
from tests.factories import projects
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory
from tests.factories.news import article
from tests.juries.views.test_programme import told as finale_told

MAIL, QUESTION, MESSAGE = "canari-adresse", "canari-question", "canari-message"


def planted():
    """A call, a project, and a person who asked, began an application and is told something."""
    call = CallFactory(slug="appel")
    RulesVersion.objects.create(call=call, number=1, text="## Objet", in_force_from=clock.today())
    structure = StructureFactory()
    person = owner_of(structure)
    person.email = f"{MAIL}@demo.example"
    person.save()
    clarifications.ask(call, f"{QUESTION} ?", by=person, language="fr")
    draft = submissions.start_draft(call, structure, title="Brouillon", by=person)
    project = projects.project()
    canaries = [MAIL, QUESTION, MESSAGE, str(draft.pk), "csrfmiddlewaretoken"]
    return (
        person,
        canaries,
        {
            "portal:pillar": {"slug": "mobilite-transport"},
            "portal:legal": {"slug": SLUGS[0]},
            "portal:article": {"slug": article().slug},
            "calls:detail": {"slug": "appel"},
            "calls:questions": {"slug": "appel"},
            "calls:rules": {"slug": "appel"},
            "juries:finale": {"slug": finale_told().call.slug},
            "juries:results": {"slug": project.award.call.slug},
            "projects:detail": {"slug": project.slug},
        },
    )


def pages(chosen, wanted=lambda view: view.kept_by is not None):
    """The address of every page that asks to be kept, or of those `wanted`.

    A new one with parts in its address needs them in `planted`.
    """
    views = {name: view.view_class for name, view in named() if hasattr(getattr(view, "view_class", None), "kept_by")}
    with translation.override("fr"):
        names = sorted(name for name, view in views.items() if name != "odd" and wanted(view))
        return [reverse(name, kwargs=chosen.get(name, {})) for name in names]


def named(patterns=None, spaces=()):
    """Give every address's name with its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern.url_patterns, (*spaces, *filter(None, [pattern.namespace])))
        elif pattern.name:
            yield ":".join((*spaces, pattern.name)), pattern.callback
