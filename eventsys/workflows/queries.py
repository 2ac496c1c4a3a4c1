"""Reads for the organiser's page about mail: what goes out and when, what went, what the mail server said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Run
from eventsys.extensions import AnyRow
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.models import Registration
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workflows.rules import TEMPLATES, OccasionState


def count_mails(session: Session, *, organiser_id: int, event_id: int) -> dict[MailState, int]:
    """How many mails of the event are in each state."""
    statement = (
        sa.select(OutboxMessage.state, sa.func.count().label("how_many"))
        .where(_is_about(organiser_id, event_id))
        .group_by(OutboxMessage.state)
    )
    return {row.state: row.how_many for row in session.execute(statement)}


def count_templates(session: Session, *, organiser_id: int, event_id: int) -> list[AnyRow]:
    """What a change was mailed as, since when and to how many: rows of template, first_at, sent, mails."""
    is_sent = sa.case((OutboxMessage.state == MailState.SENT, 1))
    is_at_once = OutboxMessage.template.not_in([name for name, wants in TEMPLATES.items() if wants.before_start])
    statement = (
        sa.select(
            OutboxMessage.template,
            sa.func.min(OutboxMessage.due_at).label("first_at"),
            sa.func.count(is_sent).label("sent"),
            sa.func.count().label("mails"),
        )
        .where(_is_about(organiser_id, event_id), is_at_once)
        .group_by(OutboxMessage.template)
        .order_by(sa.func.min(OutboxMessage.due_at), OutboxMessage.template)
    )
    return list(session.execute(statement))


def find_mail(session: Session, *, organiser_id: int, public_id: uuid.UUID) -> OutboxMessage | None:
    """One of the organiser's own mails, as it was sent if it was."""
    return session.scalar(
        sa.select(OutboxMessage).where(OutboxMessage.public_id == public_id, OutboxMessage.organiser_id == organiser_id)
    )


@dataclass(frozen=True, slots=True)
class OccasionRow:
    """One line of an event's timeline. `will_go` counts addresses as of now for what is planned, `mails` what was made
    of what fired, `sent` and `failed` those of them; `due_local` is at the run's place."""

    id: int
    key: str
    template: str
    run_id: int
    due_at: datetime
    due_local: datetime
    state: OccasionState
    why: str | None
    will_go: int
    mails: int
    sent: int
    failed: int


def list_occasions(session: Session, *, organiser_id: int, event_id: int, now: datetime) -> list[OccasionRow]:
    """The event's occasions, past and coming, in the order of time; those that were dropped only when it was too late
    to plan them again."""
    columns: tuple[Any, ...] = (Occasion, Rule, Run.timezone, _count_will_go(), *_count_made())
    rows = session.execute(
        sa.select(*columns)
        .join(Rule, Rule.id == Occasion.rule_id)
        .join(Run, Run.id == Occasion.run_id)
        .where(
            Run.event_id == event_id,
            Run.organiser_id == organiser_id,
            sa.or_(Occasion.state != OccasionState.DROPPED, Occasion.due_at <= now),
        )
        .order_by(Occasion.due_at, Occasion.id)
    )
    return [
        OccasionRow(
            id=occasion.id,
            key=rule.key,
            template=rule.template,
            run_id=occasion.run_id,
            due_at=occasion.due_at,
            due_local=dates.to_local(occasion.due_at, timezone),
            state=occasion.state,
            why=occasion.why,
            will_go=will_go if occasion.state is OccasionState.PLANNED else 0,
            mails=mails,
            sent=sent,
            failed=failed,
        )
        for occasion, rule, timezone, will_go, mails, sent, failed in rows
    ]


def list_recipients(session: Session, *, organiser_id: int, occasion_id: int) -> list[AnyRow]:
    """Who would get the mail of a planned occasion if it were due now: rows of name, email."""
    statement = (
        sa.select(Registration.name, Registration.email)
        .join(Occasion, Occasion.run_id == Registration.run_id)
        .join(Rule, Rule.id == Occasion.rule_id)
        .where(Occasion.id == occasion_id, Registration.organiser_id == organiser_id, _is_meant())
        .order_by(Registration.name, Registration.id)
    )
    return list(session.execute(statement))


def _is_about(organiser_id: int, event_id: int) -> sa.ColumnElement[bool]:
    causes = sa.select(MailCause.outbox_id).where(
        MailCause.organiser_id == organiser_id, MailCause.event_id == event_id
    )
    return sa.and_(OutboxMessage.organiser_id == organiser_id, OutboxMessage.id.in_(causes))


def _is_meant() -> sa.ColumnElement[bool]:
    """Whether the rule's template is for registrations in this state."""
    return sa.or_(
        *(
            sa.and_(Rule.template == template, Registration.state.in_(demands.states))
            for template, demands in TEMPLATES.items()
        )
    )


def _count_will_go() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(sa.distinct(Registration.email_key)))
        .where(Registration.run_id == Occasion.run_id, _is_meant())
        .correlate(Occasion, Rule)
        .scalar_subquery()
    )


def _count_made() -> tuple[sa.ScalarSelect[int], ...]:
    conditions: tuple[tuple[MailState, ...], ...] = (tuple(MailState), (MailState.SENT,), (MailState.FAILED,))
    return tuple(
        sa.select(sa.func.count(sa.distinct(OutboxMessage.id)))
        .join(MailCause, MailCause.outbox_id == OutboxMessage.id)
        .where(MailCause.occasion_id == Occasion.id, OutboxMessage.state.in_(states))
        .correlate(Occasion)
        .scalar_subquery()
        for states in conditions
    )
