"""Reads what outbox messages are about, for a whole batch in a few statements; columns alone, each event's once."""

from __future__ import annotations

import functools
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.calendar_facts import find_calendar_facts
from eventsys.events.ics import CalendarFacts
from eventsys.events.models import Event, Material, Run
from eventsys.events.rules import MaterialAccess, RunStatus
from eventsys.extensions import AnyRow, dialect_of, is_among
from eventsys.invitations.queries import InvitationFacts, list_facts
from eventsys.mailing.models import OutboxMessage
from eventsys.obligations.queries import AtRisk, select_at_risk
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import queries as positions
from eventsys.organisations.positions.links import position_token
from eventsys.organisations.rules import unit_address
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Change, Side
from eventsys.venues.models import Venue
from eventsys.workflows.audiences import SIDES, still_meant
from eventsys.workflows.causes import Cause, RuleSaid
from eventsys.workflows.histories import Histories, read_histories
from eventsys.workflows.models import MailCause
from eventsys.workflows.rules import LIVE, OF_ORGANISATIONS, Anchor, Audience, Trigger

DAY = timedelta(days=1)
TELL_SIDES = (Audience.ORGANISATIONS_LACKING, Audience.CONTACTS_LACKING)
COME_IN = (Change.REGISTERED, Change.ACCEPTED)


class Came(NamedTuple):
    """Somebody who has signed up, or a seat without a name."""

    name: str
    side: Side | None
    organisation: str | None


class Paper(NamedTuple):
    """A material that is out: everybody opens it from the event's page where `is_public`, else from one's own page."""

    public_id: uuid.UUID
    title: str
    is_public: bool


class Mending(NamedTuple):
    """An organisation's number, and the secret of each contact's link by its address: who mends what is missing."""

    number: str | None
    contacts: dict[str, str]


@dataclass(slots=True)
class Facts:
    """All that a batch of messages speaks of. `events` are rows of event and organiser, `runs` of run and venue.

    `histories` are of the seats, `earlier` has the Message-ID of the first mail sent about each, `meant` the organisations
    that an event's audience still is, `lacking` the sides an organisation has nobody of, `at_risk` what it needs an event
    for, `mending` the numbers and contacts of organisations that have something to mend, `signed_up` who came in since a
    moment, `invitations` are those that messages speak of, `materials` the papers of an event that are out.
    """

    causes: dict[int, list[Cause]]
    events: dict[int, AnyRow] = field(default_factory=dict)
    runs: dict[int, AnyRow] = field(default_factory=dict)
    runs_of: dict[int, list[AnyRow]] = field(default_factory=dict)
    histories: Histories = field(default_factory=Histories)
    earlier: dict[int, str] = field(default_factory=dict)
    meant: set[tuple[int, Audience, int]] = field(default_factory=set)
    lacking: dict[tuple[int, int], list[Side]] = field(default_factory=dict)
    at_risk: dict[tuple[int, int], AtRisk] = field(default_factory=dict)
    mending: dict[int, Mending] = field(default_factory=dict)
    signed_up: dict[tuple[int, datetime], list[Came]] = field(default_factory=dict)
    calendars: dict[int, CalendarFacts] = field(default_factory=dict)
    invitations: dict[int, InvitationFacts] = field(default_factory=dict)
    materials: dict[int, list[Paper]] = field(default_factory=dict)


def find_facts(session: Session, causes: dict[int, list[Cause]], *, now: datetime) -> Facts:
    """All around these causes. What no message of the batch asks for is not read; calendars: see `read_calendars`."""
    facts = Facts(causes)
    every = [cause for of_message in causes.values() for cause in of_message]
    event_ids = {cause.event_id for cause in every}
    facts.events = {row.id: row for row in session.execute(_events(), {"event_ids": sorted(event_ids)})}
    _read_runs(session, facts, every)
    facts.histories = read_histories(session, every)
    if registrations := {cause.registration.id for cause in every if cause.registration}:
        rows = session.execute(_earlier(dialect_of(session)), {"registration_ids": sorted(registrations)})
        facts.earlier = {row.registration_id: row.message_id for row in rows}
    _read_organisations(session, facts, every, now)
    _read_signed_up(session, facts, every)
    if invitations := {cause.invitation.id for cause in every if cause.invitation}:
        facts.invitations = list_facts(session, sorted(invitations))
    _read_materials(session, facts, every, now)
    return facts


