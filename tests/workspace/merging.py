"""A person who is there twice, with a row in every table that knows people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.rules import InvitationState
from eventsys.mailing.outbox import enqueue
from eventsys.organisations.models import Organisation, Person, Representative
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.groups.actions import MemberFacts, add_group, set_member
from eventsys.registrations.actions import register, register_delegation
from eventsys.registrations.models import HeldPlaces
from eventsys.registrations.rules import NewDelegation, NewSeat, Side, WhenFull
from eventsys.workflows.models import MailCause
from tests.world import NOW, World, somebody

NAME = "Kari Fjell"
OLD, NEW = "kari@bo.example", "kari.fjell@bo.example"
TODAY = NOW.date()


@dataclass
class Twice:
    """The ids of the two, by address; whoever has `rows` has one in every table."""

    world: World
    ids: dict[str, int] = field(default_factory=dict)

    def public_id(self, email: str) -> object:
        return db.session.scalar(sa.select(Person.public_id).where(Person.id == self.ids[email]))


def sign_up(world: World, email: str, event: str = "seminar", *, name: str = NAME, place: int = 0) -> int:
    number = "2021" if event == "seminar3" else "0821"
    with transaction() as session:
        more = {"union_id": world.unions[0], "side": None} if event == "unio" else {}
        form = somebody(
            world, 1, organisation_id=world.municipalities[number], run_id=world.run_id(event, place), name=name,
            email=email, form_token=f"{event}{place}{email}", **more,
        )  # fmt: skip
        made = register(session, form, now=clock.now()).registration
    assert made.person_id is not None
    return made.person_id


def give_all(world: World, email: str, *, organiser_id: int, person_id: int) -> None:
    """A row in every other table that knows people."""
    with transaction() as session:
        _give_work(session, world, email, organiser_id, person_id)
        _give_invitation(session, world, email, organiser_id, person_id)
        session.add(
            Representative(
                organiser_id=organiser_id, union_id=world.unions[0], organisation_id=world.municipalities["0301"],
                person_id=person_id, name=NAME, email=email, email_key=email, from_on=TODAY, erase_on=date(2009, 1, 1),
                created_at=NOW,
            )
        )  # fmt: skip
    with transaction() as session:
        form = NewDelegation(
            run_id=world.run_id("conference"), second_run_id=None, organisation_id=world.municipalities["0821"],
            language=None, name=NAME, email=email, seats=(NewSeat(Side.POLITICIAN),), form_token=f"several-{email}",
            when_full=WhenFull.TAKE,
        )  # fmt: skip
        register_delegation(session, form, now=clock.now())


def _give_work(session: Session, world: World, email: str, organiser_id: int, person_id: int) -> None:
    facts = PositionFacts(NAME, email, PositionRole.PROJECT_LEADER, date(2008, 1, 1))
    set_position(session, world.municipalities["0821"], facts, account_id=None, now=NOW)
    group = add_group(session, organiser_id=organiser_id, name={"nb": f"Gruppe {email}"})
    set_member(session, group, MemberFacts(NAME, email, date(2008, 1, 1)), now=NOW)
    run = session.get_one(Run, world.run_id("seminar", 1))
    session.add(
        HeldPlaces(
            organiser_id=organiser_id, event_id=run.event_id, run_id=run.id, person_id=person_id, places=1,
            held_until=TODAY,
        )
    )  # fmt: skip
    mail = enqueue(
        session, organiser_id=organiser_id, reason_key=f"mail/{email}", template="digest", email=email, name=NAME,
        language="nb", due_at=NOW, now=NOW,
    )  # fmt: skip
    session.add(MailCause(outbox_id=mail, organiser_id=organiser_id, event_id=run.event_id, person_id=person_id))


def _give_invitation(session: Session, world: World, email: str, organiser_id: int, person_id: int) -> None:
    event = world.events["conference"]
    of = {"organiser_id": organiser_id, "event_id": event.id}
    made = session.scalar(sa.select(InvitationRound).filter_by(**of))
    if made is None:
        made = InvitationRound(**of, clauses=[], created_at=NOW)
        session.add(made)
        session.flush()
    session.add(
        Invitation(
            **of, round_id=made.id, person_id=person_id, name=NAME, email=email, email_key=email, created_at=NOW,
            state=InvitationState.ASKED, organisation_id=session.get_one(Organisation, world.municipalities["0821"]).id,
        )
    )  # fmt: skip
    session.flush()
