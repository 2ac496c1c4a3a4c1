"""What the log calls acts, objects and fields, and how it writes what became of a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates, texts
from eventsys.accounts.rules import LogVerb
from eventsys.events.rules import ChangeKind
from eventsys.invitations.labels import ACTS
from eventsys.registrations.labels import CHANGES, STATES
from eventsys.registrations.rules import Actor
from eventsys.web import LANGUAGES, language
from eventsys.workspace.history.fields import FIELDS, WORDS, name_field
from eventsys.workspace.history.queries import Line, Source

LONGEST_VALUE = 120
IN_ORDER = ("each_organisation", "cohort", "side", "most_seats", "free_seats", "people", "places", "held_until")
"""How the parts of a value are told; a database keeps them in an order of its own."""
WHOSE = "whose"
"""The part of a value that says whose the rest of it is."""

VERBS = {
    LogVerb.ADDED: _l("Added"),
    LogVerb.CHANGED: _l("Changed"),
    LogVerb.REMOVED: _l("Removed"),
    LogVerb.INVITED: _l("Invited"),
    LogVerb.IMPORTED: _l("Imported"),
    LogVerb.EXPORTED: _l("Exported"),
    LogVerb.MERGED: _l("Merged"),
    LogVerb.READ: _l("Read"),
}
EVENT_CHANGES = {
    ChangeKind.CREATED: _l("Made the draft"),
    ChangeKind.EDITED: _l("Changed"),
    ChangeKind.PUBLISHED: _l("Published"),
    ChangeKind.RUN_ADDED: _l("Added a gathering"),
    ChangeKind.RUN_CHANGED: _l("Moved a gathering in time or place"),
    ChangeKind.RUN_CANCELLED: _l("Cancelled a gathering"),
    ChangeKind.CANCELLED: _l("Cancelled the event"),
    ChangeKind.PROGRAMME_CHANGED: _l("Changed the programme"),
    ChangeKind.MATERIALS_PUBLISHED: _l("Published papers"),
}
LOOKS = {
    "unions": _l("Read which unions people come from"),
    "answers": _l("Read sensitive answers"),
    "food counts": _l("Read what people eat, as numbers"),
}
OBJECTS = {
    "event": _l("Event"),
    "application": _l("Application"),
    "assessors": _l("Assessors"),
    "criterion": _l("Criterion"),
    "decision_letter": _l("Letter about a decision"),
    "registration": _l("Registration"),
    "invitation": _l("Invitation"),
    "sensitive": _l("What is sensitive"),
    "text": _l("Mail text"),
    "venue": _l("Place"),
    "room": _l("Room"),
    "calendar": _l("Calendar address"),
    "booking": _l("Booking of a room"),
    "deadline": _l("Deadline of a contract"),
    "team": _l("Team"),
    "settings": _l("Settings"),
    "rule": _l("Rule for mail"),
    "mailing": _l("One mail to many"),
    "pause": _l("Stop of mail"),
    "audience": _l("Saved audience"),
    "invitation_round": _l("Round of invitations"),
    "organisation": _l("Organisation"),
    "position": _l("Role in an organisation"),
    "person": _l("Person"),
    "representative": _l("Union representatives"),
    "programme": _l("Programme"),
    "cohort": _l("Cohort"),
    "call": _l("Call"),
    "network": _l("Network"),
    "group": _l("Group"),
    "agenda_item": _l("Item of an agenda"),
    "minutes": _l("Minutes"),
    "obligation": _l("Promise"),
    "excuse": _l("Excuse"),
    "news": _l("News"),
    "document": _l("Document"),
    "order": _l("Order of a brochure"),
    "contact_person": _l("Contact person"),
    "material": _l("Papers"),
    "session": _l("Session"),
    "speaker": _l("Speaker"),
    "series": _l("Series"),
    "question": _l("Question"),
    "limits": _l("Limits"),
    "mail": _l("Mail"),
    "returned": _l("What came back"),
    "block": _l("Blocked address"),
    "export": _l("List for others"),
}
ACTORS = {
    Actor.PARTICIPANT: _l("The participant"),
    Actor.REGISTRAR: _l("Who signed them up"),
    Actor.ORGANISER: _l("An organiser"),
    Actor.SYSTEM: _l("By itself"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one field; empty values where the history keeps the field's name alone."""

    field: str
    was: str
    becomes: str