def read_calendars(session: Session, facts: Facts, run_ids: Collection[int], *, base_url: str) -> None:
    """Adds the calendar facts of these runs."""
    if run_ids:
        facts.calendars = find_calendar_facts(session, sorted(run_ids), base_url=base_url)


# --- what is around them ----------------------------------------------------------------------------------------------


@functools.cache
def _events() -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Event.id,
        Event.slug,
        Event.title,
        Event.status,
        Event.is_closed,
        Event.closes_on,
        Event.names_by,
        Event.organiser_id,
        Organiser.name.label("organiser"),
        Organiser.email.label("organiser_email"),
        Organiser.slug.label("organiser_slug"),
        Organiser.language.label("organiser_language"),
        Organiser.timezone,
    )
    return (
        sa.select(*columns)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(Event.id.in_(sa.bindparam("event_ids", expanding=True)))
    )


@functools.cache
def _runs() -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Run.id,
        Run.event_id,
        Run.status,
        Run.precision,
        Run.timezone,
        Run.first_on,
        Run.last_on,
        Run.starts_local,
        Run.ends_local,
        Run.starts_at,
        Run.sequence,
        Run.revised_at,
        Venue.name.label("venue"),
        Venue.address,
    )
    return (
        sa.select(*columns)
        .outerjoin(Venue, Venue.id == Run.venue_id)
        .where(
            sa.or_(
                Run.id.in_(sa.bindparam("run_ids", expanding=True)),
                Run.event_id.in_(sa.bindparam("event_ids", expanding=True)),
            )
        )
        .order_by(Run.sort_at, Run.id)
    )


def _read_runs(session: Session, facts: Facts, causes: Iterable[Cause]) -> None:
    """The runs that causes name, and all that go of the events of causes that name none."""
    run_ids, event_ids = set(), set()
    for cause in causes:
        if cause.speaks_of is None:
            event_ids.add(cause.event_id)
            continue
        run_ids.add(cause.speaks_of)
        if cause.change is not None and cause.change.from_run_id is not None:
            run_ids.add(cause.change.from_run_id)
    rows = session.execute(_runs(), {"run_ids": sorted(run_ids), "event_ids": sorted(event_ids)}).all()
    facts.runs = {row.id: row for row in rows}
    for row in rows:
        if row.status is not RunStatus.CANCELLED:
            facts.runs_of.setdefault(row.event_id, []).append(row)


