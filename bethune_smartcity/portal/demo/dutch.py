"""The Dutch of the demonstration, by its French."""

DUTCH = {
    # The application form
    "Le projet en bref": "Het project in het kort",
    "Ce que vous proposez, en quelques phrases que tout le monde comprend.": (
        "Wat u voorstelt, in enkele zinnen die iedereen begrijpt."
    ),
    "Que proposez-vous ?": "Wat stelt u voor?",
    "Dites-le comme à une voisine. 150 mots au plus.": "Zeg het zoals aan een buurvrouw. Hoogstens 150 woorden.",
    "Où en êtes-vous ?": "Hoever staat u?",
    "Une idée\nUn prototype\nUn premier essai réel\nDéjà en service ailleurs": (
        "Een idee\nEen prototype\nEen eerste echte proef\nElders al in gebruik"
    ),
    "Usages et habitants": "Gebruik en inwoners",
    "Dites ce qui change dans une journée.": "Zeg wat er in een dag verandert.",
    "À quel besoin des habitants répondez-vous ?": "Aan welke behoefte van de inwoners beantwoordt u?",
    "Une situation vécue. 150 mots au plus.": "Een situatie uit het leven. Hoogstens 150 woorden.",
    "Combien d’habitants la première année ?": "Hoeveel inwoners in het eerste jaar?",
    "Un nombre entier, par exemple 800.": "Een geheel getal, bijvoorbeeld 800.",
    "Quel est votre premier petit pas ?": "Wat is uw eerste kleine stap?",
    "Ce qui peut commencer en trois mois. 80 mots au plus.": (
        "Wat binnen drie maanden kan beginnen. Hoogstens 80 woorden."
    ),
    "Avec qui, sur place ?": "Met wie, ter plaatse?",
    "Une case au moins.": "Minstens één vakje.",
    "Des habitants\nDes associations\nDes entreprises\nLes services de la ville": (
        "Inwoners\nVerenigingen\nBedrijven\nDe diensten van de stad"
    ),
    "Déploiement et budget": "Uitvoering en budget",
    "Ce qu’il vous faut pour commencer ici, et ce que cela coûte.": (
        "Wat u nodig hebt om hier te beginnen, en wat het kost."
    ),
    "De quoi avez-vous besoin de la ville ?": "Wat hebt u van de stad nodig?",
    "100 mots au plus.": "Hoogstens 100 woorden.",
    "Coût de la première année": "Kosten van het eerste jaar",
    "En euros, par exemple 61 000.": "In euro, bijvoorbeeld 61000.",
    "Une autre ville pourrait-elle reprendre votre projet tel quel ?": (
        "Zou een andere stad uw project ongewijzigd kunnen overnemen?"
    ),
    "Une page à lire": "Een pagina om te lezen",
    "Commence par https://": "Begint met https://",
    "Où, et qu’en avez-vous appris ?": "Waar, en wat hebt u ervan geleerd?",
    "Un lieu, une durée, un résultat. 80 mots au plus.": "Een plaats, een duur, een resultaat. Hoogstens 80 woorden.",
    "Un document de présentation": "Een document ter voorstelling",
    "PDF ou image, 20 Mo au plus.": "PDF of afbeelding, hoogstens 20 MB.",
    # The criteria
    (
        "Ne répond pas au critère.\nRépond très partiellement, sans élément concret.\n"
        "Intention claire, preuves minces.\nCrédible ; un point important reste à lever.\n"
        "Convaincant, avec des éléments vérifiables.\nExemplaire, prêt à être montré à d’autres villes."
    ): (
        "Voldoet niet aan het criterium.\nVoldoet voor een klein deel, niets concreets.\n"
        "Duidelijke bedoeling, weinig bewijs.\nGeloofwaardig; een belangrijk punt blijft open.\n"
        "Overtuigend, met feiten die na te gaan zijn.\nVoorbeeldig, klaar om aan andere steden te tonen."
    ),
    "Utilité pour les habitants": "Nut voor de inwoners",
    "Faisabilité à Béthune, par petits pas": "Haalbaarheid in Béthune, in kleine stappen",
    "Sobriété et durabilité": "Soberheid en duurzaamheid",
    "Reprise possible par d’autres villes": "Over te nemen door andere steden",
    "Équipe et partenaires": "Team en partners",
    # The prizes and the calendars
    "1er prix": "1e prijs",
    "2e prix": "2e prijs",
    "3e prix": "3e prijs",
    "Prix du public": "Publieksprijs",
    "Incubation sur le territoire": "Incubatie ter plaatse",
    "Premiers pas accompagnés par la ville et ENGIE": "Eerste stappen met de stad en ENGIE",
    "Six projets retenus pour la finale": "Zes projecten gekozen voor de finale",
    "Finale « Ma vie, ma ville demain », premier jour": "Finale “Ma vie, ma ville demain”, eerste dag",
    "Finale, second jour, et palmarès": "Finale, tweede dag, en prijsuitreiking",
    "Jury : les finalistes sont choisis": "Jury: de finalisten zijn gekozen",
    "Réunion d’information (démo)": "Informatiebijeenkomst (demo)",
    "Atelier de préparation des dossiers (démo)": "Workshop om de kandidatuur voor te bereiden (demo)",
    "Salle de démonstration, Béthune": "Demonstratiezaal, Béthune",
    "Pitchs publics à Béthune": "Pitches voor publiek in Béthune",
    "Résultats publiés": "Resultaten gepubliceerd",
    "Début de l’incubation": "Begin van de incubatie",
    # What both calls say
    "Startups, entreprises et associations, de tous pays.": "Start-ups, bedrijven en verenigingen uit alle landen.",
    (
        "Le critère le plus lourd départage, puis le suivant ; ensuite le nombre de juré·es qui préfèrent l’un à "
        "l’autre, un vote du jury, enfin la voix de la présidence. Jamais l’heure de dépôt, jamais un tirage."
    ): (
        "Het zwaarste criterium beslist, dan het volgende; daarna het aantal juryleden dat het ene boven het andere "
        "verkiest, een stemming van de jury en ten slotte de stem van de voorzitter. Nooit het uur van indienen, nooit "
        "het lot."
    ),
    # The call of 2017
    "Master Smart City 2017 : des solutions innovantes pour Béthune": (
        "Master Smart City 2017: vernieuwende oplossingen voor Béthune"
    ),
    "Le premier appel à projets de la ville, lancé avec ENGIE, sur les sept piliers.": (
        "De eerste projectoproep van de stad, gelanceerd met ENGIE, over alle zeven pijlers."
    ),
    "Une solution innovante appuyée sur les nouvelles technologies, au service des habitants.": (
        "Een vernieuwende oplossing op basis van nieuwe technologie, ten dienste van de inwoners."
    ),
    (
        "Une ville moyenne ne copie pas une grande ville. Nous cherchons des solutions à son échelle, sur l’un des "
        "sept piliers du Master Smart City, et qui avancent **par petits pas**."
    ): (
        "Een middelgrote stad kopieert geen grote stad. We zoeken oplossingen op haar maat, over een van de zeven "
        "pijlers van de Master Smart City, die **in kleine stappen** vooruitgaan."
    ),
    (
        "Le premier prix reçoit l’offre d’incubation sur le territoire. La ville et ENGIE accompagnent ensemble les "
        "lauréats dans leurs premiers pas."
    ): (
        "De eerste prijs krijgt het incubatieaanbod ter plaatse. De stad en ENGIE begeleiden de laureaten samen bij "
        "hun eerste stappen."
    ),
    (
        "Dix juré·es lisent, neuf notent la finale (démo). Chacun note seul, puis le jury délibère. "
        "Le jury peut répartir la dotation autrement que prévu."
    ): (
        "Tien juryleden lezen, negen beoordelen de finale (demo). Elk beoordeelt alleen, daarna beraadslaagt de jury. "
        "De jury kan het prijzengeld anders verdelen dan aangekondigd."
    ),
    # The open call, on mobility
    "Mobilité : penser autrement les déplacements d’une ville moyenne": (
        "Mobiliteit: anders onderweg in een middelgrote stad"
    ),
    "Avec ENGIE : moins d’infrastructures, plus d’usages, entre la ville et ses alentours.": (
        "Met ENGIE: minder infrastructuur, meer gebruik, tussen de stad en haar omgeving."
    ),
    "Une solution à essayer à Béthune, plus par les usages que par l’infrastructure.": (
        "Een oplossing om in Béthune uit te proberen, eerder via gebruik dan via infrastructuur."
    ),
    (
        "Une ville moyenne ne copie pas une grande ville. Nous cherchons des solutions qui changent les usages, relient "
        "la ville à ses alentours et se mettent à l’épreuve **par petits pas**. Trois questions guident l’appel."
    ): (
        "Een middelgrote stad kopieert geen grote stad. We zoeken oplossingen die gewoonten veranderen, de stad met "
        "haar omgeving verbinden en zich **in kleine stappen** bewijzen. Drie vragen leiden de oproep."
    ),
    (
        "Comment penser la mobilité durable de demain dans les villes moyennes ?\n"
        "Quelle mobilité à l’échelle d’un territoire hétérogène ?\n"
        "Comment conduire le changement, et avec quelles solutions ?"
    ): (
        "Hoe ziet duurzame mobiliteit er morgen uit in middelgrote steden?\n"
        "Welke mobiliteit past bij een divers gebied?\n"
        "Hoe leiden we de verandering, en met welke oplossingen?"
    ),
    "Un terrain d’essai, un référent en mairie et, pour le premier prix, une incubation de douze mois (démo).": (
        "Een testterrein, een contactpersoon op het stadhuis en voor de eerste prijs twaalf maanden incubatie (demo)."
    ),
    (
        "Dix juré·es : ville, ENGIE, monde économique, associations, habitants (démo). Chacun note seul, "
        "puis le jury délibère."
    ): (
        "Tien juryleden: stad, ENGIE, bedrijfsleven, verenigingen, inwoners (demo). Elk beoordeelt alleen, "
        "daarna beraadslaagt de jury."
    ),
    "Bien vieillir à Béthune (démo)": "Goed ouder worden in Béthune (demo)",
}
