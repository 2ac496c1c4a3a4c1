"""Who gets a mail about a run, decided by the database in one statement: a mail for each address, whoever shares it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import UTCDateTime
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import insert_into, random_id
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.workflows.models import MailCause


def mail_language() -> sa.ColumnElement[str]:
    """The language of a mail about a registration: chosen by the person, else the organisation's, else the organiser's.

    The statement joins `Organiser` and, outer, `Organisation`.
    """
    by_form = sa.case(
        (Organisation.language_form == LanguageForm.BOKMAL, "nb"),
        (Organisation.language_form == LanguageForm.NYNORSK, "nn"),
    )
    return sa.func.coalesce(sa.func.nullif(Registration.language, ""), by_form, Organiser.language)


def add_mails(
    session: Session,
    *,
    run_id: int,
    states: Sequence[State],
    reason: str,
    template: str,
    due_at: datetime,
    priority: int = 0,
    rule_id: int,
    occasion_id: int | None = None,
    event_change_id: int | None = None,
    now: datetime,
) -> None:
    """One mail for each address among the run's registrations in `states`, unless it is there already, and its causes.

    `reason` is the beginning of the reason keys; the address makes each whole. Exactly one of the causes is given.
    """
    mails = {"public_id": random_id(session), **_mails(reason, template, due_at, priority, now)}
    insert: Any = insert_into(session, OutboxMessage).from_select([*mails], _audience(run_id, states, mails), False)
    session.execute(insert.on_conflict_do_nothing())
    causes = {
        "outbox_id": OutboxMessage.id,
        "registration_id": Registration.id,
        "organiser_id": Registration.organiser_id,
        "event_id": Registration.event_id,
        "rule_id": sa.literal(rule_id, sa.Integer()),
        "occasion_id": sa.literal(occasion_id, sa.Integer()),
        "event_change_id": sa.literal(event_change_id, sa.Integer()),
    }
    select = (
        sa.select(*causes.values())
        .join(OutboxMessage, OutboxMessage.reason_key == sa.literal(f"{reason}/") + Registration.email_key)
        .where(Registration.run_id == run_id, Registration.state.in_(states))
    )
    insert = insert_into(session, MailCause).from_select([*causes], select, False)
    session.execute(insert.on_conflict_do_nothing())


def _audience(run_id: int, states: Sequence[State], columns: dict[str, Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns.values())
        .select_from(Registration)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.run_id == run_id, Registration.state.in_(states))
        .group_by(Registration.email_key, Registration.organiser_id, Organiser.language)
    )


def _mails(reason: str, template: str, due_at: datetime, priority: int, now: datetime) -> dict[str, Any]:
    """Columns of the outbox by what fills them. Who shares an address and reads different languages gets the
    organiser's, and no single name to be greeted by."""
    lowest, highest = sa.func.min(mail_language()), sa.func.max(mail_language())
    only_name = sa.case((sa.func.count() == 1, sa.func.min(Registration.name)), else_="")
    due = sa.literal(due_at, UTCDateTime())
    return {
        "organiser_id": Registration.organiser_id,
        "reason_key": sa.literal(f"{reason}/") + Registration.email_key,
        "template": sa.literal(template),
        "email": sa.func.min(Registration.email),
        "email_key": Registration.email_key,
        "name": only_name,
        "language": sa.case((lowest == highest, lowest), else_=Organiser.language),
        "state": sa.literal(MailState.QUEUED, OutboxMessage.state.type),
        "due_at": due,
        "next_try_at": due,
        "created_at": sa.literal(now, UTCDateTime()),
        "attempts": sa.literal(0),
        "priority": sa.literal(priority, sa.SmallInteger()),
        "message_id": sa.literal(f"outbox-{uuid.uuid4().hex}-")
        + sa.func.min(sa.cast(Registration.public_id, sa.String())),
    }