@functools.cache
def _earlier(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    """Newest first, so that the first that was sent is the one that stays."""
    return (
        sa.select(MailCause.registration_id, OutboxMessage.message_id)
        .join(OutboxMessage, OutboxMessage.id == MailCause.outbox_id)
        .where(
            is_among(MailCause.registration_id, "registration_ids", dialect),
            OutboxMessage.sent_at.is_not(None),
        )
        .order_by(OutboxMessage.id.desc())
    )


# --- organisations and organisers -------------------------------------------------------------------------------------


def _read_organisations(session: Session, facts: Facts, causes: Iterable[Cause], now: datetime) -> None:
    asked: dict[tuple[int, Audience], set[int]] = defaultdict(set)
    for cause in causes:
        if cause.rule and cause.organisation_id is not None and cause.rule.audience in OF_ORGANISATIONS:
            asked[cause.event_id, cause.rule.audience].add(cause.organisation_id)
    for (event_id, audience), ids in asked.items():
        on = dates.to_local(now, facts.events[event_id].timezone).date()
        if audience is Audience.CONTACTS_AT_RISK:
            at_risk = select_at_risk(session, event_id, on)
            facts.at_risk |= {(event_id, one): said for one, said in at_risk.items()}
        needing = [one for of_event, one in facts.at_risk if of_event == event_id]
        found = still_meant(audience, event_id=event_id, on=on, organisation_ids=sorted(ids), needing=needing)
        still = session.scalars(found)
        facts.meant |= {(event_id, audience, one) for one in still}
        if audience in TELL_SIDES:
            facts.lacking |= _find_lacking(session, event_id, ids)
        if audience in TELL_SIDES or audience is Audience.CONTACTS_AT_RISK:
            _read_mending(session, facts, ids, on)


def _read_mending(session: Session, facts: Facts, ids: Collection[int], on: date) -> None:
    columns = sa.select(Organisation.id, Organisation.kind, Organisation.number).where(Organisation.id.in_(ids))
    facts.mending |= {row.id: Mending(unit_address(row.kind, row.number), {}) for row in session.execute(columns)}
    for row in positions.list_all_contacts(session, ids, on=on):
        facts.mending[row.Position.organisation_id].contacts[row.Position.email_key] = position_token(row.Position)


def _find_lacking(session: Session, event_id: int, ids: Collection[int]) -> dict[tuple[int, int], list[Side]]:
    rows = session.execute(
        sa.select(Registration.organisation_id, Registration.side)
        .where(
            Registration.event_id == event_id,
            Registration.organisation_id.in_(ids),
            Registration.state.in_(LIVE),
        )
        .distinct()
    )
    there: dict[int | None, set[Side | None]] = defaultdict(set)
    for organisation_id, side in rows:
        there[organisation_id].add(side)
    return {(event_id, one): [side for side in SIDES if side not in there[one]] for one in ids}


def _read_signed_up(session: Session, facts: Facts, causes: Iterable[Cause]) -> None:
    """Who came in during the day before each digest's moment, with their organisations, in the order they came."""
    asked = {
        (cause.event_id, cause.due_at, cause.run_id)
        for cause in causes
        if cause.rule and cause.rule.audience is Audience.ORGANISERS and cause.due_at is not None
    }
    for event_id, due_at, run_id in asked:
        statement = (
            sa.select(Registration.name, Registration.side, Organisation.label)
            .join(RegistrationChange, RegistrationChange.registration_id == Registration.id)
            .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
            .where(
                Registration.event_id == event_id,
                Registration.state.in_(LIVE),
                RegistrationChange.change.in_(COME_IN),
                RegistrationChange.at > due_at - DAY,
                RegistrationChange.at <= due_at,
                *([] if run_id is None else [Registration.run_id == run_id]),
            )
            .group_by(Registration.id, Registration.name, Registration.side, Organisation.label)
            .order_by(Registration.id)
        )
        facts.signed_up[event_id, due_at] = [Came(*row) for row in session.execute(statement)]


def _read_materials(session: Session, facts: Facts, causes: Iterable[Cause], now: datetime) -> None:
    """The papers that are out of events whose mails tell of them: those just published, and those after a run."""
    asked = {cause.event_id for cause in causes if cause.rule is not None and _tells_of_papers(cause.rule)}
    if not asked:
        return
    rows = session.execute(
        sa.select(Material.event_id, Material.public_id, Material.title, Material.access)
        .where(Material.event_id.in_(asked), Material.published_at <= now, Material.access != MaterialAccess.GROUP)
        .order_by(Material.event_id, Material.position, Material.id)
    )
    for event_id, public_id, title, access in rows:
        is_public = access is MaterialAccess.EVERYBODY and not facts.events[event_id].is_closed
        paper = Paper(public_id, title, is_public)
        facts.materials.setdefault(event_id, []).append(paper)


def _tells_of_papers(rule: RuleSaid) -> bool:
    is_after = rule.relative is not None and rule.relative.anchor is Anchor.END
    return rule.trigger is Trigger.MATERIALS_PUBLISHED or is_after
