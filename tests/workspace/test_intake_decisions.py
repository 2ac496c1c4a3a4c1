"""Deciding, taking back and writing about it as pages: looked at first, refused whole with what was typed kept."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import Account
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.intake import actions
from eventsys.programmes.models import Application, DecisionLetter
from eventsys.workflows.cases.noticing import notice_cases
from tests.accounts.people import sign_in
from tests.programmes.intake.given import WHEN, Given, list_acts
from tests.workspace.programmes import text
from tests.world import World

CALL = "/manage/calls/utlysing"
INTAKE = f"{CALL}/intakes/1"
FAULT = re.compile(r"ds-validation-message[^>]*>([^<]+)<")


@pytest.fixture
def given(world: World) -> Given:
    return Given(world, ceiling=2)


def start(app: Flask, given: Given, who: int) -> FlaskClient:
    client = app.test_client()
    with transaction() as session:
        account = session.get_one(Account, given.deciders[who])
    sign_in(client, account)
    return client


@pytest.fixture
def browser(app: Flask, given: Given) -> FlaskClient:
    return start(app, given, 0)


def public_id(given: Given, place: int) -> str:
    db.session.rollback()
    return str(db.session.get_one(Application, given.applications[place]).public_id)


def form(given: Given, *outcomes: str, was: str = "sent", **more: str) -> dict[str, str]:
    """An outcome for the first ones, as the page would send them."""
    found = dict(more)
    for place, outcome in enumerate(outcomes):
        found |= {f"outcome-{public_id(given, place)}": outcome, f"was-{public_id(given, place)}": was}
    return found


def hidden_of(page: str) -> dict[str, str]:
    """What the confirmation sends along."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def test_a_batch_is_looked_at_before_it_is_decided(browser: FlaskClient, given: Given) -> None:
    sent = form(given, "admitted", "waiting", "declined", grounds_nb="Ikke målbart.")
    preview = browser.post(f"{INTAKE}/preview", data=sent)
    words = text(preview)
    assert ("Admitted: 1 Kommune 00" in words, "Waits: 1 Kommune 01" in words, "Refusal: 1 Kommune 02" in words) == (
        True, True, True,
    )  # fmt: skip
    assert "After it, 1 places are left" in words
    assert given.states() == ["sent"] * 3
    kept = hidden_of(preview.get_data(as_text=True))
    again = browser.post(f"{INTAKE}/preview", data={**kept, "back": "1"}).get_data(as_text=True)
    assert again.count(" selected>Admitted<") == 1
    assert browser.post(f"{INTAKE}/decisions", data=kept).status_code == 303
    assert given.states() == ["admitted", "waiting", "declined"]
    assert "Kommune 00" in text(browser.get(f"{CALL}/decisions"))
    assert "Kommune 01" in text(browser.get(f"{CALL}/intakes/2"))
    assert browser.post(f"{INTAKE}/decisions", data=kept).status_code == 409


def test_more_than_there_is_room_for_is_refused_with_what_is_left_and_all_that_was_typed(
    browser: FlaskClient, given: Given
) -> None:
    for path in ("preview", "decisions"):
        answer = browser.post(f"{INTAKE}/{path}", data=form(given, *["admitted"] * 3))
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "There is room for 2 more." in page) == (409 if path == "decisions" else 422, True)
        assert page.count(" selected>Admitted<") == 3
    assert given.states() == ["sent"] * 3


def test_a_refusal_asks_for_grounds_in_the_language_of_its_letter(browser: FlaskClient, given: Given) -> None:
    sent = form(given, "", "declined", grounds_nb="Ikke målbart.")
    answer = browser.post(f"{INTAKE}/preview", data=sent)
    assert (answer.status_code, FAULT.findall(answer.get_data(as_text=True))) == (
        422,
        ["Write why Kommune 01 is declined."],
    )
    own = {**sent, f"grounds-{public_id(given, 1)}": "Måla kan\nikkje målast."}
    assert browser.post(f"{INTAKE}/decisions", data=own).status_code == 303
    assert given.states() == ["sent", "declined", "sent"]


