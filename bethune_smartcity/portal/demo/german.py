"""The German of the demonstration, by its French."""

GERMAN = {
    # The application form
    "Le projet en bref": "Das Projekt in Kürze",
    "Ce que vous proposez, en quelques phrases que tout le monde comprend.": (
        "Was Sie vorschlagen, in wenigen Sätzen, die alle verstehen."
    ),
    "Que proposez-vous ?": "Was schlagen Sie vor?",
    "Dites-le comme à une voisine. 150 mots au plus.": (
        "Sagen Sie es so, wie Sie es einer Nachbarin erzählen würden. Höchstens 150 Wörter."
    ),
    "Où en êtes-vous ?": "Wie weit sind Sie?",
    "Une idée\nUn prototype\nUn premier essai réel\nDéjà en service ailleurs": (
        "Eine Idee\nEin Prototyp\nEine erste echte Erprobung\nAnderswo bereits im Einsatz"
    ),
    "Usages et habitants": "Nutzung und Einwohner",
    "Dites ce qui change dans une journée.": "Sagen Sie uns, was sich im Alltag ändert.",
    "À quel besoin des habitants répondez-vous ?": "Welchem Bedarf der Einwohner kommen Sie nach?",
    "Une situation vécue. 150 mots au plus.": "Eine erlebte Situation. Höchstens 150 Wörter.",
    "Combien d’habitants la première année ?": "Wie viele Einwohner im ersten Jahr?",
    "Un nombre entier, par exemple 800.": "Eine ganze Zahl, zum Beispiel 800.",
    "Quel est votre premier petit pas ?": "Was ist Ihr erster kleiner Schritt?",
    "Ce qui peut commencer en trois mois. 80 mots au plus.": (
        "Was innerhalb von drei Monaten beginnen kann. Höchstens 80 Wörter."
    ),
    "Avec qui, sur place ?": "Mit wem vor Ort?",
    "Une case au moins.": "Mindestens ein Kästchen.",
    "Des habitants\nDes associations\nDes entreprises\nLes services de la ville": (
        "Einwohner\nVereine\nUnternehmen\nDie Ämter der Stadt"
    ),
    "Déploiement et budget": "Umsetzung und Kosten",
    "Ce qu’il vous faut pour commencer ici, et ce que cela coûte.": (
        "Was Sie brauchen, um hier zu beginnen, und was es kostet."
    ),
    "De quoi avez-vous besoin de la ville ?": "Was brauchen Sie von der Stadt?",
    "100 mots au plus.": "Höchstens 100 Wörter.",
    "Coût de la première année": "Kosten des ersten Jahres",
    "En euros, par exemple 61 000.": "In Euro, zum Beispiel 61000.",
    "Une autre ville pourrait-elle reprendre votre projet tel quel ?": (
        "Könnte eine andere Stadt Ihr Projekt unverändert übernehmen?"
    ),
    "Une page à lire": "Eine Seite zum Lesen",
    "Commence par https://": "Beginnt mit https://",
    "Où, et qu’en avez-vous appris ?": "Wo, und was haben Sie daraus gelernt?",
    "Un lieu, une durée, un résultat. 80 mots au plus.": "Ein Ort, eine Dauer, ein Ergebnis. Höchstens 80 Wörter.",
    "Un document de présentation": "Eine Präsentation",
    "PDF ou image, 20 Mo au plus.": "PDF oder Bild, höchstens 20 MB.",
    # The criteria
    (
        "Ne répond pas au critère.\nRépond très partiellement, sans élément concret.\n"
        "Intention claire, preuves minces.\nCrédible ; un point important reste à lever.\n"
        "Convaincant, avec des éléments vérifiables.\nExemplaire, prêt à être montré à d’autres villes."
    ): (
        "Erfüllt das Kriterium nicht.\nErfüllt es zu einem kleinen Teil, nichts Konkretes.\n"
        "Klare Absicht, dünne Belege.\nGlaubwürdig; ein wichtiger Punkt ist offen.\n"
        "Überzeugend, mit überprüfbaren Angaben.\nVorbildlich, kann anderen Städten gezeigt werden."
    ),
    "Utilité pour les habitants": "Nutzen für die Einwohner",
    "Faisabilité à Béthune, par petits pas": "Machbarkeit in Béthune, in kleinen Schritten",
    "Sobriété et durabilité": "Sparsamkeit und Nachhaltigkeit",
    "Reprise possible par d’autres villes": "Übertragbarkeit auf andere Städte",
    "Équipe et partenaires": "Team und Partner",
    # The prizes and the calendars
    "1er prix": "1. Preis",
    "2e prix": "2. Preis",
    "3e prix": "3. Preis",
    "Prix du public": "Publikumspreis",
    "Incubation sur le territoire": "Inkubation vor Ort",
    "Premiers pas accompagnés par la ville et ENGIE": "Erste Schritte mit der Stadt und ENGIE",
    "Six projets retenus pour la finale": "Sechs Projekte für das Finale ausgewählt",
    "Finale « Ma vie, ma ville demain », premier jour": "Finale „Ma vie, ma ville demain“, erster Tag",
    "Finale, second jour, et palmarès": "Finale, zweiter Tag, und Preisverleihung",
    "Jury : les finalistes sont choisis": "Jury: Die Finalist:innen stehen fest",
    "Réunion d’information (démo)": "Informationsveranstaltung (Demo)",
    "Atelier de préparation des dossiers (démo)": "Workshop zur Vorbereitung der Bewerbung (Demo)",
    "Salle de démonstration, Béthune": "Demonstrationsraum, Béthune",
    "Pitchs publics à Béthune": "Öffentliche Pitches in Béthune",
    "Résultats publiés": "Ergebnisse veröffentlicht",
    "Début de l’incubation": "Beginn der Inkubation",
    # What both calls say
    "Startups, entreprises et associations, de tous pays.": "Start-ups, Unternehmen und Vereine aus allen Ländern.",
    (
        "Le critère le plus lourd départage, puis le suivant ; ensuite le nombre de juré·es qui préfèrent l’un à "
        "l’autre, un vote du jury, enfin la voix de la présidence. Jamais l’heure de dépôt, jamais un tirage."
    ): (
        "Das Kriterium mit dem größten Gewicht entscheidet, dann das nächste; danach die Zahl der Jurymitglieder, die "
        "das eine dem anderen vorziehen, eine Abstimmung der Jury und zuletzt die Stimme des Vorsitzes. Niemals die "
        "Uhrzeit der Einreichung, niemals das Los."
    ),
    # The call of 2017
    "Master Smart City 2017 : des solutions innovantes pour Béthune": (
        "Master Smart City 2017: innovative Lösungen für Béthune"
    ),
    "Le premier appel à projets de la ville, lancé avec ENGIE, sur les sept piliers.": (
        "Der erste Projektaufruf der Stadt, gemeinsam mit ENGIE, zu allen sieben Säulen."
    ),
    "Une solution innovante appuyée sur les nouvelles technologies, au service des habitants.": (
        "Eine innovative Lösung auf Grundlage neuer Technologien, im Dienst der Einwohner."
    ),
    (
        "Une ville moyenne ne copie pas une grande ville. Nous cherchons des solutions à son échelle, sur l’un des "
        "sept piliers du Master Smart City, et qui avancent **par petits pas**."
    ): (
        "Eine mittelgroße Stadt kopiert keine Großstadt. Wir suchen Lösungen in ihrem Maßstab, zu einer der sieben "
        "Säulen des Master Smart City, die **in kleinen Schritten** vorankommen."
    ),
    (
        "Le premier prix reçoit l’offre d’incubation sur le territoire. La ville et ENGIE accompagnent ensemble les "
        "lauréats dans leurs premiers pas."
    ): (
        "Der erste Preis erhält das Inkubationsangebot vor Ort. Die Stadt und ENGIE begleiten die Preisträger:innen "
        "gemeinsam bei ihren ersten Schritten."
    ),
    (
        "Dix juré·es lisent, neuf notent la finale (démo). Chacun note seul, puis le jury délibère. "
        "Le jury peut répartir la dotation autrement que prévu."
    ): (
        "Zehn Jurymitglieder lesen, neun bewerten das Finale (Demo). Alle bewerten allein, dann berät die Jury. "
        "Die Jury kann das Preisgeld anders aufteilen als angekündigt."
    ),
    # The open call, on mobility
    "Mobilité : penser autrement les déplacements d’une ville moyenne": (
        "Mobilität: anders unterwegs in einer mittelgroßen Stadt"
    ),
    "Avec ENGIE : moins d’infrastructures, plus d’usages, entre la ville et ses alentours.": (
        "Mit ENGIE: weniger Infrastruktur, mehr Nutzung, zwischen der Stadt und ihrem Umland."
    ),
    "Une solution à essayer à Béthune, plus par les usages que par l’infrastructure.": (
        "Eine Lösung, die in Béthune erprobt wird, eher über die Nutzung als über Infrastruktur."
    ),
    (
        "Une ville moyenne ne copie pas une grande ville. Nous cherchons des solutions qui changent les usages, relient "
        "la ville à ses alentours et se mettent à l’épreuve **par petits pas**. Trois questions guident l’appel."
    ): (
        "Eine mittelgroße Stadt kopiert keine Großstadt. Wir suchen Lösungen, die Gewohnheiten ändern, die Stadt mit "
        "ihrem Umland verbinden und sich **in kleinen Schritten** bewähren. Drei Fragen leiten den Aufruf."
    ),
    (
        "Comment penser la mobilité durable de demain dans les villes moyennes ?\n"
        "Quelle mobilité à l’échelle d’un territoire hétérogène ?\n"
        "Comment conduire le changement, et avec quelles solutions ?"
    ): (
        "Wie sieht die nachhaltige Mobilität von morgen in mittelgroßen Städten aus?\n"
        "Welche Mobilität passt zu einem vielfältigen Gebiet?\n"
        "Wie gelingt der Wandel, und mit welchen Lösungen?"
    ),
    "Un terrain d’essai, un référent en mairie et, pour le premier prix, une incubation de douze mois (démo).": (
        "Ein Testgelände, eine Ansprechperson im Rathaus und für den ersten Preis zwölf Monate Inkubation (Demo)."
    ),
    (
        "Dix juré·es : ville, ENGIE, monde économique, associations, habitants (démo). Chacun note seul, "
        "puis le jury délibère."
    ): (
        "Zehn Jurymitglieder: Stadt, ENGIE, Wirtschaft, Vereine, Einwohner (Demo). Alle bewerten allein, "
        "dann berät die Jury."
    ),
    "Bien vieillir à Béthune (démo)": "Gut älter werden in Béthune (Demo)",
}
