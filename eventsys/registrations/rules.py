"""What a registration may be and who decides it: states, places, eligibility. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from eventsys.events.rules import DATED, EventStatus, Precision, RunStatus

if TYPE_CHECKING:
    from eventsys.registrations.questions.rules import GivenAnswer


class State(enum.StrEnum):
    REQUESTED = "requested"
    OFFERED = "offered"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


HOLDS_A_PLACE = (State.CONFIRMED, State.OFFERED, State.ATTENDED, State.ABSENT)
LEAVABLE = (State.REQUESTED, State.OFFERED, State.WAITING, State.CONFIRMED)
ENDED = (State.CANCELLED, State.DECLINED)


class Side(enum.StrEnum):
    """Which side of the municipality somebody represents."""

    POLITICIAN = "politician"
    ADMINISTRATION = "administration"
    EMPLOYEE_REPRESENTATIVE = "employee_representative"
    OTHER = "other"


class Change(enum.StrEnum):
    REGISTERED = "registered"
    REPEATED = "repeated"
    PROMOTED = "promoted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    READDRESSED = "readdressed"
    OFFERED = "offered"
    LAPSED = "lapsed"
    MOVED = "moved"
    CHANGED = "changed"
    NAMED = "named"
    HANDED_OVER = "handed_over"
    RESTORED = "restored"
    PRIORITISED = "prioritised"
    ATTENDED = "attended"
    ABSENT = "absent"
    UNMARKED = "unmarked"
    ASKED = "asked"
    ANSWERED = "answered"


class Asked(enum.StrEnum):
    """What somebody may ask an organiser for when its deadline has passed."""

    CANCEL = "cancel"
    CHANGE = "change"
    MOVE = "move"
    HAND_OVER = "hand_over"


class Decision(enum.StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"


class QuestionKind(enum.StrEnum):
    """What an answer is. `one_of` and `some_of` have options; the others are text of a kind."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    FILE = "file"


class Actor(enum.StrEnum):
    """Who did it: the participant, who signed them up, an organiser, or time itself."""

    PARTICIPANT = "participant"
    REGISTRAR = "registrar"
    ORGANISER = "organiser"
    SYSTEM = "system"


class Window(enum.StrEnum):
    """Whether registration is possible on a day."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


class WhenFull(enum.StrEnum):
    """What a registrar wants when there are fewer places than people: take what there is and queue the rest, or wait
    until all can come."""

    TAKE = "take"
    TOGETHER = "together"


class OptionKind(enum.StrEnum):
    """What somebody chooses beside the run, each with a limit of its own."""

    SESSION = "session"
    CHOICE = "choice"
    NIGHT = "night"


class RegistrationIsClosed(Exception):
    """The event or the run takes no registrations now; `may_ask` where only the last day to register has passed."""

    def __init__(self, *, may_ask: bool = False) -> None:
        super().__init__(may_ask)
        self.may_ask = may_ask


class OnlyByInvitation(RegistrationIsClosed):
    """The event takes registrations from those who are invited, by the link that they got."""


class NotForThisOrganisation(Exception):
    """The event is for others; its organiser may be asked."""


class TooLate(Exception):
    """The deadline for it has passed. An organiser may be asked, while the run has not begun."""


class CannotBeCancelled(Exception):
    """The registration is not in a state that can be left."""


class WrongState(Exception):
    """The registration is not in a state in which this can be done."""


class AlreadyNamed(Exception):
    """The seat has somebody's name; it can be handed over."""


class AddressIsTaken(Exception):
    """The person whom name and address make has a live registration in the run already."""


class RunIsFull(Exception):
    """The run has no place for this seat; nothing was changed."""


class QuotaIsFull(Exception):
    """The part of the places that the seat's organisation, cohort or side may have is taken; nothing was changed."""


class NotEnoughPlaces(Exception):
    """Fewer places are left than were asked for, and nobody said what to do then."""

    def __init__(self, left: int, asked: int) -> None:
        super().__init__(left, asked)
        self.left, self.asked = left, asked


