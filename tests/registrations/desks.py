"""What the tests of one's own page and the registrar's begin with: links, delegations, pages as text."""

from __future__ import annotations

import html
import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events.models import Event, EventSession, Run
from eventsys.extensions import db, transaction
from eventsys.registrations import actions, links
from eventsys.registrations.models import Delegation, Registration, RegistrationChange
from eventsys.registrations.rules import NewDelegation, NewSeat, Side, State, WhenFull
from tests.world import NOW, World, somebody

REGISTRAR = "turid@bo.example"


def sign_up(world: World, number: int = 1, **more: Any) -> str:
    """The page of somebody's registration, by the link that is mailed."""
    with transaction() as session:
        made = actions.register(session, somebody(world, number, **more), now=clock.now()).registration
    return mailed(made)


def mailed(registration: Registration) -> str:
    return f"/registrations/{links.registration_token(registration)}"


def receipt(registration: Registration) -> str:
    return f"/registrations/{links.receipt_token(registration)}"


def delegate(world: World, *names: str, together: bool = False, event: str = "seminar", place: int = 0) -> str:
    """The page of a delegation from Bø; «Kari, kari@x.example» has an address of her own, «» no name yet."""
    split = [name.partition(", ") for name in names]
    form = NewDelegation(
        run_id=world.run_id(event, place), second_run_id=None, organisation_id=world.municipalities["0821"],
        name="Turid Bakke", email=REGISTRAR, language=None,
        seats=tuple(NewSeat(Side.ADMINISTRATION, name, email) for name, _comma, email in split),
        form_token=f"several-{event}-{place}", when_full=WhenFull.TOGETHER if together else WhenFull.TAKE,
    )  # fmt: skip
    with transaction() as session:
        made = actions.register_delegation(session, form, now=NOW).delegation
    return f"/delegations/{links.delegation_token(made)}"


def find(name: str) -> Registration:
    db.session.rollback()
    return db.session.execute(sa.select(Registration).where(Registration.name == name)).scalar_one()


def find_delegation() -> Delegation:
    db.session.rollback()
    return db.session.execute(sa.select(Delegation)).scalar_one()


def seat_page(page: str, name: str) -> str:
    """The registrar's page of one seat, named or not."""
    return f"{page}/seats/{find(name).public_id}"


def states() -> list[tuple[str, State]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(Registration.name, Registration.state).order_by(Registration.id))
    return [(name, state) for name, state in rows]


def changes_of(name: str) -> list[tuple[str, str]]:
    """(change, actor) of a seat, oldest first."""
    found = find(name)
    statement = sa.select(RegistrationChange.change, RegistrationChange.actor).where(
        RegistrationChange.registration_id == found.id
    )
    return [
        (change.value, actor.value) for change, actor in db.session.execute(statement.order_by(RegistrationChange.id))
    ]


def settle(world: World, event: str = "seminar", **terms: Any) -> None:
    """Gives the event these deadlines or ways."""
    with transaction() as session:
        row = session.get_one(Event, world.events[event].id)
        for name, value in terms.items():
            setattr(row, name, value)


def limit(world: World, place: int, capacity: int) -> None:
    """Gives one of the seminar's runs this capacity."""
    with transaction() as session:
        session.get_one(Run, world.run_id("seminar", place)).capacity = capacity


def add_session(world: World, title: str, starts: Any, ends: Any, capacity: int | None = None) -> int:
    """A session of the seminar's first run that is chosen."""
    run = world.events["seminar"].runs[0]
    with transaction() as session:
        row = EventSession(
            organiser_id=run.organiser_id, event_id=run.event_id, run_id=run.id, title={"nb": title}, chosen=True,
            starts_local=starts, ends_local=ends, capacity=capacity,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def read(client: FlaskClient, page: str) -> str:
    """The words of the page's main part, in English, so that no catalogue is needed."""
    return words(client.get(f"{page}?lang=en"))


def words(answer: TestResponse) -> str:
    main = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def post(client: FlaskClient, page: str, act: str, **form: str) -> TestResponse:
    return client.post(f"{page}/{act}?lang=en", data=form)
