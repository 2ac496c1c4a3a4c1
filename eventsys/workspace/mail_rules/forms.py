"""A rule typed as a sentence, turned into what `switching` keeps or errors beside the field; reads no database."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _

from eventsys.workflows.rulefacts import RuleFacts, is_too_early
from eventsys.workflows.rules import Anchor, Audience, Trigger, Unit
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.mail_rules.labels import NOBODY_CAME, SIDES
from eventsys.workspace.mail_rules.meant import SavedAudience, read_audience, write_audience

RELATIVE, ABSOLUTE = Trigger.RELATIVE.value, Trigger.ABSOLUTE.value
MOST_UNITS = 999
BY_THE_CLOCK = (Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS)

Value = TypeVar("Value", bound=enum.StrEnum)


@dataclass(frozen=True)
class Offered:
    """What the form may say: keys of texts, saved audiences, and, for one event, its runs by their ids in the form and
    the time there."""

    texts: Collection[str]
    runs: Mapping[str, int] = field(default_factory=dict)
    may_be_absolute: bool = False
    local_now: datetime | None = None
    saved: Sequence[SavedAudience] = ()


def read_rule(reader: Reader, offered: Offered, *, trigger: Trigger | None = None) -> RuleFacts | None:
    """What was typed; None if something is wrong with it. With `trigger`, one that fires at once, only the text is read."""
    text = _text(reader, offered)
    if trigger is not None:
        return None if reader.errors else RuleFacts(trigger=trigger, template=text)
    absolute = offered.may_be_absolute and reader.typed.get("when") == ABSOLUTE
    facts = _absolute(reader, offered, text) if absolute else _relative(reader, text)
    meant = read_audience(reader.typed.get("audience", ""), offered.saved)
    if meant is None:
        reader.errors["audience"] = _("Choose one from the list.")
    if reader.errors or facts is None or meant is None:
        return None
    audience, audience_id = meant
    facts = replace(facts, audience=audience, audience_id=audience_id, late_joiners="late" in reader.typed)
    if is_too_early(facts):
        reader.errors["audience"] = str(NOBODY_CAME)
        return None
    return facts


def _text(reader: Reader, offered: Offered) -> str:
    text = reader.typed.get("text", "")
    if text not in offered.texts:
        reader.errors["text"] = _("Choose which text to send.")
    return text


def _relative(reader: Reader, text: str) -> RuleFacts | None:
    number = _number(reader)
    unit = _choose(reader, "unit", Unit)
    side = reader.typed.get("side", "")
    if side not in SIDES:
        reader.errors["side"] = _("Choose before or after.")
    anchor = _choose(reader, "anchor", Anchor)
    clock = None
    if unit in BY_THE_CLOCK:
        clock = reader.clock("clock", required=_("Write a time of day, such as 09.00."))
    if number is None or unit is None or anchor is None:
        return None
    offset = -number if side == "before" else number
    return RuleFacts(Trigger.RELATIVE, text, anchor=anchor, offset_units=offset, unit=unit, clock_time=clock)


def _absolute(reader: Reader, offered: Offered, text: str) -> RuleFacts | None:
    day = reader.day("day", required=_("Write the day it goes out, such as 20.08.2008."))
    clock = reader.clock("at", required=_("Write a time of day, such as 09.00."))
    run = reader.typed.get("run", "")
    if run and run not in offered.runs:
        reader.errors["run"] = _("Choose all dates or one of them.")
    if day is None or clock is None or reader.errors:
        return None
    at = datetime.combine(day, clock)
    if offered.local_now is not None and at <= offered.local_now:
        reader.errors["day"] = _("That moment has passed, so nothing would be sent.")
    return RuleFacts(Trigger.ABSOLUTE, text, at_local=at, run_id=offered.runs.get(run))


def _number(reader: Reader) -> int | None:
    text = reader.typed.get("number", "").strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_UNITS):
        reader.errors["number"] = _("Write a whole number from 0 to %(most)s.", most=MOST_UNITS)
        return None
    return int(text)


def _choose(reader: Reader, name: str, kind: type[Value]) -> Value | None:
    value = reader.typed.get(name, "")
    if value in set(kind):
        return kind(value)
    reader.errors[name] = _("Choose one from the list.")
    return None


def type_rule(facts: RuleFacts, *, run: str = "", saved: Sequence[SavedAudience] = ()) -> Typed:
    """The form as if somebody had typed the rule as it is; `run` is the id in the form of its run."""
    offset = facts.offset_units or 0
    at = facts.at_local
    typed = {
        "when": facts.trigger.value,
        "number": str(abs(offset)),
        "unit": facts.unit or Unit.DAYS,
        "side": "after" if offset > 0 else "before",
        "anchor": facts.anchor or Anchor.START,
        "clock": f"{facts.clock_time:%H.%M}" if facts.clock_time else "",
        "day": write_day(at.date()) if at else "",
        "at": f"{at:%H.%M}" if at else "",
        "run": run,
        "audience": write_audience(
            facts.audience if facts.audience is not Audience.CONCERNED else Audience.CONFIRMED, facts.audience_id, saved
        ),
        "text": facts.template,
    }
    return Typed(
        {**{name: str(value) for name, value in typed.items()}, **({"late": "1"} if facts.late_joiners else {})}
    )


def type_new() -> Typed:
    """Where a new rule begins: a reminder a week before."""
    return Typed(
        {
            "when": RELATIVE,
            "number": "7",
            "unit": Unit.DAYS.value,
            "side": "before",
            "anchor": Anchor.START.value,
            "clock": "09.00",
            "audience": Audience.CONFIRMED.value,
            "text": "reminder",
        }
    )
