"""An application that is being written to each organiser's open call, one that was sent, and the addresses of both."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications import actions
from eventsys.programmes.applications.rules import FileKind
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.models import Application, ApplicationFile, ApplicationMember
from tests.calling import add_member
from tests.guards.intake_visits import find_call
from tests.world import NOW

OF_DRAFT = (
    "application", "save_application", "autosave_application", "forget_application_draft", "application_file",
    "confirm_removing_file", "remove_application_file", "application_pdf", "review_application", "send_application",
    "colleagues", "invite_colleague", "end_colleague",
)  # fmt: skip
OF_SENT = ("confirm_withdrawing", "withdraw_application", "apply_again", "supplement_application")


def add_application_things(session: Session, organiser_id: int, marker: str) -> None:
    call = find_call(session, organiser_id)
    whose = session.scalars(sa.select(Organisation.id).where(Organisation.number == "0301")).one()
    member = actions.begin(
        session, call, whose, recipient=None, name=f"{marker}-kladd", email=f"{marker}@kommune.example", language="nb",
        now=NOW,
    )  # fmt: skip
    application = session.get_one(Application, member.application_id)
    application.way_of_working = f"{marker}-utkast"
    session.flush()
    actions.add_file(
        session, application, kind=FileKind.COUNCIL, name=f"{marker}-utkast.txt", content=b"Vedtatt", now=NOW
    )
    actions.invite(session, application, member, name=f"{marker}-to", email=f"{marker}-to@kommune.example", now=NOW)
    add_member(session, find_application(session, organiser_id, "1119"), name=f"{marker}-kladd")


def find_application(session: Session, organiser_id: int, number: str) -> Application:
    call = find_call(session, organiser_id)
    statement = sa.select(Application).join(Organisation, Organisation.id == Application.organisation_id)
    return session.scalars(statement.where(Application.call_id == call.id, Organisation.number == number)).one()


def application_values(organiser_id: int) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    session = db.session()

    def members_of(number: str) -> list[ApplicationMember]:
        mine = sa.select(ApplicationMember).filter_by(application_id=find_application(session, organiser_id, number).id)
        return list(session.scalars(mine.order_by(ApplicationMember.id)))

    writes, colleague = members_of("0301")
    file = session.scalars(sa.select(ApplicationFile.public_id).filter_by(application_id=writes.application_id)).one()
    draft, sent = (application_path(member).rpartition("/")[2] for member in (writes, members_of("1119")[0]))
    return {
        **{f"programmes.{name}": {"token": draft, "public_id": file} for name in OF_DRAFT},
        **{f"programmes.{name}": {"token": sent} for name in OF_SENT},
        "programmes.end_colleague": {"token": draft, "public_id": colleague.public_id},
    }