def test_a_batch_thought_out_before_somebody_else_decided_is_refused(
    app: Flask, browser: FlaskClient, given: Given
) -> None:
    sent = form(given, "admitted", "admitted")
    assert start(app, given, 1).post(f"{INTAKE}/decisions", data=form(given, "admitted")).status_code == 303
    answer = browser.post(f"{INTAKE}/decisions", data=sent)
    assert (answer.status_code, "meanwhile: Kommune 00" in text(answer)) == (409, True)
    assert given.states() == ["admitted", "sent", "sent"]


def test_an_empty_batch_and_an_empty_shortlist_say_what_to_do(browser: FlaskClient, given: Given) -> None:
    assert browser.post(f"{INTAKE}/preview", data={}).status_code == 422
    assert "Nobody is on this shortlist" in text(browser.get(INTAKE))
    assert "Kommune 02" in text(browser.get(f"{INTAKE}?show=all"))
    assert browser.get(f"{CALL}/intakes/3").status_code == 404


def test_an_assessor_who_may_not_decide_sees_no_button_and_is_refused(browser: FlaskClient, given: Given) -> None:
    with transaction() as session:
        actions.appoint(session, call_id=given.call, account_id=given.deciders[0], may_decide=False)
    assert "See what this comes to" not in text(browser.get(f"{INTAKE}?show=all"))
    for path in ("intakes/1/preview", "intakes/1/decisions", "letters", "letters/ready", "letters/sending"):
        assert browser.post(f"{CALL}/{path}", data=form(given, "admitted")).status_code == 403
    assert given.states() == ["sent"] * 3


def test_a_decision_is_taken_back_after_it_was_asked_for(browser: FlaskClient, given: Given) -> None:
    page = f"{CALL}/applications/{public_id(given, 0)}/reversal"
    assert browser.get(page).status_code == 303
    browser.post(f"{INTAKE}/decisions", data=form(given, "admitted"))
    assert "place in the cohort" in text(browser.get(page))
    assert "taken back" in text(browser.post(page, follow_redirects=True))
    assert "no decision to take back" in text(browser.post(page, follow_redirects=True))
    assert list_acts(given.applications[0]) == ["decided", "reversed"]


# --- letters --------------------------------------------------------------------------------------------------------


