"""The demo is the programme of 2008, is built once, and leaves other people's databases alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.accounts.models import Account, Membership
from eventsys.demo import build
from eventsys.demo.build import Holds
from eventsys.demo.people import make_address
from eventsys.demo.programme import OPENS_AT
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import EventStatus, Precision
from eventsys.extensions import Base, db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import find_organisation
from eventsys.organisers.actions import add as add_organiser
from eventsys.organisers.models import Organiser
from eventsys.programmes.queries import list_memberships
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.queries import count_places
from eventsys.workflows.models import Occasion, Rule
from eventsys.workflows.rules import OccasionState
from tests.demo.test_run import free_port


def demo(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["demo"])
    db.session.rollback()
    return result.exit_code, result.output


def count_rows() -> dict[str, int | None]:
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def list_runs() -> list[tuple[str, date | None, str, int | None, int, int]]:
    """Each run: the event's Norwegian title, first day, precision, capacity, places taken, people waiting."""
    rows = db.session.execute(sa.select(Run, Event).join(Event, Event.id == Run.event_id).order_by(Run.sort_at)).all()
    places = count_places(db.session(), [run.id for run, _event in rows])
    return [
        (event.title["nb"], run.first_on, run.precision, p.capacity, p.taken, p.waiting)
        for run, event in rows
        for p in [places[run.id]]
    ]


def test_the_demo_is_the_autumn_of_2008_on_an_august_morning(demo_app: Flask) -> None:
    days = Precision.DAYS
    assert list_runs() == [
        ("Oppstart for pulje III", date(2008, 8, 28), days, 160, 86, 0),
        ("Læringsseminar 2", date(2008, 9, 1), days, 120, 117, 0),
        ("Læringsseminar 2", date(2008, 9, 2), days, 120, 58, 0),
        ("Læringsseminar 3", date(2008, 9, 8), days, 60, 60, 7),
        ("Prosjektledersamling", date(2008, 9, 18), days, 40, 22, 0),
        ("Lokale nettverkssamlinger", date(2008, 10, 1), Precision.MONTH, None, 0, 0),
        ("Kvalitetskonferanse", date(2008, 11, 26), days, 500, 0, 0),
        ("Unios konferanse for tillitsvalgte", date(2008, 11, 27), days, 150, 24, 0),
    ]
    assert timedelta() <= clock.now() - OPENS_AT < timedelta(minutes=30)
    assert set(db.session.scalars(sa.select(Event.status))) == {EventStatus.PUBLISHED}


def test_the_second_time_changes_nothing_and_the_clock_stays(app: Flask) -> None:
    assert demo(app) == (0, "The demo is ready: 124 municipalities in 3 cohorts, 7 events, 385 registrations.\n")
    before = count_rows()
    moved = datetime(2008, 9, 1, 6, tzinfo=UTC)
    with transaction() as session:
        clock.set_to(session, moved)
    answer = demo(app)
    with app.app_context():
        stays = timedelta() <= clock.now() - moved < timedelta(seconds=60)
    assert (answer, count_rows(), stays) == (
        (0, "The demo is there already; nothing is changed.\n"), before, True,
    )  # fmt: skip


def test_a_database_with_another_organiser_is_refused(app: Flask) -> None:
    with transaction() as session:
        add_organiser(session, slug="fylket", name="Fylket", email="post@fylket.example")
    code, output = demo(app)
    assert (code, output, db.session.scalar(sa.select(sa.func.count()).select_from(Event))) == (
        1,
        "Error: This database holds something else than the demo. Name an empty one in DATABASE_URL.\n",
        0,
    )


def test_it_is_not_run_on_somebodys_database_either(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        add_organiser(session, slug="fylket", name="Fylket", email="post@fylket.example")
    monkeypatch.setitem(app.config, "MAIL_PORT", free_port())
    result = app.test_cli_runner().invoke(args=["run", "--port", str(free_port())])
    assert (result.exit_code, result.output) == (
        1, "Error: This database holds something else than the demo. Name an empty one in DATABASE_URL.\n",
    )  # fmt: skip


def test_a_demo_to_which_somebody_added_an_organiser_is_not_the_demo_any_more(demo_app: Flask) -> None:
    found = [build.find_out(db.session())]
    with transaction() as session:
        add_organiser(session, slug="fylket", name="Fylket", email="post@fylket.example")
    assert [*found, build.find_out(db.session())] == [Holds.DEMO, Holds.SOMETHING_ELSE]


def test_bo_in_telemark_takes_part_and_its_namesake_does_not(demo_app: Flask) -> None:
    found = {}
    for number in ("0821", "1867"):
        organisation = find_organisation(db.session(), number)
        assert organisation is not None
        cohorts, networks = list_memberships(db.session(), organisation.id, on=date(2008, 8, 18))
        found[organisation.label] = ([c.name["nb"] for c in cohorts], [n.name for n in networks])
    assert found == {"Bø (Telemark)": (["Pulje II"], ["Sørlandet og Telemark"]), "Bø (Nordland)": ([], [])}


def test_one_account_works_for_both_organisers_and_one_for_unio_alone(demo_app: Flask) -> None:
    rows = db.session.execute(
        sa.select(Account.email, Organiser.slug)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organiser, Organiser.id == Membership.organiser_id)
        .order_by(Account.id, Organiser.id)
    )
    assert [tuple(row) for row in rows] == [
        ("solveig.lyngflaten@program.example", "sekretariatet"),
        ("solveig.lyngflaten@program.example", "unio"),
        ("torbjorn.rognhaugen@unio.example", "unio"),
    ]


def test_no_mail_is_owed_at_the_start_but_the_kickoffs_reminder_is_planned(demo_app: Flask) -> None:
    owed = [
        db.session.scalar(sa.select(sa.func.count()).where(table.noticed_at.is_(None)))
        for table in (RegistrationChange, EventChange)
    ]
    of_reminders = sa.select(Rule.id).where(Rule.key == "reminder")
    due = sa.select(sa.func.min(Occasion.due_at)).where(
        Occasion.state == OccasionState.PLANNED, Occasion.rule_id.in_(of_reminders)
    )
    assert (owed, db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)), db.session.scalar(due)) == (
        [0, 0], 0, datetime(2008, 8, 21, 7, tzinfo=UTC),
    )  # fmt: skip


def test_every_address_is_at_a_municipality_that_cannot_be_written_to(demo_app: Flask) -> None:
    rows = db.session.execute(
        sa.select(Registration.name, Registration.email, Organisation.label)
        .join(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.name != "")
    ).all()
    assert {email for _name, email, _label in rows} == {make_address(name, label) for name, _email, label in rows}


@pytest.mark.parametrize(
    "name, label, address",
    [
        ("Åse Lyngmyrvoll", "Bø (Telemark)", "ase.lyngmyrvoll@bo-telemark.example"),
        ("Øystein Sølvhaugrud", "Kárášjohka - Karasjok", "oystein.solvhaugrud@karasjohka-karasjok.example"),
    ],
)
def test_an_address_is_made_of_plain_letters(name: str, label: str, address: str) -> None:
    assert make_address(name, label) == address
