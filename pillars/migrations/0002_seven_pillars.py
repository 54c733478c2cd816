"""The seven pillars of the Master Smart City, in their official order and spelling, named in four languages."""

from django.db import migrations

# (slug, hook, pictogram, names fr/en/de/nl, taglines fr/en/de/nl)
PILLARS = [
    (
        "mobilite-transport",
        "mobilite",
        "bicycle",
        ("Mobilité-Transport", "Mobility and transport", "Mobilität und Verkehr", "Mobiliteit en vervoer"),
        (
            "Aller, venir, relier la ville et ses alentours.",
            "Getting around, and linking the city to its surroundings.",
            "Unterwegs sein, die Stadt und ihr Umland verbinden.",
            "Onderweg zijn, de stad en haar omgeving verbinden.",
        ),
    ),
    (
        "habitat-environnement",
        "habitat",
        "tree-fill",
        ("Habitat-Environnement", "Housing and environment", "Wohnen und Umwelt", "Wonen en milieu"),
        (
            "Se loger, se chauffer, respirer, protéger l’eau.",
            "Homes, heat, clean air and water.",
            "Wohnen, heizen, durchatmen, das Wasser schützen.",
            "Wonen, verwarmen, ademen, het water beschermen.",
        ),
    ),
    (
        "education-emploi",
        "education",
        "mortarboard-fill",
        ("Education-Emploi", "Education and employment", "Bildung und Arbeit", "Onderwijs en werk"),
        (
            "Apprendre et travailler près de chez soi.",
            "Learning and working close to home.",
            "Lernen und arbeiten, nah am Zuhause.",
            "Leren en werken dicht bij huis.",
        ),
    ),
    (
        "alimentation-consommation",
        "alimentation",
        "basket2-fill",
        ("Alimentation-consommation", "Food and consumption", "Ernährung und Konsum", "Voeding en consumptie"),
        (
            "Bien manger, acheter près, gaspiller moins.",
            "Eating well, buying nearby, wasting less.",
            "Gut essen, in der Nähe kaufen, weniger verschwenden.",
            "Goed eten, dichtbij kopen, minder verspillen.",
        ),
    ),
    (
        "loisir-culture",
        "culture",
        "palette-fill",
        ("Loisir-culture", "Leisure and culture", "Freizeit und Kultur", "Vrije tijd en cultuur"),
        (
            "Sortir, découvrir, faire vivre la place.",
            "Going out, discovering, bringing the square to life.",
            "Ausgehen, entdecken, den Platz beleben.",
            "Uitgaan, ontdekken, leven op het plein.",
        ),
    ),
    (
        "sante-bien-etre",
        "sante",
        "heart-pulse-fill",
        ("Santé-Bien-être", "Health and well-being", "Gesundheit und Wohlbefinden", "Gezondheid en welzijn"),
        (
            "Se soigner, bouger, bien vieillir en ville.",
            "Care, exercise, and growing old well in the city.",
            "Gesund werden, sich bewegen, in der Stadt gut altern.",
            "Zorg, beweging en goed oud worden in de stad.",
        ),
    ),
    (
        "entraide-solidarite",
        "entraide",
        "people-fill",
        ("Entraide-Solidarité", "Mutual aid and solidarity", "Hilfe und Solidarität", "Hulp en solidariteit"),
        (
            "S’alerter, s’aider, ne laisser personne seul.",
            "Warning and helping each other, leaving no one alone.",
            "Einander warnen und helfen, niemanden allein lassen.",
            "Elkaar waarschuwen en helpen, niemand alleen laten.",
        ),
    ),
]
LANGUAGES = ("fr", "en", "de", "nl")


def create_pillars(apps, schema_editor):
    Pillar = apps.get_model("pillars", "Pillar")
    for order, (slug, hook, pictogram, names, taglines) in enumerate(PILLARS, start=1):
        fields = {"order": order, "hook": hook, "pictogram": pictogram, "name": names[0], "tagline": taglines[0]}
        for language, name, tagline in zip(LANGUAGES, names, taglines, strict=True):
            fields |= {f"name_{language}": name, f"tagline_{language}": tagline}
        Pillar.objects.get_or_create(slug=slug, defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("pillars", "0001_initial")]
    operations = [migrations.RunPython(create_pillars, migrations.RunPython.noop)]
