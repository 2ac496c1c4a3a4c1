"""The groups of the full demo: what they are for, on which days they meet, about what. Tables and no code; all made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from eventsys.events.rules import ItemKind
from eventsys.programmes.rules import GroupKind

STEERING_ABOUT = {
    "nb": "Leder programmet mellom de politiske kontaktmøtene. Medlemmer, møter og referater er oppdiktet for demoen.",
    "nn": "Leier programmet mellom dei politiske kontaktmøta. Medlemmer, møte og referat er oppdikta for demoen.",
    "en": "Leads the programme between the political contact meetings. Members, meetings and minutes are made up.",
}
CONTACT_MEETING = {"nb": "Politisk kontaktmøte", "nn": "Politisk kontaktmøte", "en": "Political contact meeting"}
CONTACT_ABOUT = {
    "nb": "Staten, KS og hovedorganisasjonene møtes to–tre ganger i året. Medlemmer, møter og referater er oppdiktet for"
    " demoen.",
    "nn": "Staten, KS og hovudorganisasjonane møtest to–tre gonger i året. Medlemmer, møte og referat er oppdikta for"
    " demoen.",
    "en": "The state, KS and the confederations meet two or three times a year. Members, meetings and minutes are made"
    " up.",
}
WORKING_GROUP = {"nb": "Arbeidsgruppa", "nn": "Arbeidsgruppa", "en": "The working group"}
WORKING_ABOUT = {
    "nb": "Forbereder samlingene og sakene til styringsgruppa. Medlemmer, møter og referater er oppdiktet for demoen.",
    "nn": "Førebur samlingane og sakene til styringsgruppa. Medlemmer, møte og referat er oppdikta for demoen.",
    "en": "Prepares the gatherings and the steering group's items. Members, meetings and minutes are made up.",
}
MEMBERS_SINCE = date(2008, 1, 1)
CALLED_AT = datetime(2007, 12, 10, 9, tzinfo=UTC)
TITLES = {
    GroupKind.STEERING: {"nb": "Møte i styringsgruppa", "nn": "Møte i styringsgruppa", "en": "Steering group meeting"},
    GroupKind.POLITICAL_CONTACT: CONTACT_MEETING,
    GroupKind.WORKING: {"nb": "Møte i arbeidsgruppa", "nn": "Møte i arbeidsgruppa", "en": "Working group meeting"},
}
# The second Tuesday of each month but July, and in March the first, for the learning seminar; the third Wednesday, and in
# March the second, for Easter.
DAYS = {
    GroupKind.STEERING: (
        date(2008, 1, 8), date(2008, 2, 12), date(2008, 3, 4), date(2008, 4, 8), date(2008, 5, 13), date(2008, 6, 10),
        date(2008, 8, 12), date(2008, 9, 9), date(2008, 10, 14), date(2008, 11, 11), date(2008, 12, 9),
    ),
    GroupKind.POLITICAL_CONTACT: (date(2008, 2, 7), date(2008, 6, 5), date(2008, 11, 5)),
    GroupKind.WORKING: (
        date(2008, 1, 16), date(2008, 2, 20), date(2008, 3, 12), date(2008, 4, 16), date(2008, 5, 21), date(2008, 6, 18),
        date(2008, 8, 20), date(2008, 9, 17), date(2008, 10, 15), date(2008, 11, 19), date(2008, 12, 17),
    ),
}  # fmt: skip
HOURS = {
    GroupKind.STEERING: (time(10), time(12)),
    GroupKind.POLITICAL_CONTACT: (time(13), time(14, 30)),
    GroupKind.WORKING: (time(9), time(11, 30)),
}
# Announced in June, the third learning seminar took the day.
MOVED_FROM, MOVED_TO = date(2008, 9, 9), date(2008, 9, 16)
MOVED_AT = datetime(2008, 6, 20, 8, tzinfo=UTC)
MOVED_FOR = "Flyttet en uke fordi læringsseminar 3 er samme dag (oppdiktet)."

# kind, title, what there is to know before, what came of it; the ones between the first and the last by turns
FIRST_ITEM = (ItemKind.DECISION, "Godkjenning av innkalling og forrige referat", "", "Godkjent.")
LAST_ITEM = (ItemKind.INFORMATION, "Eventuelt", "", "Ingen saker.")
ITEMS = {
    GroupKind.STEERING: (
        (ItemKind.INFORMATION, "Status for kommunene i programmet", "Oppdiktet for demoen.",
         "Sekretariatet la fram en oversikt over puljene. Tatt til orientering."),
        (ItemKind.DISCUSSION, "Samlingene framover", "Oppdiktet for demoen.",
         "Gruppa vil ha mer tid til erfaringer fra kommunene og mindre til foredrag."),
        (ItemKind.DECISION, "Budsjettet for resten av året", "Oppdiktet for demoen.",
         "Forslaget ble vedtatt. Reiser for tillitsvalgte dekkes som før."),
        (ItemKind.DISCUSSION, "Frammøte fra alle tre sider", "Oppdiktet for demoen.",
         "Kommuner som mangler en side, får en påminnelse før neste seminar."),
        (ItemKind.DECISION, "Tema for kvalitetskonferansen", "Oppdiktet for demoen.",
         "Konferansen skal handle om hva kommunene har målt så langt."),
    ),
    GroupKind.POLITICAL_CONTACT: (
        (ItemKind.INFORMATION, "Hva kommunene har lært så langt", "Oppdiktet for demoen.",
         "Partene var fornøyd med at alle tre sider er med i de fleste kommunene."),
        (ItemKind.DISCUSSION, "Sykefraværet: mål og utvikling", "Oppdiktet for demoen.",
         "Tallene går rett vei i flere kommuner, men det er for tidlig å si hvorfor."),
        (ItemKind.DECISION, "Opptak av nye kommuner", "Oppdiktet for demoen.",
         "Partene stiller seg bak opptaket."),
    ),
    GroupKind.WORKING: (
        (ItemKind.DISCUSSION, "Program for neste læringsseminar", "Oppdiktet for demoen.",
         "To kommuner spørres om å legge fram arbeidet sitt."),
        (ItemKind.INFORMATION, "Rundt bordet: besøk hos kommuner", "Oppdiktet for demoen.",
         "Rådgiverne fortalte fra besøkene. Tatt til orientering."),
        (ItemKind.DECISION, "Maler for måltall", "Oppdiktet for demoen.",
         "Kommunene bruker de målene de har satt selv. Malen er frivillig."),
        (ItemKind.DISCUSSION, "Nettverkssamlingene i oktober", "Oppdiktet for demoen.",
         "Hvert nettverk finner dag og sted selv og melder fra til sekretariatet."),
    ),
}  # fmt: skip
