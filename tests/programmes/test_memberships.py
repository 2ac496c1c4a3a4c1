"""What an organisation belonged to on a day can be asked, and placing it twice is placing it once."""

from datetime import date

import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.organisations.actions import import_municipalities
from eventsys.organisations.imports import MunicipalityRow
from eventsys.organisations.queries import find_organisation
from eventsys.organisers.actions import add as add_organiser
from eventsys.programmes import actions, queries
from eventsys.programmes.models import CohortMembership, NetworkMembership

BO = MunicipalityRow(number="0821", name="Bø", county="Telemark")
ADMITTED = date(2007, 10, 17)


def build() -> int:
    """A programme with two cohorts and two networks; the id of Bø, which is in the second of both."""
    with transaction() as session:
        import_municipalities(session, [BO])
        organisation = find_organisation(session, "0821")
        assert organisation is not None
        organiser = add_organiser(session, slug="a", name="A", email="a@a.example")
        programme = actions.add_programme(session, organiser_id=organiser.id, slug="p", name={"nb": "P"})
        for ordinal in (2, 1):
            cohort = actions.add_cohort(
                session, programme_id=programme.id, slug=f"pulje-{ordinal}", ordinal=ordinal, name={"nb": f"{ordinal}"}
            )
            network = actions.add_network(session, programme_id=programme.id, slug=f"n{ordinal}", name=f"N{ordinal}")
            if ordinal == 2:
                for _twice in range(2):
                    at = {"organisation_id": organisation.id, "from_on": ADMITTED}
                    actions.place_in_cohort(session, cohort_id=cohort.id, **at)
                    actions.place_in_network(session, network_id=network.id, **at)
        return organisation.id


def belongs(organisation_id: int, on: date) -> tuple[list[str], list[str]]:
    cohorts, networks = queries.list_memberships(db.session(), organisation_id, on=on)
    return [cohort.slug for cohort in cohorts], [network.slug for network in networks]


def test_a_membership_holds_from_its_first_day(app: Flask) -> None:
    organisation_id = build()
    assert [belongs(organisation_id, day) for day in (date(2007, 10, 16), ADMITTED, date(2009, 1, 1))] == [
        ([], []), (["pulje-2"], ["n2"]), (["pulje-2"], ["n2"]),
    ]  # fmt: skip


def test_a_membership_that_ended_holds_on_its_last_day(app: Flask) -> None:
    organisation_id = build()
    with transaction() as session:
        session.execute(sa.update(CohortMembership).values(to_on=date(2008, 1, 1)))
        session.execute(sa.update(NetworkMembership).values(to_on=date(2008, 1, 1)))
    assert [belongs(organisation_id, day) for day in (date(2008, 1, 1), date(2008, 1, 2))] == [
        (["pulje-2"], ["n2"]), ([], []),
    ]  # fmt: skip


def test_placing_twice_is_placing_once(app: Flask) -> None:
    build()
    counts = [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (CohortMembership, NetworkMembership)
    ]
    assert counts == [1, 1]


def test_cohorts_and_networks_are_listed_in_order(app: Flask) -> None:
    build()
    session = db.session()
    found = (
        [cohort.slug for cohort in queries.list_cohorts(session)],
        [network.slug for network in queries.list_networks(session)],
    )
    assert found == (["pulje-1", "pulje-2"], ["n1", "n2"])
