"""The whole of who promised what: by day, with those who merged, in a fixed number of statements, for who may read it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from eventsys.events.models import Event, EventClause
from eventsys.events.rules import ClauseKind
from eventsys.extensions import db, transaction
from eventsys.obligations import actions
from eventsys.obligations.queries import MayRead, Promised, list_cells, read_scope, select_at_risk
from eventsys.organisations.models import Organisation
from eventsys.programmes import actions as programmes
from eventsys.programmes.models import CohortMembership, Network
from eventsys.programmes.rules import MembershipStatus
from eventsys.registrations.rules import Side, State
from tests.obligations import promises
from tests.obligations.promises import SIDES, TODAY, add_gathering, add_obligation, come, stand, tell
from tests.statements import counted
from tests.workflows import rows
from tests.world import NOW, World

MARCH, MAY, SEPTEMBER = date(2008, 3, 3), date(2008, 5, 5), date(2008, 9, 15)


@pytest.fixture(autouse=True)
def only_these(world: World) -> None:
    """Without the seminar that the small world has."""
    with transaction() as session:
        session.execute(sa.delete(EventClause).where(EventClause.event_id == world.events["seminar"].id))


def test_every_way_to_stand_in_one_row(world: World) -> None:
    with transaction() as session:
        promise = add_obligation(session, world, sides=SIDES)
        whole, partly, missed = (add_gathering(session, world, date(2008, month, 3)) for month in (2, 3, 4))
        untaken = add_gathering(session, world, date(2008, 5, 5), taken=False)
        excused = add_gathering(session, world, date(2008, 6, 2))
        ahead = add_gathering(session, world, SEPTEMBER)
        come(session, world, whole, "0821")
        come(session, world, partly, "0821", sides=SIDES[:2])
        come(session, world, missed, "0821", state=State.ABSENT)
        come(session, world, untaken, "0821", state=State.CONFIRMED)
        come(session, world, ahead, "0821", sides=SIDES[1:])
        actions.grant_excuse(
            session, session.get_one(Event, excused.event_id), world.municipalities["0821"], why="Streik", account_id=None,
            now=NOW,
        )  # fmt: skip
        found = stand(session, promise)[0]
        assert tell(found, world, "0821") == ["met", "partly", "missed", "not_recorded", "excused", "coming"]
        assert tell(found, world, "0301") == ["missed", "missed", "missed", "not_recorded", "missed", "coming"]
        assert sorted(found.rows) == sorted(world.municipalities[number] for number in ("0821", "0301"))
        assert found.rows[world.municipalities["0821"]][5].lacking == (Side.POLITICIAN,)  # type: ignore[union-attr]
        assert found.kept[world.municipalities["0821"]] == (1, 1, True, True)


def test_one_is_asked_only_while_one_is_a_member(world: World) -> None:
    with transaction() as session:
        promise = add_obligation(session, world)
        for day in (MARCH, MAY, SEPTEMBER):
            add_gathering(session, world, day)
        add_gathering(session, world, None)
        programmes.place_in_cohort(
            session, cohort_id=world.cohorts[2], organisation_id=world.municipalities["1867"], from_on=date(2008, 4, 1)
        )
        oslo = session.scalars(
            sa.select(CohortMembership).where(CohortMembership.organisation_id == world.municipalities["0301"])
        ).one()
        oslo.to_on = date(2008, 4, 30)
        paused = CohortMembership(
            cohort_id=world.cohorts[2], organisation_id=oslo.organisation_id, from_on=date(2008, 5, 1),
            status=MembershipStatus.PAUSED,
        )  # fmt: skip
        session.add(paused)
        session.flush()
        found = stand(session, promise)[0]
        assert tell(found, world, "0821") == ["missed", "missed", "coming", "coming"]
        assert tell(found, world, "1867") == ["-", "missed", "coming", "coming"]
        assert tell(found, world, "0301") == ["missed", "-", "-", "-"]


def test_those_who_merged_are_one_with_what_both_did(world: World) -> None:
    with transaction() as session:
        promise = add_obligation(session, world)
        first, second = add_gathering(session, world, MARCH), add_gathering(session, world, MAY)
        come(session, world, first, "0821")
        come(session, world, second, "0301")
        new = rows.add_organisation(session, "Telemark", valid_from=date(2008, 7, 1))
        for number in ("0821", "0301"):
            session.get_one(Organisation, world.municipalities[number]).successor_id = new.id
        session.flush()
        found = stand(session, promise)[0]
        assert {key: [cell and cell.standing.value for cell in row] for key, row in found.rows.items()} == {
            new.id: ["met", "met"]
        }
        assert found.kept[new.id].is_kept


def test_gatherings_of_a_network_count_where_an_adviser_holds_them(world: World) -> None:
    with transaction() as session:
        promise = add_obligation(session, world)
        cohort_id = session.get_one(type(promise), promise.id).cohort_id
        programme_id = promise.programme_id
        network = programmes.add_network(session, programme_id=programme_id, slug="sor", name="Sør")
        programmes.place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["0821"], from_on=date(2008, 1, 1)
        )
        run = add_gathering(session, world, MAY, cohort=None)
        session.add(EventClause(event_id=run.event_id, kind=ClauseKind.NETWORK, network_id=network.id))
        add_gathering(session, world, MARCH, cohort=None)
        session.flush()
        found = stand(session, promise)[0]
        assert cohort_id == world.cohorts[2]
        assert tell(found, world, "0821") == ["missed"]
        assert tell(found, world, "0301") == ["-"]


def test_an_adviser_reads_of_its_own_members_alone(world: World) -> None:
    with transaction() as session:
        promise = add_obligation(session, world)
        add_gathering(session, world, MARCH)
        network = programmes.add_network(session, programme_id=promise.programme_id, slug="sor", name="Sør")
        session.get_one(Network, network.id).organiser_id = world.unio
        programmes.place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["0821"], from_on=date(2008, 1, 1)
        )
        session.flush()
        everybody = read_scope(session, promise.programme_id, organiser_id=world.secretariat, on=TODAY)
        some = read_scope(session, promise.programme_id, organiser_id=world.unio, on=TODAY)
        assert everybody == MayRead(True)
        assert some == MayRead(False, frozenset({world.municipalities["0821"]}))
        assert list(stand(session, promise, may=some)[0].rows) == [world.municipalities["0821"]]


def test_as_many_statements_for_many_as_for_one(world: World) -> None:
    with transaction() as session:
        promise = add_obligation(session, world)
        add_gathering(session, world, MARCH)
    db.session.expunge_all()
    with counted(db.engine) as few:
        list_cells(db.session(), [db.session.merge(promise)], on=TODAY)
    with transaction() as session:
        for day in range(1, 25):
            run = add_gathering(session, world, date(2008, 5, day))
            come(session, world, run, "0821")
        for number in range(20):
            one = rows.add_organisation(session, f"Ny {number}")
            programmes.place_in_cohort(
                session, cohort_id=world.cohorts[2], organisation_id=one.id, from_on=date(2008, 1, 1)
            )
        add_obligation(session, world, required=5)
    db.session.expunge_all()
    with counted(db.engine) as many:
        list_cells(db.session(), [db.session.merge(promise)], on=TODAY)
    assert len(many) == len(few) <= 11


def test_who_needs_the_gathering_is_at_risk_until_whole_or_excused(world: World) -> None:
    with transaction() as session:
        add_obligation(session, world, sides=SIDES)
        came = add_gathering(session, world, MARCH)
        come(session, world, came, "0821")
        come(session, world, came, "0301")
        missed = add_gathering(session, world, MAY)
        come(session, world, missed, "0301")
        last = add_gathering(session, world, SEPTEMBER)
        come(session, world, last, "0821", sides=SIDES[:2])
        assert promises.at_risk(session, last) == {
            world.municipalities["0821"]: ((Side.EMPLOYEE_REPRESENTATIVE,), True, (Promised(NAME, 1, 2),))
        }
        draft = add_gathering(session, world, date(2008, 11, 3))
        assert promises.at_risk(session, last) == {}
        promises.cancel(session, draft)
        come(session, world, last, "0821", sides=SIDES[2:])
        assert promises.at_risk(session, last) == {}
        assert select_at_risk(session, missed.event_id, TODAY) == {}


NAME = {"nb": "Læringsseminarene", "nn": "Læringsseminara", "en": "The learning seminars"}