class OptionIsFull(Exception):
    """A session, a choice of a question or a night is full. `label_id` is the id of the session, the question or the run's
    night; `option` the key of the choice; `seat_index` which of the seats of the form, from 0."""

    def __init__(self, kind: OptionKind, label_id: int, seat_index: int = 0, option: str = "") -> None:
        super().__init__(kind, label_id, seat_index, option)
        self.kind, self.label_id, self.seat_index, self.option = kind, label_id, seat_index, option


class SessionsOverlap(Exception):
    """Two sessions that were chosen are at the same time. `seat_index` is which of the seats of the form, from 0."""

    def __init__(self, session_ids: Sequence[int] = (), seat_index: int = 0) -> None:
        super().__init__(tuple(session_ids), seat_index)
        self.session_ids, self.seat_index = tuple(session_ids), seat_index


class TooSmall(Exception):
    """More is taken than the limit asked for: `taken` says how much, `above` names those who came last."""

    def __init__(self, taken: int, above: Sequence[str] = ()) -> None:
        super().__init__(taken, tuple(above))
        self.taken, self.above = taken, list(above)


class TooFewRooms(TooSmall):
    """The same of a hotel in the nights that a run would move to."""


@dataclass(frozen=True, slots=True)
class Places:
    """How full a run is. `capacity` None means no limit; `held` are free places that only some organisations may have."""

    capacity: int | None
    taken: int
    waiting: int = 0
    held: int = 0

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken - self.held, 0)


def decide_window(opens_on: date | None, closes_on: date | None, starts_on: date | None, *, today: date) -> Window:
    """Both days are inclusive; without a closing day registration closes when the run's first day begins."""
    if opens_on and today < opens_on:
        return Window.NOT_YET
    if closes_on and today > closes_on:
        return Window.CLOSED
    return Window.CLOSED if starts_on and today >= starts_on else Window.OPEN


def is_late(deadline: date | None, *, today: date) -> bool:
    """A deadline's day is inclusive; where there is none, nothing is late before the run begins."""
    return deadline is not None and today > deadline


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """What one person gives to get a seat. `form_token` is the same for two posts of one form and for no other;
    `asks` says that the person knows that the event is for others, or closed, and asks its organiser all the same;
    `invited` that it comes by an invitation that somebody has checked, wherever the person is from. Only somebody whom an
    organiser puts in, as a member of a group, may be from nowhere."""

    run_id: int
    name: str
    email: str
    organisation_id: int | None
    form_token: str
    side: Side | None = None
    union_id: int | None = None
    language: str | None = None
    asks: bool = False
    invited: bool = False
    second_run_id: int | None = None
    session_ids: tuple[int, ...] = ()
    night_ids: tuple[int, ...] = ()
    answers: tuple[GivenAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSeat:
    """One seat of a delegation; without a name it is named later, without an address it has the registrar's."""

    side: Side | None
    name: str = ""
    email: str = ""
    language: str | None = None
    session_ids: tuple[int, ...] = ()
    night_ids: tuple[int, ...] = ()
    answers: tuple[GivenAnswer, ...] = ()
    union_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """The seats that one registrar signs up. `name`, `email` and `language` are the registrar's, who has no seat by that;
    `form_token` as in `NewRegistration`, and at most 60 characters."""

    run_id: int
    second_run_id: int | None
    organisation_id: int
    name: str
    email: str
    language: str | None
    seats: tuple[NewSeat, ...]
    form_token: str
    when_full: WhenFull | None = None
    asks: bool = False
    invited: bool = False


def decide_open(event: EventStatus, run: RunStatus, precision: Precision, window: Window) -> bool:
    """Whether a run takes registrations: the event is public, the run goes, its days are known, and it is time."""
    goes = event is EventStatus.PUBLISHED and run is RunStatus.PLANNED
    return goes and precision in DATED and window is Window.OPEN
