"""What the full demo tells beside the seven activities: days, texts, numbers. Tables and no code."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from eventsys.extensions import Translated
from eventsys.organisations.imports import MunicipalityRow
from eventsys.organisations.rules import LanguageForm
from eventsys.programmes.applications.rules import Area

MADE_UP = "Trukket ved lodd for demoen (oppdiktet)"
"""Stands at all that is not known from then."""

# The list of 2006 is that of 2008 with these instead of the one that they became.
BECAME = "1505"
WERE = (
    MunicipalityRow(number="1503", name="Kristiansund", county="Møre og Romsdal"),
    MunicipalityRow(number="1556", name="Frei", county="Møre og Romsdal"),
)
MERGED_ON = date(2008, 1, 1)
MERGED_AT = datetime(2008, 1, 1, 8, tzinfo=UTC)
SINCE = date(2006, 1, 1)

# How many of each hundred have which form of the language, by lot.
FORMS = ((LanguageForm.BOKMAL, 37), (LanguageForm.NYNORSK, 26), (LanguageForm.NEUTRAL, 37))

SENT_AT = datetime(2006, 11, 6, 8, tzinfo=UTC)
CLOSES_LOCAL = datetime.combine(date(2007, 2, 15), time(15))
CASE = "2006/1123"
TITLE: Translated = {
    "nb": "Søk om å bli med i programmet",
    "nn": "Søk om å bli med i programmet",
    "en": "Apply to take part in the programme",
}
BODY: Translated = {
    "nb": "Kommunen inviteres til å søke. Søknaden sier hva kommunen vil arbeide med, hvordan politikere,"
    " administrasjon og ansatte er med, og hvilke mål den setter seg. Kommunestyret skal ha behandlet den.",
    "nn": "Kommunen blir invitert til å søkje. Søknaden seier kva kommunen vil arbeide med, korleis politikarar,"
    " administrasjon og tilsette er med, og kva mål han set seg. Kommunestyret skal ha handsama han.",
    "en": "The municipality is invited to apply. The application says what it will work with, how politicians,"
    " administration and employees take part, and which goals it sets. The council is to have treated it.",
}
LETTER: Translated = {
    "nb": "Subject: Invitasjon til å søke, frist {call_deadline}\n\nTil {organisation}\n\n"
    "Staten, KS og hovedorganisasjonene inviterer kommunen til å søke om å bli med i {programme}.\n\n"
    "[Les invitasjonen og svar her]({call_link})\n\nFristen er {call_deadline}. Saksnummer: {case_number}.",
    "nn": "Subject: Invitasjon til å søkje, frist {call_deadline}\n\nTil {organisation}\n\n"
    "Staten, KS og hovudorganisasjonane inviterer kommunen til å søkje om å bli med i {programme}.\n\n"
    "[Les invitasjonen og svar her]({call_link})\n\nFristen er {call_deadline}. Saksnummer: {case_number}.",
}
PAPERS = (
    ("avtale-23-oktober-2006.txt", "Avtalen av 23. oktober 2006.\n\nTeksten er ikke med i demoen.\n"),
    ("notat-om-programmet.txt", "Notat om programmet.\n\nTeksten er ikke med i demoen.\n"),
)
COPIES = (("Unio", "kopi@unio.example"), ("Fylkesmennene", "kopi@fylkesmannen.example"))
COPY_SUBJECT, COPY_TEXT = "Kopi: invitasjon til å søke", "Teksten er ikke med i demoen.\n"
# name, ceiling, how many were in an effort already, ordinal of the cohort, decided on
INTAKES = (
    (
        {"nb": "Første halvår 2007", "nn": "Første halvår 2007", "en": "First half of 2007"},
        50,
        12,
        1,
        date(2007, 3, 28),
    ),
    ({"nb": "Andre halvår 2007", "nn": "Andre halvår 2007", "en": "Second half of 2007"}, 50, 0, 2, date(2007, 10, 17)),
)
DECLINED = 7
GROUNDS: Translated = {
    "nb": "Søknaden viser ikke at de ansatte har vært med i arbeidet med den.",
    "nn": "Søknaden viser ikkje at dei tilsette har vore med i arbeidet med han.",
    "en": "The application does not show that the employees took part in writing it.",
}
AGAIN_SENT_AT = datetime(2008, 3, 3, 8, tzinfo=UTC)
AGAIN_CLOSES_LOCAL = datetime.combine(date(2008, 4, 30), time(15))
AGAIN_TITLE: Translated = {
    "nb": "Søk om å bli med i pulje III",
    "nn": "Søk om å bli med i pulje III",
    "en": "Apply to take part in cohort III",
}
AGAIN_CASE = "2008/123"
AGAIN_INTAKE = ({"nb": "Opptak 2008", "nn": "Opptak 2008", "en": "Intake of 2008"}, 40, 0, 3, date(2008, 6, 15))

# area, goal by language, unit, where it begins, where it is to be. Each application has the first and one of the others.
GOALS = (
    (
        Area.SICKNESS_ABSENCE,
        {"nb": "Sykefraværet skal ned", "nn": "Sjukefråværet skal ned"},
        {"nb": "prosent", "nn": "prosent"},
        8.9,
        6.5,
    ),
    (
        Area.HEALTH_CARE,
        {
            "nb": "Flere brukere av hjemmetjenesten skal være fornøyd",
            "nn": "Fleire brukarar av heimetenesta skal vere nøgde",
        },
        {"nb": "prosent", "nn": "prosent"},
        71.0,
        85.0,
    ),
    (
        Area.CHILD_YOUTH,
        {
            "nb": "Foreldre skal få svar fra skolekontoret raskere",
            "nn": "Foreldre skal få svar frå skulekontoret raskare",
        },
        {"nb": "dager", "nn": "dagar"},
        21.0,
        10.0,
    ),
)

# Where all of these were, and where the groups meet; made up.
PLACE = "Kommunenes Hus, Oslo"
# type, ordinal, title, cohort, days, who were there by the year of this demo: past gatherings
PAST = (
    ("kickoff", None, "Oppstart for pulje I", 1, date(2007, 4, 16), date(2007, 4, 17)),
    ("learning_seminar", 1, "Læringsseminar 1", 1, date(2007, 9, 10), date(2007, 9, 11)),
    ("kickoff", None, "Oppstart for pulje II", 2, date(2007, 11, 12), date(2007, 11, 13)),
    ("learning_seminar", 2, "Læringsseminar 2", 1, date(2008, 3, 10), date(2008, 3, 11)),
    ("learning_seminar", 1, "Læringsseminar 1", 2, date(2008, 4, 21), date(2008, 4, 22)),
)
SERIES = {
    1: {"nb": "Læringsseminarer, pulje I", "nn": "Læringsseminar, pulje I", "en": "Learning seminars, cohort I"},
    2: {"nb": "Læringsseminarer, pulje II", "nn": "Læringsseminar, pulje II", "en": "Learning seminars, cohort II"},
}
# cohort, name, how many times, from and to
PROMISED = (
    (1, {"nb": "Tre læringsseminarer", "nn": "Tre læringsseminar", "en": "Three learning seminars"}, 3,
     date(2007, 3, 28), date(2008, 12, 31)),
    (2, {"nb": "To læringsseminarer", "nn": "To læringsseminar", "en": "Two learning seminars"}, 2,
     date(2007, 10, 17), date(2008, 12, 31)),
)  # fmt: skip
