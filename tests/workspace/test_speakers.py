"""Speakers: the list, one of them, and taking them away with what is kept about them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.events.models import Speaker
from eventsys.events.programme.actions import add_speaker
from eventsys.events.programme.rules import SpeakerFacts
from eventsys.extensions import db, transaction
from tests.statements import counted
from tests.workspace.programmes import add, sessions, speakers, text
from tests.world import NOW, World

SIRI = {
    "name": "Siri Hvalkleivås", "affiliation": "forsker", "about_nb": "Skriver om *mål*.",
    "email": "siri@forskning.example", "language": "nn",
}  # fmt: skip


def find() -> Speaker:
    db.session.rollback()
    return db.session.scalars(sa.select(Speaker)).one()


def test_nobody_is_there_until_somebody_speaks(adviser: FlaskClient, world: World) -> None:
    assert "No speakers yet" in text(adviser.get("/manage/speakers"))
    add(adviser, world, **{"speaker-0": "Siri Hvalkleivås, forsker"})
    assert "Siri Hvalkleivås forsker 1" in text(adviser.get("/manage/speakers?q=hval"))
    assert "Nobody fits that." in text(adviser.get("/manage/speakers?q=per"))


def test_a_speaker_is_added_once_however_often_the_button_is_pressed(adviser: FlaskClient) -> None:
    assert [adviser.post("/manage/speakers", data=SIRI).status_code for _time in range(2)] == [303, 303]
    one = find()
    assert (one.about, one.email, one.email_key, one.language) == (
        {"nb": "Skriver om *mål*."}, "siri@forskning.example", "siri@forskning.example", "nn",
    )  # fmt: skip


def test_the_log_says_what_was_changed_and_no_address(adviser: FlaskClient) -> None:
    adviser.post("/manage/speakers", data=SIRI)
    place = f"/manage/speakers/{find().public_id}"
    adviser.post(place, data={**SIRI, "affiliation": "professor", "email": "annen@forskning.example"})
    db.session.rollback()
    entries = db.session.scalars(sa.select(LogEntry).where(LogEntry.object == "speaker").order_by(LogEntry.id)).all()
    assert [entry.verb.value for entry in entries] == ["added", "changed"]
    assert entries[1].facts == {"affiliation": {"from": "forsker", "to": "professor"}}
    assert all(entry.erase_on is not None for entry in entries)
    assert not any("@" in str(entry.facts) for entry in entries)


@pytest.mark.parametrize("wrong, field", [({"name": " "}, "name"), ({"email": "siri@"}, "email")])
def test_what_cannot_be_is_said_at_its_field(adviser: FlaskClient, wrong: dict[str, str], field: str) -> None:
    answer = adviser.post("/manage/speakers", data={**SIRI, **wrong})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, "Skriver om" in page) == (422, True, True)


def test_who_stands_in_a_session_is_taken_out_of_it_after_a_question(adviser: FlaskClient, world: World) -> None:
    add(adviser, world, **{"speaker-0": "Siri Hvalkleivås, forsker"})
    place = f"/manage/speakers/{find().public_id}/removal"
    assert "They stand in 1 session, and are taken out of it." in text(adviser.get(place))
    assert adviser.post(place).location == place
    assert speakers() == [("Siri Hvalkleivås", "forsker")]
    assert adviser.post(place, data={"from_sessions": "1"}).status_code == 303
    assert (speakers(), len(sessions())) == ([], 1)


def test_the_list_takes_as_many_statements_with_one_speaker_as_with_fifty(adviser: FlaskClient) -> None:
    def count() -> int:
        adviser.get("/manage/speakers")
        with counted(db.engine) as statements:
            adviser.get("/manage/speakers")
        return len(statements)

    adviser.post("/manage/speakers", data=SIRI)
    one = count()
    for number in range(49):
        adviser.post("/manage/speakers", data={**SIRI, "name": f"Taler {number}"})
    assert count() == one


def test_another_organisers_speaker_is_not_there(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        theirs = add_speaker(session, world.unio, SpeakerFacts("Rune Ospelidal"), now=NOW)
    place = f"/manage/speakers/{theirs.public_id}"
    add(adviser, world, **{"speaker-0": "Rune Ospelidal"})
    answers = [adviser.get(place), adviser.post(place, data=SIRI), adviser.get(f"{place}/removal")]
    answers.append(adviser.post(f"{place}/removal", data={"from_sessions": "1"}))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert speakers() == [("Rune Ospelidal", "")] * 2
    assert text(adviser.get("/manage/speakers")).count("Rune Ospelidal") == 1
