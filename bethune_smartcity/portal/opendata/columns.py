"""The columns of each file: their names are French, what they mean is told in the language of the page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, its type, what it means, and the words it holds where they are few."""

    name: str
    type: Any
    meaning: Any
    values: tuple[str, ...] = ()


TEXT = pgettext_lazy("type of a column", "text")
NUMBER = pgettext_lazy("type of a column", "number")
WHOLE = pgettext_lazy("type of a column", "whole number")
DAY = pgettext_lazy("type of a column", "day")
MONTH = pgettext_lazy("type of a column", "month")
INSTANT = pgettext_lazy("type of a column", "instant")
ADDRESS = pgettext_lazy("type of a column", "address")

SUBSIDIES = (
    Column("nomAttribuant", TEXT, _("Name of the authority that awards the subsidy")),
    Column("idAttribuant", TEXT, _("SIRET number of the authority")),
    Column("dateConvention", DAY, _("Day the agreement was signed")),
    Column("referenceDecision", TEXT, _("Reference of the decision; empty when the portal does not know it")),
    Column("nomBeneficiaire", TEXT, _("Name of the organisation that receives it")),
    Column("idBeneficiaire", TEXT, _("SIRET number of the organisation; empty when it is not known or does not exist")),
    Column("rnaBeneficiaire", TEXT, _("RNA number of an association; empty otherwise")),
    Column("objet", TEXT, _("Name of the application, and call for projects")),
    Column("montant", NUMBER, _("Amount awarded, in euros")),
    Column("nature", TEXT, _("a grant of money"), ("aide en numéraire",)),
    Column("conditionsVersement", TEXT, _("at once, in parts, or otherwise"), ("unique", "échelonné", "autre")),
    Column("datesPeriodeVersement", TEXT, _("Day of the payment, or first and last days with a slash between them")),
    Column("idRAE", TEXT, _("Number in the register of State aids; empty")),
    Column("notificationUE", TEXT, _("the aid is not notified to the European Commission"), ("non",)),
    Column("pourcentageSubvention", NUMBER, _("Share of the subsidy paid to this beneficiary, from 0 to 1")),
    Column("dispositifAide", TEXT, _("Call for projects")),
)
PROJECTS = (
    Column("projet", TEXT, _("Identifier of the project")),
    Column("nom", TEXT, _("Name of the project")),
    Column("accroche", TEXT, _("The project in one line")),
    Column("etape", TEXT, _("framing, agreement, trial, evaluation, deployed, adjusted or stopped")),
    Column("pilier", TEXT, _("Identifier of the main pillar")),
    Column("structure", TEXT, _("Name of the organisation that carries the project; empty for the city")),
    Column("pays", TEXT, _("Country of the organisation (ISO 3166-1, two letters)")),
    Column("lieu", TEXT, _("Place, in words")),
    Column("latitude", NUMBER, _("Decimal degrees, WGS 84; in the geometry of the GeoJSON file")),
    Column("longitude", NUMBER, _("Decimal degrees, WGS 84; in the geometry of the GeoJSON file")),
    Column("ouvert_le", INSTANT, _("Opening of the project (ISO 8601)")),
    Column("appel", TEXT, _("Identifier of the call the project comes from")),
    Column("page", ADDRESS, _("Page of the project")),
)  # fmt: skip
CALLS = (
    Column("appel", TEXT, _("Identifier of the call")),
    Column("titre", TEXT, _("Title")),
    Column("phase", TEXT, _("announced, open, closed, published or archived")),
    Column("annonce_le", INSTANT, _("Public announcement (ISO 8601)")),
    Column("ouvre_le", INSTANT, _("Applications open; empty for a call of the past whose day of opening is not known")),
    Column("clot_le", INSTANT, _("Close: the first instant at which nothing more is taken")),
    Column("resultats_le", INSTANT, _("Publication of the results; empty before")),
    Column("piliers", TEXT, _("Identifiers of the pillars, with a vertical bar between them")),
    Column("candidatures", WHOLE, _("Applications submitted; empty before the results")),
    Column("finalistes", WHOLE, _("Applications kept for the finale; empty before the results")),
    Column("laureats", WHOLE, _("Laureates of the jury; empty before the results")),
    Column("mentions", WHOLE, _("Special mentions of the jury; empty before the results")),
    Column("page", ADDRESS, _("Page of the call")),
    Column("ouvre_mois", MONTH, _("Month in which applications open (ISO 8601)")),
)
SUBMISSIONS = (
    Column("appel", TEXT, _("Identifier of the call")),
    Column("pays", TEXT, _("Country of the organisation (ISO 3166-1, two letters); empty for a call of fewer than ten applications")),
    Column("pilier", TEXT, _("Identifier of the main pillar; empty for the rest of the country, where a pillar has fewer than three applications")),
    Column("candidatures", WHOLE, _("Number of applications submitted, whatever came of them")),
)  # fmt: skip
READINGS = (
    Column("pilier", TEXT, _("Identifier of the pillar")),
    Column("indicateur", TEXT, _("What is measured")),
    Column("unite", TEXT, _("Unit")),
    Column("hausse_souhaitee", TEXT, _("whether a rise is good news"), ("oui", "non")),
    Column("date", DAY, _("Day of the reading (ISO 8601)")),
    Column("valeur", NUMBER, _("Value, with a decimal point")),
    Column("source", TEXT, _("Where the value comes from")),
)
