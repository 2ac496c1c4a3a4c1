"""The programme's public pages: who is behind it, who takes part, networks, figures in totals."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes import actions as programmes
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CallState
from eventsys.programmes.intake.rules import LetterState, Outcome
from eventsys.programmes.models import CohortMembership, Decision, DecisionLetter, Programme, ProgrammeParty
from eventsys.programmes.queries import list_memberships
from eventsys.programmes.rules import MembershipStatus, PartyKind, PartyRole
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Side, State
from eventsys.site.taking_part.map import TILES, draw_tiles
from tests.calling import add_application, add_call, add_intake
from tests.registrations.seats import set_run, sign_up
from tests.statements import counted
from tests.world import NOW, World, build


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def lead(client: FlaskClient, address: str) -> str:
    found = re.search(r'<p class="lead">([^<]*)</p>', client.get(address).get_data(as_text=True))
    return found[1] if found else ""


def listed(client: FlaskClient, address: str) -> list[str]:
    page = client.get(address).get_data(as_text=True)
    return re.findall(r'<li><a href="/municipalities/\d+">([^<]+)</a>', page)


def test_the_programme_says_when_it_is_and_who_is_behind_it(client: FlaskClient) -> None:
    build()
    with transaction() as session:
        programme = session.query(Programme).one()
        programme.begins_on, programme.ends_on = date(2007, 1, 1), date(2009, 12, 31)
        programme.about = {"nb": "Vi prøver ut **nye måter**."}
        for role, name in ((PartyRole.PARTY, "Staten"), (PartyRole.PARTNER, "Høgskolen")):
            session.add(ProgrammeParty(programme_id=programme.id, role=role, kind=PartyKind.STATE, name={"nb": name}))
    page = text(client, "/programme?lang=nb")
    assert "1. januar 2007–31. desember 2009" in page
    assert "Vi prøver ut nye måter ." in page
    assert page.index("Staten") < page.index("Høgskolen")


def test_a_partners_address_is_told_to_nobody(client: FlaskClient) -> None:
    build()
    with transaction() as session:
        programme = session.query(Programme).one()
        session.add(
            ProgrammeParty(
                programme_id=programme.id, role=PartyRole.PARTNER, kind=PartyKind.OTHER, name={"nb": "Høgskolen"},
                email="kopi@hogskolen.example",
            )
        )  # fmt: skip
    page = client.get("/programme").get_data(as_text=True)
    assert "Høgskolen" in page
    assert "kopi@" not in page


def test_a_call_that_is_open_is_told_of_and_a_draft_or_a_closed_one_is_not(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        add_call(session, world)
        add_call(session, world, slug="utkastet", state=CallState.DRAFT)
    page = client.get("/programme?lang=nb").get_data(as_text=True)
    assert 'href="/calls/utlysing"' in page
    assert "mandag 15. september 2008, kl. 15.00" in page
    assert "utkastet" not in page
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(days=60))
    assert "utlysing" not in client.get("/programme?lang=nb").get_data(as_text=True)


def test_members_are_listed_in_norwegian_order_and_narrowed_by_county_and_cohort(client: FlaskClient) -> None:
    build()
    assert listed(client, "/programme/members") == ["Karasjok", "Oslo", "Hå", "Bø (Telemark)"]
    assert listed(client, "/programme/members?county=Telemark") == ["Bø (Telemark)"]
    assert listed(client, "/programme/members?cohort=pulje-ii") == ["Oslo", "Bø (Telemark)"]
    assert listed(client, "/programme/members?cohort=pulje-i&county=Telemark") == []
    assert listed(client, "/programme/members?cohort=finnes-ikke") == listed(client, "/programme/members")


def test_who_has_left_or_pauses_is_no_member(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        of = CohortMembership.organisation_id
        left = session.query(CohortMembership).filter(of == world.municipalities["0301"]).one()
        left.status, left.to_on = MembershipStatus.WITHDRAWN, NOW.date() - timedelta(days=1)
        paused = session.query(CohortMembership).filter(of == world.municipalities["1119"]).one()
        paused.status = MembershipStatus.PAUSED
    assert listed(client, "/programme/members") == ["Karasjok", "Bø (Telemark)"]


def test_who_is_admitted_is_a_member_to_others_when_the_letter_has_been_sent(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        call = add_call(session, world)
        application = add_application(session, call, world.municipalities["0301"], state=ApplicationState.ADMITTED)
        decision = Decision(
            application_id=application.id, intake_id=add_intake(session, call, cohort_id=world.cohorts[2]).id,
            outcome=Outcome.ADMITTED, batch=uuid.uuid4(), decided_at=NOW, grounds={},
        )  # fmt: skip
        session.add(decision)
        session.flush()
        own = {"organiser_id": application.organiser_id, "decision_id": decision.id, "language": "nb"}
        letter = DecisionLetter(application_id=application.id, **own)
        session.add(letter)
    assert listed(client, "/programme/members") == ["Karasjok", "Hå", "Bø (Telemark)"]
    assert lead(client, "/municipalities/0301").startswith("Oslo er ikke med i noen pulje")
    # What is asked of a member is asked at once: only what others read waits for the letter.
    true = list_memberships(db.session(), world.municipalities["0301"], on=NOW.date())
    assert [one.ordinal for one in true.cohorts] == [2]
    with transaction() as session:
        session.execute(sa.update(DecisionLetter).values(state=LetterState.SENT, sent_at=NOW))
    assert listed(client, "/programme/members") == ["Karasjok", "Oslo", "Hå", "Bø (Telemark)"]
    assert lead(client, "/municipalities/0301") == "Pulje II"


def test_the_map_says_for_each_county_how_many_of_how_many(client: FlaskClient) -> None:
    build()
    page = client.get("/programme/members?lang=en").get_data(as_text=True)
    assert re.findall(r'aria-label="([\w ]+: \d+ of \d+)"', page) == [
        "Finnmark: 1 of 1", "Nordland: 0 of 1", "Oslo: 1 of 1", "Rogaland: 1 of 1", "Telemark: 1 of 1",
    ]  # fmt: skip


def test_every_county_of_the_map_has_a_tile_of_its_own() -> None:
    assert len({(column, row) for column, row, _short in TILES.values()}) == len(TILES) == 19
    shades = {
        tile.county: tile.shade for tile in draw_tiles({"Troms": 1, "Oslo": 1}, {"Troms": 25, "Oslo": 1, "Utlandet": 3})
    }
    assert shades == {"Troms": 1, "Oslo": 4}


def test_lists_take_as_many_statements_for_many_as_for_few(client: FlaskClient) -> None:
    world = build()
    pages = ("/programme/members", "/programme/networks", "/programme", "/programme/figures")
    few = [count_statements(client, page) for page in pages]
    with transaction() as session:
        programme = session.query(Programme).one()
        for number in range(3000, 3050):
            one = organisations.add(
                session, kind=OrganisationKind.MUNICIPALITY, name=f"Kommune {number}", number=str(number), county="Oslo"
            )
            programmes.place_in_cohort(
                session, cohort_id=world.cohorts[1], organisation_id=one.id, from_on=date(2008, 1, 1)
            )
            programmes.add_network(session, programme_id=programme.id, slug=f"n-{number}", name=f"Nettverk {number}")
    assert [count_statements(client, page) for page in pages] == few


def count_statements(client: FlaskClient, address: str) -> int:
    with counted(db.engine) as seen:
        text(client, address)
    return len(seen)


def test_a_network_shows_its_members_and_what_it_is_asked_to(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        programme = session.query(Programme).one()
        network = programmes.add_network(session, programme_id=programme.id, slug="sor", name="Sørlandet")
        programmes.place_in_network(
            session, network_id=network.id, organisation_id=world.municipalities["0821"], from_on=date(2008, 1, 1)
        )
    assert "Sørlandet" in text(client, "/programme/networks")
    page = text(client, "/programme/networks/sor?lang=en")
    assert "Bø (Telemark)" in page
    assert "Karasjok" not in page
    assert "Læringsseminar 2" not in page
    assert client.get("/programme/networks/finnes-ikke").status_code == 404


def test_a_district_and_a_county_that_take_part_lead_to_their_own_pages(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        programme = session.query(Programme).one()
        network = programmes.add_network(session, programme_id=programme.id, slug="sor", name="Sørlandet")
        for kind, number in ((OrganisationKind.DISTRICT, "030105"), (OrganisationKind.COUNTY, "03")):
            one = organisations.add(session, kind=kind, name=f"Enhet {number}", number=number, county="Oslo")
            when = {"organisation_id": one.id, "from_on": date(2008, 1, 1)}
            programmes.place_in_cohort(session, cohort_id=world.cohorts[1], **when)
            programmes.place_in_network(session, network_id=network.id, **when)
    for page in ("/programme/members", "/programme/networks/sor"):
        found = re.findall(r'<a href="(/municipalities/[a-z]+-\d+)">', client.get(page).get_data(as_text=True))
        assert sorted(found) == ["/municipalities/county-03", "/municipalities/district-030105"]
        assert [client.get(address).status_code for address in found] == [200, 200]


def take_part(world: World, sides: dict[Side, int]) -> None:
    """So many of each side came to the first run of the seminar, from Bø, and attendance was taken in both runs."""
    people = [side for side, how_many in sides.items() for _number in range(how_many)]
    for number, side in enumerate(people):
        sign_up(world, number, side=side)
    with transaction() as session:
        session.execute(sa.update(Registration).values(state=State.ATTENDED))
        clock.set_to(session, NOW + timedelta(days=30))
    for place in (0, 1):
        set_run(world.run_id("seminar", place), attendance_at=NOW)


def test_figures_are_totals_of_what_is_over(client: FlaskClient) -> None:
    world = build(capacity=50)
    sides = {Side.POLITICIAN: 6, Side.ADMINISTRATION: 7, Side.EMPLOYEE_REPRESENTATIVE: 8}
    assert "None of its gatherings is over yet." in text(client, "/programme/figures?lang=en")
    take_part(world, sides)
    page = text(client, "/programme/figures?lang=en")
    assert "Gatherings held 2" in page
    assert "Places taken 21" in page
    assert "Represents Places taken" in page
    assert "Came, in the 1 gathering where it was noted 21" in page
    assert "Delegations with all three sides 100 %" in page


def test_few_of_a_side_are_not_told_as_a_number(client: FlaskClient) -> None:
    world = build(capacity=50)
    take_part(world, {Side.ADMINISTRATION: 12, Side.POLITICIAN: 9, Side.EMPLOYEE_REPRESENTATIVE: 2})
    page = text(client, "/programme/figures?lang=en")
    assert "Employees" not in page
    assert "Administrative leadership 12" in page


def test_nobody_is_named_on_any_of_the_pages(client: FlaskClient) -> None:
    world = build(capacity=50)
    take_part(world, {Side.POLITICIAN: 6})
    with transaction() as session:
        names = {row.name for row in session.query(Registration).filter(Registration.state == State.ATTENDED)}
    assert names
    for page in ("/programme", "/programme/members", "/programme/networks", "/programme/figures"):
        assert not any(name in text(client, page) for name in names)
