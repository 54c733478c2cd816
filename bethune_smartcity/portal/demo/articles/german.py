"""The articles in German."""

GERMAN = {
    "un-premier-appel-a-projets": (
        "Béthune eröffnet seinen ersten Smart-City-Projektaufruf",
        "Gemeinsam mit ENGIE gestartet, offen für alle innovativen Lösungen, zu den sieben Säulen des Master Smart City.",
        """\
Eine mittelgroße Stadt muss nicht kopieren, was in großen Städten funktioniert. Béthune entscheidet sich für eine Gesamtsicht in
seinem Maßstab und eröffnet mit **ENGIE** seinen ersten Projektaufruf.

## Was wir suchen

Innovative Lösungen, gestützt auf neue Technologien, im Dienst der Einwohner. Sie antworten auf eine der sieben Säulen des Master
Smart City:

- Mobilität und Verkehr
- Wohnen und Umwelt
- Bildung und Arbeit
- Ernährung und Konsum
- Freizeit und Kultur
- Gesundheit und Wohlbefinden
- Hilfe und Solidarität

## Zwei Grundsätze

**Vorbildlichkeit**: Die Stadt überdenkt ihre eigene Arbeitsweise, über alle Dienststellen hinweg, und ist offen für alle Ideen.
**Kleine Schritte**: Prioritäten setzen, anfangen und sehen.

Bewerbungen werden bis zum 12. September 2017 angenommen.
""",
    ),
    "67-candidatures-de-cinq-pays": (
        "67 Bewerbungen aus fünf Ländern",
        "Frankreich, England, Deutschland, Belgien und die Vereinigten Staaten: Der Aufruf wurde weit über die Region hinaus gehört.",
        """\
Der Projektaufruf endete am 12. September 2017. **67 Start-ups** haben geantwortet, aus fünf Ländern: Frankreich, England,
Deutschland, Belgien und den Vereinigten Staaten.

## Und jetzt?

Die Bewerbungen kommen vor die Jury. Sechs Projekte werden ausgewählt und stellen sich in Béthune vor, bei der
Smart-City-Veranstaltung „Ma vie, ma ville demain“ am 22. und 23. September 2017.
""",
    ),
    "six-startups-sur-scene": (
        "„Ma vie, ma ville demain“: sechs Start-ups auf der Bühne",
        "Nach intensiver Debatte sind sechs Projekte ausgewählt. Am 22. und 23. September 2017 treten sie vor Jury und Publikum.",
        """\
Die Wahl war schwierig. Sechs Start-ups kommen nach Béthune, um ihr Projekt zu verteidigen, **am 22. und 23. September 2017**.

| Start-up | Was es anbietet |
|---|---|
| CulturMoov | ein virtueller Rundgang durch die Stadt: ihre Kultur neu entdeckt |
| ECHY | Sonnenlicht einfangen, um das Innere von Gebäuden zu beleuchten |
| Get It Done | Wärme in der Gare d’eau speichern, um 800 Wohnungen mit erneuerbarer Energie zu versorgen |
| IcoHup | Sensoren in der Stadt und die Dienste dazu |
| Smiile | ein soziales Netz der Nachbarschaft |
| Totem Mobi | gemeinsam genutzte Elektrofahrzeuge |

Die Jury bestimmt die Preisträger:innen; das Publikum vergibt seinen eigenen Preis.
""",
    ),
    "trois-laureats-et-un-prix-du-public": (
        "Drei Preisträger:innen und ein Liebling des Publikums",
        "Get It Done gewinnt den ersten Preis und den Publikumspreis. Totem Mobi und IcoHup folgen auf den Plätzen.",
        """\
Nach den Pitches hat die Jury drei Preisträger:innen bestimmt.

## Erster Preis und Publikumspreis: Get It Done

Wärme in der **Gare d’eau** speichern, dem alten Becken des Binnenhafens, um 800 Wohnungen mit erneuerbarer Energie zu versorgen. Get
It Done kam als Einzige mit einem bezifferten Investitionsplan, für ein Projekt, das für diesen Ort gedacht ist. Das Start-up erhält
das Inkubationsangebot vor Ort und den Betrag, den die Stadt bereitstellt: **8.000 €**.

## Zweiter Preis: Totem Mobi

Eine Lösung für gemeinsam genutzte Elektromobilität in der Innenstadt.

## Dritter Preis: IcoHup

Ein Angebot zu großen Risiken rund um den kommunalen Notfallplan, insbesondere zum Hochwasserrisiko. Das Ziel: ein einziges
Werkzeug für mittelgroße Städte, das warnt, Abläufe auslöst und zu Bürger- und Gemeindereserven führt.
""",
    ),
    "les-premiers-pas-des-laureats": (
        "Nach dem Aufruf die ersten Schritte",
        "Rathaus und ENGIE stimmen sich ab, um die drei Start-ups vor Ort zu begleiten.",
        """\
Eine Preisverleihung ist erst ein Anfang. Rathaus und ENGIE stimmen sich ab, um die **drei Start-ups** bei ihren ersten
Schritten vor Ort zu begleiten: jedes Projekt starten und dann verfolgen.

Béthune möchte Vorreiter und Spielfeld sein, aber auch **Schaufenster**: Andere Städte sollen kommen und sehen, wie es funktioniert,
sich bedienen und sich anregen lassen.

Jedes Projekt geht in kleinen Schritten voran. Sie verfolgen sie im [Schaufenster](/de/projets/).
""",
    ),
    "mobilite-un-nouvel-appel": (
        "Mobilität in mittelgroßen Städten: ein neuer Aufruf",
        "Weniger Infrastruktur, mehr Nutzung: Mit ENGIE stellt die Stadt drei Fragen und erwartet Ihre Antworten.",
        """\
Nach dem Aufruf von 2017, offen für alle sieben Säulen, wählen die Stadt und **ENGIE** ein Thema: die Mobilität in mittelgroßen
Städten. Es geht weniger um Infrastruktur als um Nutzung.

## Drei Fragen

1. Wie lässt sich die nachhaltige Mobilität von morgen in mittelgroßen Städten denken?
2. Welche Mobilität passt zu einem so vielfältigen Gebiet?
3. Wie lässt sich der Wandel gestalten, und mit welchen Lösungen?

## Was Sie bedenken sollten

Die Verbindungen zwischen der Stadt und ihrem Umland zählen ebenso viel wie die Stadt selbst. Und Infrastruktur ist das eine,
Nutzung und Verhalten sind das andere.

Sie sind unsicher? Stellen Sie Ihre Frage auf der Seite des Aufrufs: Die Antwort ist öffentlich und für alle gleich.
""",
    ),
    "derniers-jours-pour-candidater": (
        "Mobilität: die letzten Tage für Ihre Bewerbung (Demo)",
        "Ein Entwurf ist keine Bewerbung: Denken Sie daran, Ihre vor Ablauf der Frist einzureichen.",
        """\
Der Aufruf „Mobilität“ endet bald. **Ein Entwurf ist keine Bewerbung**: Solange Sie weder Nummer noch Empfangsbestätigung haben, ist
nichts eingereicht.

- Prüfen Sie, was fehlt, und reichen Sie dann ein.
- Bis zum Ablauf der Frist können Sie Ihre Bewerbung noch ändern.

*Artikel der Demonstration, geplant sieben Tage vor dem Ende.*
""",
    ),
}  # fmt: skip
