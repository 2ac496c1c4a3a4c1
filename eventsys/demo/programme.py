"""What the demo holds: the programme's parts and the seven activities of the autumn of 2008. Tables and no code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from eventsys.extensions import Translated
from eventsys.programmes.rules import PartyFacts, PartyKind, PartyRole, ProgrammeFacts

# Monday 18 August 2008, 08:00 in Oslo: the morning that the demo opens on.
OPENS_AT = datetime(2008, 8, 18, 6, tzinfo=UTC)
SET_UP_AT = datetime(2008, 5, 26, 7, tzinfo=UTC)
ANNOUNCED_AT = datetime(2008, 6, 16, 7, tzinfo=UTC)

SECRETARIAT = "sekretariatet"
UNIO = "unio"
PROGRAMME = "kvalitetskommuneprogrammet"
PROGRAMME_NAME: Translated = {
    "nb": "Kvalitetskommuneprogrammet",
    "nn": "Kvalitetskommuneprogrammet",
    "en": "The Quality Municipality Programme",
}

FACTS = ProgrammeFacts(
    name=PROGRAMME_NAME,
    about={
        "nb": "Kommuner, arbeidsgivere og ansatte arbeider sammen om bedre tjenester, mindre sykefravær og en"
        " arbeidsplass der folk har medbestemmelse. Hver kommune setter sine egne mål, møter andre i nettverk og på"
        " læringsseminarer, og viser hva som virket.",
        "nn": "Kommunar, arbeidsgivarar og tilsette arbeider saman om betre tenester, mindre sjukefråvær og ein"
        " arbeidsplass der folk har medråderett. Kvar kommune set sine eigne mål, møter andre i nettverk og på"
        " læringsseminar, og viser kva som verka.",
        "en": "Municipalities, employers and employees work together for better services, less sickness absence and a"
        " workplace where people have a say. Each municipality sets goals of its own, meets others in networks and at"
        " learning seminars, and shows what worked.",
    },
    begins_on=date(2007, 1, 1),
    ends_on=date(2009, 12, 31),
)

# In the order in which they are named. The addresses are made up.
PARTIES = (
    PartyFacts(PartyRole.PARTY, PartyKind.STATE, {"nb": "Staten", "nn": "Staten", "en": "The state"}),
    PartyFacts(
        PartyRole.PARTY, PartyKind.ASSOCIATION,
        {"nb": "KS", "nn": "KS", "en": "KS, the municipalities’ association"},
    ),
    PartyFacts(
        PartyRole.PARTY, PartyKind.CONFEDERATION,
        {
            "nb": "Arbeidstakernes hovedorganisasjoner", "nn": "Hovudorganisasjonane til arbeidstakarane",
            "en": "The employees’ confederations",
        },
    ),
    PartyFacts(
        PartyRole.PARTNER, PartyKind.CONFEDERATION, {"nb": "Unio", "nn": "Unio", "en": "Unio"},
        email="kopi@unio.example",
    ),
    PartyFacts(
        PartyRole.PARTNER, PartyKind.STATE,
        {"nb": "Fylkesmennene", "nn": "Fylkesmennene", "en": "The county governors"},
        email="kopi@fylkesmannen.example",
    ),
)  # fmt: skip

# slug, name, address
ORGANISERS = (
    ("installation", "Kvalitetskommuneprogrammet", "arrangement@program.example"),
    (SECRETARIAT, "Sekretariatet", "sekretariatet@program.example"),
    (UNIO, "Unio", "konferanse@unio.example"),
)

# name, address, the organisers that the account works for
ACCOUNTS = (
    ("Solveig Lyngflaten", "solveig.lyngflaten@program.example", (SECRETARIAT, UNIO)),
    ("Torbjørn Rognhaugen", "torbjorn.rognhaugen@unio.example", (UNIO,)),
)

# How many each cohort takes; two of them have room for more.
CEILINGS = {1: 50, 2: 50, 3: 40}

# ordinal: slug, Roman numeral, admitted on, how many municipalities
COHORTS = {
    1: ("pulje-i", "I", date(2007, 3, 28), 50),
    2: ("pulje-ii", "II", date(2007, 10, 17), 40),
    3: ("pulje-iii", "III", date(2008, 6, 15), 34),
}

# Bø in Telemark takes part, in cohort II, and Karasjok, in cohort I; Bø in Nordland does not.
TAKE_PART = {"0821": 2, "2021": 1}
STAYS_OUT = "1867"

# slug, name, counties
NETWORKS = (
    ("oslofjorden-ost", "Oslofjorden øst", ("Østfold", "Akershus", "Oslo")),
    ("oslofjorden-vest", "Oslofjorden vest", ("Buskerud", "Vestfold")),
    ("innlandet", "Innlandet", ("Hedmark", "Oppland")),
    ("sorlandet-og-telemark", "Sørlandet og Telemark", ("Telemark", "Aust-Agder", "Vest-Agder")),
    ("sorvestlandet", "Sørvestlandet", ("Rogaland",)),
    ("vestlandet", "Vestlandet", ("Hordaland", "Sogn og Fjordane")),
    ("nordvestlandet", "Nordvestlandet", ("Møre og Romsdal",)),
    ("midt-norge", "Midt-Norge", ("Sør-Trøndelag", "Nord-Trøndelag")),
    ("salten-og-helgeland", "Salten og Helgeland", ("Nordland",)),
    ("nord-norge", "Nord-Norge", ("Troms", "Finnmark")),
)

UNIONS = (
    "Utdanningsforbundet", "Norsk Sykepleierforbund", "Forskerforbundet", "Politiets Fellesforbund",
    "Norsk Fysioterapeutforbund", "Norsk Ergoterapeutforbund", "UHF", "Presteforeningen",
    "Det Norske Diakonforbund", "Skatterevisorenes Forening",
)  # fmt: skip

# name, capacity (made up)
VENUES = (
    ("Thon Hotel Oslo Airport", 160),
    ("Radisson SAS Plaza Oslo", 120),
    ("Oslo Plaza", 500),
)


@dataclass(frozen=True)
class Activity:
    """What a line of the announcement does not say. `capacity` is the limit of each of its runs, none for the venue's;
    `seats` how many have signed up for each run by the time the demo opens."""

    title: Translated
    description: Translated
    opens_on: date | None = None
    closes_on: date | None = None
    capacity: int | None = None
    seats: tuple[int, ...] = ()


# In the order of the lines in data/activities-2008.txt.
ACTIVITIES = (
    Activity(
        title={"nb": "Oppstart for pulje III", "nn": "Oppstart for pulje III", "en": "Kickoff for cohort III"},
        description={
            "nb": "Kommunene som ble tatt opp i juni, møtes for første gang. Vi går gjennom avtalen, hva kommunen har"
            " lovet, og hvordan nettverkene arbeider.\n\n**Ta med** kommunens søknad og målene dere satte.",
            "nn": "Kommunane som vart tekne opp i juni, møtest for første gong. Vi går gjennom avtalen, kva kommunen"
            " har lova, og korleis nettverka arbeider.\n\n**Ta med** søknaden til kommunen og måla de sette.",
            "en": "The municipalities admitted in June meet for the first time. We go through the agreement, what the"
            " municipality has promised, and how the networks work.\n\n**Bring** your application and your goals.",
        },
        closes_on=date(2008, 8, 21),
        seats=(86,),
    ),
    Activity(
        title={"nb": "Læringsseminar 2", "nn": "Læringsseminar 2", "en": "Learning seminar 2"},
        description={
            "nb": "Fra mål til tiltak: hver kommune legger fram ett arbeid og får tilbakemelding fra to andre."
            " Seminaret holdes to ganger med samme innhold. Velg den datoen som passer.",
            "nn": "Frå mål til tiltak: kvar kommune legg fram eitt arbeid og får tilbakemelding frå to andre."
            " Seminaret blir halde to gonger med same innhald. Vel den datoen som passar.",
            "en": "From goals to measures: each municipality presents one piece of work and hears from two others."
            " The seminar is held twice with the same content. Choose the date that suits you.",
        },
        closes_on=date(2008, 8, 25),
        seats=(117, 58),
    ),
    Activity(
        title={"nb": "Læringsseminar 3", "nn": "Læringsseminar 3", "en": "Learning seminar 3"},
        description={
            "nb": "Hva virket? Kommunene i pulje I måler resultatene av det første året, sykefraværet blant dem.",
            "nn": "Kva verka? Kommunane i pulje I måler resultata av det første året, sjukefråværet mellom dei.",
            "en": "What worked? The municipalities of cohort I measure the first year's results, sickness absence"
            " among them.",
        },
        closes_on=date(2008, 9, 1),
        capacity=60,
        seats=(67,),
    ),
    Activity(
        title={"nb": "Prosjektledersamling", "nn": "Prosjektleiarsamling", "en": "Project leaders' gathering"},
        description={
            "nb": "For den som leder arbeidet i kommunen: planlegging, forankring og hvordan man får med alle tre sider.",
            "nn": "For den som leier arbeidet i kommunen: planlegging, forankring og korleis ein får med alle tre"
            " sidene.",
            "en": "For whoever leads the work in the municipality: planning, support, and bringing all three sides"
            " along.",
        },
        closes_on=date(2008, 9, 8),
        capacity=40,
        seats=(22,),
    ),
    Activity(
        title={
            "nb": "Lokale nettverkssamlinger",
            "nn": "Lokale nettverkssamlingar",
            "en": "Local network gatherings",
        },
        description={
            "nb": "Hvert nettverk møtes i oktober. Dag og sted kommer, og kalenderen din følger med.",
            "nn": "Kvart nettverk møtest i oktober. Dag og stad kjem, og kalenderen din følgjer med.",
            "en": "Each network meets in October. Day and place are to come, and your calendar will follow.",
        },
    ),
    Activity(
        title={"nb": "Kvalitetskonferanse", "nn": "Kvalitetskonferanse", "en": "Quality conference"},
        description={
            "nb": "Alle tre puljer møtes. Politikere, administrasjon og tillitsvalgte fra samme kommune bør komme"
            " sammen.",
            "nn": "Alle tre puljene møtest. Politikarar, administrasjon og tillitsvalde frå same kommune bør kome"
            " saman.",
            "en": "All three cohorts meet. Politicians, administration and elected representatives of a municipality"
            " should come together.",
        },
        opens_on=date(2008, 9, 15),
        closes_on=date(2008, 11, 7),
    ),
    Activity(
        title={
            "nb": "Unios konferanse for tillitsvalgte",
            "nn": "Unio-konferanse for tillitsvalde",
            "en": "Unio's conference for elected representatives",
        },
        description={
            "nb": "For tillitsvalgte i Unios forbund: medbestemmelse i praksis, og hva kvalitetsarbeidet betyr for"
            " medlemmene.",
            "nn": "For tillitsvalde i forbunda i Unio: medråderett i praksis, og kva kvalitetsarbeidet har å seie for"
            " medlemmene.",
            "en": "For elected representatives of Unio's unions: co-determination in practice, and what the work on"
            " quality means to members.",
        },
        opens_on=date(2008, 8, 11),
        closes_on=date(2008, 10, 31),
        capacity=150,
        seats=(24,),
    ),
)
