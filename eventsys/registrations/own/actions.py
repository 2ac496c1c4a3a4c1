"""The verbs of one's own pages that are nobody else's: the link mailed once more, and the end of the typed form's page."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.organisations.models import Person
from eventsys.organisations.rules import name_key
from eventsys.registrations.actions import record_change
from eventsys.registrations.actions.signing import mail_again
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.own.rules import BY_MAIL
from eventsys.registrations.rules import ENDED, Actor, Change

AT_MOST = timedelta(hours=1)


def send_link(session: Session, registration: Registration, *, now: datetime) -> bool:
    """Makes a mail with the link of today to the registration's address; not more than once an hour, so that nobody can
    flood a mailbox. Says whether it did."""
    sent = sa.select(sa.func.count()).where(
        RegistrationChange.registration_id == registration.id,
        RegistrationChange.change == Change.REPEATED,
        RegistrationChange.at > now - AT_MOST,
    )
    if session.scalar(sent) or not registration.email:
        return False
    record_change(session, registration, Change.REPEATED, Actor.PARTICIPANT, registration.state, now=now)
    return True


def tell_taken(session: Session, run_id: int, *, name: str, email: str, now: datetime) -> None:
    """Somebody tried to put this person, who has a seat in the run, into another: the person is mailed of it as of any
    sign-up that was made already, so that nobody is asked about behind their back."""
    taken = session.scalar(
        sa.select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Person.email_key == email_key(email), Person.name_key == name_key(name))
        .where(Registration.run_id == run_id, Registration.state.not_in(ENDED))
    )
    if taken is not None:
        mail_again(session, taken, Actor.REGISTRAR, now=now)


def close_receipts(session: Session, registration: Registration) -> None:
    """What came by the mailed link belongs to who reads the mail: the page that was shown to who typed the form opens no
    more. Notes it in the change that was just made."""
    change = session.scalars(
        sa.select(RegistrationChange)
        .where(RegistrationChange.registration_id == registration.id, RegistrationChange.change == Change.CHANGED)
        .order_by(RegistrationChange.id.desc())
        .limit(1)
    ).one()
    change.facts = {**change.facts, BY_MAIL: registration.link_version}
    session.flush()
