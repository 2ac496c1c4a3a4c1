"""Begins an event for each of several networks, and tells their advisers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.accounts.emails import send_from_installation
from eventsys.accounts.models import Account
from eventsys.events import actions as events
from eventsys.events.models import Event, EventChange
from eventsys.events.rules import (
    ChangeKind,
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventType,
    Precision,
    RunFacts,
    Translated,
)
from eventsys.organisers.models import Organiser
from eventsys.registrations.questions.actions import add_shipped_questions
from eventsys.workspace.networks.queries import NetworkLine, list_people

FOR_NETWORK = "for_network"
PRESSED_TWICE = timedelta(minutes=1)
NAME = "{nettverk}"
"""Where the network's name comes in a title."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of each network: a gathering called so, at some time in a span, or not known when."""

    title: Translated
    description: Translated
    span: tuple[Precision, date, date] | None

    def title_of(self, name: str) -> Translated:
        return {code: text.replace(NAME, name)[:200] for code, text in self.title.items()}


class Begun(NamedTuple):
    """A draft of a network, and the organiser that it belongs to."""

    event: Event
    owner: Organiser


def begin_for_networks(
    session: Session,
    networks: Sequence[NetworkLine],
    wish: Wish,
    *,
    organiser: Organiser,
    path_of: Callable[[Event], str],
    base_url: str,
    account_id: int,
    now: datetime,
) -> list[Begun]:
    """A draft for each network, owned by its adviser, who sets the day; those of other organisers are told by mail.

    Pressed twice within a minute it makes each once.
    """
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser.id).with_for_update(key_share=True))
    there = _find_just_made(session, now)
    begun = []
    for line in networks:
        owner = line.adviser or organiser
        title = wish.title_of(line.network.name)
        if (line.network.id, texts.read(title, "nb").value) in there:
            continue
        event = _begin(session, line, wish, owner=owner, base_url=base_url, account_id=account_id, now=now)
        begun.append(Begun(event, owner))
    _tell(session, [one for one in begun if one.owner.id != organiser.id], organiser, path_of, now=now)
    return begun


def _begin(
    session: Session, line: NetworkLine, wish: Wish, *, owner: Organiser, base_url: str, account_id: int, now: datetime
) -> Event:
    precision, first, last = wish.span or (Precision.UNKNOWN, None, None)
    event = events.create(
        session,
        organiser_id=owner.id,
        facts=EventFacts(
            EventType.NETWORK_GATHERING,
            wish.title_of(line.network.name),
            description=wish.description,
            programme_id=line.network.programme_id,
        ),
        clauses=[ClauseFacts(ClauseKind.NETWORK, network_id=line.network.id)],
        runs=[RunFacts(precision, first_on=first, last_on=last, timezone=owner.timezone)],
        base_url=base_url,
        origin={FOR_NETWORK: line.network.id},
        account_id=account_id,
        now=now,
    )
    add_shipped_questions(session, event, account_id=account_id, now=now)
    return event


def _find_just_made(session: Session, now: datetime) -> set[tuple[int, str]]:
    """The networks that got an event a moment ago, each with its title."""
    rows = session.execute(
        sa.select(EventChange.facts, Event.title)
        .join(Event, Event.id == EventChange.event_id)
        .where(EventChange.kind == ChangeKind.CREATED, EventChange.at > now - PRESSED_TWICE)
    )
    return {(facts[FOR_NETWORK], texts.read(title, "nb").value) for facts, title in rows if FOR_NETWORK in facts}


def _tell(
    session: Session, begun: Sequence[Begun], organiser: Organiser, path_of: Callable[[Event], str], *, now: datetime
) -> None:
    """One mail to each of the advisers about each draft: it says whose turn it is, and where."""
    people = list_people(session, {one.owner.id for one in begun})
    for event, owner in begun:
        for account in people.get(owner.id, ()):
            _send(session, event, account, organiser, path_of(event), now=now)


def _send(session: Session, event: Event, account: Account, organiser: Organiser, path: str, *, now: datetime) -> None:
    send_from_installation(
        session,
        template="network_draft",
        reason_key=f"network-draft/{event.id}/{account.id}",
        email=account.email,
        name=account.name,
        language=account.language,
        path=path,
        values={"event": texts.read(event.title, account.language).value, "who": organiser.name},
        now=now,
    )
