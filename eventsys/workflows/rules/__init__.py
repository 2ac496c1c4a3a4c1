"""What makes a rule fire, whom its mails go to, and what they demand. When it fires is in `moments`. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import time, timedelta

from eventsys.invitations.rules import InvitationState
from eventsys.registrations.rules import State


class Trigger(enum.StrEnum):
    """What makes a rule fire: a kind of change, or a time relative to a run."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    PROMOTED = "promoted"
    REQUESTED = "requested"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REPEATED = "repeated"
    READDRESSED = "readdressed"
    OFFERED = "offered"
    LAPSED = "lapsed"
    MOVED = "moved"
    MOVED_FROM = "moved_from"
    CHANGED = "changed"
    NAMED = "named"
    HANDED_OVER = "handed_over"
    GIVEN_AWAY = "given_away"
    RESTORED = "restored"
    DELEGATION = "delegation"
    ASKED = "asked"
    ANSWERED = "answered"
    RUN_CHANGED = "run_changed"
    RUN_CANCELLED = "run_cancelled"
    PROGRAMME_CHANGED = "programme_changed"
    MATERIALS_PUBLISHED = "materials_published"
    INVITED = "invited"
    INVITATION_NUDGED = "invitation_nudged"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class Anchor(enum.StrEnum):
    """What a relative time counts from: a run's start or end, the last day of an event's registration, or the day by which
    every seat is to have a name."""

    START = "start"
    END = "end"
    DEADLINE = "deadline"
    NAMING = "naming"


class Audience(enum.StrEnum):
    """To whom: the one whom a change concerns; registrations by state; organisations (their official mailboxes or their
    contacts) that an event is for and that have nobody signed up, or too few sides, or need it to keep what they promised;
    the organisers themselves."""

    CONCERNED = "concerned"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"
    UNNAMED = "unnamed"
    ORGANISATIONS_WITHOUT = "organisations_without"
    ORGANISATIONS_LACKING = "organisations_lacking"
    CONTACTS_WITHOUT = "contacts_without"
    CONTACTS_LACKING = "contacts_lacking"
    CONTACTS_AT_RISK = "contacts_at_risk"
    INVITED = "invited"
    SPEAKERS = "speakers"
    SAVED = "saved"
    SAVED_WITHOUT = "saved_without"
    ORGANISERS = "organisers"


OF_EVENTS = (Anchor.DEADLINE, Anchor.NAMING)
"""The anchors that an event has once, however many runs."""


