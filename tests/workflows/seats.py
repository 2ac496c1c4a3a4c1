"""The place where seats change in tests, and what is read of the mails about them."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from typing import Any

from eventsys.events.models import Event, Run
from eventsys.extensions import transaction
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import Delegation, Registration
from eventsys.registrations.rules import Change
from eventsys.tokens import Purpose, capability
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.test_emails import entry

START = "Læringsseminar 2, 1.–2. september: "
OWN, POST = "kari@bo.example", "post@bo.example"


class Place:
    """An event with two runs, and a delegation of Bø whose registrar has an address of her own."""

    def __init__(self) -> None:
        with transaction() as session:
            self.event: Event = rows.add_event(session, rows.add_organiser(session), closes_on=date(2008, 8, 25))
            self.first: Run = rows.add_run(session, self.event, venue=rows.add_venue(session))
            self.second: Run = rows.add_run(session, self.event, **rows.days(date(2008, 9, 2), date(2008, 9, 3)))
            self.bo: Organisation = rows.add_organisation(session, "Bø (Telemark)")
            self.delegation: Delegation = rows.add_delegation(session, self.event, self.bo)


def seat(session: Any, place: Place, name: str = "Kari Nordmann", **more: Any) -> Registration:
    values = {"email": POST, "delegation": place.delegation, "organisation": place.bo, **more}
    return rows.register(session, place.first, name=name, **values)


def mails(sink: Sink) -> list[tuple[str, str]]:
    """To whom and what, in the order in which they came; the name and days that all begin with are left out."""
    return [(to, str(m["Subject"]).removeprefix(START)) for to, m in zip(sink.recipients, sink.messages, strict=True)]


def mail_to(sink: Sink, address: str, subject: str = "") -> EmailMessage:
    [found] = [
        message
        for to, message in zip(sink.recipients, sink.messages, strict=True)
        if to == address and subject in message["Subject"]
    ]
    return found


def personal(registration: Registration, version: int = 0) -> str:
    return f"/registrations/{capability(Purpose.REGISTRATION, registration.public_id, version)}"


def registrars(delegation: Delegation) -> str:
    return f"/delegations/{capability(Purpose.DELEGATION, delegation.public_id, 0)}"


def move_to(session: Any, one: Registration, run: Run, **more: Any) -> None:
    left, one.run_id = one.run_id, run.id
    session.flush()
    rows.change(session, one, Change.MOVED, one.state, from_run_id=left, **more)


def entries(sink: Sink) -> list[tuple[str, str, int]]:
    found = [entry(message) for message in sink.messages]
    return [(one["uid"], one["method"], one["sequence"]) for one in found if one is not None]
