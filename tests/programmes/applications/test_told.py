"""Who writes an application reads what became of it when the letter has been sent, and not before."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.positions.links import position_token
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.intake.rules import STATE_OF, LetterState, Outcome
from eventsys.programmes.models import Application, Call, Decision, DecisionLetter
from tests.calling import add_application, add_call, add_intake, add_member, add_recipient
from tests.world import NOW, World


@pytest.fixture
def pages(client: FlaskClient, world: World) -> tuple[str, str]:
    """The page of a sent application's writer, and that of the municipality's contact."""
    client.set_cookie("language", "en")
    with transaction() as session:
        own = session.get_one(Organisation, world.municipalities["0821"])
        call = add_call(session, world)
        recipient = add_recipient(session, call, own.id)
        application = add_application(session, call, own.id, state=ApplicationState.SENT, recipient=recipient)
        contact = positions.add_contact(session, own, name="Kari", email="kari@bo.example", on=NOW.date(), now=NOW)
        return (
            application_path(add_member(session, application)),
            f"/organisations/0821/contacts/{position_token(contact)}",
        )


def decide(ordinal: int, outcome: Outcome) -> None:
    """As somebody decides and drafts the letter; what was decided before counts no more."""
    with transaction() as session:
        application = session.scalars(sa.select(Application)).one()
        intake = add_intake(session, session.scalars(sa.select(Call)).one(), ordinal=ordinal)
        session.execute(sa.update(Decision).values(reversed_at=NOW))
        decision = Decision(
            application_id=application.id, intake_id=intake.id, outcome=outcome, batch=uuid.uuid4(), decided_at=NOW,
            grounds={},
        )  # fmt: skip
        session.add(decision)
        session.flush()
        letter = {"organiser_id": application.organiser_id, "decision_id": decision.id, "language": "nb"}
        session.add(DecisionLetter(application_id=application.id, **letter))
        application.state = STATE_OF[outcome]


def send_letters() -> None:
    with transaction() as session:
        session.execute(sa.update(DecisionLetter).values(state=LetterState.SENT, sent_at=NOW))


def test_a_decision_is_read_when_its_letter_has_been_sent(client: FlaskClient, pages: tuple[str, str]) -> None:
    def look() -> list[str]:
        shown = [" ".join(client.get(page).get_data(as_text=True).split()) for page in pages]
        states = "Sent|Admitted|Waits for a later intake|Declined"
        return [
            *re.findall(f">({states})</span>", shown[0].split("<h1>")[1].split("</h1>")[0]),
            "told" if "The answer is in the letter" in shown[0] else "not told",
            *re.findall(f"Application: ({states})", shown[1]),
        ]

    decide(1, Outcome.WAITING)
    assert look() == ["Sent", "not told", "Sent"]
    send_letters()
    assert look() == ["Waits for a later intake", "told", "Waits for a later intake"]
    decide(2, Outcome.ADMITTED)
    assert look() == ["Waits for a later intake", "told", "Waits for a later intake"]
    send_letters()
    assert look() == ["Admitted", "told", "Admitted"]