class Unit(enum.StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    WORKING_DAYS = "working_days"


class OccasionState(enum.StrEnum):
    PLANNED = "planned"
    FIRED = "fired"
    MISSED = "missed"
    DROPPED = "dropped"


REMINDERS = "reminders"
INVITATIONS = "invitations"
TOO_LATE_AFTER = timedelta(hours=24)
OWN_ACT = timedelta(hours=1)
"""How long a mail is an answer to what its reader did, which quiet hours let through."""
LIVE = tuple(state for state in State if state not in (State.CANCELLED, State.DECLINED))
ALIVE = (State.REQUESTED, State.OFFERED, State.WAITING, State.CONFIRMED)
HAS_A_PLACE = (State.CONFIRMED, State.ATTENDED, State.ABSENT)
EVERY = tuple(State)
STATES: dict[Audience, tuple[State, ...]] = {
    Audience.REGISTERED: LIVE,
    Audience.CONFIRMED: (State.CONFIRMED,),
    Audience.WAITING: (State.WAITING,),
    Audience.REQUESTED: (State.REQUESTED, State.OFFERED),
    Audience.CANCELLED: (State.CANCELLED,),
    Audience.ATTENDED: (State.ATTENDED,),
    Audience.ABSENT: (State.ABSENT,),
}
"""The audiences that are registrations, by their states."""
OF_CONTACTS = (Audience.CONTACTS_WITHOUT, Audience.CONTACTS_LACKING, Audience.CONTACTS_AT_RISK)
"""Those that are an organisation's contacts: of the last two its mailbox, where it has no contact."""
OF_ORGANISATIONS = (Audience.ORGANISATIONS_WITHOUT, Audience.ORGANISATIONS_LACKING, *OF_CONTACTS)
OF_SAVED = (Audience.SAVED, Audience.SAVED_WITHOUT)


class Whom(enum.StrEnum):
    """Who reads a mail about a seat: the address of the seat itself, of the one who had it before, of the delegation's
    registrar, or the organiser's own. Nobody but the first gets its personal link."""

    PERSON = "person"
    FIRST = "first"
    REGISTRAR = "registrar"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class Demands:
    """What must hold when a mail is sent: the registrations' states, whether the run still stands, what it must precede.

    `calendar` is the method of its calendar part, `category` what its reader may unsubscribe from. One that `lasts` tells
    of what happened, whatever has changed since. A mail about an invitation demands one of `invited` of it.
    """

    states: tuple[State, ...]
    calendar: str = ""
    category: str = ""
    needs_run: bool = True
    before_start: bool = False
    before_deadline: bool = False
    before_naming: bool = False
    whom: Whom = Whom.PERSON
    lasts: bool = False
    invited: tuple[InvitationState, ...] = ()


UNANSWERED = (InvitationState.ASKED,)
BY_TRIGGER: dict[Trigger, Demands] = {
    Trigger.CONFIRMED: Demands(HAS_A_PLACE, calendar="REQUEST"),
    Trigger.NAMED: Demands(ALIVE, calendar="REQUEST"),
    Trigger.DELEGATION: Demands(ALIVE, calendar="REQUEST", whom=Whom.REGISTRAR, lasts=True),
    Trigger.WAITING: Demands((State.WAITING,)),
    Trigger.OFFERED: Demands((State.OFFERED,)),
    Trigger.LAPSED: Demands((State.CANCELLED,)),
    Trigger.PROMOTED: Demands(HAS_A_PLACE, calendar="REQUEST"),
    Trigger.REQUESTED: Demands((State.REQUESTED,)),
    Trigger.DECLINED: Demands((State.DECLINED,), needs_run=False),
    Trigger.CHANGED: Demands(ALIVE, lasts=True),
    Trigger.MOVED: Demands(ALIVE, calendar="REQUEST"),
    Trigger.MOVED_FROM: Demands(EVERY, calendar="CANCEL", needs_run=False, lasts=True),
    Trigger.HANDED_OVER: Demands(ALIVE, calendar="REQUEST"),
    Trigger.GIVEN_AWAY: Demands(EVERY, calendar="CANCEL", needs_run=False, whom=Whom.FIRST, lasts=True),
    Trigger.CANCELLED: Demands((State.CANCELLED,), calendar="CANCEL", needs_run=False),
    Trigger.RESTORED: Demands(LIVE, calendar="REQUEST"),
    Trigger.REPEATED: Demands(ALIVE),
    Trigger.READDRESSED: Demands(ALIVE, calendar="REQUEST"),
    Trigger.ASKED: Demands(LIVE, whom=Whom.ORGANISER, lasts=True),
    Trigger.ANSWERED: Demands(EVERY, lasts=True),
    Trigger.RUN_CHANGED: Demands(ALIVE, calendar="REQUEST"),
    Trigger.RUN_CANCELLED: Demands(ALIVE, calendar="CANCEL", needs_run=False),
    Trigger.PROGRAMME_CHANGED: Demands(HAS_A_PLACE, before_start=True),
    Trigger.MATERIALS_PUBLISHED: Demands(HAS_A_PLACE, category=REMINDERS),
    Trigger.INVITED: Demands((), category=INVITATIONS, invited=UNANSWERED),
    Trigger.INVITATION_NUDGED: Demands((), category=INVITATIONS, invited=UNANSWERED),
    Trigger.INVITATION_WITHDRAWN: Demands((), invited=(InvitationState.WITHDRAWN,)),
}
OF_INVITATIONS = (Trigger.INVITED, Trigger.INVITATION_NUDGED, Trigger.INVITATION_WITHDRAWN)
BY_HAND = Demands(EVERY, needs_run=False)
"""Of a mail that no rule made: an organiser asked for it as it is."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A time by a run or a deadline: so many units from it (negative is before), at a local clock time.

    Minutes and hours are time that passes and need the anchor's own clock time; a clock time of the rule is not asked.
    """

    anchor: Anchor
    offset: int
    unit: Unit
    clock_time: time | None


TIMED = (Trigger.RELATIVE, Trigger.ABSOLUTE)
SHIPPED_AT_ONCE = tuple(trigger for trigger in Trigger if trigger in BY_TRIGGER)


def decide_demands(trigger: Trigger, audience: Audience, relative: Relative | None = None) -> Demands:
    """What a rule's mails demand, whichever text they have. A rule of time that is before something says so no later."""
    if trigger not in TIMED:
        return BY_TRIGGER[trigger]
    comes_before = relative.anchor if relative is not None and relative.offset <= 0 else None
    is_unnamed = audience is Audience.UNNAMED
    return Demands(
        ALIVE if is_unnamed else STATES.get(audience, ()),
        category=INVITATIONS if audience is Audience.INVITED else REMINDERS,
        before_start=comes_before is Anchor.START,
        before_deadline=comes_before is Anchor.DEADLINE,
        before_naming=comes_before is Anchor.NAMING,
        whom=Whom.REGISTRAR if is_unnamed else Whom.PERSON,
        invited=UNANSWERED if audience is Audience.INVITED else (),
    )


BEFORE, AFTER = Relative(Anchor.START, -1, Unit.DAYS, None), Relative(Anchor.END, 1, Unit.DAYS, None)
TO_SIGN_UP, TO_NAME = Relative(Anchor.DEADLINE, -1, Unit.DAYS, None), Relative(Anchor.NAMING, -1, Unit.DAYS, None)
TEMPLATES: dict[str, Demands] = {trigger.value: demands for trigger, demands in BY_TRIGGER.items()} | {
    "nudge": decide_demands(Trigger.RELATIVE, Audience.ORGANISATIONS_WITHOUT, TO_SIGN_UP),
    "lacking": decide_demands(Trigger.RELATIVE, Audience.ORGANISATIONS_LACKING, TO_SIGN_UP),
    "last_chance": decide_demands(Trigger.RELATIVE, Audience.CONTACTS_AT_RISK, TO_SIGN_UP),
    "unnamed": decide_demands(Trigger.RELATIVE, Audience.UNNAMED, TO_NAME),
    "reminder": decide_demands(Trigger.RELATIVE, Audience.CONFIRMED, BEFORE),
    "practical": decide_demands(Trigger.RELATIVE, Audience.CONFIRMED, BEFORE),
    "digest": decide_demands(Trigger.RELATIVE, Audience.ORGANISERS, BEFORE),
    "thanks": decide_demands(Trigger.RELATIVE, Audience.ATTENDED, AFTER),
    "free": decide_demands(Trigger.ABSOLUTE, Audience.REGISTERED),
}
"""The shipped texts about events, and what a mail of each demands where its rule is not known."""
