"""What the full demo tells of the work between the gatherings: names, days and texts. Tables and no code; all made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from eventsys.extensions import Translated
from eventsys.programmes.applications.rules import Area
from eventsys.visits.rules import VisitKind

# --- who works with it: name, address; the last advises the network by theme and works for its organiser alone ---------

ADVISERS = (
    ("Ragnhild Fjellstølrud", "ragnhild.fjellstolrud@program.example"),
    ("Eirik Seljehaugrud", "eirik.seljehaugrud@program.example"),
)
NETWORK_ADVISER = ("Vigdis Ulvlidal", "vigdis.ulvlidal@program.example")
# slug, name, address of the organiser that the network's adviser is
ADVISES = ("nettverk-naervaer", "Vigdis Ulvlidal", "naervaer@program.example")
NETWORK = ("naervaer-pa-jobb", "Nærvær på jobb")
NETWORK_ABOUT = {
    "nb": "For kommuner som vil ha ned sykefraværet, på tvers av fylkene. Hvem som er med, er oppdiktet for demoen.",
    "nn": "For kommunar som vil ha ned sjukefråværet, på tvers av fylka. Kven som er med, er oppdikta for demoen.",
    "en": "For municipalities that want less sickness absence, across the counties. Who is in it is made up for the demo.",
}
NETWORK_FROM = date(2008, 2, 1)
IN_NETWORK = 14

# --- the state and the association, which some members of groups come from ----------------------------------------------

STATE = "Kommunal- og regionaldepartementet"
ASSOCIATION = "KS"
SECRETARIAT = "Programsekretariatet"

# --- projects -----------------------------------------------------------------------------------------------------------

PROJECTS = {
    "nb": {
        Area.SICKNESS_ABSENCE: "Nærvær på jobb",
        Area.HEALTH_CARE: "Bedre hjemmetjeneste",
        Area.CHILD_YOUTH: "Raskere svar til foreldre",
        Area.OWN: "Eget innsatsområde",
    },
    "nn": {
        Area.SICKNESS_ABSENCE: "Nærvær på jobb",
        Area.HEALTH_CARE: "Betre heimeteneste",
        Area.CHILD_YOUTH: "Raskare svar til foreldre",
        Area.OWN: "Eige innsatsområde",
    },
}
ABOUT = {
    "nb": "Tiltakene og tallene er oppdiktet for demoen.",
    "nn": "Tiltaka og tala er oppdikta for demoen.",
}
SOURCE = {"nb": "Oppdiktet for demoen", "nn": "Oppdikta for demoen"}
TALKS = {
    "nb": "Alle ledere har to nærværssamtaler i året med hver ansatt",
    "nn": "Alle leiarar har to nærværssamtalar i året med kvar tilsett",
}
# cohort: the days that its figures are for
QUARTERS = {
    1: (
        date(2006, 12, 31), date(2007, 3, 31), date(2007, 6, 30), date(2007, 9, 30), date(2007, 12, 31),
        date(2008, 3, 31), date(2008, 6, 30),
    ),
    2: (date(2007, 6, 30), date(2007, 9, 30), date(2007, 12, 31), date(2008, 3, 31), date(2008, 6, 30)),
    3: (date(2007, 12, 31), date(2008, 3, 31), date(2008, 6, 30)),
}  # fmt: skip
# How much the figure of each quarter lies above or below the year's, for sickness absence alone.
SEASON = {3: 0.5, 6: -0.3, 9: -0.4, 12: 0.2}

# --- the calls ----------------------------------------------------------------------------------------------------------

# name by language, help by language, most points
CRITERIA = (
    (
        {"nb": "Medvirkning", "nn": "Medverknad", "en": "Involvement"},
        {
            "nb": "Har politikere, administrasjon og ansatte arbeidet sammen om søknaden?",
            "nn": "Har politikarar, administrasjon og tilsette arbeidd saman om søknaden?",
            "en": "Have politicians, administration and employees worked together on it?",
        },
        5,
    ),
    (
        {"nb": "Mål som kan måles", "nn": "Mål som kan målast", "en": "Goals that can be measured"},
        {
            "nb": "Er målene konkrete nok til å måles etterpå?",
            "nn": "Er måla konkrete nok til å målast etterpå?",
            "en": "Are the goals concrete enough to be measured afterwards?",
        },
        5,
    ),
    (
        {"nb": "Arbeidsmåte og tidsplan", "nn": "Arbeidsmåte og tidsplan", "en": "Way of working and timetable"},
        {
            "nb": "Er det sannsynlig at kommunen får det til?",
            "nn": "Er det sannsynleg at kommunen får det til?",
            "en": "Is it likely that the municipality manages it?",
        },
        5,
    ),
)
NOTES = (
    "Tydelig forankret hos alle tre sider. (Oppdiktet.)",
    "Gode mål, men tidsplanen er knapp. (Oppdiktet.)",
    "Kommunen har prøvd noe av dette før og vet hva som skal til. (Oppdiktet.)",
    "Litt lite om hvordan de ansatte skal være med. (Oppdiktet.)",
    "",
)
DISQUALIFIED = "Har arbeidet i kommunen de siste to årene. (Oppdiktet.)"
SUPPLEMENT = {
    "nb": "Vi mangler hvordan de ansatte skal være med videre. Skriv noen linjer om det. (Oppdiktet.)",
    "nn": "Vi manglar korleis dei tilsette skal vere med vidare. Skriv nokre linjer om det. (Oppdikta.)",
}
SUPPLEMENTED = {
    "nb": "De hovedtillitsvalgte sitter i styringsgruppa og møter hver måned. (Oppdiktet.)",
    "nn": "Dei hovudtillitsvalde sit i styringsgruppa og møter kvar månad. (Oppdikta.)",
}
SAY_NO = {
    "nb": "Vi har ikke kapasitet i år. (Oppdiktet.)",
    "nn": "Vi har ikkje kapasitet i år. (Oppdikta.)",
}
SAY_NO_COUNT = 9

# --- excuses ------------------------------------------------------------------------------------------------------------

# words of who asks, by language; answer, None for what waits
EXCUSES = (
    (
        {
            "nb": "Kommunestyret har møte om økonomiplanen de samme dagene. (Oppdiktet.)",
            "nn": "Kommunestyret har møte om økonomiplanen dei same dagane. (Oppdikta.)",
        },
        True,
        "God grunn. Vi ser fram til å se dere på det neste.",
    ),
    (
        {
            "nb": "Vi har ikke noen som kan reise. (Oppdiktet.)",
            "nn": "Vi har ingen som kan reise. (Oppdikta.)",
        },
        False,
        "Det er nok at det kommer én fra hver side.",
    ),
    (
        {
            "nb": "Ferja er innstilt på grunn av uvær, og vi kommer oss ikke av gårde. (Oppdiktet.)",
            "nn": "Ferja er innstilt på grunn av uvêr, og vi kjem oss ikkje av garde. (Oppdikta.)",
        },
        True,
        "Det rår dere ikke over.",
    ),
    (
        {
            "nb": "Prosjektlederen er i permisjon. (Oppdiktet.)",
            "nn": "Prosjektleiaren er i permisjon. (Oppdikta.)",
        },
        False,
        "Andre kan komme i stedet, og de andre sidene mangler også.",
    ),
    (
        {
            "nb": "Vi venter besøk fra Fylkesmannen de dagene. (Oppdiktet.)",
            "nn": "Vi ventar besøk frå Fylkesmannen dei dagane. (Oppdikta.)",
        },
        True,
        "Vi gir fritak denne ene gangen.",
    ),
    (
        {
            "nb": "Vi var på et lignende seminar i fjor. (Oppdiktet.)",
            "nn": "Vi var på eit liknande seminar i fjor. (Oppdikta.)",
        },
        False,
        "Dette seminaret bygger på det dere selv søkte om.",
    ),
)
WAITS = {
    "nb": "Rådmannen slutter, og vi er midt i en ansettelse. Kan vi stå over denne gangen? (Oppdiktet.)",
    "nn": "Rådmannen sluttar, og vi er midt i ei tilsetjing. Kan vi stå over denne gongen? (Oppdikta.)",
}
WAITS_SINCE = datetime(2008, 8, 14, 8, tzinfo=UTC)

# --- visits -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visited:
    """A visit of the demo: by whom (`kind`) to which municipality, its cohort and place in it. `times` are the days and
    hours that are offered, `chosen` the one accepted, none while it waits; `declined` is why nobody comes."""

    kind: VisitKind
    cohort: int
    place: int
    wish: Translated
    asked_at: datetime
    times: tuple[tuple[date, int], ...] = ()
    chosen: int | None = None
    declined: str = ""


VISITS = (
    Visited(
        VisitKind.ADVISER, 1, 0,
        {
            "nb": "Vi vil se på sykefraværstallene sammen med noen som har sett andre kommuner. (Oppdiktet.)",
            "nn": "Vi vil sjå på sjukefråværstala saman med nokon som har sett andre kommunar. (Oppdikta.)",
        },
        datetime(2008, 4, 9, 8, tzinfo=UTC), ((date(2008, 5, 7), 10), (date(2008, 5, 9), 10)), 0,
    ),
    Visited(
        VisitKind.PROJECT_WORKER, 1, 5,
        {
            "nb": "De tillitsvalgte er nye i styringsgruppa og vil vite hva som ventes av dem. (Oppdiktet.)",
            "nn": "Dei tillitsvalde er nye i styringsgruppa og vil vite kva som er venta av dei. (Oppdikta.)",
        },
        datetime(2008, 5, 14, 8, tzinfo=UTC), ((date(2008, 6, 11), 12),), 0,
    ),
    Visited(
        VisitKind.ADVISER, 1, 12,
        {
            "nb": "Kan noen komme til kommunestyret i juli? (Oppdiktet.)",
            "nn": "Kan nokon kome til kommunestyret i juli? (Oppdikta.)",
        },
        datetime(2008, 6, 19, 8, tzinfo=UTC), declined="Ingen av oss er på jobb i juli. Spør gjerne igjen i august.",
    ),
    Visited(
        VisitKind.ADVISER, 2, 3,
        {
            "nb": "Hjelp til å måle ventetiden på svar fra skolekontoret. (Oppdiktet.)",
            "nn": "Hjelp til å måle ventetida på svar frå skulekontoret. (Oppdikta.)",
        },
        datetime(2008, 6, 24, 8, tzinfo=UTC), ((date(2008, 9, 23), 10), (date(2008, 9, 24), 10)), 1,
    ),
    Visited(
        VisitKind.ADVISER, 2, 0,
        {
            "nb": "Vi skal lage ny turnus i hjemmetjenesten og vil ha med alle tre sider. (Oppdiktet.)",
            "nn": "Vi skal lage ny turnus i heimetenesta og vil ha med alle tre sidene. (Oppdikta.)",
        },
        datetime(2008, 8, 12, 8, tzinfo=UTC),
        ((date(2008, 9, 4), 10), (date(2008, 9, 5), 12), (date(2008, 9, 11), 10)),
    ),
    Visited(
        VisitKind.PROJECT_WORKER, 3, 2,
        {
            "nb": "De hovedtillitsvalgte vil snakke om hvordan de kan bidra. (Oppdiktet.)",
            "nn": "Dei hovudtillitsvalde vil snakke om korleis dei kan bidra. (Oppdikta.)",
        },
        datetime(2008, 8, 13, 8, tzinfo=UTC),
    ),
    Visited(
        VisitKind.ADVISER, 1, 8,
        {
            "nb": "Ny rådmann: kan noen fortelle ledergruppa hva vi har lovet? (Oppdiktet.)",
            "nn": "Ny rådmann: kan nokon fortelje leiargruppa kva vi har lova? (Oppdikta.)",
        },
        datetime(2008, 8, 15, 8, tzinfo=UTC),
    ),
)  # fmt: skip
