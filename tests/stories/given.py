"""The world in which the autumn of 2008 begins: organisers, cohorts, networks, municipalities, and no event yet."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.rules import MemberRole
from eventsys.demo.build import DATA
from eventsys.extensions import transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.imports import read_municipalities
from eventsys.organisations.queries import find_organisation
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers import actions as organisers
from eventsys.programmes import actions as programmes
from eventsys.workflows.actions import add_default_rules
from tests.stories.browsing import SECRETARY

NOW = datetime(2008, 6, 2, 7, tzinfo=UTC)
ADMITTED = date(2008, 1, 1)


def build_world() -> None:
    """All 430 municipalities, of which Bø in Telemark is in cohort II and its network; the clock is set to June."""
    with transaction() as session:
        clock.set_to(session, NOW)
        secretariat, unio = (_organiser(session, slug) for slug in ("Sekretariatet", "Unio"))
        organisations.add(session, kind=OrganisationKind.CONFEDERATION, name="Unio", organiser_id=unio)
        rows, bad = read_municipalities((DATA / "municipalities-2008.csv").read_bytes())
        assert bad == []
        organisations.import_municipalities(session, rows)
        _programme(session, secretariat)


def _organiser(session: Session, name: str) -> int:
    """An organiser for whom the secretary works, with the mail rules that a new one has."""
    organiser = organisers.add(session, slug=name.lower(), name=name, email=f"{name.lower()}@program.example")
    add_default_rules(session, organiser_id=organiser.id, now=NOW)
    accounts.add(
        session, email="solveig@program.example", key="solveig@program.example", name=SECRETARY,
        organiser_id=organiser.id, role=MemberRole.OWNER, language="en", now=NOW,
    )  # fmt: skip
    return organiser.id


def _programme(session: Session, secretariat: int) -> None:
    programme = programmes.add_programme(
        session, organiser_id=secretariat, slug="kvalitetskommuneprogrammet", name={"nb": "Kvalitetskommuneprogrammet"}
    )
    cohorts = {
        roman: programmes.add_cohort(
            session, programme_id=programme.id, slug=f"pulje-{roman.lower()}", ordinal=ordinal,
            name={"nb": f"Pulje {roman}", "en": f"Cohort {roman}"},
        )
        for ordinal, roman in enumerate(("I", "II", "III"), 1)
    }  # fmt: skip
    network = programmes.add_network(session, programme_id=programme.id, slug="telemark", name="Telemark")
    bo = find_organisation(session, "0821")
    assert bo is not None
    programmes.place_in_cohort(session, cohort_id=cohorts["II"].id, organisation_id=bo.id, from_on=ADMITTED)
    programmes.place_in_network(session, network_id=network.id, organisation_id=bo.id, from_on=ADMITTED)
