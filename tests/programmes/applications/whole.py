"""Given-data about applications: one that lacks nothing, by the verbs."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from eventsys.extensions import transaction
from eventsys.programmes.applications import actions
from eventsys.programmes.applications.queries import read_facts
from eventsys.programmes.applications.rules import (
    ApplicationFacts,
    Area,
    Confirmation,
    ConfirmingSide,
    FileKind,
    Goal,
)
from eventsys.programmes.models import Application, ApplicationMember, Call
from tests.calling import CLOSES_AT, add_call, add_recipient
from tests.world import NOW, World

IN_TIME = CLOSES_AT - timedelta(days=1)
GOAL = Goal(
    "6c9c1a52-1e1b-4b7f-9a4e-9c9f0f6d4a01", Area.SICKNESS_ABSENCE, "Lavere sykefravær", True, "%", 9.5, 7.0,
    date(2010, 12, 31),
)  # fmt: skip


def begin(
    world: World, *, email: str = "kari@bo.example", at: datetime = NOW, number: str = "0821"
) -> tuple[Call, ApplicationMember]:
    """The municipality got the call and begins; the call is made where there is none."""
    with transaction() as session:
        call = session.query(Call).one_or_none() or add_call(session, world)
        recipient = add_recipient(session, call, world.municipalities[number])
        member = actions.begin(
            session, call, world.municipalities[number], recipient=recipient, name="Kari Nordmann", email=email,
            language="nb", now=at,
        )  # fmt: skip
    return call, member


def application_of(session: Session, member: ApplicationMember) -> Application:
    return session.get_one(Application, member.application_id)


def fill(session: Session, member: ApplicationMember, *, now: datetime = NOW) -> ApplicationFacts:
    """Writes all that an application must say, and its council's paper."""
    application = application_of(session, member)
    facts = replace(
        read_facts(session, application),
        areas=(Area.SICKNESS_ABSENCE, Area.OWN),
        own_area="Rekruttering",
        way_of_working="Grupper på hver arbeidsplass.",
        involvement="Tillitsvalgte er med i alt.",
        timetable="Vår 2009: oppstart.",
        goals=(GOAL,),
        treated_by="Kommunestyret",
        treated_on=date(2008, 9, 1),
        cooperation="Vi skrev den sammen.",
        confirmations=tuple(
            Confirmation(side, f"Navn {side.value}", "Leder", date(2008, 9, 2)) for side in ConfirmingSide
        ),
    )
    actions.write(session, application, facts, member=member, now=now)
    actions.add_file(
        session, application, kind=FileKind.COUNCIL, name="Vedtak.txt", content=b"Sak 12/08: vedtatt.", now=now
    )
    return read_facts(session, application)


def begin_whole(world: World, **more: str) -> ApplicationMember:
    """An application that lacks nothing and is not sent."""
    _call, member = begin(world, **more)  # type: ignore[arg-type]
    with transaction() as session:
        fill(session, member)
    return member


def new_id() -> str:
    return str(uuid.uuid4())