def name_act(line: Line) -> str:
    words: dict[Source, dict[Any, Any]] = {
        Source.EVENT: EVENT_CHANGES,
        Source.REGISTRATION: CHANGES,
        Source.INVITATION: ACTS,
        Source.SENSITIVE: LOOKS,
        Source.LOG: VERBS,
    }
    if line.source is Source.TEXT:
        return _("Saved version %(number)d", number=line.facts["number"])
    return str(words[line.source].get(line.verb) or _("Read what is sensitive"))


def name_who(line: Line) -> str:
    """The account; where there is none the participant, or time itself."""
    if line.who:
        return line.who
    actor = line.facts.get("actor") if line.source in (Source.REGISTRATION, Source.INVITATION) else None
    return str(ACTORS[Actor(actor)]) if actor else _("By itself")


def tell_differences(line: Line) -> list[Difference]:
    """What became of what, by the shapes in which the histories keep it."""
    facts = line.facts
    if line.source is Source.REGISTRATION:
        return _registration_states(facts)
    if line.source is Source.EVENT:
        return _of_event(facts)
    pairs = {name: pair for name, pair in facts.items() if isinstance(pair, dict) and {"from", "to"} >= set(pair)}
    return [_difference(name, pair.get("from"), pair.get("to")) for name, pair in pairs.items() if name not in HIDDEN]


HIDDEN = {"venue_id", "room_id", "timezone", "programme_id", "series_id", "edition", "form_token", "csrf_token"}
"""Numbers that stand for what is told by its name beside them, and what is nobody's doing."""


def _registration_states(facts: dict[str, Any]) -> list[Difference]:
    pair = facts.get("state")
    if pair is None:
        return []
    return [Difference(str(FIELDS["state"]), str(STATES[pair["from"]]), str(STATES[pair["to"]]))]


def _of_event(facts: dict[str, Any]) -> list[Difference]:
    was, becomes = facts.get("from"), facts.get("to")
    old, new = was if isinstance(was, dict) else {}, becomes if isinstance(becomes, dict) else {}
    both = isinstance(was, dict) and isinstance(becomes, dict)
    names = [name for name in dict.fromkeys([*old, *new]) if name not in HIDDEN]
    found = [_difference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
    told = found if both or isinstance(becomes, dict) else []
    named = [name for name in facts.get("fields", ()) if name not in old and name not in new and name not in HIDDEN]
    return [*told, *(Difference(name_field(name), "", "") for name in named)]


def _difference(name: str, was: Any, becomes: Any) -> Difference:
    return Difference(name_field(name), tell_value(was), tell_value(becomes))


def tell_value(value: Any) -> str:
    """The value as people write it, shortened where it is long."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _tell_dict(value)
    if isinstance(value, list):
        return _short(", ".join(tell_value(one) for one in value))
    return _short(_tell_word(str(value)))


def _tell_dict(value: dict[str, Any]) -> str:
    if set(value) <= set(LANGUAGES):
        return _short(texts.read(value, language()).value)
    names = sorted(
        (one for one in value if one != WHOSE),
        key=lambda name: IN_ORDER.index(name) if name in IN_ORDER else len(IN_ORDER),
    )
    told = ", ".join(f"{name_field(str(name))}: {tell_value(value[name])}" for name in names)
    return _short(f"{tell_value(value[WHOSE])} ({told})" if WHOSE in value else told)


def _tell_word(text: str) -> str:
    """A word that the program keeps as people say it, a day as it is written here, all else as it is."""
    known = WORDS.get(text)
    return str(known) if known else _tell_moment(text)


def _tell_moment(text: str) -> str:
    try:
        if len(text) == len("2008-09-01"):
            return dates.format_day(date.fromisoformat(text), language())
        if text[10:11] == "T":
            return dates.format_moment(datetime.fromisoformat(text), language())
    except ValueError:
        pass
    return text


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
