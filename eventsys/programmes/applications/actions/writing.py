"""What somebody writes goes into the application, and what could not, into their draft. Times of drafts are real ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.outbox import insert_into
from eventsys.programmes.applications.actions.locking import lock, note_act
from eventsys.programmes.applications.queries import CHANGED, read_facts
from eventsys.programmes.applications.rules import (
    ApplicationFacts,
    ApplicationState,
    CannotBeDone,
    Confirmation,
    Goal,
    name_changes,
)
from eventsys.programmes.models import (
    Application,
    ApplicationArea,
    ApplicationConfirmation,
    ApplicationDraft,
    ApplicationGoal,
    ApplicationMember,
    CaseChange,
)

PLAIN = ("own_area", "way_of_working", "involvement", "timetable", "cooperation", "treated_by", "treated_on")
TOLD_AGAIN = timedelta(minutes=30)
"""How long a field that somebody goes on writing in is told once in the history."""


def write(
    session: Session, application: Application, facts: ApplicationFacts, *, member: ApplicationMember, now: datetime
) -> list[str]:
    """Makes the application say what the facts say; the names of what changed. Raises `CannotBeDone` when it is sent."""
    application = lock(session, application.id)
    if application.state is not ApplicationState.DRAFT:
        raise CannotBeDone
    changed = name_changes(read_facts(session, application), facts)
    if changed:
        _put(session, application, facts)
        application.edition += 1
        application.changed_at = now
        session.flush()
        _tell(session, application, member, changed, now)
    return changed


def copy_content(session: Session, old: Application, new: Application) -> None:
    """What the one says, said by the other."""
    facts = read_facts(session, old)
    _put(session, new, facts)


def _put(session: Session, application: Application, facts: ApplicationFacts) -> None:
    for name in PLAIN:
        setattr(application, name, getattr(facts, name))
    session.execute(sa.delete(ApplicationArea).where(ApplicationArea.application_id == application.id))
    session.add_all(ApplicationArea(application_id=application.id, area=area) for area in facts.areas)
    _put_goals(session, application, facts.goals)
    _put_confirmations(session, application, facts.confirmations)
    session.flush()


def _put_goals(session: Session, application: Application, goals: Sequence[Goal]) -> None:
    """The goals in their order. An id that is another application's is not taken over: that goal gets one of its own."""
    ids = [uuid.UUID(goal.public_id) for goal in goals]
    wanted = sa.select(ApplicationGoal).where(
        sa.or_(ApplicationGoal.application_id == application.id, ApplicationGoal.public_id.in_(ids))
    )
    rows = {row.public_id: row for row in session.scalars(wanted)}
    for position, (public_id, goal) in enumerate(zip(ids, goals, strict=True)):
        row = rows.pop(public_id, None)
        if row is None or row.application_id != application.id:
            row = ApplicationGoal(application_id=application.id, public_id=uuid.uuid4() if row else public_id)
            session.add(row)
        row.position, row.area, row.goal, row.is_measurable = position, goal.area, goal.goal, goal.is_measurable
        row.unit, row.start_value, row.target_value = goal.unit, goal.start_value, goal.target_value
        row.target_on = goal.target_on
    for row in rows.values():
        if row.application_id == application.id:
            session.delete(row)


def _put_confirmations(session: Session, application: Application, confirmations: Sequence[Confirmation]) -> None:
    session.execute(sa.delete(ApplicationConfirmation).where(ApplicationConfirmation.application_id == application.id))
    session.add_all(
        ApplicationConfirmation(
            application_id=application.id, side=one.side, name=one.name, title=one.title, confirmed_on=one.confirmed_on
        )
        for one in confirmations
    )


def _tell(
    session: Session, application: Application, member: ApplicationMember, changed: list[str], now: datetime
) -> None:
    """A row of the history for what the member has not just been told to have changed."""
    lately = sa.select(CaseChange.facts).where(
        CaseChange.application_id == application.id, CaseChange.member_id == member.id, CaseChange.act == CHANGED,
        CaseChange.at > now - TOLD_AGAIN,
    )  # fmt: skip
    told = {name for facts in session.scalars(lately) for name in facts.get("fields", [])}
    if new := [name for name in changed if name not in told]:
        note_act(session, application, CHANGED, member_id=member.id, facts={"fields": new}, now=now)


def keep_draft(
    session: Session, member: ApplicationMember, *, edition: int, fields: Sequence[tuple[str, str]], now: datetime
) -> None:
    """What the member has typed now, in place of what was kept before."""
    kept = [{"name": name, "value": value} for name, value in fields]
    _keep(session, member, now, {"edition": edition, "fields": kept, "saved_at": now})


def note_seen(session: Session, member: ApplicationMember, *, edition: int, now: datetime) -> None:
    """That the member has it open now; what they typed there is left as it is."""
    _keep(session, member, now, {}, {"edition": edition, "fields": [], "saved_at": now})


def note_left(session: Session, member: ApplicationMember, *, now: datetime) -> None:
    """That the member has closed it; what they typed there is kept."""
    mine = sa.update(ApplicationDraft).where(ApplicationDraft.member_id == member.id)
    session.execute(mine.values(seen_at=now - timedelta(minutes=2)))


def forget_draft(session: Session, member: ApplicationMember) -> None:
    session.execute(sa.delete(ApplicationDraft).where(ApplicationDraft.member_id == member.id))


def _keep(
    session: Session,
    member: ApplicationMember,
    now: datetime,
    changes: dict[str, Any],
    first: dict[str, Any] | None = None,
) -> None:
    """Two windows of one member may do it at once: one row comes of it."""
    key = {"application_id": member.application_id, "member_id": member.id}
    kept = {"seen_at": now, **changes}
    row = insert_into(session, ApplicationDraft).values({**key, **kept, **(first or {})})
    session.execute(row.on_conflict_do_update(index_elements=["application_id", "member_id"], set_=kept))
