"""The articles in Dutch."""

DUTCH = {
    "un-premier-appel-a-projets": (
        "Béthune opent zijn eerste Smart City-projectoproep",
        "Samen met ENGIE gestart, open voor alle innovatieve oplossingen, over de zeven pijlers van de Master Smart City.",
        """\
Een middelgrote stad hoeft niet te kopiëren wat in grote steden werkt. Béthune kiest voor een totaalvisie op eigen schaal en opent met
**ENGIE** zijn eerste projectoproep.

## Wat wij zoeken

Innovatieve oplossingen, gesteund op nieuwe technologie, ten dienste van de inwoners. Ze beantwoorden aan een van de zeven pijlers
van de Master Smart City:

- Mobiliteit en vervoer
- Wonen en milieu
- Onderwijs en werk
- Voeding en consumptie
- Vrije tijd en cultuur
- Gezondheid en welzijn
- Hulp en solidariteit

## Twee principes

**Voorbeeldigheid**: de stad herziet haar eigen manier van werken, over alle diensten heen, en staat open voor elk idee.
**Kleine stappen**: prioriteiten bepalen, beginnen en zien.

Kandidaturen worden ontvangen tot 12 september 2017.
""",
    ),
    "67-candidatures-de-cinq-pays": (
        "67 kandidaturen uit vijf landen",
        "Frankrijk, Engeland, Duitsland, België en de Verenigde Staten: de oproep is tot ver buiten de regio gehoord.",
        """\
De projectoproep sloot op 12 september 2017. **67 start-ups** hebben geantwoord, uit vijf landen: Frankrijk, Engeland, Duitsland, België
en de Verenigde Staten.

## En nu?

De kandidaturen gaan naar de jury. Zes projecten worden gekozen om in Béthune te pitchen, op het Smart City-evenement “Ma vie, ma ville
demain”, op 22 en 23 september 2017.
""",
    ),
    "six-startups-sur-scene": (
        "“Ma vie, ma ville demain”: zes start-ups op het podium",
        "Na een stevig debat zijn zes projecten gekozen. Ze staan op 22 en 23 september 2017 voor jury en publiek.",
        """\
De keuze was moeilijk. Zes start-ups komen hun project in Béthune verdedigen, **op 22 en 23 september 2017**.

| Start-up | Wat die aanbiedt |
|---|---|
| CulturMoov | een virtueel bezoek aan de stad: haar cultuur opnieuw ontdekt |
| ECHY | zonlicht opvangen om gebouwen binnen te verlichten |
| Get It Done | warmte opslaan in de gare d’eau, om 800 woningen van hernieuwbare energie te voorzien |
| IcoHup | sensoren in de stad, en de diensten die erbij horen |
| Smiile | een sociaal netwerk voor de buurt |
| Totem Mobi | gedeelde elektrische voertuigen |

De jury wijst de laureaten aan; het publiek geeft zijn eigen prijs.
""",
    ),
    "trois-laureats-et-un-prix-du-public": (
        "Drie laureaten, en een lieveling van het publiek",
        "Get It Done wint de eerste prijs en de publieksprijs. Totem Mobi en IcoHup winnen de tweede en de derde prijs.",
        """\
Na de pitches heeft de jury drie laureaten aangewezen.

## Eerste prijs en publieksprijs: Get It Done

Warmte opslaan in **de gare d’eau**, het oude bekken van de binnenhaven, om 800 woningen van hernieuwbare energie te voorzien. Get It Done
kwam als enige met een becijferd investeringsplan, voor een project dat voor deze plek bedacht is. De start-up krijgt het
incubatieaanbod ter plaatse en het bedrag dat de stad uittrekt: **€ 8.000**.

## Tweede prijs: Totem Mobi

Een oplossing voor gedeelde elektrische mobiliteit in het stadscentrum.

## Derde prijs: IcoHup

Een aanbod over grote risico’s rond het gemeentelijk rampenplan, overstromingsrisico in het bijzonder. De ambitie: één enkel instrument
voor middelgrote steden, dat waarschuwt, procedures in gang zet en naar burger- en gemeentereserves leidt.
""",
    ),
    "les-premiers-pas-des-laureats": (
        "Na de oproep de eerste stappen",
        "Het stadhuis en ENGIE werken samen om de drie start-ups ter plaatse te begeleiden.",
        """\
Een prijsuitreiking is pas een begin. Het stadhuis en ENGIE werken samen om de **drie start-ups** bij hun eerste stappen ter
plaatse te begeleiden: elk project starten en het dan opvolgen.

Béthune wil een voorbeeld en een speelveld zijn, maar ook een **etalage**: dat andere steden komen zien hoe het werkt, hun keuze maken en
inspiratie opdoen.

Elk project gaat in kleine stappen vooruit. U volgt ze in [de etalage](/nl/projets/).
""",
    ),
    "mobilite-un-nouvel-appel": (
        "Mobiliteit in middelgrote steden: een nieuwe oproep",
        "Minder infrastructuur, meer gebruik: met ENGIE stelt de stad drie vragen en wacht zij op uw antwoorden.",
        """\
Na de oproep van 2017, open voor alle zeven pijlers, kiezen de stad en **ENGIE** één onderwerp: mobiliteit in middelgrote steden. Het gaat
minder om infrastructuur dan om gebruik.

## Drie vragen

1. Hoe denken we de duurzame mobiliteit van morgen in middelgrote steden?
2. Welke mobiliteit past bij een zo gevarieerd gebied?
3. Hoe leiden we de verandering, en met welke oplossingen?

## Om te onthouden

De banden tussen de stad en haar omgeving tellen even zwaar als de stad zelf. En infrastructuur is één ding, gebruik en gedrag
een ander.

Twijfelt u? Stel uw vraag op de pagina van de oproep: het antwoord is openbaar en voor iedereen hetzelfde.
""",
    ),
    "derniers-jours-pour-candidater": (
        "Mobiliteit: laatste dagen om u kandidaat te stellen (demo)",
        "Een concept is geen kandidatuur: vergeet niet de uwe in te dienen voor de uiterste datum.",
        """\
De oproep “Mobiliteit” sluit binnenkort. **Een concept is geen kandidatuur**: zolang u geen nummer en geen ontvangstbewijs hebt, is er niets
ingediend.

- Kijk na wat ontbreekt en dien dan in.
- U kunt uw kandidatuur nog wijzigen tot de uiterste datum.

*Artikel van de demonstratie, gepland zeven dagen voor de sluiting.*
""",
    ),
}  # fmt: skip
