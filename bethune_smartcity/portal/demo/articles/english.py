"""The articles in English."""

ENGLISH = {
    "un-premier-appel-a-projets": (
        "Béthune opens its first Smart City call for projects",
        "Launched with ENGIE, it is open to every innovative solution, on the seven pillars of the Master Smart City.",
        """\
A medium-sized city need not copy what works in large ones. Béthune chooses an overall vision at its own scale and, with
**ENGIE**, opens its first call for projects.

## What we look for

Innovative solutions, based on new technologies, in the service of inhabitants. They answer one of the seven pillars of the Master
Smart City:

- Mobility and transport
- Housing and environment
- Education and employment
- Food and consumption
- Leisure and culture
- Health and well-being
- Mutual aid and solidarity

## Two principles

**Exemplarity**: the city rethinks its own ways of working, across all departments, and is open to every idea.
**Small steps**: set priorities, start, and see.

Applications are received until 12 September 2017.
""",
    ),
    "67-candidatures-de-cinq-pays": (
        "67 applications, from five countries",
        "France, England, Germany, Belgium and the United States: the call was heard far beyond the region.",
        """\
The call for projects closed on 12 September 2017. **67 startups** answered, from five countries: France, England, Germany, Belgium
and the United States.

## What next?

The applications go before the jury. Six projects will be selected to pitch in Béthune, at the Smart City event “Ma vie, ma ville
demain”, on 22 and 23 September 2017.
""",
    ),
    "six-startups-sur-scene": (
        "“Ma vie, ma ville demain”: six startups on stage",
        "After hard debate, six projects are selected. They face the jury and the public on 22 and 23 September 2017.",
        """\
It was a difficult choice. Six startups come to Béthune to defend their projects, **on 22 and 23 September 2017**.

| Startup | What it offers |
|---|---|
| CulturMoov | a virtual visit of the city: its culture discovered anew |
| ECHY | capturing sunlight to light the inside of buildings |
| Get It Done | storing heat in the gare d’eau, to supply 800 homes with renewable energy |
| IcoHup | sensors across the city, and the services that go with them |
| Smiile | a neighbourhood social network |
| Totem Mobi | shared electric vehicles |

The jury names the laureates; the public gives its own prize.
""",
    ),
    "trois-laureats-et-un-prix-du-public": (
        "Three laureates, and the public’s favourite",
        "Get It Done wins the first prize and the public prize. Totem Mobi and IcoHup complete the list.",
        """\
After the pitches, the jury named three laureates.

## First prize and public prize: Get It Done

Storing heat in **the gare d’eau**, the old basin of the inland port, to supply 800 homes with renewable energy. Get It Done was
the only one to come with a costed investment plan, for a project designed for this site. The startup receives the incubation
offer in Béthune and the city’s budget envelope: **€8,000**.

## Second prize: Totem Mobi

A shared electric mobility solution in the city centre.

## Third prize: IcoHup

An offer on major risks around the municipal safety plan, flood risk in particular. The ambition: one single tool for
medium-sized cities, which alerts, triggers procedures and leads to citizens’ and municipal reserves.
""",
    ),
    "les-premiers-pas-des-laureats": (
        "After the call, the first steps",
        "The town hall and ENGIE work together to support the three startups locally.",
        """\
A list of laureates is only a beginning. The town hall and ENGIE work together to support the **three startups** in their first
local steps: launch each project, then follow it.

Béthune wants to be a demonstrator and a playground, and a **showcase** too: that other cities come to see how it works, do their
shopping and take inspiration.

Each project moves forward in small steps. You can follow them in [the showcase](/en/projets/).
""",
    ),
    "mobilite-un-nouvel-appel": (
        "Mobility in medium-sized cities: a new call",
        "Less about infrastructure, more about uses: with ENGIE, the city asks three questions and awaits your answers.",
        """\
After the call of 2017, open to all seven pillars, the city and **ENGIE** choose one subject: mobility in medium-sized cities. It is
less about infrastructure than about uses.

## Three questions

1. How should medium-sized cities think about the sustainable mobility of tomorrow?
2. What mobility suits an area as varied as this one?
3. How can the change be led, and with which solutions?

## To keep in mind

The links between the city and its surroundings count as much as the city itself. And infrastructure is one thing, uses and
behaviour another.

In doubt? Ask your question on the call’s page: the answer is public, the same for everyone.
""",
    ),
    "derniers-jours-pour-candidater": (
        "Mobility: last days to apply (demo)",
        "A draft is not an application: remember to submit yours before the deadline.",
        """\
The “Mobility” call closes soon. **A draft is not an application**: as long as you have no number and no receipt, nothing is
submitted.

- Check what is missing, then submit.
- You can still edit your application until the deadline.

*Demonstration article, planned seven days before the close.*
""",
    ),
}  # fmt: skip
