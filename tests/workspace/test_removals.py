"""Programmes, cohorts and networks made by mistake are taken away; what something hangs on stays, and says what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.audiences.models import AudienceRecord
from eventsys.extensions import Base, db, transaction
from eventsys.programmes.actions import add_cohort, add_network, place_in_network
from eventsys.programmes.grants.actions import grant
from eventsys.programmes.models import Cohort, Network, Programme, ProgrammeGrant, ProgrammeParty
from eventsys.workspace.memberships.hanging import count_hanging
from tests.accounts.people import add_account, sign_in
from tests.workspace.programmes import text
from tests.world import World

PROGRAMME, COHORT, NETWORK = "/manage/programmes/uprovd", "/manage/cohorts/feil-pulje", "/manage/networks/feil-nett"
GOES_WITH = {"programme_parties", "programme_grants"}
COUNTED = {
    "programmes": {
        "calls", "cohorts", "event_clauses", "events", "groups", "networks", "obligations", "projects", "series", "visits",
    },
    "cohorts": {"cohort_memberships", "event_clauses", "intakes", "obligations", "quotas", "series"},
    "networks": {"event_clauses", "network_memberships"},
}  # fmt: skip


@pytest.fixture
def mistaken(adviser: FlaskClient, world: World) -> FlaskClient:
    """The browser of an owner who made a programme by mistake, and a cohort and a network in the right one."""
    assert adviser.post("/manage/programmes", data={"name_nb": "Uprøvd"}).location == PROGRAMME
    with transaction() as session:
        programme = session.scalars(sa.select(Programme).order_by(Programme.id)).first()
        assert programme is not None
        add_cohort(session, programme_id=programme.id, slug="feil-pulje", ordinal=9, name={"nb": "Feil pulje"})
        add_network(session, programme_id=programme.id, slug="feil-nett", name="Feil nett")
    return adviser


def slugs(model: Any) -> set[str]:
    db.session.rollback()
    db.session.expunge_all()
    return set(db.session.scalars(sa.select(model.slug)))


@pytest.mark.parametrize(
    ("page", "model", "home"),
    [
        (PROGRAMME, Programme, "/manage/programmes"),
        (COHORT, Cohort, "/manage/programmes/program"),
        (NETWORK, Network, "/manage/programmes/program"),
    ],
)
def test_what_nothing_hangs_on_goes_after_a_question_and_is_in_the_log(
    mistaken: FlaskClient, page: str, model: Any, home: str
) -> None:
    slug = page.rsplit("/", 1)[-1]
    assert f"{page}/removal" in mistaken.get(f"{page}/edit").text
    assert (slug in slugs(model), "Nothing hangs on it." in text(mistaken.get(f"{page}/removal"))) == (True, True)
    answer = mistaken.post(f"{page}/removal")
    assert (answer.status_code, answer.location) == (303, home)
    assert slug not in slugs(model)
    assert (mistaken.get(page).status_code, mistaken.post(f"{page}/removal").status_code) == (404, 404)
    rows = [(row.verb.value, row.key) for row in db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id))]
    assert rows[-1] == ("removed", slug)


def test_who_is_behind_a_programme_and_who_was_let_in_go_with_it(mistaken: FlaskClient, world: World) -> None:
    mistaken.post(f"{PROGRAMME}/parties", data={"role": "party", "kind": "state", "name_nb": "Departementet"})
    with transaction() as session:
        row = session.scalars(sa.select(Programme).filter_by(slug="uprovd")).one()
        grant(session, row, world.unio, account_id=None, now=clock.now())
    assert mistaken.post(f"{PROGRAMME}/removal").location == "/manage/programmes"
    db.session.rollback()
    left = [db.session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (ProgrammeParty, ProgrammeGrant)]
    assert left == [0, 0]


def test_what_is_in_use_stays_and_says_what_hangs_on_it(mistaken: FlaskClient, world: World) -> None:
    with transaction() as session:
        network = session.scalars(sa.select(Network).filter_by(slug="feil-nett")).one()
        place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["1867"], from_on=date(2008, 1, 1)
        )
    assert mistaken.post(f"{NETWORK}/removal").location == f"{NETWORK}/removal"
    page = text(mistaken.get(f"{NETWORK}/removal"))
    assert ("this hangs on it: Members, today’s and former 1" in page, "Yes, take it away" in page) == (True, False)
    assert mistaken.post("/manage/programmes/program/removal").location == "/manage/programmes/program/removal"
    assert "Cohorts" in text(mistaken.get("/manage/programmes/program/removal"))
    assert ("feil-nett" in slugs(Network), "program" in slugs(Programme)) == (True, True)


def test_a_cohort_that_a_saved_audience_names_stays(mistaken: FlaskClient, world: World) -> None:
    with transaction() as session:
        cohort = session.scalars(sa.select(Cohort).filter_by(slug="feil-pulje")).one()
        network = session.scalars(sa.select(Network).filter_by(slug="feil-nett")).one()
        clauses = [{"conditions": [{"kind": "cohort", "ids": [cohort.id]}]}]
        session.add(
            AudienceRecord(
                organiser_id=world.secretariat,
                name="Feil",
                clauses=clauses,
                created_at=clock.now(),
                revised_at=clock.now(),
            )
        )
        session.flush()
        assert (count_hanging(session, cohort), count_hanging(session, network)) == ({"audiences": 1}, {})
    assert mistaken.post(f"{COHORT}/removal").location == f"{COHORT}/removal"
    assert "feil-pulje" in slugs(Cohort)


def test_an_adviser_takes_no_programme_away_and_nobody_anothers(
    app: Flask, mistaken: FlaskClient, world: World
) -> None:
    browsers = [app.test_client(), app.test_client()]
    sign_in(browsers[0], add_account("member@ks.example", world.secretariat, role=MemberRole.ORGANISER))
    sign_in(browsers[1], add_account("other@unio.example", world.unio, role=MemberRole.OWNER))
    answers = [
        browser.post(f"{page}/removal").status_code for browser in browsers for page in (PROGRAMME, COHORT, NETWORK)
    ]
    assert answers == [403, 303, 303, 404, 404, 404]
    assert "/removal" not in browsers[0].get(f"{PROGRAMME}/edit").text


def test_every_table_that_points_at_them_is_counted_or_goes_with_them() -> None:
    """A new table with such a key is added to what is counted, or its rows would refuse the removal with an error."""
    pointing: dict[str, set[str]] = {name: set() for name in COUNTED}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name in pointing:
                pointing[key.column.table.name].add(table.name)
    assert {name: found - GOES_WITH for name, found in pointing.items()} == COUNTED
