"""Whose a seat is, how it stands and what is asked about it, as a mail says it in its reader's language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from eventsys import dates
from eventsys.registrations.rules import Asked, Decision, Side, State
from eventsys.workflows.wording import AND, Span, say_short_date

NOT_NAMED = {"nb": "ikke navngitt", "nn": "ikkje namngitt", "en": "not named"}
ONE_OF = {
    Side.POLITICIAN: {"nb": "politiker", "nn": "politikar", "en": "politician"},
    Side.ADMINISTRATION: {"nb": "administrasjon", "nn": "administrasjon", "en": "administration"},
    Side.EMPLOYEE_REPRESENTATIVE: {"nb": "tillitsvalgt", "nn": "tillitsvald", "en": "employee representative"},
    Side.OTHER: {"nb": "annet", "nn": "anna", "en": "other"},
}
STATES = {
    State.CONFIRMED: {"nb": "bekreftet plass", "nn": "stadfesta plass", "en": "confirmed place"},
    State.WAITING: {"nb": "på venteliste", "nn": "på venteliste", "en": "on the waiting list"},
    State.OFFERED: {"nb": "tilbud om plass", "nn": "tilbod om plass", "en": "offer of a place"},
    State.REQUESTED: {
        "nb": "venter på svar fra arrangøren",
        "nn": "ventar på svar frå arrangøren",
        "en": "waiting for the organiser’s answer",
    },
    State.DECLINED: {"nb": "fikk ikke plass", "nn": "fekk ikkje plass", "en": "no place"},
    State.CANCELLED: {"nb": "avmeldt", "nn": "avmeld", "en": "cancelled"},
    State.ATTENDED: {"nb": "deltok", "nn": "deltok", "en": "attended"},
    State.ABSENT: {"nb": "møtte ikke", "nn": "møtte ikkje", "en": "did not come"},
}
NUMBER = {"nb": "{0}, nummer {1}", "nn": "{0}, nummer {1}", "en": "{0}, number {1}"}
UNTIL = {"nb": "{0}, svar innen {1}", "nn": "{0}, svar innan {1}", "en": "{0}, answer by {1}"}
ASKED = {
    Asked.CANCEL: {"nb": "å melde av", "nn": "å melde av", "en": "to cancel"},
    Asked.CHANGE: {
        "nb": "å endre påmeldingen",
        "nn": "å endre påmeldinga",
        "en": "to change the registration",
    },
    Asked.MOVE: {"nb": "å bytte dato", "nn": "å byte dato", "en": "to change to another date"},
    Asked.HAND_OVER: {
        "nb": "å gi plassen til en kollega",
        "nn": "å gje plassen til ein kollega",
        "en": "to give the place to a colleague",
    },
}
TO_DATE = {"nb": "å bytte til {0}", "nn": "å byte til {0}", "en": "to change to {0}"}
NIGHT = {"nb": "natten til {0}", "nn": "natta til {0}", "en": "the night before {0}"}
DECISIONS = {
    Decision.ACCEPTED: {"nb": "ja", "nn": "ja", "en": "yes"},
    Decision.DECLINED: {"nb": "nei", "nn": "nei", "en": "no"},
}


def say_who(name: str, side: Side | None, organisation: str | None, language: str) -> str:
    """«Kari Nordmann, Bø», or «ikke navngitt (Bø, administrasjon)»."""
    if name:
        return f"{name}, {organisation}" if organisation else name
    of = ", ".join(part for part in (organisation, ONE_OF[side][language] if side else "") if part)
    return f"{NOT_NAMED[language]} ({of})" if of else NOT_NAMED[language]


def say_status(state: State, position: int | None, until: datetime | None, language: str) -> str:
    """«bekreftet plass», «på venteliste, nummer 3»; `until`, local, is of an offer."""
    said = STATES[state][language]
    if state is State.WAITING and position is not None:
        return NUMBER[language].format(said, position)
    if state is State.OFFERED and until is not None:
        return UNTIL[language].format(said, dates.format_moment(until, language))
    return said


def say_seat(who: str, status: str) -> str:
    return f"{who} – {status}"


def say_positions(positions: Sequence[int], language: str) -> str:
    """«3», «3, 4 og 5»."""
    numbers = [str(position) for position in sorted(set(positions))]
    return f" {AND[language]} ".join(part for part in (", ".join(numbers[:-1]), *numbers[-1:]) if part)


def say_asked(asked: Asked, to: Span | None, language: str) -> str:
    """«å melde av», «å bytte til 2.–3. september»."""
    if asked is Asked.MOVE and to is not None:
        return TO_DATE[language].format(say_short_date(to, language))
    return ASKED[asked][language]


def say_night(on: date, language: str) -> str:
    """«natten til tirsdag 2. september 2008»: the night that begins on the day."""
    return NIGHT[language].format(dates.format_day(on + timedelta(days=1), language, weekday=True))


def say_decision(decision: Decision, language: str) -> str:
    return DECISIONS[decision][language]
