"""Three municipalities in one programme, two of them in one network, each with private things of every kind that a link
opens; and the addresses of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.audiences.rules import Clause, Condition, Kind
from eventsys.calendars.own.actions import add_link
from eventsys.calendars.own.queries import Owner
from eventsys.calendars.own.serving import link_token
from eventsys.calendars.rules import LinkKind
from eventsys.events import actions as events
from eventsys.events.materials.actions import add_material
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.models import Event
from eventsys.events.rules import (
    ClauseFacts,
    ClauseKind,
    EventFacts,
    EventType,
    MaterialAccess,
    Precision,
    RunFacts,
)
from eventsys.extensions import transaction
from eventsys.invitations.actions import RoundFacts, plan_round
from eventsys.invitations.links import invitation_token
from eventsys.invitations.models import Invitation
from eventsys.invitations.rules import InvitationState
from eventsys.mailing.models import OutboxMessage
from eventsys.obligations.actions import ask_excuse
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions as positions
from eventsys.programmes.actions import add_network, place_in_network
from eventsys.programmes.applications import actions as applications
from eventsys.programmes.applications.rules import ApplicationState, Area, FileKind
from eventsys.programmes.calls.actions import say_no
from eventsys.programmes.cases.links import application_path, recipient_path
from eventsys.programmes.groups.actions import MemberFacts, add_group, set_member
from eventsys.programmes.models import Application, Call, Programme, Project
from eventsys.programmes.projects.actions import By, add_goal, add_project, write_figures
from eventsys.programmes.projects.rules import Figure, GoalFacts, ProjectFacts
from eventsys.registrations import actions as registrations
from eventsys.registrations.people import actions as people
from eventsys.registrations.rules import NewDelegation, NewSeat, Side, WhenFull
from eventsys.tokens import Purpose, capability
from eventsys.visits import actions as visits
from eventsys.visits.actions import Taker
from eventsys.visits.models import Visit, VisitTime
from eventsys.visits.queries import find_kind
from eventsys.visits.rules import TimeFacts
from eventsys.workflows.actions import notice_changes
from tests.accounts.people import add_account
from tests.calling import add_application, add_call, add_member, add_recipient
from tests.guards.group_visits import write
from tests.world import BASE_URL, NOW, World, somebody

MEETS = date(2008, 12, 9)
CONTACT = "/organisations/<number>/contacts/<token>"
Values = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Town:
    """`values` are the arguments of its addresses, by how these begin; the longest beginning counts. Whatever is its own
    begins with `marker`; what it shares with its network with `shared`. `figure` stands in a project that it keeps."""

    marker: str
    number: str
    figure: str
    values: Values

    @property
    def shared(self) -> str:
        return f"{self.marker}-delt"


@dataclass(frozen=True)
class Ground:
    """What the three have in common: a programme, its calls, a conference with a paper, who visits them."""

    programme: Programme
    calls: list[Call]
    conference: Event
    taker: Taker
    paper: uuid.UUID


def build_towns(world: World) -> list[Town]:
    """The first and the last are in one network, the second in another with somebody else."""
    account = add_account("besøk@program.example", world.secretariat).id
    with transaction() as session:
        programme = session.scalars(sa.select(Programme).filter_by(organiser_id=world.secretariat)).one()
        conference = world.events["conference"]
        facts = MaterialFacts("Notat", access=MaterialAccess.PARTICIPANTS)
        paper = add_material(
            session, conference, facts, file=("notat.txt", b"Notat"), published_at=NOW, now=NOW
        ).public_id
        calls = [add_call(session, world, slug=f"utlysing-{number}") for number in (1, 2, 3)]
        ground = Ground(programme, calls, conference, Taker(account, world.secretariat), paper)
        towns = [
            add_town(session, world, ground, place, *facts)
            for place, facts in enumerate((("tindved", "0821"), ("rosmarin", "1119"), ("einer", "0301")))
        ]
        fourth = session.scalars(sa.select(Organisation).filter_by(number="2021")).one()
        shared = [find_shared_project(session, town) for town in towns]
        theirs = add_project(session, fourth, programme, ProjectFacts("Sammen", Area.OWN), by=By(), now=NOW)
        for number, members in enumerate(((shared[0], shared[2]), (shared[1], theirs))):
            network = add_network(session, programme_id=programme.id, slug=f"nett-{number}", name=f"Nett {number}")
            for one, other in (members, members[::-1]):
                place_in_network(
                    session, network_id=network.id, organisation_id=one.organisation_id, from_on=date(2008, 1, 1)
                )
                for town, own in zip(towns, shared, strict=True):
                    if own is one:
                        town.values[f"{CONTACT}/projects/networks"] |= {"public_id": other.public_id}
    return towns


def find_shared_project(session: Session, town: Town) -> Project:
    return session.scalars(sa.select(Project).filter_by(name=town.shared)).one()


def add_town(session: Session, world: World, ground: Ground, place: int, marker: str, number: str) -> Town:
    own = session.get_one(Organisation, world.municipalities[number])
    contact = positions.add_contact(
        session, own, name=f"{marker}-kontakt", email=f"{marker}-kontakt@kommune.example", on=NOW.date(), now=NOW
    )
    town = Town(marker, number, f"4{place + 1}.27", {})
    behind = {"number": number, "token": capability(Purpose.POSITION, contact.public_id, 0)}
    town.values[CONTACT] = behind
    town.values["/contacts/"] = {"token": positions.issue_confirmation(session, contact, real_now=clock.real_now())}
    add_seats(session, world, ground, town, own)
    add_case(session, ground, town, own, place)
    add_projects(session, ground, town, own, contact)
    add_visits(session, ground, town, contact)
    add_calendars(session, town, contact)
    add_group_of(session, ground, town)
    excuse = ask_excuse(
        session, ground.conference, own.id, words=f"{marker}-ord", position_id=contact.id, now=NOW
    ).public_id
    town.values[f"{CONTACT}/excuses"] = {**behind, "public_id": excuse}
    return town


def add_seats(session: Session, world: World, ground: Ground, town: Town, own: Organisation) -> None:
    """Somebody who is signed up and has a mail, a registrar with a seat, somebody who is invited."""
    marker, run = town.marker, ground.conference.runs[0]
    email = f"{marker}-person@kommune.example"
    form = somebody(
        world, run_id=run.id, name=f"{marker}-person", email=email, form_token=marker, organisation_id=own.id
    )
    made = registrations.register(session, form, now=NOW).registration
    several = NewDelegation(
        run_id=run.id, second_run_id=None, organisation_id=own.id, language=None, name=f"{marker}-registrator",
        email=f"{marker}-registrator@kommune.example", seats=(NewSeat(Side.ADMINISTRATION, name=f"{marker}-sete"),),
        form_token=f"{marker}-several", when_full=WhenFull.TAKE,
    )  # fmt: skip
    delegation = registrations.register_delegation(session, several, now=NOW)
    notice_changes(session, now=NOW)
    mails = sa.update(OutboxMessage).where(OutboxMessage.email.startswith(f"{marker}-"))
    session.execute(mails.values(subject=f"{marker}-brev", text=f"Hei {marker}-brev"))
    clauses = (Clause(conditions=(Condition(kind=Kind.REGISTERED, ids=(ground.conference.id,)),)),)
    asked = f"{marker}-invitert@kommune.example"
    invitation = Invitation(
        organiser_id=ground.conference.organiser_id, event_id=ground.conference.id, name=f"{marker}-invitert",
        round_id=plan_round(session, ground.conference, RoundFacts(clauses), now=NOW).id, email=asked, email_key=asked,
        person_id=find_or_add_person(session, email=asked, name=f"{marker}-invitert", now=NOW), language="nb",
        state=InvitationState.ASKED, asked_at=NOW, created_at=NOW,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    seat = delegation.registrations[0].public_id
    token = capability(Purpose.DELEGATION, delegation.delegation.public_id, 0)
    opens = capability(Purpose.REGISTRATION, made.public_id, 0)
    town.values.update(
        {
            "/registrations/": {"token": opens, "public_id": ground.paper},
            "/unsubscribe/": {"token": capability(Purpose.UNSUBSCRIBE, made.public_id, 0)},
            "/me/": {"token": people.ask_for_link(session, made.email_key, real_now=clock.real_now())},
            "/delegations/": {"token": token, "public_id": seat},
            "/invitations/": {"token": invitation_token(invitation)},
            f"{CONTACT}/seats": {**town.values[CONTACT], "public_id": made.public_id},
        }
    )


def add_case(session: Session, ground: Ground, town: Town, own: Organisation, place: int) -> None:
    """What it said to one call, what it writes to one, what it sent to the next, what was admitted in the last."""
    marker, (first, second, third) = town.marker, ground.calls
    call = ground.calls[place]
    recipient = add_recipient(session, call, own.id, email=f"{marker}-post@kommune.example")
    say_no(session, recipient, words=f"{marker}-ord", now=NOW)
    member = applications.begin(
        session, first, own.id, recipient=None, name=f"{marker}-skriver", email=f"{marker}-skriver@kommune.example",
        language="nb", now=NOW,
    )  # fmt: skip
    draft = session.get_one(Application, member.application_id)
    draft.way_of_working = f"{marker}-tekst"
    session.flush()
    name = f"{marker}-fil.txt"
    file = applications.add_file(session, draft, kind=FileKind.COUNCIL, name=name, content=marker.encode(), now=NOW)
    email = f"{marker}-kollega@kommune.example"
    colleague = applications.invite(session, draft, member, name=f"{marker}-kollega", email=email, now=NOW)
    sent = add_application(session, second, own.id, state=ApplicationState.SENT, way_of_working=f"{marker}-tekst")
    sender = add_member(session, sent, name=f"{marker}-skriver")
    admitted = add_application(session, third, own.id, state=ApplicationState.ADMITTED)
    tokens = {one: application_path(one).rpartition("/")[2] for one in (member, sender)}
    writes, later = {"token": tokens[member]}, {"token": tokens[sender]}
    town.values.update(
        {
            "/applications/": {**writes, "public_id": file.public_id},
            "/applications/<token>/colleagues": {**writes, "public_id": colleague.public_id},
            **{f"/applications/<token>/{what}": later for what in ("withdrawal", "again", "supplement")},
            "/calls/": {"slug": call.slug, "token": recipient_path(call.slug, recipient).rpartition("/")[2]},
            f"{CONTACT}/projects/of-application": {**town.values[CONTACT], "application": admitted.public_id},
        }
    )


def add_projects(session: Session, ground: Ground, town: Town, own: Organisation, contact: Position) -> None:
    """One that it keeps to itself and one that it shares."""
    by, rows = By(position_id=contact.id), {}
    for name, is_shared in ((f"{town.marker}-prosjekt", False), (town.shared, True)):
        facts = ProjectFacts(name, Area.SICKNESS_ABSENCE, about=name, is_shared=is_shared)
        project = add_project(session, own, ground.programme, facts, by=by, now=NOW)
        aims = GoalFacts(name, "%", target_value=7.5, target_on=date(2010, 12, 31))
        goal = add_goal(session, project, aims, by=by, now=NOW)
        value = 9.5 if is_shared else float(town.figure)
        write_figures(session, project, goal, [Figure(date(2007, 12, 31), value)], by=by, now=NOW)
        rows[is_shared] = {"public_id": project.public_id, "goal": goal.public_id}
    town.values[f"{CONTACT}/projects"] = {**town.values[CONTACT], **rows[False]}
    town.values[f"{CONTACT}/projects/networks"] = dict(town.values[CONTACT])


def add_visits(session: Session, ground: Ground, town: Town, contact: Position) -> None:
    """One that times are offered for, and one that is agreed."""
    made = []
    for number, day in enumerate((6, 7)):
        visit = Visit(
            organiser_id=ground.taker.organiser_id, programme_id=ground.programme.id, position_id=contact.id,
            organisation_id=contact.organisation_id, kind=find_kind(session, ground.taker.organiser_id),
            wish=f"{town.marker}-ønske", place=f"{town.marker}-rådhus", form_token=f"{town.marker}-{number}",
            created_at=NOW,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        # Whoever visits is with one municipality at a time.
        month = ("0821", "1119", "0301").index(town.number) + 10
        times = [TimeFacts(datetime(2008, month, day, 10), datetime(2008, month, day, 12))]
        visits.offer(session, visit, times, ground.taker, words=f"{town.marker}-hilsen", now=NOW)
        made.append(visit)
    chosen = session.scalars(sa.select(VisitTime.public_id).filter_by(visit_id=made[1].id)).one()
    visits.accept(session, made[1], chosen, contact, base_url=BASE_URL, now=NOW)
    behind = town.values[CONTACT]
    town.values[f"{CONTACT}/visits"] = {**behind, "public_id": made[0].public_id}
    town.values[f"{CONTACT}/visits/<uuid:public_id>/cancellation"] = {**behind, "public_id": made[1].public_id}


def add_calendars(session: Session, town: Town, contact: Position) -> None:
    owner = Owner(LinkKind.CONTACT, position_id=contact.id)
    link = add_link(session, owner, name=f"{town.marker}-kalender", language="nb", now=NOW)
    town.values["/calendars/personal/"] = {"token": link_token(link)}
    town.values[f"{CONTACT}/calendars"] = {**town.values[CONTACT], "public_id": link.public_id}


def add_group_of(session: Session, ground: Ground, town: Town) -> None:
    """A group of its own people, which meets behind closed doors."""
    organiser_id, marker = ground.conference.organiser_id, town.marker
    group = add_group(session, organiser_id=organiser_id, name={"nb": f"{marker}-gruppe"})
    facts = MemberFacts(f"{marker}-medlem", f"{marker}-medlem@kommune.example", NOW.date())
    member, _is_new = set_member(session, group, facts, now=NOW)
    meeting = events.create(
        session, organiser_id=organiser_id,
        facts=EventFacts(EventType.MEETING, {"nb": f"{marker}-møte"}, by_invitation=True, is_closed=True),
        clauses=[ClauseFacts(ClauseKind.GROUP, group_id=group.id)],
        runs=[RunFacts(Precision.EXACT, MEETS, MEETS, time(10), time(12))], base_url=BASE_URL, now=NOW,
    )  # fmt: skip
    events.publish(session, meeting, now=NOW)
    write(session, meeting, marker)
    paper = MaterialFacts(f"{marker}-papir", access=MaterialAccess.GROUP)
    kept = add_material(session, meeting, paper, file=("papir.txt", marker.encode()), published_at=NOW, now=NOW)
    page, feed = (capability(purpose, member.public_id, 0) for purpose in (Purpose.GROUP, Purpose.CALENDAR))
    town.values["/groups/"] = {"token": page, "slug": meeting.slug, "public_id": kept.public_id}
    town.values["/groups/calendars/"] = {"token": feed}
