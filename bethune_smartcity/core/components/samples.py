"""Small samples of every component, for the page that shows them all to agents.

A new component needs its sample here: the page and its test find components by themselves and say which lack one.
Texts are those of a French page, whatever language the page of the components is read in.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

USUAL, LONG, EMPTY, ERROR, ALL, CHOSEN, CLOSED = (
    _("Usual"),
    _("Long text"),
    _("Empty"),
    _("With errors"),
    _("Every shape"),
    _("Chosen"),
    _("Closed"),
)
AROUND = _("Around every page: see this one.")
FOLDER = settings.BASE_DIR / "templates" / "components"
LONG_TEXT = (
    "Partager les derniers kilomètres, après sept heures du soir, entre la gare, les hameaux et les zones d’emploi"
)


@dataclass(frozen=True)
class Sample:
    """A state of a component: its name, and the template that draws it, empty for what is seen elsewhere."""

    state: Any
    source: str = ""


def _cards(*tags: str) -> str:
    """A list of cards, the parts of each tag joined."""
    return f'<ul class="cards" role="list">{{% {" ".join(tags)} %}}</ul>'


def _chips(tag: str) -> str:
    return f"{{% for one in pillars %}}{{% {tag} one %}} {{% endfor %}}"


SAMPLES: dict[str, list[Sample]] = {
    # Marks
    "icon": [Sample(USUAL, '{% icon "search" %} {% icon "translate" label="Langue" %} {% icon "bicycle" %}')],
    "chip": [Sample(ALL, _chips("chip")), Sample(_("As a link"), '{% chip pillar url="#c-chip" %}')],
    "pin": [Sample(ALL, _chips("pin"))],
    "picto": [Sample(ALL, _chips("picto"))],
    "badge": [
        Sample(ALL, "{% for tone in tones %}{% badge tone tone %} {% endfor %}"),
        Sample(_("Its own shape"), '{% badge "Résultats publiés" "ok" "trophy-fill" %}'),
        Sample(LONG, "{% badge long_text %}"),
    ],
    "units": [Sample(USUAL, '<p class="units" aria-hidden="true">{% units 67 %}</p>')],
    "figure": [
        Sample(USUAL, '<dl class="figures">{% figure 67 "candidatures" note="du 24 mai au 30 juin 2017" %}</dl>'),
        Sample(LONG, '<dl class="figures">{% figure 9 "pays" note=long_text %}</dl>'),
    ],
    "progress": [
        Sample(USUAL, '{% progress 12 20 "12 sur 20 fiches rendues" %}'),
        Sample(EMPTY, '{% progress 0 0 "Rien à lire" %}'),
    ],
    "bar": [Sample(USUAL, "<p>30 % {% bar 30 %}</p>"), Sample(EMPTY, "<p>0 % {% bar 0 %}</p>")],
    # Charts, each with its table
    "bar_chart": [
        Sample(USUAL, '{% bar_chart "Candidatures par pays" shares "Pays" "Candidatures" %}'),
        Sample(LONG, '{% bar_chart "Candidatures" long_shares "Pays" "Candidatures" %}'),
    ],
    "column_chart": [Sample(USUAL, '{% column_chart "Candidatures par jour" shares "Jour" "Candidatures" %}')],
    "thread_chart": [Sample(USUAL, '{% thread_chart "De l’appel aux lauréats" stages "Étape" "Candidatures" %}')],
    "line_chart": [
        Sample(USUAL, '{% line_chart "Trajets partagés" readings "trajets" goal=60 mark=day mark_label="Essai" %}'),
        Sample(_("A single value"), '{% line_chart "Trajets partagés" first_reading "trajets" %}'),
    ],
    "chart_table": [Sample(_("The table of a chart: it stands under each of those above."))],
    "caption": [
        Sample(
            USUAL,
            '<table class="table">{% caption "Les prix annoncés" %}'
            '<tr><th scope="row">Premier</th><td>8 000 €</td></tr></table>',
        )
    ],
    # Time and money
    "day": [Sample(USUAL, "{% day soon %}, {% day soon weekday=True %}")],
    "hour": [Sample(USUAL, "{% hour soon %}")],
    "instant": [Sample(USUAL, "{% instant soon weekday=True %}")],
    "loosely": [Sample(USUAL, "{% loosely soon %}")],
    "until": [Sample(USUAL, "{% until midnight %}")],
    "own_time": [Sample(USUAL, "<p>{% until midnight %} {% own_time midnight %}</p>")],
    "deadline": [Sample(USUAL, "{% deadline midnight %}"), Sample(CLOSED, '{% deadline past phase="closed" %}')],
    "countdown": [
        Sample(USUAL, "<p>{% countdown soon opens=True %}</p>"),
        Sample(EMPTY, "<p>{% countdown past %}</p>"),
    ],
    "amount": [Sample(USUAL, "{% amount 8000 %}")],
    "percent": [Sample(USUAL, "{% percent 30 %}")],
    # Blocks
    "steps": [
        Sample(USUAL, '{% steps steps label="Où en est le projet" %}'),
        Sample(LONG, '{% steps long_steps label="Étapes" barge=False %}'),
    ],
    "barge": [Sample(USUAL, '{% include "components/barge.html" %}')],
    "alert": [
        Sample(ALL, '{% for tone in notices %}{% alert "Enregistré à 14 h 05." tone %}{% endfor %}'),
        Sample(LONG, '{% alert long_text "warn" title="À savoir" %}'),
    ],
    "empty": [
        Sample(USUAL, '{% empty "Aucune question pour le moment" %}'),
        Sample(
            _("With an act"),
            '{% empty "Aucun projet" text="Bientôt." url="#c-empty" action="Voir les appels" %}',
        ),
    ],
    "pager": [Sample(USUAL, "{% pager page %}")],
    "project_card": [
        Sample(
            USUAL,
            _cards(
                'project_card "Vélo-école" "#c-project_card" pillar line="Apprendre à tout âge."',
                'stage="En test" next_step="Premiers cours, 3 mai"',
            ),
        ),
        Sample(
            LONG,
            _cards('project_card long_text "#c-project_card" pillar line=long_text'),
        ),
    ],
    "call_card": [
        Sample(
            USUAL,
            _cards(
                'call_card "Mobilité" "#c-call_card" pillars "Ouvert" tone="ok" closes_at=midnight',
                'read="Lire l’appel" act="Déposer une candidature" act_url="#c-call_card"',
            ),
        ),
        Sample(
            LONG,
            _cards('call_card long_text "#c-call_card" pillars "Clos" tone="quiet" line=long_text fact=long_text'),
        ),
    ],
    "invented": [
        Sample(
            USUAL,
            '{% include "components/invented.html" with words="tout est inventé." portal=a_demonstration %}',
        )
    ],
    # Forms
    "field": [
        Sample(USUAL, "{% field form.need saved_at=soon %}"),
        Sample(USUAL, "{% field form.place warning='Cet appel n’est ouvert qu’avec une autre réponse.' %}"),
        Sample(ERROR, "{% field faulty.need %}{% field faulty.mail missing=True %}"),
    ],
    "form": [Sample(USUAL, "{% form other_form %}")],
    "error_summary": [
        Sample(ERROR, "{% error_summary faulty %}"),
        Sample(ERROR, "{% error_summary faulty head='Rien n’a été changé.' %}"),
    ],
    "submit_bar": [
        Sample(USUAL, '{% submit_bar "Déposer" back_url="#c-submit_bar" %}'),
        Sample(_("Cannot be undone"), '{% submit_bar "Retirer" tone="danger" shape="slash-circle" %}'),
    ],
    "save_state": [Sample(USUAL, "{% save_state soon %}"), Sample(EMPTY, "{% save_state %}")],
    "mark_pad": [
        Sample(CHOSEN, '{% mark_pad "use" "Utilité" marks value="2" weight=3 hint="Le besoin est-il réel ?" %}'),
        Sample(CLOSED, '{% mark_pad "closed" "Faisabilité" marks disabled=True %}'),
    ],
    "confirm": [Sample(_("A whole page: the one before any act that cannot be undone."))],
    "art": [
        Sample(
            ALL,
            '<ul class="cards" role="list">{% for one in pillars %}'
            '<li class="story p-{{ one.hook }}">{{ one|art }}</li>{% endfor %}</ul>',
        )
    ],
    # The frame of every page
    "chrome/brand": [Sample(USUAL, '<p class="brand">{% include "components/chrome/brand.html" %}</p>')],
    **{
        f"chrome/{name}": [Sample(AROUND)]
        for name in (
            "account",
            "addresses",
            "breadcrumb",
            "clock_bar",
            "entry",
            "feeds",
            "find",
            "footer",
            "frame",
            "guest",
            "head",
            "header",
            "home_link",
            "icons",
            "messages",
            "nav",
            "own",
            "own_crumbs",
            "places",
            "share",
            "top",
            "words",
        )
    },
}


class Question(forms.Form):
    """Every kind of control the portal's forms hold."""

    need = forms.CharField(
        label="À quel besoin répondez-vous ?",
        help_text="En cinq mots.",
        widget=forms.Textarea(attrs={"data-words-max": 5, "rows": 2}),
    )
    place = forms.ChoiceField(label="Où ?", widget=forms.RadioSelect, choices=[("a", "Au centre"), ("b", "Ailleurs")])
    mail = forms.EmailField(label="Adresse", required=False)
    file = forms.FileField(label="Pièce jointe", required=False)
    sure = forms.BooleanField(label="Je certifie l’exactitude de ce qui précède")


