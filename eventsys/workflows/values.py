"""What stands for each placeholder in a mail: what all readers of a batch share once, what is one reader's own each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventsys import texts
from eventsys.extensions import AnyRow
from eventsys.mailing.markdown import Compiled, Link, Rendered, Value
from eventsys.registrations.links import registration_token
from eventsys.workflows import wording
from eventsys.workflows.causes import Cause
from eventsys.workflows.facts import Came, Facts
from eventsys.workflows.rules import Demands
from eventsys.workflows.seat_values import SEAT_VALUES, SeatValues
from eventsys.workflows.seat_wording import say_who

BETWEEN = " / "
NOT_IN_COPIES = "…"
"""What stands in a partner's copy for what is each reader's own."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site's address and name."""

    base_url: str
    name: str

    @property
    def base(self) -> str:
        return self.base_url.rstrip("/")


@dataclass(slots=True)
class Shared:
    """What mails of a batch say alike, by event, runs and language: put together at the first mail that needs it."""

    facts: Facts
    site: Site
    filled: dict[tuple[Compiled, int, tuple[int, ...], str], Compiled] = field(default_factory=dict)

    def fill(self, text: Compiled, event_id: int, runs: Sequence[AnyRow], language: str) -> Compiled:
        """The text with all in it that its readers share; it is kept as long as the batch."""
        key = (text, event_id, tuple([run.id for run in runs]), language)
        if key not in self.filled:
            self.filled[key] = text.fill(_of_event(self.facts.events[event_id], runs, language, self.site))
        return self.filled[key]


@dataclass(frozen=True, slots=True)
class About:
    """What one mail is about, in its reader's language; `reader` is their address as it is compared, `unsubscribe`
    makes the link for who wants no more of the kind. `files` go with it; `letter_to` says of a partner's copy whom the
    letter went to: what is each reader's own is not in it."""

    shared: Shared
    causes: Sequence[Cause]
    demands: Demands
    language: str
    reader: str
    unsubscribe: Callable[[], str]
    files: Sequence[Link] = ()
    letter_to: str = ""

    def render(self, text: Compiled) -> Rendered:
        facts = self.shared.facts
        left = self.shared.fill(text, self.causes[0].event_id, _runs_of(facts, self.causes), self.language)
        seats = SeatValues(facts, self.shared.site.base, self.causes, self.demands.whom, self.reader, self.language)
        names = [place.name for place in left.places]
        values = {name: SEAT_VALUES[name](seats) if name in SEAT_VALUES else OWN_VALUES[name](self) for name in names}
        if self.letter_to:
            values = {name: NOT_IN_COPIES if value == "" else value for name, value in values.items()}
        return left.render(values)

    def say_before(self) -> str:
        return _say_before(self.shared.facts, self.causes[0], self.language)

    def say_lacking(self) -> str:
        first = self.causes[0]
        if not first.organisation_id:
            return ""
        lacking = self.shared.facts.lacking.get((first.event_id, first.organisation_id), [])
        return wording.say_sides(lacking, self.language)

    def say_promise(self) -> str:
        at_risk = self.shared.facts.at_risk.get((self.causes[0].event_id, self.causes[0].organisation_id or 0))
        return wording.say_promises(at_risk.promises if at_risk else (), self.language)

    def say_at_risk(self) -> str:
        at_risk = self.shared.facts.at_risk.get((self.causes[0].event_id, self.causes[0].organisation_id or 0))
        return wording.say_at_risk(at_risk.lacking, at_risk.anybody, self.language) if at_risk else ""

    def find_mend_link(self) -> str:
        """A contact's form for its organisation with a line for each side that is missing, or its own page where nobody may
        sign up by the public form; the organisation's page for a mailbox."""
        first, base, facts = self.causes[0], self.shared.site.base, self.shared.facts
        event, mending = facts.events[first.event_id], facts.mending.get(first.organisation_id or 0)
        contact = mending.contacts.get(self.reader) if mending else None
        if contact is not None and not event.is_closed:
            key = (first.event_id, first.organisation_id or 0)
            sides = facts.at_risk[key].lacking if key in facts.at_risk else facts.lacking.get(key, [])
            wanted = "".join(f"&side={side.value}" for side in sides)
            return f"{base}/events/{event.slug}/delegations/new?link={contact}{wanted}"
        if mending is None or not mending.number:
            return f"{base}/"
        page = f"{base}/organisations/{mending.number}"
        return f"{page}/contacts/{contact}" if contact is not None else page

    def list_coming(self) -> Sequence[Came]:
        first = self.causes[0]
        return self.shared.facts.signed_up.get((first.event_id, first.due_at), []) if first.due_at else []

    def say_coming(self) -> str:
        each = self.list_coming()
        return wording.say_all([say_who(one.name, one.side, one.organisation, self.language) for one in each])

    def list_invitations(self) -> list[Link]:
        """The answer page of each; nobody gets that of an invitation that has another address than theirs."""
        asked = [cause.invitation for cause in self.causes if cause.invitation is not None]
        facts, base = self.shared.facts.invitations, self.shared.site.base
        return [
            Link(one.name, f"{base}/invitations/{facts[one.id].token}") for one in asked if one.email_key == self.reader
        ]

    def list_held(self) -> list[Link]:
        """The last day of each, once, where anything is held."""
        facts = self.shared.facts.invitations
        asked = [facts[cause.invitation.id] for cause in self.causes if cause.invitation is not None]
        days = dict.fromkeys(one.held_until for one in asked if one.held_until is not None and one.places)
        return [Link(wording.say_deadline(day, self.language), "") for day in days]

    def list_passed_by(self) -> list[Link]:
        facts = self.shared.facts.invitations
        names = dict.fromkeys(facts[cause.invitation.id].passed_by for cause in self.causes if cause.invitation)
        return [Link(name, "") for name in names if name]

    def list_materials(self) -> list[Link]:
        """What everybody may open from the event's page, what participants may from their own."""
        first, base = self.causes[0], self.shared.site.base
        event = self.shared.facts.events[first.event_id]
        seats = [cause.registration for cause in self.causes if cause.registration is not None]
        own = next((seat for seat in seats if seat.email_key == self.reader and seat.person_id is not None), None)
        found = []
        for paper in self.shared.facts.materials.get(first.event_id, []):
            if paper.is_public:
                found.append(Link(paper.title, f"{base}/events/{event.slug}/materials/{paper.public_id}"))
            elif own is not None:
                address = f"{base}/registrations/{registration_token(own)}/materials/{paper.public_id}"
                found.append(Link(paper.title, address))
        return found

    def find_event_link(self) -> str:
        """Of a closed event, which has no public page: the reader's own page of their seat, those they look after or their
        invitation, else the page where one asks for one's own links."""
        base = self.shared.site.base
        seats = SeatValues(self.shared.facts, base, self.causes, self.demands.whom, self.reader, self.language)
        personal = [seats.personal(seat) for _cause, seat in seats.seats]
        links = [*seats.delegations(), *self.list_invitations()]
        return next((url for url in [*personal, *(link.url for link in links)] if url), f"{base}/me")

    def list_line(self) -> list[Link]:
        line = (self.causes[0].before or {}).get("line")
        return [Link(str(line), "")] if line else []


