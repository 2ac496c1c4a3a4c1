"""The entries of a secret calendar: each run once, with how those whom the calendar is of stand to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from eventsys.calendars.own.queries import Seat
from eventsys.events.ics import LANGUAGES, CalendarFacts, Standing
from eventsys.extensions import Translated
from eventsys.registrations.rules import State

COMES = (State.CONFIRMED, State.ATTENDED, State.ABSENT)
WORDS: dict[State, Translated] = {
    State.OFFERED: {"nb": "Tilbud om plass", "nn": "Tilbod om plass", "en": "Place offered"},
    State.WAITING: {"nb": "Venteliste", "nn": "Venteliste", "en": "Waiting list"},
    State.REQUESTED: {"nb": "Bedt om plass", "nn": "Bede om plass", "en": "Place asked for"},
    State.CANCELLED: {"nb": "Avmeldt", "nn": "Avmeld", "en": "Signed off"},
}
"""From the most to the least."""
SIGNED_UP: Translated = {"nb": "Påmeldt", "nn": "Påmeld", "en": "Signed up"}
UNNAMED: Translated = {"nb": "uten navn", "nn": "utan namn", "en": "without a name"}
DRAFT: Translated = {"nb": "Utkast", "nn": "Utkast", "en": "Draft"}


def group(seats: Iterable[Seat]) -> dict[int, list[Seat]]:
    """The seats of each run, in order."""
    return {run_id: list(of_run) for run_id, of_run in groupby(seats, lambda seat: seat.run_id)}


def describe(seats: Sequence[Seat]) -> Standing:
    """How those who have these seats of one run stand to it, together: as the one of them who stands best."""
    first = seats[0]
    standing = Standing(note=_name_all(seats), changes=first.changes, changed_at=first.changed_at)
    if seats[0].state is None:
        return replace(standing, word=DRAFT, status="TENTATIVE") if seats[0].is_draft else standing
    if any(seat.state in COMES for seat in seats):
        return standing
    best = next(state for state in WORDS if any(seat.state is state for seat in seats))
    return replace(standing, word=WORDS[best], status="CANCELLED" if best is State.CANCELLED else "TENTATIVE")


def _name_all(seats: Sequence[Seat]) -> Translated:
    """Who stands how, a line each; nothing where the calendar is of one person who comes."""
    if seats[0].state is None or (len(seats) == 1 and seats[0].name):
        return {}
    return {language: "\n".join(_list_lines(seats, language)) for language in LANGUAGES}


def _list_lines(seats: Sequence[Seat], language: str) -> Iterator[str]:
    for word, states in ((SIGNED_UP, COMES), *((word, (state,)) for state, word in WORDS.items())):
        those = [seat for seat in seats if seat.state in states]
        named = [seat.name for seat in those if seat.name]
        unnamed = len(those) - len(named)
        said = [*named, *([f"{unnamed} {UNNAMED[language]}"] if unnamed else [])]
        if said:
            yield f"{word[language]}: {', '.join(said)}"


def place(facts: CalendarFacts, seats: Sequence[Seat], base_url: str) -> CalendarFacts:
    """For who organises, the page is the one where they work."""
    return facts if seats[0].state else replace(facts, url=f"{base_url}/manage/events/{seats[0].slug}")
