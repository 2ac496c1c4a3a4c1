"""What an event of each kind begins with, so that most of its form is filled in. Pure; a table."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.events.rules import EventType, Precision, Role, Translated


@dataclass(frozen=True)
class Beginning:
    """What the form of a new event of this kind says before anything is typed."""

    title: Translated
    precision: Precision = Precision.DAYS
    role: Role | None = None
    by_invitation: bool = False
    is_closed: bool = False


BEGINNINGS = {
    EventType.KICKOFF: Beginning({"nb": "Oppstartssamling", "nn": "Oppstartssamling", "en": "Kickoff"}),
    EventType.LEARNING_SEMINAR: Beginning(
        {"nb": "Læringsseminar", "nn": "Læringsseminar", "en": "Learning seminar"}, Precision.EXACT
    ),
    EventType.PROJECT_LEADERS: Beginning(
        {"nb": "Samling for prosjektledere", "nn": "Samling for prosjektleiarar", "en": "Project leaders' gathering"},
        Precision.EXACT,
        Role.PROJECT_LEADER,
    ),
    EventType.NETWORK_GATHERING: Beginning(
        {"nb": "Nettverkssamling", "nn": "Nettverkssamling", "en": "Network gathering"}, Precision.MONTH
    ),
    EventType.CONFERENCE: Beginning({"nb": "Konferanse", "nn": "Konferanse", "en": "Conference"}, Precision.EXACT),
    EventType.STEERING_GROUP: Beginning(
        {"nb": "Møte i styringsgruppa", "nn": "Møte i styringsgruppa", "en": "Steering group meeting"},
        Precision.EXACT,
        by_invitation=True,
        is_closed=True,
    ),
    EventType.POLITICAL_CONTACT: Beginning(
        {"nb": "Politisk kontaktmøte", "nn": "Politisk kontaktmøte", "en": "Political contact meeting"},
        Precision.EXACT,
        Role.POLITICIAN,
        by_invitation=True,
        is_closed=True,
    ),
    EventType.MEETING: Beginning({}, Precision.EXACT),
}
