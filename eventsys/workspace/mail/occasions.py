"""Reads for an event's timeline: its occasions, what was made of them, and to how many of which language each will go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.extensions import AnyRow
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisers.models import Organiser
from eventsys.workflows.audiences import Saved, read_needing, read_saved, select_recipients
from eventsys.workflows.models import MailCause, MailTemplate, Occasion, Rule
from eventsys.workflows.rulebook import list_effective
from eventsys.workflows.rules import Audience, OccasionState

MOST_TERMS = 200
"""SQLite takes at most 500 parts in one UNION."""
NOT_ARRIVED = (MailState.FAILED,)


class Meant(NamedTuple):
    """To whom: an audience of the event, of one run or of all; a saved one by its id."""

    audience: Audience
    run_id: int | None = None
    audience_id: int | None = None


@dataclass(frozen=True, slots=True)
class OccasionLine:
    """One occasion with its rule, and how many mails were made of it; `name` where the text is the organiser's own."""

    occasion: Occasion
    rule: Rule
    name: str
    mails: int
    sent: int
    failed: int

    @property
    def meant(self) -> Meant:
        return Meant(self.rule.audience, self.occasion.run_id, self.rule.audience_id)

    @property
    def is_planned(self) -> bool:
        return self.occasion.state is OccasionState.PLANNED


def list_lines(session: Session, event: Event, *, now: datetime) -> list[OccasionLine]:
    """The event's occasions in the order of time; those that were dropped only when it was too late to plan them again."""
    made = _made(event)
    columns: tuple[Any, ...] = (Occasion, Rule, MailTemplate.name, made.c.mails, made.c.sent, made.c.failed)
    rows = session.execute(
        sa.select(*columns)
        .join(Rule, Rule.id == Occasion.rule_id)
        .outerjoin(MailTemplate, _is_text_of(Rule))
        .outerjoin(made, made.c.occasion_id == Occasion.id)
        .where(
            Occasion.event_id == event.id,
            Rule.organiser_id == event.organiser_id,
            sa.or_(Occasion.state != OccasionState.DROPPED, Occasion.due_at <= now),
        )
        .order_by(Occasion.due_at, Occasion.id)
    )
    return [
        OccasionLine(occasion, rule, name or "", mails or 0, sent or 0, failed or 0)
        for occasion, rule, name, mails, sent, failed in rows
    ]


def _made(event: Event) -> sa.Subquery:
    """How many mails there are of each occasion, and how they went. A mail about several people is one."""
    message = sa.case((OutboxMessage.state == MailState.SENT, OutboxMessage.id))
    lost = sa.case((OutboxMessage.state.in_(NOT_ARRIVED), OutboxMessage.id))
    return (
        sa.select(
            MailCause.occasion_id,
            sa.func.count(sa.distinct(OutboxMessage.id)).label("mails"),
            sa.func.count(sa.distinct(message)).label("sent"),
            sa.func.count(sa.distinct(lost)).label("failed"),
        )
        .join(OutboxMessage, OutboxMessage.id == MailCause.outbox_id)
        .where(MailCause.event_id == event.id, MailCause.occasion_id.is_not(None))
        .group_by(MailCause.occasion_id)
        .subquery()
    )


def _is_text_of(rule: type[Rule]) -> sa.ColumnElement[bool]:
    return sa.and_(MailTemplate.organiser_id == rule.organiser_id, MailTemplate.key == rule.template)


def list_changes(session: Session, event: Event) -> list[AnyRow]:
    """What changes were mailed as, since when and to how many: rows of template, first_at, sent, failed, mails."""
    mine = sa.select(MailCause.outbox_id).where(
        MailCause.organiser_id == event.organiser_id,
        MailCause.event_id == event.id,
        MailCause.occasion_id.is_(None),
    )
    statement = (
        sa.select(
            OutboxMessage.template,
            sa.func.min(OutboxMessage.due_at).label("first_at"),
            sa.func.count(sa.case((OutboxMessage.state == MailState.SENT, 1))).label("sent"),
            sa.func.count(sa.case((OutboxMessage.state.in_(NOT_ARRIVED), 1))).label("failed"),
            sa.func.count().label("mails"),
        )
        .where(OutboxMessage.organiser_id == event.organiser_id, OutboxMessage.id.in_(mine))
        .group_by(OutboxMessage.template)
        .order_by(sa.func.min(OutboxMessage.due_at), OutboxMessage.template)
    )
    return list(session.execute(statement))


