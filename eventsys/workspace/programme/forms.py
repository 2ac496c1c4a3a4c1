"""Sessions and speakers as organisers type them, turned into values or errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import gettext as _

from eventsys.events.programme.rules import SessionFacts, SpeakerFacts, join_speaker, split_speaker
from eventsys.events.rules import SessionKind
from eventsys.extensions import Translated
from eventsys.workspace.forms import LANGUAGES, MOST_PEOPLE, Reader, Typed, write_day

MOST_SPEAKERS = 12
SHOWN_SPEAKERS = 2
"""How many lines for speakers a new session's form has."""


@dataclass(frozen=True)
class Frame:
    """What of its run a session must fit: its days, if they are known, and the ids of the rooms to choose by what the form
    calls them."""

    first_on: date | None
    last_on: date | None
    rooms: Mapping[str, int]
    days: str


@dataclass(frozen=True)
class SessionEntry:
    facts: SessionFacts
    speakers: tuple[SpeakerFacts, ...]


def read_session(reader: Reader, frame: Frame, *, called: Translated) -> SessionEntry | None:
    """The session that was typed; None if something is wrong. `called` is the title of a break or meal without one."""
    kind = next((one for one in SessionKind if one == reader.typed.get("kind")), SessionKind.SESSION)
    title = read_texts(reader, "title", most=200)
    if kind is not SessionKind.SESSION and not title:
        title = called
    if not any(title.get(code) for code in ("nb", "nn")):
        reader.errors["title_nb"] = _("Give the session a title, in bokmål or nynorsk.")
    starts, ends = _read_times(reader, frame)
    room = _read_room(reader, frame)
    place = reader.text("place", most=200)
    if room is not None and place:
        reader.errors["place"] = _("Choose a room or write a place, not both.")
    speakers = _read_speakers(reader)
    capacity = reader.number("capacity", most=MOST_PEOPLE)
    description = {code: reader.prose(f"description_{code}", most=5_000) for code in LANGUAGES}
    if reader.errors:
        return None
    facts = SessionFacts(
        title=title,
        description={code: text for code, text in description.items() if text},
        starts_local=starts,
        ends_local=ends,
        place=place,
        capacity=capacity if kind is SessionKind.SESSION else None,
        chosen=kind is SessionKind.SESSION and "chosen" in reader.typed,
        kind=kind,
        room_id=room,
    )
    return SessionEntry(facts, speakers)


def _read_times(reader: Reader, frame: Frame) -> tuple[datetime | None, datetime | None]:
    """Both moments; where the run has no days yet, none need be typed, or all of them."""
    names = ("on", "starts", "ends")
    if frame.first_on is None and not any(reader.typed.get(name, "").strip() for name in names):
        return None, None
    day = reader.day("on", required=_("Write the day."))
    starts = reader.clock("starts", required=_("Write when it begins, such as 10.00."))
    ends = reader.clock("ends", required=_("Write when it ends, such as 15.30."))
    if starts and ends and ends <= starts:
        reader.errors["ends"] = _("It cannot end before it begins.")
    if day and frame.first_on and frame.last_on and not frame.first_on <= day <= frame.last_on:
        reader.errors["on"] = _("The day must be one of these: %(days)s.", days=frame.days)
    if day is None or starts is None or ends is None:
        return None, None
    return datetime.combine(day, starts), datetime.combine(day, ends)


def _read_room(reader: Reader, frame: Frame) -> int | None:
    typed = reader.typed.get("room", "")
    if not typed:
        return None
    room = frame.rooms.get(typed)
    if room is None:
        reader.errors["room"] = _("Choose a room from the list.")
    return room


def _read_speakers(reader: Reader) -> tuple[SpeakerFacts, ...]:
    found = []
    for number in range(MOST_SPEAKERS):
        text = reader.text(f"speaker-{number}", most=400)
        facts = split_speaker(text)
        if text and not facts.name:
            reader.errors[f"speaker-{number}"] = _("Write the name first.")
        elif len(facts.name) > 200 or len(facts.affiliation) > 200:
            reader.errors[f"speaker-{number}"] = _("That is too long.")
        elif facts.name:
            found.append(facts)
    return tuple(found)


def count_speaker_lines(typed: Typed) -> int:
    """How many lines the form has for speakers: those that are filled in and one more, and one for each press of «more»."""
    filled = [number for number in range(MOST_SPEAKERS) if typed.get(f"speaker-{number}", "").strip()]
    asked = typed.get("speakers", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else SHOWN_SPEAKERS
    return min(max(wanted + ("more" in typed), (filled[-1] + 2) if filled else 0, 1), MOST_SPEAKERS)


def read_texts(reader: Reader, name: str, *, most: int) -> Translated:
    written = {code: reader.text(f"{name}_{code}", most=most) for code in LANGUAGES}
    return {code: text for code, text in written.items() if text}


def type_session(facts: SessionFacts, speakers: Collection[tuple[str, str]], room: str) -> Typed:
    """The form as if somebody had typed the session as it is; speakers as (name, what they are), the room as the form calls
    it."""
    starts, ends = facts.starts_local, facts.ends_local
    typed = Typed(
        {
            "kind": facts.kind.value,
            **{f"title_{code}": facts.title.get(code, "") for code in LANGUAGES},
            **{f"description_{code}": facts.description.get(code, "") for code in LANGUAGES},
            "on": write_day(starts.date() if starts else None),
            "starts": write_clock(starts),
            "ends": write_clock(ends),
            "room": room,
            "place": facts.place,
            "capacity": str(facts.capacity or ""),
            **{f"speaker-{number}": join_speaker(*one) for number, one in enumerate(speakers)},
        }
    )
    if facts.chosen:
        typed["chosen"] = "1"
    return typed


def write_clock(moment: datetime | time | None) -> str:
    return f"{moment:%H.%M}" if moment else ""


def read_speaker(reader: Reader) -> SpeakerFacts | None:
    """The speaker that was typed on a page of their own; None if something is wrong."""
    name = reader.text("name", most=200, required=_("Write the name."))
    affiliation = reader.text("affiliation", most=200)
    about = {code: reader.prose(f"about_{code}", most=2_000) for code in LANGUAGES}
    email = reader.email("email")
    spoken = reader.typed.get("language", "")
    if reader.errors:
        return None
    written = {code: text for code, text in about.items() if text}
    return SpeakerFacts(name, affiliation, written, email, spoken if spoken in LANGUAGES else None)


def type_speaker(facts: SpeakerFacts) -> Typed:
    return Typed(
        {
            "name": facts.name,
            "affiliation": facts.affiliation,
            **{f"about_{code}": facts.about.get(code, "") for code in LANGUAGES},
            "email": facts.email,
            "language": facts.language or "",
        }
    )
