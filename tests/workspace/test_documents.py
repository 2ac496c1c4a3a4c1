"""What is printed for a run: lists and badges as tagged PDF, in which a name is a name whatever is in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import Account
from eventsys.documents import make_pdf
from eventsys.events.models import Run
from eventsys.extensions import transaction
from eventsys.registrations.actions import register
from eventsys.registrations.attendance.actions import record_attendance
from tests import papers
from tests.accounts.people import add_account
from tests.papers import Paper
from tests.world import World, somebody

NAMES = ["Åse Lyng", '#eval("1+1")', "*Kari* _Ola_ $x^2$", "Čáhci Ŋuorvuđ", "\\ } ] // <a> @b"]
DAY = datetime(2008, 9, 3, 14, tzinfo=UTC)


@pytest.fixture
def people(adviser: FlaskClient, world: World) -> list[int]:
    made = []
    for number, name in enumerate(NAMES):
        with transaction() as session:
            form = somebody(world, number, name=name, run_id=world.run_id("seminar", 1))
            made.append(register(session, form, now=clock.now()).registration.id)
    return made


@pytest.fixture
def account(world: World) -> Account:
    return add_account("second@program.example", world.secretariat)


def get(client: FlaskClient, world: World, name: str, place: int = 1, query: str = "") -> Paper:
    event = world.events["seminar"]
    answer = client.get(f"/manage/events/{event.slug}/runs/{event.runs[place].uid}/{name}.pdf{query}")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (
        200,
        "application/pdf",
        "no-store",
    )
    return papers.read(answer.data)


@pytest.mark.parametrize("name", ["attendance", "badges"])
def test_names_stand_as_they_are_written(adviser: FlaskClient, world: World, people: list[int], name: str) -> None:
    paper = get(adviser, world, name)
    assert [one for one in NAMES if one not in paper.text] == []
    assert (paper.language, paper.accessible, len(paper.pages)) == ("en", True, 1)


def test_papers_are_in_the_readers_language(adviser: FlaskClient, world: World, people: list[int]) -> None:
    languages = [get(adviser, world, "attendance", query=f"?lang={code}").language for code in ("nb", "nn", "en")]
    assert languages == ["nb", "nn", "en"]


def test_a_list_is_to_be_signed_until_attendance_is_taken(
    adviser: FlaskClient, world: World, people: list[int], account: Account
) -> None:
    before = get(adviser, world, "attendance").text
    with transaction() as session:
        run = session.get_one(Run, world.run_id("seminar", 1))
        record_attendance(session, run, absent_ids=people[:1], account_id=account.id, now=DAY)
    after = get(adviser, world, "attendance").text
    assert [words in before for words in ("Signature", "Attendance has not been taken.", "yes")] == [True, True, False]
    assert [words in after for words in ("Signature", "Attendance has not been taken.", "Came")] == [False, False, True]
    assert (after.count("yes"), after.count(" no ") + after.endswith(" no")) == (4, 1)


def test_a_run_that_nobody_comes_to_gives_a_paper_that_says_so(adviser: FlaskClient, world: World) -> None:
    assert ["Nobody has a place yet." in get(adviser, world, name).text for name in ("attendance", "badges")] == [
        True
    ] * 2


def test_ten_badges_stand_on_a_sheet() -> None:
    people = [{"name": f"Person Nummer{number}", "organisation": "Bø (Telemark)"} for number in range(21)]
    values = {"event": "Seminar", "event_language": "nb", "small": "1.–2. september", "people": people, "nobody": ""}
    paper = papers.read(make_pdf("badges", values, title="Navneskilt", language="nb", at=DAY))
    assert [page.count("Person Nummer") for page in paper.pages] == [10, 10, 1]
    assert paper.title == "Navneskilt"


@pytest.mark.parametrize("name", ["", "X" * 200, "Kari Anne Margrethe Lyngmyrvoll-Rognvikmo von Strand", "李"])
def test_a_badge_is_made_of_any_name(name: str) -> None:
    person = {"name": name, "organisation": "Bø (Telemark)"}
    values = {"event": "Seminar", "event_language": "nb", "small": "", "people": [person] * 10, "nobody": ""}
    assert len(papers.read(make_pdf("badges", values, title="Navneskilt", language="nb", at=DAY)).pages) == 1
