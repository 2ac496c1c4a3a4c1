"""Which rules of mail and which letters name a saved audience: those yet to go keep it, those of the past do not."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.extensions import AnyRow
from eventsys.workflows.models import MailTemplate, Occasion, Rule
from eventsys.workflows.rules import OccasionState, Trigger

PAST = (OccasionState.FIRED, OccasionState.MISSED)


def list_naming(session: Session, audience_id: int) -> Sequence[AnyRow]:
    """Rows of Rule, slug, title, name (of the text, where it has one) and is_letter: what has mail to send yet, switched
    on or not."""
    written = sa.and_(
        Rule.trigger == Trigger.ABSOLUTE, MailTemplate.event_id.is_not(None), MailTemplate.event_id == Rule.event_id
    )
    gone = sa.exists().where(Occasion.rule_id == Rule.id, Occasion.state.in_(PAST))
    return session.execute(
        sa.select(
            Rule, Event.slug, Event.title, MailTemplate.name, sa.func.coalesce(written, sa.false()).label("is_letter")
        )
        .outerjoin(Event, Event.id == Rule.event_id)
        .outerjoin(
            MailTemplate, sa.and_(MailTemplate.organiser_id == Rule.organiser_id, MailTemplate.key == Rule.template)
        )
        .where(Rule.audience_id == audience_id, Rule.removed_at.is_(None))
        .where(sa.not_(sa.and_(sa.func.coalesce(written, sa.false()), gone)))
        .order_by(Rule.id)
    ).all()


def was_named(session: Session, audience_id: int) -> bool:
    """Whether a rule that was taken away or a letter that was sent tells of it."""
    return session.scalar(sa.select(sa.exists().where(Rule.audience_id == audience_id))) or False
