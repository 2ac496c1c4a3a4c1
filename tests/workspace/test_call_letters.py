"""The letter of a call: written, looked at as each will read it, sent once to each in its form of the language."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.extensions import db, transaction
from eventsys.files import StoredFile
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.programmes.calls.rules import CallState
from eventsys.programmes.models import Call, CallFile, CallNudge, CallRecipient
from eventsys.workflows.models import MailAttachment, MailCopy
from tests.calling import add_call
from tests.registrations.test_me import words_of
from tests.world import World

CALL = "/manage/calls/utlysing"
TEXT = {
    "subject_nb": "Bli med i {programme}", "body_nb": "Til {organisation}.\n\n[Søk her]({call_link})",
    "subject_nn": "Ver med i {programme}", "body_nn": "Til {organisation}, på nynorsk.\n\n[Søk her]({call_link})",
    "opened_at": "0",
}  # fmt: skip
MUNICIPALITIES = [{"conditions": [{"kind": "organisation_kind", "words": ["municipality"]}], "reach": "mailboxes"}]


@pytest.fixture
def draft(adviser: FlaskClient, world: World) -> FlaskClient:
    """A draft to all municipalities, of which Oslo reads bokmål, Hå nynorsk, and the others have no mailbox."""
    with transaction() as session:
        call = add_call(session, world, state=CallState.DRAFT)
        call.clauses = MUNICIPALITIES
        for number, form in (("0301", LanguageForm.BOKMAL), ("1119", LanguageForm.NYNORSK)):
            row = session.get_one(Organisation, world.municipalities[number])
            row.email, row.language_form = f"postmottak-{number}@kommune.example", form
    return adviser


@pytest.fixture
def written(draft: FlaskClient) -> FlaskClient:
    answer = draft.post(f"{CALL}/letter", data=TEXT)
    assert (answer.status_code, answer.location) == (303, f"{CALL}/letter")
    return draft


def read(client: FlaskClient, address: str) -> str:
    return words_of(client.get(address).get_data(as_text=True))


def rows(model: type) -> list:  # type: ignore[type-arg]
    db.session.rollback()
    return list(db.session.scalars(sa.select(model).order_by(model.id)))  # type: ignore[attr-defined]


# --- written ----------------------------------------------------------------------------------------------------------


def test_a_new_letter_is_empty_and_files_wait_until_it_is_written(draft: FlaskClient) -> None:
    page = read(draft, f"{CALL}/letter")
    assert ("When the letter is saved" in page, "{call_link}" in page, "Add the files" in page) == (True, True, False)
    assert draft.post(f"{CALL}/copies", data={"copy_email": "ks@ks.example"}).status_code == 404


def test_what_is_wrong_with_a_text_is_said_beside_it_and_what_was_typed_stays(draft: FlaskClient) -> None:
    answer = draft.post(f"{CALL}/letter", data={**TEXT, "body_nn": "Sjå {event_link} og {tull}."})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'id="body_nn-error"' in page, "Sjå {event_link}" in page) == (422, True, True)
    assert draft.post(f"{CALL}/letter", data={"opened_at": "0"}).status_code == 422


def test_of_two_who_write_the_letter_the_second_is_asked(written: FlaskClient) -> None:
    assert written.post(f"{CALL}/letter", data={**TEXT, "opened_at": "1", "body_nb": "En."}).status_code == 303
    late = written.post(f"{CALL}/letter", data={**TEXT, "opened_at": "1", "body_nb": "To."})
    page = late.get_data(as_text=True)
    assert (late.status_code, 'name="opened_at" value="2"' in page, "To." in page) == (409, True, True)


def test_a_file_goes_with_the_letter_and_stands_on_the_page_of_the_call(written: FlaskClient) -> None:
    file = (io.BytesIO(b"Avtalen"), "avtale.txt")
    assert written.post(f"{CALL}/files", data={"files": file}).status_code == 303
    (attached,), (shown,) = rows(MailAttachment), rows(CallFile)
    assert (attached.public_id, attached.file_id == shown.file_id) == (shown.public_id, False)
    key = shown.public_id
    refused = written.post(f"{CALL}/files", data={"files": (io.BytesIO(b"x"), "virus.exe")})
    assert (refused.status_code, 'id="files-error"' in refused.get_data(as_text=True)) == (422, True)
    assert written.post(f"{CALL}/files/{key}/removal").status_code == 303
    assert (rows(MailAttachment), rows(CallFile), rows(StoredFile)) == ([], [], [])
    assert written.post(f"{CALL}/files/{key}/removal").status_code == 404


def test_a_draft_that_is_thrown_away_leaves_no_file(written: FlaskClient) -> None:
    for name in ("avtale.txt", "kart.txt"):
        written.post(f"{CALL}/files", data={"files": (io.BytesIO(name.encode()), name)})
    assert len(rows(StoredFile)) == 4
    assert written.post(f"{CALL}/removal").location == "/manage/calls"
    assert (rows(MailAttachment), rows(CallFile), rows(StoredFile)) == ([], [], [])


def test_partners_get_copies_and_their_addresses_stand_in_no_log(written: FlaskClient) -> None:
    for _time in range(2):
        data = {"copy_name": "Foreningen", "copy_email": "post@forening.example"}
        assert written.post(f"{CALL}/copies", data=data).status_code == 303
    assert [(one.name, one.email) for one in rows(MailCopy)] == [("Foreningen", "post@forening.example")]
    assert written.post(f"{CALL}/copies", data={"copy_email": "nobody"}).status_code == 422
    assert all("forening.example" not in str(one.facts) for one in rows(LogEntry))
    assert written.post(f"{CALL}/copies/removal", data={"email": "post@forening.example"}).status_code == 303
    assert rows(MailCopy) == []


# --- looked at --------------------------------------------------------------------------------------------------------


def test_the_preview_is_what_a_chosen_municipality_gets_in_its_form(written: FlaskClient) -> None:
    page = read(written, f"{CALL}/letter/preview?to=H%C3%A5")
    assert ("Ver med i Programmet" in page, "Hå <" in page or "Hå &lt;" in page, "Nynorsk" in page) == (True,) * 3
    body = written.get(f"{CALL}/letter/preview/body?pick=0301")
    assert ("Til Oslo." in body.get_data(as_text=True), "sandbox" in body.headers["Content-Security-Policy"]) == (
        True,
        True,
    )
    assert "Til Hå, på nynorsk." in read(written, f"{CALL}/letter/preview?pick=1119&as=text")
    assert "Nobody fits that." in read(written, f"{CALL}/letter/preview?to=nobody")


def test_send_me_this_one_sends_one_to_me_and_none_to_anybody_else(written: FlaskClient) -> None:
    assert written.post(f"{CALL}/letter/test", data={"to": "", "pick": "1119"}).status_code == 303
    (mail,) = rows(OutboxMessage)
    assert (mail.email, mail.language, mail.subject) == ("adviser@program.example", "nn", "[Test] Ver med i Programmet")
    assert rows(CallRecipient) == []


def test_a_letter_that_is_not_written_says_so_in_the_preview(draft: FlaskClient) -> None:
    page = read(draft, f"{CALL}/letter/preview")
    assert "The letter is not written in" in page
    assert draft.get(f"{CALL}/letter/preview/body").status_code == 404
    draft.post(f"{CALL}/letter/test", data={})
    assert rows(OutboxMessage) == []


# --- whom -------------------------------------------------------------------------------------------------------------


def test_the_audience_is_ticked_by_kinds_and_cohorts_and_told_in_words(draft: FlaskClient, world: World) -> None:
    ticked = {"c0-organisation_kind": "municipality", "c0-cohort": str(world.cohorts[3])}
    answer = draft.post(f"{CALL}/audience", data=ticked)
    assert (answer.status_code, answer.location) == (303, f"{CALL}/sending")
    assert "Pulje III" in read(draft, f"{CALL}/audience")
    (call,) = rows(Call)
    assert [one["kind"] for one in call.clauses[0]["conditions"]] == ["cohort", "organisation_kind"]
    nothing = draft.post(f"{CALL}/audience", data={})
    assert (nothing.status_code, 'id="c0-organisation_kind-group-error"' in nothing.get_data(as_text=True)) == (
        422,
        True,
    )


def test_what_is_not_the_organisers_cannot_be_ticked(draft: FlaskClient, world: World) -> None:
    data = {"c0-cohort": "999", "c0-person": "1", "c0-union": str(world.unions[0]), "c0-role": "contact"}
    assert draft.post(f"{CALL}/audience", data=data).status_code == 422


def test_after_the_sending_the_audience_stays(written: FlaskClient, world: World) -> None:
    written.post(f"{CALL}/sending")
    answer = written.post(f"{CALL}/audience", data={"c0-cohort": str(world.cohorts[1])})
    (call,) = rows(Call)
    assert (answer.status_code, call.clauses) == (409, MUNICIPALITIES)


# --- sent -------------------------------------------------------------------------------------------------------------


def test_before_it_is_sent_the_page_says_what_is_missing(draft: FlaskClient) -> None:
    page = read(draft, f"{CALL}/sending")
    assert ("The letter is not written in Bokmål and Nynorsk." in page, "3 have no mailbox" in page) == (True, True)
    assert draft.post(f"{CALL}/sending").location == f"{CALL}/sending"
    (call,) = rows(Call)
    assert (call.state, rows(CallRecipient)) == (CallState.DRAFT, [])


def test_it_goes_to_each_once_in_its_language_and_a_second_press_adds_nothing(written: FlaskClient) -> None:
    page = read(written, f"{CALL}/sending")
    assert ("Bokmål 1" in page, "Nynorsk 1" in page, "Send it to 2 organisations now" in page) == (True,) * 3
    assert "Karasjok" in page
    for _time in range(2):
        assert written.post(f"{CALL}/sending").location == CALL
    (call,) = rows(Call)
    assert (call.state, sorted(one.language for one in rows(CallRecipient))) == (CallState.OPEN, ["nb", "nn"])
    assert "Everybody that you mean has got it." in read(written, f"{CALL}/sending")
    assert "2 have got it" in read(written, CALL)


# --- reminded ---------------------------------------------------------------------------------------------------------


def test_a_reminder_is_set_once_and_taken_away(draft: FlaskClient) -> None:
    assert "Nobody is reminded" in read(draft, f"{CALL}/nudges")
    data = {"whom": "not_begun", "on": "01.09.2008", "at": "09.00"}
    for _time in range(2):
        assert draft.post(f"{CALL}/nudges", data=data).status_code == 303
    (nudge,) = rows(CallNudge)
    assert (nudge.due_at.hour, "Monday 1 September 2008, 09:00" in read(draft, f"{CALL}/nudges")) == (7, True)
    assert draft.post(f"{CALL}/nudges/{nudge.public_id}/removal").status_code == 303
    assert rows(CallNudge) == []


@pytest.mark.parametrize(
    ("on", "whom", "field"),
    [("01.09.2007", "not_begun", "on"), ("16.09.2008", "not_begun", "on"), ("", "not_begun", "on"),
     ("01.09.2008", "everybody", "whom-group")],
)  # fmt: skip
def test_a_reminder_comes_before_the_deadline_and_not_in_the_past(
    draft: FlaskClient, on: str, whom: str, field: str
) -> None:
    answer = draft.post(f"{CALL}/nudges", data={"whom": whom, "on": on, "at": "09.00"})
    assert (answer.status_code, f'id="{field}-error"' in answer.get_data(as_text=True)) == (422, True)
    assert rows(CallNudge) == []


def test_a_reminder_that_has_gone_out_stays(draft: FlaskClient) -> None:
    draft.post(f"{CALL}/nudges", data={"whom": "begun_not_sent", "on": "01.09.2008", "at": "09.00"})
    with transaction() as session:
        nudge = session.scalars(sa.select(CallNudge)).one()
        nudge.sent_at, key = nudge.due_at, nudge.public_id
    draft.post(f"{CALL}/nudges/{key}/removal")
    assert len(rows(CallNudge)) == 1
