"""The applications of a call as pages: who sees them, the list, one of them, several beside each other, as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import files
from eventsys.accounts.models import Account, LogEntry
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.extensions import db, transaction
from eventsys.programmes.applications.queries import read_facts
from eventsys.programmes.applications.rules import FileKind, to_json
from eventsys.programmes.intake import actions
from eventsys.programmes.models import Application, ApplicationFile, ApplicationVersion, Assessment, Criterion
from eventsys.workspace.views.intake_frame import name_mean
from tests.accounts.people import add_account, sign_in
from tests.programmes.intake.given import WHEN, Given
from tests.statements import counted
from tests.workspace.programmes import text
from tests.world import World

LIST = "/manage/calls/utlysing/applications"
Browse = Callable[[int], FlaskClient]


@pytest.fixture
def given(world: World) -> Given:
    given = Given(world)
    with transaction() as session:
        for name in ("Måling", "Samarbeid"):
            actions.add_criterion(session, call_id=given.call, name={"nb": name}, help={}, most_points=5)
    return given


@pytest.fixture
def browse(app: Flask, given: Given) -> Browse:
    """A browser of the first or the second of those who decide."""

    def start(who: int) -> FlaskClient:
        client = app.test_client()
        with transaction() as session:
            account = session.get_one(Account, given.deciders[who])
        sign_in(client, account)
        return client

    return start


def find(given: Given, place: int) -> Application:
    db.session.rollback()
    return db.session.get_one(Application, given.applications[place], populate_existing=True)


def address(given: Given, place: int) -> str:
    return f"{LIST}/{find(given, place).public_id}"


def points(given: Given, *values: int, notes: str = "") -> dict[str, str]:
    criteria = db.session.scalars(sa.select(Criterion).order_by(Criterion.position))
    return {"notes": notes, **{f"points-{one.public_id}": str(n) for one, n in zip(criteria, values, strict=True)}}


def give_file(given: Given, place: int, name: str = "vedtak.txt", body: bytes = b"Vedtatt") -> ApplicationFile:
    with transaction() as session:
        kept = files.keep(session, name=name, content=body, now=WHEN)
        row = ApplicationFile(
            application_id=given.applications[place], file_id=kept.id, kind=FileKind.COUNCIL, added_at=WHEN
        )
        session.add(row)
        session.flush()
    return row


def keep_version(given: Given, place: int) -> None:
    with transaction() as session:
        application = session.get_one(Application, given.applications[place])
        facts = to_json(read_facts(session, application))
        session.add(ApplicationVersion(application_id=application.id, number=1, facts=facts, at=WHEN))


def test_an_owner_who_is_no_assessor_sets_who_is_and_reads_nothing(adviser: FlaskClient, given: Given) -> None:
    file = give_file(given, 0)
    answer = adviser.get(LIST)
    assert (answer.status_code, "You do not assess this call" in text(answer)) == (403, True)
    for page in ("", "/application.pdf", "/case.pdf", f"/files/{file.public_id}", "/reversal"):
        assert adviser.get(address(given, 0) + page).status_code == 404
    for page in ("intakes/1", "decisions", "letters", "applications.xlsx", "applications/side-by-side"):
        assert adviser.get(f"/manage/calls/utlysing/{page}").status_code == 404
    for deed in ("assessment", "supplement", "case-number", "reading", "reversal", "disqualification"):
        assert adviser.post(f"{address(given, 0)}/{deed}", data={"notes": "x", "words": "x"}).status_code == 404
    me = db.session.scalars(sa.select(Account.id).where(Account.email == "adviser@program.example")).one()
    form = {f"task-{me}": "assesses", f"task-{given.deciders[1]}": "nothing"}
    assert adviser.post("/manage/calls/utlysing/assessors", data=form).status_code == 303
    assert adviser.get(LIST).status_code == 200
    assert "Avgjerar 2" in text(adviser.get("/manage/log"))


def test_an_organiser_is_no_owner_and_another_organisers_call_is_not_there(
    app: Flask, browse: Browse, world: World
) -> None:
    assert browse(0).get("/manage/calls/utlysing/assessors").status_code == 403
    stranger = app.test_client()
    sign_in(stranger, add_account("unio@unio.example", world.unio, role=MemberRole.OWNER))
    for page in ("applications", "assessors", "criteria", "letters", "decisions", "intakes/1"):
        assert stranger.get(f"/manage/calls/utlysing/{page}").status_code == 404


def test_the_list_is_narrowed_and_ordered_by_its_address(browse: Browse, given: Given) -> None:
    client = browse(0)
    client.post(f"{address(given, 1)}/assessment", data=points(given, 4, 5))
    client.post(f"{address(given, 2)}/assessment", data=points(given, 1, 0))
    ids = [str(find(given, place).public_id) for place in (1, 2)]
    client.post(LIST, data={"do": "shortlist", "intake": "1", "id": ids[0]})

    def names(query: str) -> list[str]:
        page = text(client.get(f"{LIST}?{query}"))
        return sorted((f"Kommune {n:02}" for n in range(3) if f"Kommune {n:02}" in page), key=page.index)

    assert names("") == ["Kommune 00", "Kommune 01", "Kommune 02"]
    assert names("assessed=no") == ["Kommune 00"]
    assert names("sort=mine") == ["Kommune 01", "Kommune 02", "Kommune 00"]
    assert names("shortlisted=1") == ["Kommune 01"]
    assert names("shortlisted=0") == ["Kommune 00", "Kommune 02"]
    assert names("q=kommune+02") == ["Kommune 02"]
    assert names("state=admitted") == []
    assert names("state=nonsense&area=x&sort=x") == ["Kommune 00", "Kommune 01", "Kommune 02"]


def test_the_others_points_are_seen_when_ones_own_are_saved(browse: Browse, given: Given) -> None:
    first, second, page = browse(0), browse(1), address(given, 0)
    first.post(f"{page}/assessment", data=points(given, 2, 3, notes="Svakt på <b>måling</b>"))
    assert "Svakt på" not in second.get(page).get_data(as_text=True)
    assert "Kommune 00 18. aug" not in text(second.get(f"{LIST}?sort=points"))
    assert second.post(f"{page}/assessment", data=points(given, 5, 5)).status_code == 303
    shown = text(second.get(page))
    assert "Avgjerar 1: 5" in shown
    assert "Svakt på <b>måling</b>" in shown
    assert "The mean of all: 7.5" in shown


def test_points_beyond_a_criterion_are_refused_beside_it_and_what_was_typed_is_kept(
    browse: Browse, given: Given
) -> None:
    answer = browse(0).post(f"{address(given, 0)}/assessment", data=points(given, 9, 1, notes="Behold meg"))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Choose from 0 to 5 points." in page, "Behold meg" in page) == (422, True, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Assessment)) == 0


def test_what_is_typed_is_kept_as_a_draft_that_nobody_else_sees(browse: Browse, given: Given) -> None:
    first, second, page = browse(0), browse(1), address(given, 0)
    form = f"assessment.new-{find(given, 0).public_id}-{given.deciders[0]}"
    kept = first.post(f"/manage/drafts/{form}", data={**points(given, 1, 1, notes="Halvt"), "edition": "1"})
    assert kept.status_code == 200
    assert "You have changes here that are not saved" in text(first.get(page))
    assert "Halvt" in first.get(f"{page}?draft=1").get_data(as_text=True)
    assert "Halvt" not in second.get(f"{page}?draft=1").get_data(as_text=True)
    first.post(f"{page}/assessment", data=points(given, 1, 1, notes="Helt"))
    assert "not saved" not in text(first.get(page))


@pytest.mark.parametrize("language, told", [("nb", "11,7"), ("nn", "11,7"), ("en", "11.7")])
def test_the_mean_of_points_is_written_as_the_page_s_language_does(app: Flask, language: str, told: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        assert (name_mean(35 / 3), name_mean(None)) == (told, None)


def test_reading_leaves_one_row_a_day_in_the_log(browse: Browse, given: Given) -> None:
    client, page = browse(0), address(given, 0)
    assert f'hx-post="{page}/reading"' in client.get(page).get_data(as_text=True)
    for _again in range(2):
        client.post(f"{page}/reading")
    db.session.rollback()
    rows = db.session.scalars(sa.select(LogEntry).where(LogEntry.verb == LogVerb.READ)).all()
    assert [(one.account_id, one.object, one.name) for one in rows] == [
        (given.deciders[0], "application", "Kommune 00")
    ]
    assert "/reading" not in client.get(page).get_data(as_text=True)


def test_two_to_four_are_read_beside_each_other_and_none_that_is_not_open(browse: Browse, given: Given) -> None:
    client = browse(0)
    ids = [str(find(given, place).public_id) for place in range(3)]
    for chosen, told in (([], "Tick the applications first."), (ids[:1], "Tick two, three or four")):
        answer = client.post(LIST, data={"do": "beside", "id": chosen}, follow_redirects=True)
        assert told in text(answer)
    answer = client.post(LIST, data={"do": "beside", "id": ids[:2]})
    client.post(f"{address(given, 1)}/disqualification", data={"why": "Bur der"}, follow_redirects=True)
    shown = text(client.get(answer.location))
    assert ("Kommune 00" in shown, "Kommune 01" in shown) == (True, False)


def test_a_supplement_is_asked_for_and_what_was_sent_is_what_is_read(browse: Browse, given: Given) -> None:
    keep_version(given, 0)
    client, page = browse(0), address(given, 0)
    assert client.post(f"{page}/supplement", data={"words": "", "by": "01.09.2008"}).status_code == 422
    assert client.post(f"{page}/supplement", data={"words": "Tall?", "by": "01.08.2008"}).status_code == 422
    assert client.post(f"{page}/supplement", data={"words": "Hvilke tall?", "by": "01.09.2008"}).status_code == 303
    with transaction() as session:
        session.get_one(Application, given.applications[0]).way_of_working = "Uferdig"
    file = give_file(given, 0)
    shown = text(client.get(page))
    assert ("Hvilke tall?" in shown, "Asked to supplement" in shown, "Uferdig" in shown) == (True, True, False)
    assert client.get(f"{page}/files/{file.public_id}").status_code == 404


def test_a_case_number_of_another_case_is_refused_and_the_next_is_offered(browse: Browse, given: Given) -> None:
    client = browse(0)
    assert client.post(f"{address(given, 0)}/case-number", data={"case_number": "2008/123-1"}).status_code == 303
    assert "Next: 2008/123-2" in text(client.get(address(given, 1)))
    answer = client.post(f"{address(given, 1)}/case-number", data={"case_number": "2008/123-1"})
    assert (answer.status_code, "Another case of yours has that number." in text(answer)) == (422, True)


def test_a_case_is_one_document_and_a_zip_with_its_attachments(browse: Browse, given: Given) -> None:
    file = give_file(given, 0)
    client, page = browse(0), address(given, 0)
    body = client.get(f"{page}/case.pdf").data
    words = " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert ("Kommune 00" in words, "vedtak.txt" in words, body == client.get(f"{page}/case.pdf").data) == (True,) * 3
    assert pypdf.PdfReader(io.BytesIO(body)).trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"{page}/case.zip").data))
    assert [one for one in packed.namelist() if not one.endswith(".pdf")] == ["01 vedtak.txt"]
    assert packed.read("01 vedtak.txt") == b"Vedtatt"
    assert client.get(f"{page}/files/{file.public_id}").data == b"Vedtatt"


def test_the_list_as_a_file_has_two_grades(browse: Browse, given: Given) -> None:
    client = browse(0)
    client.post(f"{address(given, 1)}/assessment", data=points(given, 4, 4, notes="Hemmelig"))
    given.admit(0)
    full = client.get(f"{LIST}.csv").get_data(as_text=True)
    public = client.get(f"{LIST}.csv?grade=public").get_data(as_text=True)
    assert [len(full.splitlines()), "Kommune 02" in full, '"8"' in full] == [4, True, True]
    assert (
        public.replace("\ufeff", "").split()
        == '"Organisation";"Number";"Outcome" "Kommune 00";"9000";"Admitted"'.split()
    )
    assert client.get(f"{LIST}.xlsx").data[:2] == b"PK"


def test_the_pages_cost_the_same_with_many_applications(browse: Browse, given: Given) -> None:
    client = browse(0)
    pages = ("applications", "intakes/1?show=all", "decisions", "letters", "applications.csv")

    def cost() -> list[int]:
        found = []
        for page in pages:
            with counted(db.engine) as sent:
                assert client.get(f"/manage/calls/utlysing/{page}").status_code == 200
            found.append(len(sent))
        return found

    given.admit(0)
    prepare: Any = {"account_id": given.deciders[0], "now": WHEN}
    with transaction() as session:
        actions.prepare_letters(session, given.find_call(session), **prepare)
    before = cost()
    given.add(30)
    given.admit(*range(1, 20))
    with transaction() as session:
        actions.prepare_letters(session, given.find_call(session), **prepare)
    assert cost() == before
    assert max(before) < 25
