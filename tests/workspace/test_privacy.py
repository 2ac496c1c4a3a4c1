"""How long an organiser keeps things, and what was erased, in counts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.privacy.actions import note
from eventsys.privacy.rules import ErasureKind
from tests.accounts.people import add_account, sign_in
from tests.world import NOW, World, build


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def periods() -> list[tuple[str, int, int]]:
    db.session.rollback()
    columns = Organiser.slug, Organiser.ordinary_months, Organiser.sensitive_days
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(Organiser.id))]


def owner(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("anne@program.example", world.secretariat, role=MemberRole.OWNER))


def test_the_owner_says_how_long_and_nobody_elses_changes(client: FlaskClient, world: World) -> None:
    owner(client, world)
    answer = client.post("/manage/privacy", data={"ordinary_months": "12", "sensitive_days": "7"})
    assert answer.status_code == 303
    assert periods() == [("sekretariatet", 12, 7), ("unio", 24, 14)]
    facts = db.session.scalars(sa.select(LogEntry.facts)).one()
    assert facts == {"ordinary_months": {"from": 24, "to": 12}, "sensitive_days": {"from": 14, "to": 7}}


@pytest.mark.parametrize(
    ("months", "days"), [("0", "7"), ("121", "7"), ("12", "91"), ("12", "-1"), ("tolv", "7"), ("", "")]
)
def test_a_time_that_is_none_is_refused_and_what_was_typed_is_kept(
    client: FlaskClient, world: World, months: str, days: str
) -> None:
    owner(client, world)
    answer = client.post("/manage/privacy", data={"ordinary_months": months, "sensitive_days": days})
    assert (answer.status_code, periods()[0]) == (422, ("sekretariatet", 24, 14))
    assert f'value="{days}"' in answer.get_data(as_text=True)


def test_what_was_erased_is_told_in_counts_newest_first(client: FlaskClient, world: World) -> None:
    with transaction() as session:
        note(session, ErasureKind.TIME, {"registrations": 3, "mails": 0}, now=NOW)
        note(session, ErasureKind.PERSON, {"registrations": 1, "people": 1}, now=NOW)
        note(session, ErasureKind.TIME, {"mails": 0}, now=NOW)
    owner(client, world)
    page = client.get("/manage/privacy?lang=en").get_data(as_text=True)
    assert page.index("Registrations: 1 · People: 1") < page.index("Registrations: 3")
    assert page.count("Its time was over") == 1
