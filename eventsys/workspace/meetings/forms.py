"""What organisers type about a group's meetings, agendas and minutes, as values; nothing here reads the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from flask_babel import gettext as _

from eventsys.events.meetings.rules import MOST_DATES, MOST_WEEKS, ItemFacts, Rhythm, list_dates
from eventsys.events.rules import ItemKind
from eventsys.workspace.forms import Reader, read_titles
from eventsys.workspace.registers.forms import choose

LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class MeetingsEntry:
    """The days of the meetings, each from `starts` to `ends`; `venue` is the slug of a known place, `new_venue` the name of
    another. `is_out` says that they are published and the members put on their lists."""

    title: dict[str, str]
    days: tuple[date, ...]
    starts: time
    ends: time
    venue: str
    new_venue: str
    is_out: bool


def read_meetings(reader: Reader) -> MeetingsEntry | None:
    """None if something is wrong. A day that was shown and is no longer ticked is left out."""
    title = read_titles(reader)
    days = read_dates(reader)
    starts = reader.clock("starts", required=_("Write when it begins, such as 10.00."))
    ends = reader.clock("ends", required=_("Write when it ends, such as 15.30."))
    if starts and ends and ends <= starts:
        reader.errors["ends"] = _("It cannot end before it begins.")
    new_venue = reader.text("new_venue", most=200)
    left_out = set(reader.typed.getlist("shown")) - set(reader.typed.getlist("day"))
    chosen = tuple(day for day in days if day.isoformat() not in left_out)
    if days and not chosen:
        reader.errors["first_on"] = _("Choose one day at least.")
    if reader.errors or starts is None or ends is None:
        return None
    is_out = bool(reader.typed.get("is_out"))
    return MeetingsEntry(title, chosen, starts, ends, reader.typed.get("venue", ""), new_venue, is_out)


def read_dates(reader: Reader) -> list[date]:
    """The days that the rhythm gives; none if something is wrong with it."""
    first_on = reader.day("first_on", required=_("Write the day of the first meeting."))
    rhythm = choose(reader, "rhythm", Rhythm) or Rhythm.WEEKDAY
    count = reader.number("count", most=MOST_DATES)
    weeks = reader.number("weeks", most=MOST_WEEKS) if rhythm is Rhythm.WEEKS else None
    if count is None and "count" not in reader.errors:
        reader.errors["count"] = _("Write how many meetings there are to be.")
    if rhythm is Rhythm.WEEKS and weeks is None and "weeks" not in reader.errors:
        reader.errors["weeks"] = _("Write how many weeks there are from one to the next.")
    if first_on is None or count is None or (rhythm is Rhythm.WEEKS and weeks is None):
        return []
    skips_july = bool(reader.typed.get("skips_july"))
    return list_dates(first_on, rhythm, count, weeks=weeks or 1, skips_july=skips_july)


def read_item(reader: Reader) -> ItemFacts | None:
    kind = choose(reader, "kind", ItemKind) or ItemKind.DISCUSSION
    title = reader.text("title", most=200, required=_("Write what the item is about."))
    presenter = reader.text("presenter", most=200)
    text = reader.prose("text", most=LONGEST_TEXT)
    return None if reader.errors else ItemFacts(kind, title, presenter, text)
