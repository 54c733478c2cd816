"""The articles in French."""

FRENCH = {
    "un-premier-appel-a-projets": (
        "Béthune ouvre son premier appel à projets Smart City",
        "Lancé avec ENGIE, il est ouvert à toutes les solutions innovantes, sur les sept piliers du Master Smart City.",
        """\
Une ville moyenne n’a pas à copier ce qui marche dans les grandes. Béthune fait le choix d’une vision d’ensemble à son
échelle, et ouvre avec **ENGIE** son premier appel à projets.

## Ce que nous cherchons

Des solutions innovantes, appuyées sur les nouvelles technologies, au service des habitants. Elles répondent à l’un des sept
piliers du Master Smart City :

- Mobilité-Transport
- Habitat-Environnement
- Education-Emploi
- Alimentation-consommation
- Loisir-culture
- Santé-Bien-être
- Entraide-Solidarité

## Deux principes

**L’exemplarité** : la ville revoit ses propres façons de travailler, tous services confondus, et s’ouvre à toutes les idées.
**Les petits pas** : fixer des priorités, commencer, et voir.

Les candidatures sont reçues jusqu’au 12 septembre 2017.
""",
    ),
    "67-candidatures-de-cinq-pays": (
        "67 candidatures, venues de cinq pays",
        "De France, d’Angleterre, d’Allemagne, de Belgique et des États-Unis : l’appel a été entendu bien au-delà de la région.",
        """\
L’appel à projets s’est clos le 12 septembre 2017. **67 startups** ont répondu, depuis cinq pays : la France, l’Angleterre,
l’Allemagne, la Belgique et les États-Unis.

## Et maintenant ?

Les candidatures passent devant le jury. Six projets seront retenus pour venir pitcher à Béthune, pendant l’événement Smart
City « Ma vie, ma ville demain », les 22 et 23 septembre 2017.
""",
    ),
    "six-startups-sur-scene": (
        "« Ma vie, ma ville demain » : six startups sur scène",
        "Après des débats serrés, six projets sont retenus. Ils se présentent au jury et au public les 22 et 23 septembre 2017.",
        """\
Le choix a été difficile. Six startups viennent défendre leur projet à Béthune, **les 22 et 23 septembre 2017**.

| Startup | Ce qu’elle propose |
|---|---|
| CulturMoov | une visite virtuelle de la ville, pour redécouvrir sa culture |
| ECHY | capter la lumière du soleil pour éclairer l’intérieur des bâtiments |
| Get It Done | stocker la chaleur dans la gare d’eau, pour alimenter 800 logements en énergie renouvelable |
| IcoHup | des capteurs dans la ville, et les services qui vont avec |
| Smiile | un réseau social de voisinage |
| Totem Mobi | des véhicules électriques partagés |

Le jury désigne les lauréats ; le public donne son propre prix.
""",
    ),
    "trois-laureats-et-un-prix-du-public": (
        "Trois lauréats, et un coup de cœur du public",
        "Get It Done remporte le premier prix et le prix du public. Totem Mobi et IcoHup complètent le palmarès.",
        """\
À l’issue des pitchs, le jury a désigné trois lauréats.

## Premier prix et prix du public : Get It Done

Stocker la chaleur dans **la gare d’eau**, l’ancien bassin du port intérieur, pour alimenter 800 logements en énergie
renouvelable. Get It Done était la seule à venir avec un plan d’investissement chiffré, pour un projet pensé pour ce site. La
startup reçoit l’offre d’incubation sur le territoire et l’enveloppe de la ville : **8 000 €**.

## Deuxième prix : Totem Mobi

Une solution de mobilité électrique partagée au centre-ville.

## Troisième prix : IcoHup

Une offre sur les risques majeurs autour du plan communal de sauvegarde, le risque d’inondation en particulier. L’ambition : un
seul outil pour les villes moyennes, qui alerte, déclenche les procédures et mène aux réserves citoyennes et communales.
""",
    ),
    "les-premiers-pas-des-laureats": (
        "Après l’appel, les premiers pas",
        "La mairie et ENGIE s’organisent ensemble pour accompagner les trois startups sur le territoire.",
        """\
Un palmarès n’est qu’un début. La mairie et ENGIE s’organisent ensemble pour accompagner les **trois startups** dans leurs
premiers pas sur le territoire : lancer chaque projet, puis le suivre.

Béthune veut être un démonstrateur et un terrain de jeu, mais aussi une **vitrine** : que d’autres villes viennent voir
comment ça marche, fassent leur marché, s’en inspirent.

Chaque projet avance par petits pas. Vous les suivez dans [la vitrine](/projets/).
""",
    ),
    "mobilite-un-nouvel-appel": (
        "Mobilité dans les villes moyennes : un nouvel appel",
        "Moins d’infrastructures, plus d’usages : avec ENGIE, la ville pose trois questions et attend vos réponses.",
        """\
Après l’appel de 2017, ouvert aux sept piliers, la ville et **ENGIE** choisissent un sujet : la mobilité dans les villes
moyennes. Il s’agit moins d’infrastructures que d’usages.

## Trois questions

1. Comment penser la mobilité durable de demain dans les villes moyennes ?
2. Quelle mobilité à l’échelle d’un territoire hétérogène ?
3. Comment conduire le changement, et avec quelles solutions ?

## À garder en tête

Les liens entre la ville et ses alentours comptent autant que la ville elle-même. Et l’on ne confond pas les
infrastructures, d’un côté, et les usages et les comportements, de l’autre.

Vous avez un doute ? Posez votre question sur la page de l’appel : la réponse est publique, la même pour tous.
""",
    ),
    "derniers-jours-pour-candidater": (
        "Mobilité : derniers jours pour candidater (démo)",
        "Un brouillon n’est pas une candidature : pensez à déposer la vôtre avant la date limite.",
        """\
L’appel « Mobilité » se clôt bientôt. **Un brouillon n’est pas une candidature** : tant que vous n’avez pas de numéro ni d’accusé
de réception, rien n’est déposé.

- Vérifiez ce qui manque, puis déposez.
- Vous pourrez encore modifier votre candidature jusqu’à la date limite.

*Article de démonstration, programmé sept jours avant la clôture.*
""",
    ),
    "ce-que-vous-avez-demande": (
        "Ce que vous nous avez demandé (démo)",
        "Les questions posées sur l’appel en cours, et nos réponses. Un brouillon, à traduire avant de paraître.",
        """\
Une solution déjà en service est-elle exigée ? Les communes voisines font-elles partie du terrain d’essai ? Toutes les réponses
sont sur la page de l’appel.

*Brouillon de démonstration : seuls les agents le lisent.*
""",
    ),
}  # fmt: skip
