"""What stands for the placeholders about the seats of a mail: whose they are, how they stand, and the links that are its
reader's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eventsys import dates, texts
from eventsys.mailing.markdown import Link, Value
from eventsys.registrations.links import registration_token
from eventsys.registrations.rules import State
from eventsys.tokens import Purpose, capability
from eventsys.workflows import wording
from eventsys.workflows.causes import Cause, Registered
from eventsys.workflows.facts import Facts
from eventsys.workflows.histories import list_dropped
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


@dataclass(frozen=True, slots=True)
class SeatValues:
    """The seats of one mail. Nobody gets the personal link of a seat that has another address than theirs, nor a
    delegation's unless it is its registrar's."""

    facts: Facts
    base: str
    causes: Sequence[Cause]
    whom: Whom
    reader: str
    language: str

    @property
    def seats(self) -> list[tuple[Cause, Registered]]:
        return [(cause, cause.registration) for cause in self.causes if cause.registration is not None]

    def values(self) -> dict[str, Value]:
        first, seats = self.causes[0], self.seats
        who = [self.who(cause, seat) for cause, seat in seats]
        status = [self.status(cause, seat) for cause, seat in seats]
        positions = self.facts.histories.positions
        offers = [seat.offered_until for _cause, seat in seats if seat.offered_until is not None]
        return {
            "who": wording.say_all(who) or first.organisation or "",
            "status": status[0] if len(set(status)) == 1 else wording.say_all([*map(say_seat, who, status)]),
            "position": say_positions(
                [positions[seat.id] for _c, seat in seats if seat.id in positions], self.language
            ),
            "offered_until": dates.format_moment(self.local(first, min(offers)), self.language) if offers else "",
            "registrar": next((seat.registrar for _cause, seat in seats if seat.registrar), ""),
            "registrations": self.links(who),
            "delegations": self.delegations(),
            "certificates": self.certificates(who),
            "seats": [
                Link(say_seat(name, how), self.personal(seat))
                for name, how, (_cause, seat) in zip(who, status, seats, strict=True)
            ],
            "dropped": [Link(said, "") for said in self.dropped()],
            "why": [Link(one, "") for one in dict.fromkeys(c.change.why for c in self.causes if c.change) if one],
            **self.request(first),
        }

    def who(self, cause: Cause, seat: Registered) -> str:
        name, organisation = name_of(cause), seat.organisation
        if self.whom is Whom.FIRST:
            return say_who(name, None, organisation, self.language) if name else ""
        return say_who(name, seat.side, organisation, self.language)

    def status(self, cause: Cause, seat: Registered) -> str:
        place = self.facts.histories.positions.get(seat.id)
        until = self.local(cause, seat.offered_until) if seat.offered_until is not None else None
        return say_status(seat.state, place, until, self.language)

    def local(self, cause: Cause, moment: datetime) -> datetime:
        return dates.to_local(moment, self.facts.events[cause.event_id].timezone)

    def is_own(self, seat: Registered) -> bool:
        return seat.email_key == self.reader and self.whom in (Whom.PERSON, Whom.REGISTRAR)

    def personal(self, seat: Registered) -> str:
        """The page of somebody whose address is the reader's; a seat without a name is on its registrar's page."""
        if not self.is_own(seat) or seat.person_id is None:
            return ""
        return f"{self.base}/registrations/{registration_token(seat)}"

    def links(self, who: Sequence[str]) -> list[Link]:
        if self.whom is not Whom.PERSON:
            return []
        found = [(name, self.personal(seat), seat) for name, (_cause, seat) in zip(who, self.seats, strict=True)]
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

    def certificates(self, who: Sequence[str]) -> list[Link]:
        return [
            Link(name, f"{self.personal(seat)}/certificate")
            for name, (_cause, seat) in zip(who, self.seats, strict=True)
            if seat.state is State.ATTENDED and self.personal(seat)
        ]

    def dropped(self) -> list[str]:
        """Sessions and questions by their titles, nights by their dates."""
        names = dict.fromkeys(name for cause in self.causes for name in list_dropped(cause))
        titles = self.facts.histories.dropped
        return [
            say_night(date.fromisoformat(name.removeprefix(NIGHT)), self.language)
            if name.startswith(NIGHT)
            else texts.read(titles[name], self.language).value
            for name in names
            if name.startswith(NIGHT) or name in titles
        ]

    def request(self, cause: Cause) -> dict[str, Value]:
        """What was asked of the organiser and answered."""
        request = self.facts.histories.requests.get(cause.change.id) if cause.change else None
        if request is None:
            return {"asked": "", "decision": "", "words": []}
        to = wording.Span(request.precision, request.first_on, request.last_on) if request.precision else None
        return {
            "asked": say_asked(request.asked, to, self.language),
            "decision": say_decision(request.decision, self.language) if request.decision else "",
            "words": [Link(request.words, "")] if request.words.strip() else [],
        }
