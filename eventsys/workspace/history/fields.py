"""What people call the fields that the histories keep, and the words that some of their values are."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.accounts import labels as accounts
from eventsys.events import labels as events
from eventsys.events.bookings.deadlines import labels as deadlines
from eventsys.events.materials import labels as materials
from eventsys.organisations import labels as organisations
from eventsys.organisations.labels import LANGUAGE_FORMS, POSITION_ROLES
from eventsys.programmes import labels as programmes
from eventsys.registrations.labels import SIDES
from eventsys.site.labels import DOCUMENT_KINDS, ORDER_STATES
from eventsys.venues.labels import LAYOUTS
from eventsys.workspace.intake.labels import TASKS
from eventsys.workspace.mail import labels as mail

FIELDS = {
    "about": _l("About"),
    "access": _l("Who may open it"),
    "address": _l("Address"),
    "adviser": _l("Adviser"),
    "affiliation": _l("Where from"),
    "archive_email": _l("Address of your archive"),
    "asks_approval": _l("Asks for approval"),
    "asks_union": _l("Asks for the union"),
    "audience": _l("Whom it is for"),
    "begins_on": _l("First day"),
    "by_invitation": _l("By invitation alone"),
    "cancel_by": _l("Cancel by"),
    "capacity": _l("Number of places"),
    "case_number": _l("Case number"),
    "change_by": _l("Change by"),
    "each_organisation": _l("Each organisation"),
    "ceiling": _l("How many it takes"),
    "chosen": _l("Chosen by participants"),
    "clauses": _l("Whom it is for"),
    "cohort": _l("Cohort"),
    "closes_on": _l("Registration closes"),
    "closes_local": _l("Deadline"),
    "confirmed": _l("Confirmed"),
    "contact_email": _l("Address of the contact"),
    "contact_name": _l("Contact there"),
    "contact_phone": _l("Telephone of the contact"),
    "contacts": _l("Who answers for it"),
    "copies": _l("Copies"),
    "county": _l("County"),
    "description": _l("Description"),
    "done": _l("Done"),
    "due_on": _l("Due on"),
    "edition": _l("Version"),
    "email": _l("E-mail address"),
    "ends_local": _l("Ends"),
    "ends_on": _l("Last day"),
    "equipment": _l("Equipment"),
    "event": _l("Event"),
    "events": _l("Events"),
    "feed": _l("Address of the calendar"),
    "file": _l("File"),
    "first_on": _l("First day"),
    "floor": _l("Floor"),
    "free_seats": _l("Places without cost"),
    "from_on": _l("From"),
    "hand_over_by": _l("Hand over by"),
    "has_own_text": _l("Edited by itself"),
    "help": _l("What gives many points, and what few"),
    "granted": _l("May arrange for it"),
    "held_places": _l("Places held"),
    "held_until": _l("Held until"),
    "holds_uncertain": _l("Uncertain mail waits"),
    "hotel": _l("Hotel"),
    "how_many": _l("How many"),
    "is_closed": _l("Closed to all others"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "language_form": _l("Language form"),
    "language_form_on": _l("Decided on"),
    "language_form_source": _l("Source"),
    "last_on": _l("Last day"),
    "layout": _l("Set up as"),
    "letter": _l("Letter"),
    "letters": _l("Letters"),
    "links": _l("Links mailed"),
    "map": _l("On the map"),
    "most_points": _l("The most points"),
    "most_seats": _l("Places at most"),
    "most_copies": _l("Most copies at once"),
    "name": _l("Name"),
    "names_by": _l("Names by"),
    "nights": _l("Nights"),
    "notes": _l("Notes"),
    "number": _l("Number"),
    "nudge": _l("Reminder"),
    "offer_hours": _l("Hours to answer an offer"),
    "on": _l("Switched on"),
    "on_paper": _l("Can be ordered on paper"),
    "opens_on": _l("Registration opens"),
    "options": _l("Options"),
    "order": _l("The order"),
    "ordinal": _l("Number in the series"),
    "organisation": _l("Organisation"),
    "organisation_number": _l("Organisation number"),
    "own": _l("For us alone"),
    "own_here": _l("Of its own there"),
    "parent_id": _l("Belongs to"),
    "participants": _l("Participants"),
    "people": _l("People who are invited by name"),
    "partner": _l("Copy to a partner"),
    "phone": _l("Telephone"),
    "places": _l("Number of places"),
    "place": _l("Place"),
    "position": _l("Position"),
    "postal_address": _l("Postal address"),
    "precision": _l("How exactly it is known"),
    "presenter": _l("Who takes it"),
    "programme": _l("Programme"),
    "promotion_stops_hours": _l("Places are given until"),
    "published_at": _l("Published"),
    "quiet_from": _l("Quiet from"),
    "quiet_to": _l("Quiet until"),
    "quotas": _l("Quotas"),
    "reason": _l("Why"),
    "remind_days": _l("Remind days before"),
    "required": _l("Must be answered"),
    "role": _l("Role"),
    "room": _l("Room"),
    "rooms": _l("Rooms"),
    "rule": _l("Rule for mail"),
    "side": _l("Represents"),
    "sensitive": _l("Sensitive"),
    "sessions": _l("Sessions"),
    "starts_local": _l("Begins"),
    "state": _l("State"),
    "status": _l("State"),
    "summary": _l("Summary"),
    "task": _l("With the applications"),
    "text": _l("Text"),
    "title": _l("Title"),
    "to_on": _l("Until"),
    "type": _l("Kind of event"),
    "url": _l("Link"),
    "valid_from": _l("From"),
    "valid_to": _l("Until"),
    "venue": _l("Place"),
    "words": _l("Words"),
}
IMPORTED = {
    "new": _l("New"),
    "changed": _l("Changed"),
    "same": _l("As before"),
    "wrong": _l("Not taken"),
}
"""What became of the rows of an import, which the log counts."""
WORDS: dict[str, Any] = {
    str(key): label
    for labels in (
        programmes.PARTY_ROLES, programmes.PARTY_KINDS, programmes.NETWORK_KINDS, programmes.STATUSES,
        SIDES, events.STATUSES, events.TYPES, events.PRECISIONS, materials.KINDS, materials.ACCESSES, deadlines.KINDS,
        LAYOUTS, DOCUMENT_KINDS, ORDER_STATES, organisations.KINDS, POSITION_ROLES, LANGUAGE_FORMS, accounts.ROLES,
        mail.STATES, TASKS,
    )
    for key, label in labels.items()
} | {"nb": _l("Bokmål"), "nn": _l("Nynorsk"), "en": _l("English")}  # fmt: skip
"""Values that are words of the program."""


def name_field(name: str) -> str:
    """What people call the field; a general word for one that has no name, never its name in the program."""
    known = FIELDS.get(name) or IMPORTED.get(name) or FIELDS.get(name.partition("_")[0])
    return str(known) if known else _("Something else")