def count_readers(
    session: Session, event: Event, wanted: Collection[Meant], *, on: date
) -> dict[Meant, dict[str, int]]:
    """To how many addresses a mail would go as of now, by language; one statement, however many are wanted, and for each
    saved audience two more: it is the same for all runs."""
    found: dict[Meant, dict[str, int]] = {meant: {} for meant in wanted}
    numbered = [meant for meant in found if meant.audience_id is None]
    needing: Collection[int] = ()
    if any(meant.audience is Audience.CONTACTS_AT_RISK for meant in numbered):
        needing = read_needing(session, Audience.CONTACTS_AT_RISK, event_id=event.id, on=on)
    for start in range(0, len(numbered), MOST_TERMS):
        terms = [
            _count_of(event, meant, number, on, needing=needing)
            for number, meant in enumerate(numbered[start : start + MOST_TERMS], start)
        ]
        for number, language, how_many in session.execute(sa.union_all(*terms)):
            found[numbered[number]][language] = how_many
    named = {(meant.audience, meant.audience_id) for meant in found if meant.audience_id is not None}
    for audience, audience_id in sorted(named):
        term = _count_of(event, Meant(audience), 0, on, read_saved(session, audience_id))
        counts = {language: how_many for _number, language, how_many in session.execute(term)}
        found.update(
            {meant: counts for meant in found if (meant.audience, meant.audience_id) == (audience, audience_id)}
        )
    return found


def _count_of(
    event: Event, meant: Meant, number: int, on: date, saved: Saved | None = None, needing: Collection[int] = ()
) -> sa.Select[Any]:
    recipients = select_recipients(
        meant.audience, event_id=event.id, run_id=meant.run_id, on=on, saved=saved, needing=needing
    )
    mails = group_by_address(recipients).subquery()
    return sa.select(
        sa.literal(number, sa.Integer()).label("number"), mails.c.language, sa.func.count().label("how_many")
    ).group_by(mails.c.language)


def group_by_address(recipients: sa.Select[Any]) -> sa.Select[Any]:
    """One row for each mail: who shares an address gets one, in the organiser's language where they read different ones."""
    rows = recipients.subquery()
    lowest, highest = sa.func.min(rows.c.language), sa.func.max(rows.c.language)
    return (
        sa.select(
            rows.c.email_key,
            sa.func.min(rows.c.email).label("email"),
            sa.func.min(rows.c.name).label("name"),
            sa.func.count().label("people"),
            sa.case((lowest == highest, lowest), else_=Organiser.language).label("language"),
        )
        .join(Organiser, Organiser.id == rows.c.organiser_id)
        .group_by(rows.c.email_key, Organiser.language)
    )


def list_not_arrived(session: Session, event: Event, most: int = 3) -> list[OutboxMessage]:
    """The newest mails about the event that did not arrive."""
    mine = sa.select(MailCause.outbox_id).where(
        MailCause.organiser_id == event.organiser_id, MailCause.event_id == event.id
    )
    return list(
        session.scalars(
            sa.select(OutboxMessage)
            .where(OutboxMessage.organiser_id == event.organiser_id, OutboxMessage.id.in_(mine))
            .where(OutboxMessage.state.in_(NOT_ARRIVED))
            .order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc())
            .limit(most)
        )
    )


def find_occasion(
    session: Session, event: Event, key: str, *, run_id: int | None, generation: int
) -> tuple[Occasion, Rule] | None:
    """The occasion of the event's rule of that key; of several rules of one key the newest that is planned."""
    row = session.execute(
        sa.select(Occasion, Rule)
        .join(Rule, Rule.id == Occasion.rule_id)
        .where(
            Occasion.event_id == event.id,
            Occasion.run_id.is_not_distinct_from(run_id),
            Occasion.generation == generation,
            Rule.organiser_id == event.organiser_id,
            Rule.key == key,
        )
        .order_by((Occasion.state == OccasionState.PLANNED).desc(), Occasion.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def find_rule(session: Session, event: Event, key: str) -> Rule | None:
    """The rule of that key that counts for the event."""
    rules = list_effective(session, organiser_id=event.organiser_id, event_ids=[event.id]).get(event.id, [])
    return next((rule for rule in rules if rule.key == key), None)


def find_name(session: Session, rule: Rule) -> str:
    """What the organiser calls the rule's text, where it is its own."""
    whose = (MailTemplate.organiser_id == rule.organiser_id, MailTemplate.key == rule.template)
    return session.scalar(sa.select(MailTemplate.name).where(*whose)) or ""


def list_drafts(session: Session, event: Event) -> Sequence[AnyRow]:
    """One-off mails that were written and neither sent nor thrown away: rows of key, name, at_local."""
    statement = (
        sa.select(Rule.key, MailTemplate.name, Rule.at_local)
        .join(MailTemplate, _is_text_of(Rule))
        .where(
            Rule.organiser_id == event.organiser_id,
            Rule.event_id == event.id,
            MailTemplate.event_id == event.id,
            Rule.enabled_at.is_(None),
            Rule.removed_at.is_(None),
        )
        .order_by(Rule.id)
    )
    return session.execute(statement).all()
