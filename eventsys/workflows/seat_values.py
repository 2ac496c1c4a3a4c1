"""What stands for the placeholders about the seats of a mail: whose they are, how they stand, and the links that are its
reader's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from eventsys import dates, texts
from eventsys.mailing.markdown import Link, Value
from eventsys.registrations.links import registration_token
from eventsys.registrations.rules import State
from eventsys.tokens import Purpose, capability
from eventsys.workflows import wording
from eventsys.workflows.causes import Cause, Registered
from eventsys.workflows.facts import Facts
from eventsys.workflows.histories import Request, list_dropped
from eventsys.workflows.invitation import name_of
from eventsys.workflows.rules import Whom
from eventsys.workflows.seat_wording import (
    say_asked,
    say_decision,
    say_night,
    say_positions,
    say_seat,
    say_status,
    say_who,
)

NIGHT = "night:"


@dataclass(frozen=True)
class SeatValues:
    """The seats of one mail; only what its text asks for is put together. Nobody gets the personal link of a seat that has
    another address than theirs, nor a delegation's unless it is its registrar's."""

    facts: Facts
    base: str
    causes: Sequence[Cause]
    whom: Whom
    reader: str
    language: str

    @cached_property
    def seats(self) -> list[tuple[Cause, Registered]]:
        return [(cause, cause.registration) for cause in self.causes if cause.registration is not None]

    @cached_property
    def names(self) -> list[str]:
        """Whose each seat is."""
        return [self.who(cause, seat) for cause, seat in self.seats]

    @cached_property
    def standings(self) -> list[str]:
        return [self.status(cause, seat) for cause, seat in self.seats]

    def say_names(self) -> str:
        return wording.say_all(self.names) or self.causes[0].organisation or ""

    def say_standings(self) -> str:
        if len(set(self.standings)) == 1:
            return self.standings[0]
        return wording.say_all([*map(say_seat, self.names, self.standings)])

    def say_positions(self) -> str:
        positions = self.facts.histories.positions
        return say_positions([positions[seat.id] for _c, seat in self.seats if seat.id in positions], self.language)

    def say_offer(self) -> str:
        offers = [seat.offered_until for _cause, seat in self.seats if seat.offered_until is not None]
        return dates.format_moment(self.local(self.causes[0], min(offers)), self.language) if offers else ""

    def say_registrar(self) -> str:
        return next((seat.registrar for _cause, seat in self.seats if seat.registrar), "")

    def who(self, cause: Cause, seat: Registered) -> str:
        name, organisation = name_of(cause), seat.organisation
        if self.whom is Whom.FIRST:
            return say_who(name, None, organisation, self.language) if name else ""
        return say_who(name, seat.side, organisation, self.language)

    def status(self, cause: Cause, seat: Registered) -> str:
        place = self.facts.histories.positions.get(seat.id)
        until = self.local(cause, seat.offered_until) if seat.offered_until is not None else None
        return say_status(seat.state, place, until, self.language)

    def list_seats(self) -> list[Link]:
        each = zip(self.names, self.standings, self.seats, strict=True)
        return [Link(say_seat(name, how), self.personal(seat)) for name, how, (_cause, seat) in each]

    def list_reasons(self) -> list[Link]:
        reasons = dict.fromkeys(cause.change.why for cause in self.causes if cause.change)
        return [Link(one, "") for one in reasons if one]

    def local(self, cause: Cause, moment: datetime) -> datetime:
        return dates.to_local(moment, self.facts.events[cause.event_id].timezone)

    def is_own(self, seat: Registered) -> bool:
        return seat.email_key == self.reader and self.whom in (Whom.PERSON, Whom.REGISTRAR)

    def personal(self, seat: Registered) -> str:
        """The page of somebody whose address is the reader's; a seat without a name is on its registrar's page."""
        if not self.is_own(seat) or seat.person_id is None:
            return ""
        return f"{self.base}/registrations/{registration_token(seat)}"

    def links(self) -> list[Link]:
        if self.whom is not Whom.PERSON:
            return []
        each = zip(self.names, self.seats, strict=True)
        found = [(name, self.personal(seat), seat) for name, (_cause, seat) in each]
        personal = [Link(name, url) for name, url, _seat in found if url]
        return [*personal, *self.delegations([seat for _name, url, seat in found if not url])]

    def delegations(self, seats: Sequence[Registered] | None = None) -> list[Link]:
        """Of these seats, or of all, the pages that are the reader's."""
        among = [seat for _cause, seat in self.seats] if seats is None else seats
        found = {
            seat.delegation: Link(
                seat.organisation or "",
                f"{self.base}/delegations/"
                f"{capability(Purpose.DELEGATION, seat.delegation, seat.delegation_version or 0)}",
            )
            for seat in among
            if seat.delegation is not None and seat.registrar_key == self.reader
        }
        return list(found.values())

    def certificates(self) -> list[Link]:
        return [
            Link(name, f"{self.personal(seat)}/certificate")
            for name, (_cause, seat) in zip(self.names, self.seats, strict=True)
            if seat.state is State.ATTENDED and self.personal(seat)
        ]

    def dropped(self) -> list[Link]:
        """Sessions and questions by their titles, nights by their dates."""
        names = dict.fromkeys(name for cause in self.causes for name in list_dropped(cause))
        titles = self.facts.histories.dropped
        said = [
            say_night(date.fromisoformat(name.removeprefix(NIGHT)), self.language)
            if name.startswith(NIGHT)
            else texts.read(titles[name], self.language).value
            for name in names
            if name.startswith(NIGHT) or name in titles
        ]
        return [Link(one, "") for one in said]

    @property
    def request(self) -> Request | None:
        """What was asked of the organiser and answered."""
        change = self.causes[0].change
        return self.facts.histories.requests.get(change.id) if change else None

    def say_asked(self) -> str:
        if (request := self.request) is None:
            return ""
        to = wording.Span(request.precision, request.first_on, request.last_on) if request.precision else None
        return say_asked(request.asked, to, self.language)

    def say_decision(self) -> str:
        request = self.request
        return say_decision(request.decision, self.language) if request and request.decision else ""

    def say_words(self) -> list[Link]:
        return [Link(self.request.words, "")] if self.request and self.request.words.strip() else []


SEAT_VALUES: Mapping[str, Callable[[SeatValues], Value]] = {
    "who": SeatValues.say_names,
    "status": SeatValues.say_standings,
    "position": SeatValues.say_positions,
    "offered_until": SeatValues.say_offer,
    "registrar": SeatValues.say_registrar,
    "registrations": SeatValues.links,
    "delegations": SeatValues.delegations,
    "certificates": SeatValues.certificates,
    "seats": SeatValues.list_seats,
    "dropped": SeatValues.dropped,
    "why": SeatValues.list_reasons,
    "asked": SeatValues.say_asked,
    "decision": SeatValues.say_decision,
    "words": SeatValues.say_words,
}
"""What stands for each placeholder about seats."""
