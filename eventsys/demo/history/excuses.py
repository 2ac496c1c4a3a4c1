"""Who asked to be excused from a gathering, and what was answered; made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import words
from eventsys.events.models import Event, Run
from eventsys.obligations import actions
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import language_of
from eventsys.registrations.models import Registration

ASKED_BEFORE, ANSWERED_BEFORE = timedelta(days=6), timedelta(days=4)


def excuse(
    session: Session,
    held: Sequence[tuple[Event, Sequence[Organisation]]],
    coming: tuple[Event, Sequence[Organisation]],
    *,
    contacts: Mapping[int, int],
    account_id: int,
) -> None:
    """Of each gathering that was, two who stayed away had asked; of the coming one somebody has."""
    said_before = iter(words.EXCUSES)
    for event, members in held:
        begins_at = session.scalar(sa.select(sa.func.min(Run.sort_at)).where(Run.event_id == event.id))
        assert begins_at is not None
        away = _list_away(session, event, members, contacts)
        for one, (said, is_granted, why) in zip(away[1:3], said_before, strict=False):
            asked = actions.ask_excuse(
                session, event, one.id, words=_in_form(said, one), position_id=contacts[one.id],
                now=begins_at - ASKED_BEFORE,
            )  # fmt: skip
            state = ExcuseState.GRANTED if is_granted else ExcuseState.REFUSED
            actions.decide_excuse(
                session, asked, state=state, why=why, account_id=account_id, now=begins_at - ANSWERED_BEFORE
            )
    event, members = coming
    waits = _list_away(session, event, members, contacts)[3]
    actions.ask_excuse(
        session, event, waits.id, words=_in_form(words.WAITS, waits), position_id=contacts[waits.id],
        now=words.WAITS_SINCE,
    )  # fmt: skip


def _list_away(
    session: Session, event: Event, members: Sequence[Organisation], contacts: Mapping[int, int]
) -> list[Organisation]:
    """Those of whom nobody signed up, in their order, who have somebody to ask for them."""
    there = set(session.scalars(sa.select(Registration.organisation_id).where(Registration.event_id == event.id)))
    return [one for one in members if one.id not in there and one.id in contacts]


def _in_form(said: Mapping[str, str], municipality: Organisation) -> str:
    return said[language_of(municipality.language_form, "nb")]
