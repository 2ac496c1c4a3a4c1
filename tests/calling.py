"""Given-data about calls: rows as the verbs make them, without their decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsys.organisations.rules import LanguageForm
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState
from eventsys.programmes.models import Application, ApplicationMember, Call, CallRecipient, Intake, Programme
from tests.world import NOW, World

CLOSES_LOCAL = datetime(2008, 9, 15, 15)
CLOSES_AT = datetime(2008, 9, 15, 13, tzinfo=UTC)


def add_call(session: Session, world: World, *, slug: str = "utlysing", state: CallState = CallState.OPEN) -> Call:
    """A call of the secretariat's programme that closes on 15 September 2008 at 15:00 in Oslo."""
    programme = session.query(Programme).filter_by(organiser_id=world.secretariat).one()
    call = Call(
        organiser_id=world.secretariat, programme_id=programme.id, slug=slug, state=state,
        title={"nb": "Søk om å bli med", "nn": "Søk om å bli med"}, body={"nb": "Velkommen.", "nn": "Velkomen."},
        closes_local=CLOSES_LOCAL, closes_at=CLOSES_AT, created_at=NOW,
    )  # fmt: skip
    session.add(call)
    session.flush()
    return call


def add_intake(session: Session, call: Call, *, ordinal: int = 1, ceiling: int = 50, **more: Any) -> Intake:
    intake = Intake(
        call_id=call.id, ordinal=ordinal, name={"nb": f"Opptak {ordinal}", "nn": f"Opptak {ordinal}"}, ceiling=ceiling,
        decides_on=date(2008, 10, 1), starts_on=date(2008, 11, 1), **more,
    )  # fmt: skip
    session.add(intake)
    session.flush()
    return intake


def add_recipient(session: Session, call: Call, organisation_id: int, **more: Any) -> CallRecipient:
    address = f"postmottak-{organisation_id}@kommune.example"
    facts = {"email": address, "email_key": address, "language": "nb", "form": LanguageForm.UNKNOWN}
    recipient = CallRecipient(
        organiser_id=call.organiser_id, call_id=call.id, organisation_id=organisation_id, created_at=NOW, **facts | more
    )
    session.add(recipient)
    session.flush()
    return recipient


def add_application(
    session: Session,
    call: Call,
    organisation_id: int,
    *,
    state: ApplicationState = ApplicationState.DRAFT,
    recipient: CallRecipient | None = None,
    **more: Any,
) -> Application:
    application = Application(
        organiser_id=call.organiser_id, call_id=call.id, organisation_id=organisation_id, language="nb", state=state,
        recipient_id=recipient.id if recipient else None, created_at=NOW, changed_at=NOW,
        sent_at=None if state is ApplicationState.DRAFT else NOW + timedelta(days=1), **more,
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application


def add_member(session: Session, application: Application, *, number: int = 1, **more: Any) -> ApplicationMember:
    address = f"soker{number}-{application.id}@kommune.example"
    facts = {"name": f"Søker Nummer{number}", "email": address, "email_key": address, "language": "nb"}
    member = ApplicationMember(application_id=application.id, is_contact=number == 1, created_at=NOW, **facts | more)
    session.add(member)
    session.flush()
    return member
