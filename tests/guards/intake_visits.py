"""Two applications of each organiser's open call, one of them decided on with its letter, and their assessors."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import files
from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.rules import ApplicationState, FileKind
from eventsys.programmes.intake import actions
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import (
    Application,
    ApplicationFile,
    Assessment,
    Call,
    Criterion,
    Decision,
    DecisionLetter,
    Intake,
)
from tests.calling import add_application
from tests.world import NOW

OF_CALL = (
    "applications", "choose_applications", "compare_applications", "export_applications", "criteria", "add_criterion",
    "assessors", "set_assessors", "disqualify_assessor", "lift_disqualification", "intake", "preview_decisions", "decide",
    "decisions", "decision_letters", "prepare_letters", "mark_letters", "check_letters", "send_decision_letters",
)  # fmt: skip
OF_CRITERION = (
    "edit_criterion", "change_criterion", "move_criterion", "confirm_remove_criterion", "remove_criterion",
)  # fmt: skip
OF_APPLICATION = (
    "application", "note_application_read", "application_file", "application_document", "save_assessment",
    "ask_to_supplement", "set_case_number", "confirm_disqualify_oneself", "disqualify_oneself",
)  # fmt: skip
OF_DECIDED = ("case_document", "confirm_reverse_decision", "reverse_decision")
OF_LETTER = ("decision_letter", "decision_letter_body", "decision_letter_document", "edit_decision_letter")


def add_intake_things(session: Session, organiser_id: int, account_id: int, marker: str) -> None:
    call = find_call(session, organiser_id)
    assess_all(session, organiser_id, account_id)
    actions.add_criterion(session, call_id=call.id, name={"nb": f"{marker}-kladd"}, help={}, most_points=5)
    intake = session.scalars(sa.select(Intake).filter_by(call_id=call.id)).first()
    assert intake is not None
    rows = []
    for number in ("1119", "1867"):
        whose = session.scalars(sa.select(Organisation.id).where(Organisation.number == number)).one()
        row = add_application(session, call, whose, state=ApplicationState.SENT, way_of_working=f"{marker}-søknad")
        file = files.keep(session, name=f"{marker}-søknad.txt", content=b"Vedtatt", now=NOW)
        session.add(ApplicationFile(application_id=row.id, file_id=file.id, kind=FileKind.COUNCIL, added_at=NOW))
        rows.append(row)
    rows[0].shortlisted_intake_id = intake.id
    session.add(Assessment(application_id=rows[0].id, account_id=account_id, notes=f"{marker}-søknad", at=NOW))
    decided = rows[1]
    decided.state = ApplicationState.DECLINED
    decision = Decision(
        application_id=decided.id, intake_id=intake.id, outcome=Outcome.DECLINED, batch=uuid.uuid4(),
        account_id=account_id, decided_at=NOW,
        grounds=dict.fromkeys(("nb", "nn", "en"), f"{marker}-søknad"),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    letter = DecisionLetter(
        organiser_id=organiser_id, application_id=decided.id, decision_id=decision.id, language="nb"
    )
    session.add(letter)
    session.flush()


def assess_all(session: Session, organiser_id: int, account_id: int) -> None:
    """Makes the account an assessor of every call of the organiser."""
    for call_id in session.scalars(sa.select(Call.id).filter_by(organiser_id=organiser_id)):
        actions.appoint(session, call_id=call_id, account_id=account_id, may_decide=True)


def find_call(session: Session, organiser_id: int) -> Call:
    return session.scalars(sa.select(Call).filter_by(slug=f"utlysing-{organiser_id}")).one()


def intake_values(organiser_id: int) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    session = db.session()
    call = find_call(session, organiser_id)

    def application(number: str) -> Application:
        statement = sa.select(Application).join(Organisation, Organisation.id == Application.organisation_id)
        return session.scalars(statement.where(Application.call_id == call.id, Organisation.number == number)).one()

    first, decided = application("1119"), application("1867")
    file = session.scalars(sa.select(ApplicationFile.public_id).filter_by(application_id=first.id)).one()
    criterion = session.scalars(sa.select(Criterion.public_id).filter_by(call_id=call.id)).first()
    letter = session.scalars(sa.select(DecisionLetter.public_id).filter_by(application_id=decided.id)).one()
    known: dict[str, dict[str, Any]] = {
        **{name: {"number": 1, "kind": "csv"} for name in OF_CALL},
        **{name: {"public_id": criterion or uuid.UUID(int=0)} for name in OF_CRITERION},
        **{name: {"public_id": first.public_id, "file": file} for name in OF_APPLICATION},
        **{name: {"public_id": decided.public_id, "kind": "pdf"} for name in OF_DECIDED},
        **{name: {"public_id": letter} for name in OF_LETTER},
    }
    return {f"workspace.{name}": {"slug": call.slug, **values} for name, values in known.items()}
