"""A call as it is typed: its title and text, the deadline by the clock, its intakes; and when somebody is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from eventsys import dates
from eventsys.audiences.rules import Clause, Condition, Kind, Reach, keep_clauses
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.calls.rules import MOST_INTAKES, CallFacts, IntakeFacts, Nudged
from eventsys.web import language
from eventsys.workspace.forms import LANGUAGES, Reader, Typed

MOST_BODY = 20_000
MOST_PLACES = 10_000
OF_AN_INTAKE = (
    "ordinal", "name_nb", "name_nn", "name_en", "ceiling", "beside", "cohort", "decides_on", "starts_on",
)  # fmt: skip

EVERYBODY = keep_clauses(
    [
        Clause(
            conditions=(Condition(kind=Kind.ORGANISATION_KIND, words=(OrganisationKind.MUNICIPALITY.value,)),),
            reach=Reach.MAILBOXES,
        )
    ]
)
"""All municipalities, whom a call goes to where nothing else is said."""


def read_call(
    reader: Reader, cohorts: Mapping[str, int], *, timezone: str, now: datetime, was: datetime | None = None
) -> CallFacts | None:
    """What was typed; None, with the errors by field, where something is wrong. `cohorts` are ids by slug, `was` is the
    deadline that it had."""
    title = _in_languages(reader, "title", 200)
    if not title.keys() & {"nb", "nn"}:
        reader.errors["title_nb"] = _("Give the call a title, in bokmål or nynorsk.")
    body = {code: reader.prose(f"body_{code}", most=MOST_BODY) for code in LANGUAGES}
    closes = _read_deadline(reader, timezone, now, was)
    case_number = reader.text("case_number", most=20)
    intakes = [_read_intake(reader, row, cohorts) for row in range(count_intakes(reader.typed))]
    if reader.errors or closes is None:
        return None
    return CallFacts(
        title=title,
        body={code: text for code, text in body.items() if text},
        closes_local=closes,
        timezone=timezone,
        case_number=case_number,
        intakes=[one for one in intakes if one is not None],
    )


def _in_languages(reader: Reader, name: str, most: int, suffix: str = "") -> dict[str, str]:
    typed = {code: reader.text(f"{name}_{code}{suffix}", most=most) for code in LANGUAGES}
    return {code: text for code, text in typed.items() if text}


def _read_deadline(reader: Reader, timezone: str, now: datetime, was: datetime | None) -> datetime | None:
    """One that has passed is taken only where it stood there before."""
    day = reader.day("closes_on", required=_("Write the last day, such as 01.09.2008."))
    clock = reader.clock("closes_at", required=_("Write the time, such as 15.00."))
    if day is None or clock is None:
        return None
    local = datetime.combine(day, clock)
    if local != was and dates.to_utc(local, timezone) <= now:
        reader.errors["closes_on"] = _("That moment has passed. Write a later one.")
    return local


def _read_intake(reader: Reader, row: int, cohorts: Mapping[str, int]) -> IntakeFacts | None:
    name = _in_languages(reader, "name", 200, f"-{row}")
    if not name.keys() & {"nb", "nn"}:
        reader.errors[f"name_nb-{row}"] = _("Give the intake a name, in bokmål or nynorsk.")
    if not reader.typed.get(f"ceiling-{row}", "").strip():
        reader.errors[f"ceiling-{row}"] = _("Write how many places there are.")
    ceiling = reader.number(f"ceiling-{row}", most=MOST_PLACES)
    beside = 0
    if reader.typed.get(f"beside-{row}", "").strip() not in ("", "0"):
        beside = reader.number(f"beside-{row}", most=MOST_PLACES) or 0
    decides_on, starts_on = reader.day(f"decides_on-{row}"), reader.day(f"starts_on-{row}")
    if decides_on and starts_on and starts_on < decides_on:
        reader.errors[f"starts_on-{row}"] = _("It cannot begin before it is decided.")
    cohort_id = cohorts.get(reader.typed.get(f"cohort-{row}", ""))
    ordinal = read_ordinal(reader.typed, row)
    return (
        IntakeFacts(ordinal, name, ceiling, beside, cohort_id, decides_on, starts_on) if ceiling is not None else None
    )


def read_ordinal(typed: Typed, row: int) -> int:
    """Which of the call's intakes the row is."""
    text = typed.get(f"ordinal-{row}", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:4]) < 1000 else row + 1


def count_intakes(typed: Typed) -> int:
    text = typed.get("intakes", "0")
    return min(int(text), MOST_INTAKES) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def add_intake(typed: Typed) -> Typed:
    """The form with one intake more, numbered after all that it has."""
    count = count_intakes(typed)
    if count < MOST_INTAKES:
        last = max((read_ordinal(typed, row) for row in range(count)), default=0)
        typed["intakes"], typed[f"ordinal-{count}"] = str(count + 1), str(last + 1)
    return typed


def take_intake(typed: Typed, row: int) -> Typed:
    """The form without one of its intakes; those after it move up and keep their numbers."""
    count = count_intakes(typed)
    if not 0 <= row < count:
        return typed
    for place in range(row, count - 1):
        for name in OF_AN_INTAKE:
            typed[f"{name}-{place}"] = typed.get(f"{name}-{place + 1}", "")
    typed["intakes"] = str(count - 1)
    return typed


def tell_typed_deadline(typed: Typed) -> str:
    """The deadline in words, as far as it can be read."""
    reader = Reader(typed)
    day, clock = reader.day("closes_on"), reader.clock("closes_at", required="-")
    return dates.format_moment(datetime.combine(day, clock), language()) if day and clock else ""


def read_nudge(
    reader: Reader, *, closes_local: datetime, timezone: str, now: datetime
) -> tuple[Nudged, datetime] | None:
    """Who is reminded and when; None, with the errors by field, where something is wrong."""
    whom = reader.typed.get("whom", "")
    if whom not in set(Nudged):
        reader.errors["whom"] = _("Choose who is reminded.")
    day = reader.day("on", required=_("Write the day, such as 01.09.2008."))
    clock = reader.clock("at", required=_("Write the time, such as 10.00."))
    if reader.errors or day is None or clock is None:
        return None
    local = datetime.combine(day, clock)
    if dates.to_utc(local, timezone) <= now:
        reader.errors["on"] = _("That moment has passed. Write a later one.")
    elif local >= closes_local:
        reader.errors["on"] = _("That is after the deadline. Write an earlier moment.")
    return None if reader.errors else (Nudged(whom), local)
