"""Builds the demo with the verbs that the pages use, in one transaction, and knows a database that is not the demo's.

The mails of the months before the demo opens are taken as sent: their causes are marked as noticed and no outbox rows
are made, so that the start does not send hundreds of them; the copies of the calls, which are rows at once, stand as
sent. What falls due after that is planned and goes out.
"""

from __future__ import annotations

import enum
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.actions import add as add_account
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.demo import programme as plan
from eventsys.demo.activities import Parts, build_events
from eventsys.demo.equipment import equip
from eventsys.demo.history import story, words
from eventsys.demo.history.calls import By
from eventsys.demo.history.municipalities import add_those_of_2006
from eventsys.demo.history.tell import tell
from eventsys.demo.history.work import add_advisers, go_on
from eventsys.demo.people import make_address
from eventsys.demo.promises import promise
from eventsys.demo.registers import enrol
from eventsys.demo.registrations import sign_up
from eventsys.demo.rooms import open_rooms
from eventsys.demo.site import furnish
from eventsys.events.models import EventChange
from eventsys.invitations.models import InvitationChange
from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.actions import add as add_organisation
from eventsys.organisations.actions import import_municipalities
from eventsys.organisations.imports import read_municipalities
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers.actions import add as add_organiser
from eventsys.organisers.models import INSTALLATION, Organiser
from eventsys.organisers.queries import find_organiser
from eventsys.programmes import actions as programmes
from eventsys.programmes.models import CaseChange, DecisionLetter, Programme
from eventsys.programmes.parties.actions import add_party
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.venues.actions import add as add_venue
from eventsys.workflows.actions import add_default_rules
from eventsys.workflows.actions import plan as plan_occasions
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Trigger

DATA = Path(__file__).parent / "data"


class Holds(enum.Enum):
    """What a database holds, as far as the demo is concerned."""

    NOTHING = enum.auto()
    DEMO = enum.auto()
    SOMETHING_ELSE = enum.auto()


def find_out(session: Session) -> Holds:
    """Whether the database is empty, holds the demo, or belongs to somebody."""
    slugs = set(session.scalars(sa.select(Organiser.slug))) - {INSTALLATION}
    if not slugs and not session.scalar(sa.select(sa.exists().where(Account.id.is_not(None)))):
        return Holds.NOTHING
    ours = {plan.SECRETARIAT, plan.UNIO}
    full = {*ours, words.ADVISES[0]}
    built = session.scalar(sa.select(sa.exists().where(Programme.slug == plan.PROGRAMME)))
    return Holds.DEMO if slugs in (ours, full) and built else Holds.SOMETHING_ELSE


def build(session: Session, *, base_url: str, full: bool = False) -> str:
    """Fills an empty database and moves its clock to the morning that the demo opens on; says what was made.

    The full one begins with the call of November 2006: who is in a cohort applied, was admitted and has come since.
    """
    random = Random(plan.OPENS_AT.year)  # noqa: S311  (the same demo each time is what is wanted)
    parts = _build_people(session, random, base_url, full=full)
    for name, capacity in plan.VENUES:
        add_venue(session, name=name, capacity=capacity, now=plan.SET_UP_AT)
    if not full:
        promise(session, parts.organisers[plan.SECRETARIAT].id, parts.cohort_ids.values())
    made = list(build_events(session, parts, base_url))
    equip(session, made)
    open_rooms(session, next(event for event, activity in made if len(activity.seats) > 1))
    furnish(session, parts.organisers[plan.SECRETARIAT], now=plan.ANNOUNCED_AT)
    steering = enrol(
        session, secretariat_id=parts.organisers[plan.SECRETARIAT].id, unio_id=parts.organisers[plan.UNIO].id,
        members=[one for cohort in parts.members.values() for one in cohort], unions=parts.unions,
    )  # fmt: skip
    seats = sign_up(session, random, made, members=parts.members, unions=parts.unions)
    worked = None
    if parts.by is not None:
        worked = go_on(session, parts, parts.by, steering, [event for event, _activity in made], base_url)
    _take_mail_as_sent(session)
    if full:
        seats += (
            session.scalar(sa.select(sa.func.count()).where(Registration.event_id.in_([one.id for one in parts.held])))
            or 0
        )
    plan_occasions(session, now=plan.OPENS_AT)
    clock.set_to(session, plan.OPENS_AT)
    places = sum(len(members) for members in parts.members.values())
    told = f"{places} municipalities in 3 cohorts, {len(made) + len(parts.held)} events, {seats} registrations"
    if worked is None:
        return told
    letters = session.scalar(sa.select(sa.func.count()).select_from(DecisionLetter)) or 0
    return (
        f"{told}, {letters} applications decided and answered, {worked.projects} projects, {worked.visits} visits,"
        f" {worked.meetings} meetings of groups"
    )


def _build_people(session: Session, random: Random, base_url: str, *, full: bool) -> Parts:
    organisers = {slug: _organiser(session, slug, name, email) for slug, name, email in plan.ORGANISERS}
    accounts = {email: _account(session, organisers, name, email, of) for name, email, of in plan.ACCOUNTS}
    rows, bad = read_municipalities((DATA / "municipalities-2008.csv").read_bytes())
    if bad:
        raise ValueError(f"municipalities-2008.csv is damaged: {bad}")
    if full:
        add_those_of_2006(session, random, rows)
    else:
        import_municipalities(session, rows)
    unio = add_organisation(
        session, kind=OrganisationKind.CONFEDERATION, name="Unio", organiser_id=organisers[plan.UNIO].id
    )
    unions = [
        add_organisation(session, kind=OrganisationKind.UNION, name=name, parent_id=unio.id) for name in plan.UNIONS
    ]
    programme = programmes.add_programme(
        session, organiser_id=organisers[plan.SECRETARIAT].id, slug=plan.PROGRAMME, name=plan.PROGRAMME_NAME
    )
    programmes.change_programme(session, programme, plan.FACTS)
    for party in plan.PARTIES:
        add_party(session, programme, party)
    cohort_ids = {ordinal: _cohort(session, programme, ordinal) for ordinal in plan.COHORTS}
    everybody = list_organisations(session, OrganisationKind.MUNICIPALITY)
    absorbed = story.WERE[1].number
    members = _choose_members(random, [one for one in everybody if one.number != absorbed])
    parts = Parts(organisers, accounts, programme, cohort_ids, members, unio, unions)
    if full:
        _tell_history(session, random, parts, everybody, base_url)
    else:
        _place(session, cohort_ids, members)
    _join_networks(session, programme, parts.members)
    return parts