OWN_VALUES: Mapping[str, Callable[[About], Value]] = {
    "before": About.say_before,
    "organisation": lambda about: about.causes[0].organisation or "",
    "lacking": About.say_lacking,
    "promise": About.say_promise,
    "at_risk": About.say_at_risk,
    "mend_link": About.find_mend_link,
    "signed_up": About.say_coming,
    "signed_up_count": lambda about: str(len(about.list_coming())),
    "unsubscribe_link": lambda about: about.unsubscribe(),
    "invitations": About.list_invitations,
    "held_until": About.list_held,
    "passed_by": About.list_passed_by,
    "materials": About.list_materials,
    "line": About.list_line,
    "event_link": About.find_event_link,
    "attachments": lambda about: about.files,
    "letter_to": lambda about: about.letter_to,
}
"""What stands for each placeholder about the mail itself."""


def _runs_of(facts: Facts, causes: Sequence[Cause]) -> list[AnyRow]:
    """The runs that a mail speaks of, each once: those of its registrations, else its own, else all of the event."""
    ids = dict.fromkeys(cause.speaks_of for cause in causes if cause.speaks_of is not None)
    return [facts.runs[run_id] for run_id in ids] or facts.runs_of.get(causes[0].event_id, [])


def _say_before(facts: Facts, cause: Cause, language: str) -> str:
    """How it was: of an event's change as its history tells, of a seat's the run that it was in."""
    if cause.before:
        return wording.say_before(cause.before, language)
    if cause.change is None or cause.change.from_run_id is None:
        return ""
    run = facts.runs[cause.change.from_run_id]
    return f"{wording.say_when(_span_of(run), language)}; {wording.say_place(run.venue, None, language)}"


def _span_of(run: Any) -> wording.Span:
    return wording.Span(run.precision, run.first_on, run.last_on, run.starts_local, run.ends_local)


def _of_event(event: AnyRow, runs: Sequence[AnyRow], language: str, site: Site) -> dict[str, str]:
    spans = [_span_of(run) for run in runs] or [wording.UNKNOWN]
    places = [wording.say_place(run.venue, run.address, language) for run in runs]
    return {
        "event": texts.read(event.title, language).value,
        "short_date": _each(wording.say_short_date(span, language) for span in spans),
        "when": _each(wording.say_when(span, language) for span in spans),
        "place": _each(places) or wording.say_place(None, None, language),
        "deadline": wording.say_deadline(event.closes_on, language),
        "names_by": wording.say_deadline(event.names_by or event.closes_on, language),
        "organiser": event.organiser,
        "site": site.name,
        "participants_link": f"{site.base}/manage/events/{event.slug}/participants",
        "requests_link": f"{site.base}/manage/events/{event.slug}/requests",
        "site_link": f"{site.base}/",
        **({} if event.is_closed else {"event_link": f"{site.base}/events/{event.slug}"}),
    }


def _each(said: Any) -> str:
    return BETWEEN.join(dict.fromkeys(said))
