"""Changes of invitations made into mail: what one act asks of one address is one mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.invitations.models import Invitation, InvitationChange, InvitationRound
from eventsys.invitations.rules import InvitationAct, InvitationState
from eventsys.mailing.rules import BULK
from eventsys.organisers.models import Organiser
from eventsys.workflows.actions.letters import Letter, Reader, add_mail
from eventsys.workflows.actions.noticing import BATCH, alone, find_rules, was_on
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.models import Rule
from eventsys.workflows.rulebook import whose_turn
from eventsys.workflows.rules import BY_TRIGGER, Trigger

MAILED = {
    InvitationAct.ASKED: Trigger.INVITED,
    InvitationAct.NUDGED: Trigger.INVITATION_NUDGED,
    InvitationAct.WITHDRAWN: Trigger.INVITATION_WITHDRAWN,
}


class ChangedInvitation(NamedTuple):
    """An act nobody has noticed, and around it; `language` is the invited one's, else the organiser's."""

    change: InvitationChange
    invitation: Invitation
    round: InvitationRound
    event: Event
    organiser: Organiser
    language: str


def has_unnoticed_invitation(session: Session) -> bool:
    """Whether there is anything to notice: a read, so that an idle worker takes no lock."""
    unnoticed = sa.select(InvitationChange.id).where(InvitationChange.noticed_at.is_(None)).limit(1)
    return session.scalar(unnoticed) is not None


def notice_invitations(session: Session, *, now: datetime) -> int:
    """Makes a batch of acts into mail by the rules in force; how many were noticed.

    Whoever has answered meanwhile, and whoever is asked to an event that is no longer on, is told nothing.
    """
    rows = [ChangedInvitation(*row) for row in session.execute(_unnoticed())]
    rules = find_rules(session, [(row.event.id, row.event.organiser_id) for row in rows])
    noticed = 0
    for act in _by_address(rows):
        with alone(session, act[0].change):
            trigger = MAILED.get(act[0].change.act)
            for rule in whose_turn(rules, act[0].event.id, trigger) if trigger else ():
                told = [row for row in act if _is_told(row, rule)]
                if told:
                    _mail(session, rule, told, now=now)
            for row in act:
                row.change.noticed_at = now
            noticed += len(act)
    return noticed


def _unnoticed() -> sa.Select[*tuple[Any, ...]]:
    language = sa.func.coalesce(sa.func.nullif(Invitation.language, ""), Organiser.language)
    columns: tuple[Any, ...] = (InvitationChange, Invitation, InvitationRound, Event, Organiser, language)
    return (
        sa.select(*columns)
        .join(Invitation, Invitation.id == InvitationChange.invitation_id)
        .join(InvitationRound, InvitationRound.id == Invitation.round_id)
        .join(Event, Event.id == Invitation.event_id)
        .join(Organiser, Organiser.id == Invitation.organiser_id)
        .where(InvitationChange.noticed_at.is_(None))
        .order_by(InvitationChange.id)
        .limit(BATCH)
        .with_for_update(of=InvitationChange, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _by_address(rows: Iterable[ChangedInvitation]) -> Iterator[list[ChangedInvitation]]:
    """What was done at one moment, of one kind, by one round, for one event and one address."""
    found: dict[Any, list[ChangedInvitation]] = {}
    for row in rows:
        one = (row.event.id, row.change.act, row.change.at, row.round.template, row.invitation.email_key)
        found.setdefault(one, []).append(row)
    yield from found.values()


def _is_told(row: ChangedInvitation, rule: Rule) -> bool:
    """An address that was erased is nobody's."""
    demands = BY_TRIGGER[MAILED[row.change.act]]
    is_so = row.invitation.state in demands.invited and row.event.status is EventStatus.PUBLISHED
    is_so = is_so or (row.invitation.state is InvitationState.WITHDRAWN and row.change.act is InvitationAct.WITHDRAWN)
    return is_so and was_on(rule, row.change.at) and rule.run_id is None and bool(row.invitation.email_key)


def _mail(session: Session, rule: Rule, told: Sequence[ChangedInvitation], *, now: datetime) -> None:
    first = told[0]
    change, invitation = first.change, first.invitation
    letter = Letter(
        organiser_id=invitation.organiser_id,
        reason=f"change/invitation/{change.id}/{rule.key}",
        template=_text_of(rule, first.round),
        due_at=change.at,
        next_try_at=wait_out_quiet(first.organiser, max(change.at, now), change.at),
        priority=BULK,
    )
    languages = {row.language for row in told}
    reader = Reader(
        invitation.email,
        invitation.name if len({row.invitation.name for row in told}) == 1 else "",
        languages.pop() if len(languages) == 1 else first.organiser.language,
    )
    causes = [
        {
            "event_id": row.event.id,
            "invitation_id": row.invitation.id,
            "rule_id": rule.id,
            "invitation_change_id": row.change.id,
        }
        for row in told
    ]
    add_mail(session, letter, reader, causes, now=now)


def _text_of(rule: Rule, asked: InvitationRound) -> str:
    """A round may have a text of its own for asking; a nudge and a withdrawal have the rule's."""
    return asked.template if rule.trigger is Trigger.INVITED and asked.template != Trigger.INVITED else rule.template