def inputs(now: dt.datetime, pillars: list[Any]) -> dict[str, Any]:
    """What samples are drawn with, at the aware instant `now`."""
    midnight = (now + dt.timedelta(days=12)).replace(hour=23, minute=0, second=0, microsecond=0)
    readings = [
        SimpleNamespace(day=(now - dt.timedelta(days=days)).date(), value=value, source="Comptage (démo)")
        for days, value in ((300, 12), (200, 31), (90, 48))
    ]
    states = [("Appel", "done"), ("Jury", "now"), ("Incubation", "next")]
    return {
        "pillars": pillars,
        "pillar": pillars[0] if pillars else None,
        "tones": ("ok", "info", "warn", "draft", "hot", "stop", "quiet"),
        "notices": ("info", "ok", "warn", "stop"),
        "long_text": LONG_TEXT,
        "soon": now + dt.timedelta(days=12, hours=4),
        "past": now - dt.timedelta(days=30),
        "midnight": midnight,
        "shares": [("France", 58), ("Allemagne", 4), ("Belgique", 3), ("Royaume-Uni", 1)],
        "long_shares": [(LONG_TEXT, 58), ("France", 0)],
        "stages": [("Candidatures", 67), ("Finalistes", 6), ("Lauréats", 3)],
        "readings": readings,
        "first_reading": readings[:1],
        "day": readings[1].day,
        "page": Paginator(range(90), 10).page(2),
        "steps": [{"name": name, "state": state} for name, state in states],
        "long_steps": [{"name": LONG_TEXT, "state": state, "note": LONG_TEXT} for _name, state in states],
        "marks": [(0, "0", "Aucun besoin."), (1, "1", "Un besoin pour quelques-uns."), (2, "2", "Un besoin de tous.")],
        "form": Question(prefix="one"),
        "other_form": Question(prefix="other"),
        "faulty": Question({"faulty-need": "un deux trois", "faulty-mail": "non"}, prefix="faulty"),
        "a_demonstration": {"demo": True},
    }


def in_folder(folder: Path = FOLDER) -> set[str]:
    """The components that are templates, by their path without its ending; the drawings of the pillars count as one."""
    found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html")}
    return {"art" if name.startswith("art/") else name for name in found}