def letters() -> list[DecisionLetter]:
    db.session.rollback()
    statement = sa.select(DecisionLetter).order_by(DecisionLetter.application_id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


@pytest.fixture
def drafted(browser: FlaskClient, given: Given) -> list[DecisionLetter]:
    """The first is admitted, in bokmål; the second declined, in nynorsk. Both have a mailbox, and there is an archive."""
    browser.post(f"{INTAKE}/decisions", data=form(given, "admitted", "declined", grounds_nn="Måla kan ikkje målast."))
    with transaction() as session:
        for place, application_id in enumerate(given.applications):
            whose = session.get_one(Application, application_id).organisation_id
            session.get_one(Organisation, whose).email = f"post{place}@kommune.example"
        session.get_one(Organiser, given.world.secretariat).archive_email = "arkiv@program.example"
    assert browser.post(f"{CALL}/letters").status_code == 303
    return letters()


def test_each_letter_is_shown_as_its_reader_gets_it_in_a_frame_that_can_do_nothing(
    browser: FlaskClient, drafted: list[DecisionLetter]
) -> None:
    found = [text(browser.get(f"{CALL}/letters/{one.public_id}/body")) for one in drafted]
    assert ("Kommune 00" in found[0], "Måla kan ikkje målast." in found[1], "2008/123-2" in found[1]) == (True,) * 3
    page = browser.get(f"{CALL}/letters/{drafted[0].public_id}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert browser.get(f"{CALL}/letters/{drafted[1].public_id}/letter.pdf").data[:5] == b"%PDF-"


def test_letters_go_when_somebody_sends_them_and_never_twice(
    browser: FlaskClient, drafted: list[DecisionLetter]
) -> None:
    ticked = {"letter": [str(one.public_id) for one in drafted]}
    assert "ready first" in text(browser.post(f"{CALL}/letters/check", data=ticked, follow_redirects=True))
    assert "2 letters are ready" in text(browser.post(f"{CALL}/letters/ready", data=ticked, follow_redirects=True))
    asked = text(browser.post(f"{CALL}/letters/check", data=ticked))
    assert ("Send 2 letters" in asked, "arkiv@program.example" in asked) == (True, True)
    assert [one.state.value for one in letters()] == ["ready", "ready"]
    for told in ("2 letters are on their way", "0 letters are on their way"):
        page = text(browser.post(f"{CALL}/letters/sending", data=ticked, follow_redirects=True))
        assert (told in page, "Send those that are ready" in page) == (True, False)
    with transaction() as session:
        notice_cases(session, now=clock.now())
    rows = db.session.execute(
        sa.select(OutboxMessage.email, OutboxMessage.language).where(OutboxMessage.template.like("application_%"))
    )
    assert sorted((row.email, row.language) for row in rows) == [
        ("arkiv@program.example", "nb"), ("arkiv@program.example", "nn"), ("post0@kommune.example", "nb"),
        ("post1@kommune.example", "nn"),
    ]  # fmt: skip
    page = text(browser.get(f"{CALL}/letters/{drafted[0].public_id}"))
    assert "Edit this one alone" not in page


def test_what_a_letter_lacks_is_named_and_it_does_not_go(browser: FlaskClient, drafted: list[DecisionLetter]) -> None:
    with transaction() as session:
        whose = session.get_one(Application, drafted[0].application_id).organisation_id
        session.get_one(Organisation, whose).email = None
    assert "There is nobody to send it to" in text(browser.get(f"{CALL}/letters"))
    ticked = {"letter": [str(one.public_id) for one in drafted]}
    assert "1 letter is ready" in text(browser.post(f"{CALL}/letters/ready", data=ticked, follow_redirects=True))
    browser.post(f"{CALL}/letters/sending", data=ticked)
    assert [one.state.value for one in letters()] == ["draft", "sent"]


def test_one_letter_is_edited_by_itself_and_faults_stand_beside_the_field(
    browser: FlaskClient, drafted: list[DecisionLetter]
) -> None:
    page = f"{CALL}/letters/{drafted[0].public_id}"
    wrong: dict[str, Any] = {"subject": "Velkommen", "body": "Hei {kommunen}", "edition": "1"}
    answer = browser.post(page, data=wrong)
    assert (answer.status_code, "Hei {kommunen}" in answer.get_data(as_text=True)) == (422, True)
    assert "There is no {kommunen}" in text(answer)
    own = {**wrong, "body": "Hei {organisation}, <b>dere</b> er med."}
    assert browser.post(page, data=own).status_code == 303
    assert "Hei Kommune 00, <b>dere</b> er med." in text(browser.get(f"{page}/body"))
    answer = browser.post(page, data=own)
    assert (answer.status_code, "Somebody else changed" in text(answer)) == (409, True)
    assert browser.post(page, data={**own, "edition": "2", "reset": "1"}).status_code == 303
    assert letters()[0].text is None


def test_the_case_holds_the_letter_as_it_went_and_nothing_of_what_assessors_thought(
    browser: FlaskClient, given: Given, drafted: list[DecisionLetter]
) -> None:
    with transaction() as session:
        application = session.get_one(Application, given.applications[1])
        actions.save_assessment(
            session, given.find_call(session), application, account_id=given.deciders[0], notes="Svakt", points={},
            now=WHEN,
        )  # fmt: skip
    ticked = {"letter": [str(drafted[1].public_id)]}
    browser.post(f"{CALL}/letters/ready", data=ticked)
    browser.post(f"{CALL}/letters/sending", data=ticked)
    with transaction() as session:
        notice_cases(session, now=clock.now())
        mail = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == "post1@kommune.example")).one()
        mail.subject, mail.text = "Svar", "Slik gjekk brevet."
    body = browser.get(f"{CALL}/applications/{public_id(given, 1)}/case.pdf").data
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    told = ("Slik gjekk brevet." in words, "Måla kan ikkje målast." in words, "2008/123-2" in words, "Svakt" in words)
    assert told == (True, True, True, False)
