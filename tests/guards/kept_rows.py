"""Rows with a mark in every table of cases, meetings, excuses and visits that tells who somebody is."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import clock, files
from eventsys.accounts.models import Account
from eventsys.events.models import Event, MeetingItem, MeetingMinutes
from eventsys.events.rules import ItemKind, MinutesState
from eventsys.obligations.models import Excuse
from eventsys.obligations.rules import ExcuseState
from eventsys.organisations.models import Person, Position
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.applications.rules import ApplicationState, ConfirmingSide, FileKind
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.rules import LetterState, Outcome
from eventsys.programmes.models import (
    Application,
    ApplicationConfirmation,
    ApplicationDraft,
    ApplicationFile,
    ApplicationVersion,
    Assessment,
    Call,
    CaseChange,
    Decision,
    DecisionLetter,
    Disqualification,
    Intake,
    Programme,
)
from eventsys.visits.models import Visit, VisitChange
from eventsys.visits.rules import VisitAct, VisitKind, VisitState
from tests.calling import add_application, add_call, add_intake, add_member, add_recipient
from tests.world import NOW, World

OF_APPLICATIONS = frozenset(
    "applications application_members application_confirmations application_versions application_drafts stored_files "
    "assessments disqualifications decision_letters case_changes".split()
)
"""Where an application leaves somebody."""
CASE_TABLES = OF_APPLICATIONS | {"call_recipients"}
PROMISED_TABLES = frozenset("meeting_items meeting_minutes excuses visits visit_changes".split())


def end_programme(session: Session, world: World, on: date) -> None:
    session.execute(sa.update(Programme).where(Programme.organiser_id == world.secretariat).values(ends_on=on))


def add_case_rows(session: Session, world: World, *, mark: str) -> Application:
    """A call with an answer in words, and an application that was admitted, in a programme that ends at the year's end."""
    end_programme(session, world, date(2008, 12, 31))
    call = add_call(session, world)
    add_recipient(session, call, world.municipalities["0821"], declined_at=NOW, words=mark)
    place = world.municipalities["0301"]
    return add_case(session, call, add_intake(session, call), place, mark=mark, state=ApplicationState.ADMITTED)


def add_case(
    session: Session, call: Call, intake: Intake | None, place: int, *, mark: str, state: ApplicationState
) -> Application:
    """With somebody in all that is kept of an application; decided on a week after now, where it is decided."""
    told: dict[str, Any] = {"way_of_working": mark, "treated_by": mark}
    one = add_application(session, call, place, state=state, **told)
    account = session.scalar(sa.select(Account.id).order_by(Account.id).limit(1)) or add_account(session)
    member = add_member(session, one, name=mark, email=mark, email_key=mark)
    add_member(session, one, number=2, name=mark, email=f"2{mark}", email_key=f"2{mark}")
    file = files.keep(session, name=f"{mark}.txt", content=mark.encode(), now=NOW, kinds=("txt",))
    of: dict[str, Any] = {"application_id": one.id}
    rows = [
        ApplicationConfirmation(**of, side=ConfirmingSide.EMPLOYEES, name=mark, title=mark, confirmed_on=NOW.date()),
        ApplicationVersion(**of, number=1, facts={"treated_by": mark}, at=NOW),
        ApplicationDraft(
            **of, member_id=member.id, edition=1, fields=[{"value": mark}], saved_at=NOW, seen_at=clock.real_now()
        ),
        ApplicationFile(**of, file_id=file.id, kind=FileKind.COUNCIL, added_at=NOW),
        Assessment(**of, account_id=account, notes=mark, at=NOW),
        Disqualification(**of, account_id=account, why=mark, at=NOW),
        CaseChange(
            **of, organiser_id=call.organiser_id, call_id=call.id, act=CaseAct.SENT, member_id=member.id, words=mark,
            at=NOW, noticed_at=NOW,
        ),
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    if intake is not None:
        add_decision(session, one, intake, mark)
    return one


def add_account(session: Session) -> int:
    row = Account(email="leser@program.example", email_key="leser@program.example", name="Leser", created_at=NOW)
    session.add(row)
    session.flush()
    return row.id


def add_decision(session: Session, one: Application, intake: Intake, mark: str) -> None:
    decision = Decision(
        application_id=one.id, intake_id=intake.id, outcome=Outcome(one.state.value), batch=uuid.uuid4(),
        decided_at=NOW + timedelta(days=7),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    session.add(
        DecisionLetter(
            organiser_id=one.organiser_id, application_id=one.id, decision_id=decision.id, language="nb",
            text=f"Subject: Svar\n\nHei {mark}", state=LetterState.DRAFT,
        )
    )  # fmt: skip
    session.flush()


def add_promised_rows(session: Session, world: World, *, mark: str, event: Event | None = None) -> None:
    """Words about a meeting, an excuse from it, and a visit that was asked for."""
    event = event or world.events["seminar"]
    of: dict[str, Any] = {"organiser_id": event.organiser_id, "event_id": event.id}
    place = world.municipalities["0821"]
    person = Person(created_at=NOW)
    session.add(person)
    session.flush()
    contact = Position(
        person_id=person.id, organisation_id=place, role=PositionRole.CONTACT, name="", email="", email_key="",
        from_on=NOW.date(), asked_at=NOW,
    )  # fmt: skip
    session.add(contact)
    session.flush()
    visit = Visit(
        organiser_id=event.organiser_id, organisation_id=place, position_id=contact.id, kind=next(iter(VisitKind)),
        wish=mark, place=mark, state=VisitState.ASKED, form_token=mark[:3] + str(contact.id), created_at=NOW,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    session.add_all(
        [
            MeetingItem(**of, kind=next(iter(ItemKind)), title="Sak 1", presenter=mark, outcome="Tatt til orientering"),
            MeetingMinutes(**of, state=MinutesState.DRAFT, present=mark, at=NOW),
            Excuse(**of, organisation_id=place, state=ExcuseState.GRANTED, words=mark, why=mark, asked_at=NOW),
            VisitChange(visit_id=visit.id, act=VisitAct.ASKED, at=NOW, position_id=contact.id, words=mark),
        ]
    )  # fmt: skip
    session.flush()
