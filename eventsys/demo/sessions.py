"""The programme of the demo's seminars: what all hear, what people choose, breaks and meals, who speaks."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from eventsys.demo.programme import SET_UP_AT
from eventsys.events.models import Run
from eventsys.events.programme.actions import tell_programme
from eventsys.events.programme.rules import SessionFacts, SpeakerFacts
from eventsys.events.rules import SessionKind
from eventsys.extensions import Translated
from eventsys.registrations.limits import actions as limits

AT_A_SESSION = 60
HALL = "Plenumssalen"


class Slot(NamedTuple):
    """A part of a day of the run, counted from 0; with a capacity it is chosen."""

    day: int
    starts: time
    ends: time
    title: Translated
    place: str = HALL
    kind: SessionKind = SessionKind.SESSION
    speakers: tuple[SpeakerFacts, ...] = ()
    capacity: int | None = None
    description: Translated = {}


def _same(bokmal: str, nynorsk: str, english: str) -> Translated:
    return {"nb": bokmal, "nn": nynorsk, "en": english}


LEADER = SpeakerFacts("Jorunn Granmyrvoll", "prosjektleder i sekretariatet")
MAYOR = SpeakerFacts("Helge Tindhaugrud", "ordfører")
RESEARCHER = SpeakerFacts("Siri Hvalkleivås", "forsker")
REPRESENTATIVE = SpeakerFacts("Rune Ospelidal", "hovedtillitsvalgt")
SLOTS = (
    Slot(0, time(9, 30), time(10), _same("Registrering og kaffe", "Registrering og kaffi", "Registration and coffee"),
         "Foajeen", SessionKind.BREAK),
    Slot(0, time(10), time(10, 30), _same("Velkommen", "Velkomen", "Welcome"), speakers=(LEADER,)),
    Slot(0, time(10, 30), time(12), _same("Mål som kan måles", "Mål som kan målast", "Goals that can be measured"),
         speakers=(RESEARCHER, MAYOR),
         description=_same("Slik gjør vi prosjektene konkrete.", "Slik gjer vi prosjekta konkrete.",
                           "How we make the projects concrete.")),
    Slot(0, time(12), time(13), _same("Lunsj", "Lunsj", "Lunch"), "", SessionKind.MEAL),
    Slot(0, time(13), time(15), _same("Pleie og omsorg", "Pleie og omsorg", "Health and care"), "Bjørvika",
         speakers=(REPRESENTATIVE,), capacity=AT_A_SESSION),
    Slot(0, time(13), time(15), _same("Oppvekst", "Oppvekst", "Children and youth"), "Vaterland",
         capacity=AT_A_SESSION),
    Slot(0, time(13), time(15), _same("Sykefravær", "Sjukefråvær", "Sickness absence"), "Akerselva",
         capacity=AT_A_SESSION),
    Slot(0, time(15), time(15, 20), _same("Pause", "Pause", "Break"), "", SessionKind.BREAK),
    Slot(0, time(15, 20), time(17), _same("Arbeid i kommunene", "Arbeid i kommunane", "Work in the municipalities")),
    Slot(0, time(19), time(22), _same("Middag", "Middag", "Dinner"), "", SessionKind.MEAL),
    Slot(1, time(9), time(11), _same("Fra plan til handling", "Frå plan til handling", "From plan to action"),
         speakers=(LEADER, REPRESENTATIVE)),
    Slot(1, time(11), time(11, 20), _same("Pause", "Pause", "Break"), "", SessionKind.BREAK),
    Slot(1, time(11, 20), time(12, 30), _same("Veien videre", "Vegen vidare", "The way ahead"), speakers=(MAYOR,)),
    Slot(1, time(12, 30), time(13, 30), _same("Lunsj", "Lunsj", "Lunch"), "", SessionKind.MEAL),
)  # fmt: skip


def make_programme(session: Session, run: Run) -> None:
    """The sessions on the run's days; what would be on a day that it has not is left out. All of it was known from the
    start."""
    for slot in SLOTS:
        day = run.first_on + timedelta(days=slot.day) if run.first_on else None
        if day is None or run.last_on is None or day > run.last_on:
            continue
        facts = SessionFacts(
            slot.title,
            slot.description,
            datetime.combine(day, slot.starts),
            datetime.combine(day, slot.ends),
            slot.place,
            slot.capacity,
            slot.capacity is not None,
            slot.kind,
        )
        limits.set_session(session, run, facts, speakers=slot.speakers, now=SET_UP_AT)
    told = tell_programme(session, run, now=SET_UP_AT)
    if told is not None:
        told.noticed_at = SET_UP_AT