def _tell_history(session: Session, random: Random, parts: Parts, everybody: list[Organisation], base_url: str) -> None:
    """How those who were drawn came to be in their cohorts."""
    advisers = add_advisers(session, parts.organisers[plan.SECRETARIAT].id)
    by = parts.by = By(parts.programme, parts.accounts[plan.ACCOUNTS[0][1]].id, advisers)
    drawn = {one.id for ones in parts.members.values() for one in ones}
    apart = [row.number for row in story.WERE]
    others = [one for one in everybody if one.id not in drawn and one.number not in (*apart, plan.STAYS_OUT)]
    first = parts.members[1]
    if not any(one.number == apart[0] for ones in parts.members.values() for one in ones):
        first[-1] = next(one for one in everybody if one.number == apart[0])
    told = tell(
        session, random, by, chosen=parts.members, others=others, cohort_ids=parts.cohort_ids, base_url=base_url
    )
    parts.members, parts.series, parts.held = told.members, dict(told.series), list(told.held)


def _organiser(session: Session, slug: str, name: str, email: str) -> Organiser:
    organiser = find_organiser(session, slug) or add_organiser(session, slug=slug, name=name, email=email)
    add_default_rules(session, organiser_id=organiser.id, now=plan.SET_UP_AT)
    return organiser


def _account(
    session: Session, organisers: dict[str, Organiser], name: str, email: str, slugs: tuple[str, ...]
) -> Account:
    account = None
    for slug in slugs:
        account = add_account(
            session, email=email, key=email_key(email), name=name, organiser_id=organisers[slug].id,
            role=MemberRole.OWNER, language="nb", now=plan.SET_UP_AT,
        )  # fmt: skip
    assert account is not None
    return account


def _cohort(session: Session, programme: Programme, ordinal: int) -> int:
    slug, numeral, _admitted, _size = plan.COHORTS[ordinal]
    name = {"nb": f"Pulje {numeral}", "nn": f"Pulje {numeral}", "en": f"Cohort {numeral}"}
    return programmes.add_cohort(
        session, programme_id=programme.id, slug=slug, ordinal=ordinal, name=name, ceiling=plan.CEILINGS[ordinal]
    ).id


def _choose_members(random: Random, everybody: list[Organisation]) -> dict[int, list[Organisation]]:
    """By cohort, drawn by lot but for those whose places are given."""
    given: dict[int, list[Organisation]] = {ordinal: [] for ordinal in plan.COHORTS}
    for organisation in everybody:
        if organisation.number in plan.TAKE_PART:
            given[plan.TAKE_PART[organisation.number]].append(organisation)
    others = [o for o in everybody if o.number not in (*plan.TAKE_PART, plan.STAYS_OUT)]
    to_draw = {ordinal: size - len(given[ordinal]) for ordinal, (*_rest, size) in plan.COHORTS.items()}
    drawn = iter(random.sample(others, sum(to_draw.values())))
    return {
        ordinal: [*given[ordinal], *(next(drawn) for _ in range(how_many))] for ordinal, how_many in to_draw.items()
    }


def _place(session: Session, cohort_ids: dict[int, int], members: dict[int, list[Organisation]]) -> None:
    for ordinal, organisations in members.items():
        for organisation in organisations:
            organisation.email = make_address("post", organisation.label)
            programmes.place_in_cohort(
                session,
                cohort_id=cohort_ids[ordinal],
                organisation_id=organisation.id,
                from_on=plan.COHORTS[ordinal][2],
            )


def _join_networks(session: Session, programme: Programme, members: dict[int, list[Organisation]]) -> None:
    network_of = {}
    for slug, name, counties in plan.NETWORKS:
        network = programmes.add_network(session, programme_id=programme.id, slug=slug, name=name)
        network_of.update(dict.fromkeys(counties, network.id))
    for ordinal, organisations in members.items():
        for organisation in organisations:
            programmes.place_in_network(
                session, network_id=network_of[organisation.county or ""], organisation_id=organisation.id,
                from_on=plan.COHORTS[ordinal][2],
            )  # fmt: skip


def _take_mail_as_sent(session: Session) -> None:
    """Rules of time count from the opening: nothing that they would have said before it is told as missed."""
    timed = sa.update(Rule).where(Rule.trigger == Trigger.RELATIVE, Rule.enabled_at.is_not(None))
    session.execute(timed.values(enabled_at=plan.OPENS_AT))
    for table in (RegistrationChange, EventChange, CaseChange, InvitationChange):
        session.execute(sa.update(table).where(table.noticed_at.is_(None)).values(noticed_at=table.at))
    copies = sa.update(OutboxMessage).where(OutboxMessage.due_at <= plan.OPENS_AT, OutboxMessage.sent_at.is_(None))
    told = {"subject": story.COPY_SUBJECT, "text": story.COPY_TEXT}
    session.execute(copies.values(state=MailState.SENT, attempts=1, sent_at=OutboxMessage.due_at, **told))
