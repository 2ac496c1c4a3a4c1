"""Partners who get a copy of a one-off letter, as a mail of its own that says whom the letter went to. The caller owns the
transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.rules import asks_for_union
from eventsys.invitations.models import Invitation
from eventsys.mailing.addresses import email_key
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import Registration
from eventsys.workflows.audiences import read_saved
from eventsys.workflows.causes import Cause
from eventsys.workflows.models import MailCause, MailCopy, MailTemplate, Rule
from eventsys.workflows.rules import Trigger

MOST_COPIES = 20


class TooManyCopies(Exception):
    """A letter has at most `MOST_COPIES`."""


class Partner(NamedTuple):
    """Who gets a copy of a letter."""

    name: str
    email: str


class WentTo(NamedTuple):
    """Whom a letter went to: how many mails, and to which organisations, none where that tells of unions."""

    mails: int
    organisations: tuple[str, ...]


def is_copy(causes: Sequence[Cause]) -> bool:
    """Whether the mail is a partner's copy: by the rule of a letter, at no occasion of its own, about nobody."""
    first = causes[0]
    is_of_letter = first.rule is not None and first.rule.trigger is Trigger.ABSOLUTE and first.due_at is None
    return is_of_letter and first.registration is None and first.invitation is None and first.organisation_id is None


def list_partners(session: Session, template_id: int) -> list[Partner]:
    columns = MailCopy.name, MailCopy.email
    rows = session.execute(sa.select(*columns).where(MailCopy.template_id == template_id).order_by(MailCopy.id))
    return [Partner(*row) for row in rows]


def add_partner(session: Session, template: MailTemplate, *, name: str, email: str) -> bool:
    """False where the address gets a copy already. Raises `TooManyCopies`."""
    session.execute(sa.select(MailTemplate.id).where(MailTemplate.id == template.id).with_for_update())
    key = email_key(email)
    keys = session.scalars(sa.select(MailCopy.email_key).where(MailCopy.template_id == template.id)).all()
    if key in keys:
        return False
    if len(keys) >= MOST_COPIES:
        raise TooManyCopies
    session.add(MailCopy(template_id=template.id, name=name, email=email, email_key=key))
    session.flush()
    return True


def remove_partner(session: Session, template: MailTemplate, *, email: str) -> Partner | None:
    """Who it was; None if the letter has no such copy."""
    row = session.scalar(
        sa.select(MailCopy).where(MailCopy.template_id == template.id, MailCopy.email_key == email_key(email))
    )
    if row is None:
        return None
    partner = Partner(row.name, row.email)
    session.delete(row)
    session.flush()
    return partner


def remove_partners(session: Session, templates: sa.Select[int]) -> None:
    """All of these letters."""
    gone = sa.delete(MailCopy).where(MailCopy.template_id.in_(templates))
    session.execute(gone.execution_options(synchronize_session=False))


def find_went_to(session: Session, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], WentTo]:
    """By organiser's id and text; three statements a letter."""
    return {key: _read(session, *key) for key in wanted}


def _read(session: Session, organiser_id: int, template: str) -> WentTo:
    rule = session.scalars(
        sa.select(Rule)
        .where(Rule.organiser_id == organiser_id, Rule.template == template, Rule.trigger == Trigger.ABSOLUTE)
        .order_by(Rule.id.desc())
        .limit(1)
    ).one()
    of_it = (MailCause.rule_id == rule.id, MailCause.occasion_id.is_not(None))
    mails = session.scalar(sa.select(sa.func.count(MailCause.outbox_id.distinct())).where(*of_it)) or 0
    saved = read_saved(session, rule.audience_id)
    if saved is not None and asks_for_union(saved.clauses):
        return WentTo(mails, ())
    whose = sa.func.coalesce(Registration.organisation_id, Invitation.organisation_id, MailCause.organisation_id)
    names = session.scalars(
        sa.select(Organisation.label)
        .distinct()
        .select_from(MailCause)
        .outerjoin(Registration, Registration.id == MailCause.registration_id)
        .outerjoin(Invitation, Invitation.id == MailCause.invitation_id)
        .join(Organisation, Organisation.id == whose)
        .where(*of_it)
    )
    return WentTo(mails, tuple(sorted({name for name in names if name}, key=str.casefold)))
