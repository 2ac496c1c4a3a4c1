"""«Write to the participants now»: written, looked at, sent once, by the same way as every other mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.actions import register
from eventsys.registrations.models import Registration
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailTemplate, Occasion, Rule
from eventsys.workflows.rules import OccasionState
from eventsys.workspace.mail.letter_form import CHOICES
from tests.mailing.sink import Sink, sink_of
from tests.workspace.test_mail import sentences
from tests.world import NOW, World, somebody

EVENT = "/manage/events/laeringsseminar-2-pulje-ii"
LETTER = {
    "audience": "confirmed",
    "subject_nb": "Ta med badetøy",
    "body_nb": "Det er **bad** på hotellet.\n\n[Se siden]({event_link})",
    "when": "now",
}
IN_THE_NIGHT = datetime(2008, 8, 18, 21, tzinfo=UTC)


@pytest.fixture
def three(app: Flask, adviser: FlaskClient, world: World) -> FlaskClient:
    """Three are confirmed at the first run and one at the second; their confirmations have gone."""
    for number in range(1, 4):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        register(session, somebody(world, 4, run_id=world.events["seminar"].runs[1].id), now=clock.now())
    with sink_of(app):
        tick_until_idle(app)
    return adviser


def save(client: FlaskClient, **fields: str) -> str:
    """The address of the page of the draft that was written."""
    answer = client.post(f"{EVENT}/mailings", data={**LETTER, **fields})
    assert answer.status_code == 303, errors_of(answer.get_data(as_text=True))
    return str(answer.location)


def refused(client: FlaskClient, **fields: str) -> list[str]:
    answer = client.post(f"{EVENT}/mailings", data={**LETTER, **fields})
    assert answer.status_code == 422
    assert drafts() == 0
    return errors_of(answer.get_data(as_text=True))


def errors_of(page: str) -> list[str]:
    summary = re.search(r'<section class="ds-error-summary".*?</section>', page, re.DOTALL)
    return re.findall(r'<a href="#(\w+)">', summary[0]) if summary else []


def drafts() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(MailTemplate)) or 0


def sent_to(app: Flask) -> list[str]:
    """Ticks until nothing is due; to whom mail went."""
    with sink_of(app) as sink:
        tick_until_idle(app)
        return names(sink)


def names(sink: Sink) -> list[str]:
    return sorted(address.partition("@")[0] for address in sink.recipients)


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_draft_is_looked_at_before_it_is_sent(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    page = read(three, f"{address}?as=text")
    assert "Nothing is sent yet. 4 mails go out as of now, to confirmed participants." in page
    assert "Det er bad på hotellet." in page
    assert "Send it to 4 people now" in page
    assert "<strong>bad</strong>" in read(three, f"{address}/body?n=1")
    assert sent_to(app) == []
    assert f'<a href="{address}">Ta med badetøy</a>' in read(three, f"{EVENT}/mail")


def test_it_goes_once_however_often_the_button_is_pressed(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    answers = [three.post(f"{address}/sending") for _press in range(3)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"{EVENT}/mail")] * 3
    assert sent_to(app) == ["person1", "person2", "person3", "person4"]
    three.post(f"{address}/sending")
    assert sent_to(app) == []
    db.session.rollback()
    sent = sa.select(OutboxMessage.subject).where(OutboxMessage.subject == "Ta med badetøy")
    assert len(db.session.scalars(sent).all()) == 4
    (line,) = [line for line in sentences(read(three, f"{EVENT}/mail")) if "Ta med badetøy" in line]
    assert line == "Mon 18 Aug 08:00 | “Ta med badetøy” see who the mail 4 sent"
    assert "It has gone out." in read(three, address)


def test_it_goes_to_one_run_alone(app: Flask, three: FlaskClient, world: World) -> None:
    address = save(three, run=str(world.events["seminar"].runs[1].uid))
    assert "Send it to 1 person now" in read(three, address)
    three.post(f"{address}/sending")
    assert sent_to(app) == ["person4"]


def test_it_goes_at_its_time_and_not_before(app: Flask, three: FlaskClient) -> None:
    address = save(three, when="later", on="20.08.2008", at="14.00")
    assert "Send it to 4 people Wed 20 Aug 14:00" in read(three, address)
    three.post(f"{address}/sending")
    lines = sentences(read(three, f"{EVENT}/mail"))
    assert (
        "Wed 20 Aug 14:00 | Next: 4 people get “Ta med badetøy” see who · read it the mail planned Send me a test"
        in (lines)
    )
    assert sent_to(app) == []
    with transaction() as session:
        clock.set_to(session, datetime(2008, 8, 20, 12, tzinfo=UTC))
    assert sent_to(app) == ["person1", "person2", "person3", "person4"]


def test_it_is_called_off_before_its_time(app: Flask, three: FlaskClient) -> None:
    address = save(three, when="later", on="20.08.2008", at="14.00")
    three.post(f"{address}/sending")
    answer = three.post(f"{address}/cancellation", follow_redirects=True).get_data(as_text=True)
    assert "It is not sent." in answer
    with transaction() as session:
        clock.set_to(session, datetime(2008, 8, 20, 12, tzinfo=UTC))
    assert sent_to(app) == []
    assert "It was thrown away, and was not sent." in read(three, address)
    assert "It is on its way already" in three.post(f"{address}/cancellation", follow_redirects=True).get_data(
        as_text=True
    )
    assert three.post(f"{address}/sending").location == f"{EVENT}/mail"
    assert sent_to(app) == []


def test_what_has_gone_cannot_be_called_off_or_changed(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    three.post(f"{address}/sending")
    assert len(sent_to(app)) == 4
    for path in (f"{address}/cancellation", address):
        said = three.post(path, data=LETTER, follow_redirects=True).get_data(as_text=True)
        assert "It is on its way already, or it was thrown away, so it cannot be changed." in said
    assert three.get(f"{address}/edit").location == address


def test_a_draft_is_changed_and_thrown_away(three: FlaskClient) -> None:
    address = save(three)
    form = read(three, f"{address}/edit")
    assert "Det er **bad** på hotellet." in form
    changed = {**LETTER, "subject_nb": "Ta med støvler", "number": "1"}
    assert three.post(address, data=changed).location == address
    assert "<h1>Ta med støvler</h1>" in read(three, address)
    three.post(f"{address}/cancellation")
    assert "Written, not sent" not in read(three, f"{EVENT}/mail")


def test_who_changes_what_somebody_else_has_changed_meanwhile_is_told_and_keeps_what_was_typed(
    three: FlaskClient,
) -> None:
    address = save(three)
    three.post(address, data={**LETTER, "subject_nb": "Ta med støvler", "number": "1"})
    answer = three.post(address, data={**LETTER, "subject_nb": "Ta med regntøy", "number": "1"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Somebody else has changed it meanwhile." in page, "Ta med regntøy" in page) == (
        422, True, True,
    )  # fmt: skip


def test_the_same_draft_saved_twice_is_one(three: FlaskClient) -> None:
    assert save(three) == save(three)
    assert drafts() == 1


def test_nobody_in_the_audience_is_refused_with_its_reason(three: FlaskClient) -> None:
    assert refused(three, audience="waiting") == ["audience"]
    answer = three.post(f"{EVENT}/mailings", data={**LETTER, "audience": "waiting"}).get_data(as_text=True)
    assert "There is nobody to send it to: “those on the waiting list” has nobody in it as of now." in answer
    assert "Ta med badetøy" in answer


def test_who_is_gone_when_it_is_to_be_sent_stops_it_with_the_reason(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    with transaction() as session:
        session.execute(sa.update(Registration).values(state="cancelled"))
    said = three.post(f"{address}/sending", follow_redirects=True).get_data(as_text=True)
    assert "There is nobody to send it to" in said
    assert sent_to(app) == []


def test_a_language_that_somebody_reads_must_be_written_and_others_need_not(three: FlaskClient) -> None:
    with transaction() as session:
        session.execute(sa.update(Registration).where(Registration.name == "Person Nummer2").values(language="nn"))
    assert refused(three) == ["subject_nn", "body_nn"]
    assert save(three, subject_nn="Ta med badetøy", body_nn="Det er bad.")


def test_who_begins_to_read_another_language_stops_it_until_it_is_written(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    with transaction() as session:
        session.execute(sa.update(Registration).where(Registration.name == "Person Nummer2").values(language="en"))
    assert "Somebody reads English, and it is not written in that. Write it first." in read(three, address)
    three.post(f"{address}/sending")
    assert sent_to(app) == []


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"subject_nb": ""}, ["subject_nb"]),
        ({"body_nb": " "}, ["body_nb"]),
        ({"body_nb": "Hei {navn}"}, ["body_nb"]),
        ({"subject_nb": "{event_link}"}, ["subject_nb"]),
        ({"when": "later"}, ["on", "at"]),
        ({"when": "later", "on": "31.02.2009", "at": "10"}, ["on"]),
        ({"when": "later", "on": "18.08.2008", "at": "07.59"}, ["on"]),
        ({"subject_en": "Only a subject"}, ["body_en"]),
        ({"body_nb": "x" * 20_001}, ["body_nb"]),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(
    three: FlaskClient, fields: dict[str, str], wrong: list[str]
) -> None:
    assert refused(three, **fields) == wrong
    page = three.post(f"{EVENT}/mailings", data={**LETTER, **fields}).get_data(as_text=True)
    assert ("Se siden" in page) == ("body_nb" not in fields)


def test_a_placeholder_that_is_not_there_is_refused_with_the_nearest_name(three: FlaskClient) -> None:
    answer = three.post(f"{EVENT}/mailings", data={**LETTER, "body_nb": "Hei {organisr}"})
    assert "{organiser}" in answer.get_data(as_text=True)


def test_how_many_get_it_is_said_while_it_is_written(three: FlaskClient, world: World) -> None:
    run = world.events["seminar"].runs[0].uid
    count = f"{EVENT}/mailings/audience"
    assert read(three, f"{count}?audience=confirmed") == "4 people get it: 4 in bokmål."
    assert read(three, f"{count}?audience=confirmed&run={run}") == "3 people get it: 3 in bokmål."
    assert read(three, f"{count}?audience=waiting") == "Nobody gets it as of now."
    form = read(three, f"{EVENT}/mailings/new")
    assert form.count("<option value=") >= len(CHOICES)
    assert "Confirmed participants (4)" in form


def test_in_the_quiet_hours_it_waits_until_morning_and_says_so(app: Flask, three: FlaskClient) -> None:
    with transaction() as session:
        clock.set_to(session, IN_THE_NIGHT)
    address = save(three)
    assert "That is in the quiet hours, so it waits until Tue 19 Aug 07:00." in read(three, address)
    three.post(f"{address}/sending")
    assert sent_to(app) == []
    with transaction() as session:
        clock.set_to(session, IN_THE_NIGHT + timedelta(hours=8))
    assert len(sent_to(app)) == 4


def test_now_is_now_in_the_hour_that_comes_twice(app: Flask, adviser: FlaskClient, world: World) -> None:
    second_time = datetime(2008, 10, 26, 1, 30, tzinfo=UTC)
    with transaction() as session:
        register(session, somebody(world, 1, run_id=world.run_id("conference")), now=NOW)
        clock.set_to(session, second_time)
    event = f"/manage/events/{world.events['conference'].slug}"
    answer = adviser.post(f"{event}/mailings", data=LETTER)
    adviser.post(f"{answer.location}/sending")
    tick_until_idle(app)
    db.session.rollback()
    states = sa.select(Occasion.state).join(Rule, Rule.id == Occasion.rule_id).where(Rule.trigger == "absolute")
    assert list(db.session.scalars(states)) == [OccasionState.FIRED]


def test_a_draft_event_and_a_cancelled_one_send_nothing_and_say_so(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    for status, said in (("draft", "A draft sends nothing. Publish the event first."), ("cancelled", "is cancelled")):
        with transaction() as session:
            session.execute(sa.text(f"UPDATE events SET status = '{status}'"))
        assert said in read(three, address)
        assert said in three.post(f"{address}/sending", follow_redirects=True).get_data(as_text=True)
    db.session.rollback()
    rules = sa.select(Rule.enabled_at).where(Rule.trigger == "absolute")
    assert list(db.session.scalars(rules)) == [None]


def test_a_copy_goes_to_the_one_who_writes(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    three.post(f"{address}/test", data={"n": "2"})
    assert sent_to(app) == ["adviser"]


def test_another_organisers_mail_is_not_there(three: FlaskClient, world: World) -> None:
    theirs = world.events["unio"].slug
    for path in ("new", "audience", "x", "x/edit", "x/body"):
        assert three.get(f"/manage/events/{theirs}/mailings/{path}").status_code == 404
    for path in ("", "/x", "/x/test", "/x/sending", "/x/cancellation"):
        assert three.post(f"/manage/events/{theirs}/mailings{path}", data=LETTER).status_code == 404
    other = f"/manage/events/{world.events['seminar3'].slug}/mailings"
    key = save(three).rpartition("/")[2]
    assert three.get(f"{other}/{key}").status_code == 404
    assert three.post(f"{other}/{key}/sending").status_code == 404
    db.session.rollback()
    waiting = sa.select(OutboxMessage.id).where(OutboxMessage.state == MailState.QUEUED)
    assert list(db.session.scalars(waiting)) == []
