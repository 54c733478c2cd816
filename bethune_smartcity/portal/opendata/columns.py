"""The columns of each file, described in French as their names are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, its type, what it means."""

    name: str
    type: str
    meaning: str


TEXT, NUMBER, WHOLE, DAY, INSTANT, ADDRESS = "texte", "nombre", "entier", "date", "date et heure", "adresse"

SUBSIDIES = (
    Column("nomAttribuant", TEXT, "Nom de la collectivité qui attribue la subvention"),
    Column("idAttribuant", TEXT, "SIRET de la collectivité"),
    Column("dateConvention", DAY, "Jour de signature de la convention"),
    Column("referenceDecision", TEXT, "Référence de la décision ; vide quand elle n’est pas connue du portail"),
    Column("nomBeneficiaire", TEXT, "Nom de la structure bénéficiaire"),
    Column("idBeneficiaire", TEXT, "SIRET de la structure ; vide quand il n’est pas connu ou n’existe pas"),
    Column("rnaBeneficiaire", TEXT, "Numéro RNA d’une association ; vide sinon"),
    Column("objet", TEXT, "Nom de la candidature et appel à projets"),
    Column("montant", NUMBER, "Montant attribué, en euros"),
    Column("nature", TEXT, "« aide en numéraire »"),
    Column("conditionsVersement", TEXT, "« unique », « échelonné » ou « autre »"),
    Column(
        "datesPeriodeVersement", TEXT, "Jour du versement, ou premier et dernier jours séparés par une barre oblique"
    ),
    Column("idRAE", TEXT, "Numéro au répertoire des aides d’État ; vide"),
    Column("notificationUE", TEXT, "« non » : l’aide n’est pas notifiée à la Commission européenne"),
    Column("pourcentageSubvention", NUMBER, "Part de la subvention versée à ce bénéficiaire, de 0 à 1"),
    Column("dispositifAide", TEXT, "Appel à projets"),
)
PROJECTS = (
    Column("projet", TEXT, "Identifiant du projet"),
    Column("nom", TEXT, "Nom du projet"),
    Column("accroche", TEXT, "Le projet en une ligne"),
    Column("etape", TEXT, "framing (cadrage), agreement (convention), trial (essai), evaluation (évaluation), deployed (déployé), adjusted (à ajuster), stopped (arrêté)"),
    Column("pilier", TEXT, "Identifiant du pilier principal"),
    Column("structure", TEXT, "Nom de la structure qui porte le projet ; vide pour la ville"),
    Column("pays", TEXT, "Pays de la structure (ISO 3166-1, deux lettres)"),
    Column("lieu", TEXT, "Lieu, en mots"),
    Column("latitude", NUMBER, "Degrés décimaux, WGS 84 ; dans la géométrie du fichier GeoJSON"),
    Column("longitude", NUMBER, "Degrés décimaux, WGS 84 ; dans la géométrie du fichier GeoJSON"),
    Column("ouvert_le", INSTANT, "Ouverture du projet (ISO 8601)"),
    Column("appel", TEXT, "Identifiant de l’appel dont le projet est issu"),
    Column("page", ADDRESS, "Page du projet"),
)  # fmt: skip
CALLS = (
    Column("appel", TEXT, "Identifiant de l’appel"),
    Column("titre", TEXT, "Titre"),
    Column("phase", TEXT, "announced (annoncé), open (ouvert), closed (clos), published (publié), archived (archivé)"),
    Column("annonce_le", INSTANT, "Annonce publique (ISO 8601)"),
    Column("ouvre_le", INSTANT, "Ouverture des candidatures"),
    Column("clot_le", INSTANT, "Clôture : premier instant où plus rien n’est accepté"),
    Column("resultats_le", INSTANT, "Publication des résultats ; vide avant"),
    Column("piliers", TEXT, "Identifiants des piliers, séparés par une barre verticale"),
    Column("candidatures", WHOLE, "Candidatures déposées ; vide avant les résultats"),
    Column("finalistes", WHOLE, "Candidatures retenues pour la finale ; vide avant les résultats"),
    Column("laureats", WHOLE, "Lauréats du jury ; vide avant les résultats"),
    Column("page", ADDRESS, "Page de l’appel"),
)
SUBMISSIONS = (
    Column("appel", TEXT, "Identifiant de l’appel"),
    Column("pays", TEXT, "Pays de la structure (ISO 3166-1, deux lettres) ; vide pour un appel de moins de dix candidatures"),
    Column("pilier", TEXT, "Identifiant du pilier principal ; vide pour le reste du pays, quand un croisement compte moins de trois candidatures"),
    Column("candidatures", WHOLE, "Nombre de candidatures déposées, quelle qu’en soit la suite"),
)  # fmt: skip
READINGS = (
    Column("pilier", TEXT, "Identifiant du pilier"),
    Column("indicateur", TEXT, "Ce qui est mesuré"),
    Column("unite", TEXT, "Unité"),
    Column("hausse_souhaitee", TEXT, "« oui » quand une hausse est une bonne nouvelle, « non » sinon"),
    Column("date", DAY, "Jour du relevé (ISO 8601)"),
    Column("valeur", NUMBER, "Valeur, avec un point décimal"),
    Column("source", TEXT, "D’où vient la valeur"),
)
