"""Rules as sentences: the list, a new one, what is wrong with one, and whose they are."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.workflows import pauses
from eventsys.workflows.models import MailTemplate, Occasion, Rule
from eventsys.workflows.rules import Audience, OccasionState, Trigger, Unit
from tests.statements import counted
from tests.workflows.rows import at
from tests.workspace.rules import COMMON, EVENT, FACTS, KEY, SENTENCE, TYPE, line_of, lines, preview, rules
from tests.world import NOW, World


def test_each_rule_is_a_sentence_that_says_where_it_comes_from(signed_up: FlaskClient) -> None:
    answer = signed_up.get(EVENT)
    assert line_of(answer, "7 days before the start") == (
        "7 days before the start at 09:00, confirmed participants get “Reminder”"
        " All of Sekretariatet · next Mon 25 Aug 09:00 On Change here alone Switch off"
    )
    assert line_of(answer, "Practical") == (
        "1 working day before the start at 12:00, confirmed participants get “Practical information”"
        " All of Sekretariatet · next Fri 29 Aug 12:00 On Change here alone Switch off"
    )
    assert line_of(answer, "gets a place:") == (
        "When somebody gets a place: “Confirmation” All of Sekretariatet On Change here alone Switch off"
    )


def test_what_comes_first_stands_first_and_what_follows_a_change_stands_last(adviser: FlaskClient) -> None:
    adviser.post(EVENT, data=SENTENCE)
    found = lines(adviser.get(EVENT))
    places = [next(place for place, line in enumerate(found) if words in line) for words in (
        "7 days before the start", "5 days before the start", "1 working day", "When somebody gets a place:",
    )]  # fmt: skip
    assert places == sorted(places)


def test_the_common_pages_are_one_for_each_type_and_one_for_all(adviser: FlaskClient) -> None:
    page = adviser.get(COMMON).text
    assert page.count('href="/manage/rules/types/') == 8
    assert 'href="/manage/rules/types/learning_seminar" aria-current="page"' in adviser.get(TYPE).text
    assert adviser.get("/manage/rules/types/nothing").status_code == 404


def test_what_comes_next_on_a_types_page_is_of_that_type(signed_up: FlaskClient) -> None:
    assert "next Wed 19 Nov 09:00" in line_of(
        signed_up.get("/manage/rules/types/conference"), "7 days before the start"
    )
    assert "next Mon 25 Aug 09:00" in line_of(signed_up.get(TYPE), "7 days before the start")
    assert "next" not in line_of(signed_up.get("/manage/rules/types/meeting"), "7 days before the start")


def test_a_mail_that_was_written_once_is_no_rule(adviser: FlaskClient, world: World) -> None:
    event = world.events["seminar"]
    with transaction() as session:
        session.add(MailTemplate(organiser_id=world.secretariat, event_id=event.id, key="brev", name="Et brev"))
        session.flush()
        when = {"trigger": Trigger.ABSOLUTE, "audience": Audience.CONFIRMED, "at_local": datetime(2008, 8, 20, 9)}
        session.add(Rule(organiser_id=world.secretariat, event_id=event.id, key="brev", template="brev", **when))
    assert "Et brev" not in " ".join(lines(adviser.get(EVENT)))
    assert adviser.get(f"{EVENT}/brev").status_code == 404


def test_a_rule_that_is_stopped_says_so(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        rule = session.scalars(
            sa.select(Rule).where(Rule.key == "reminder", Rule.organiser_id == world.secretariat)
        ).one()
        pauses.pause(session, organiser_id=world.secretariat, rule_id=rule.id, account_id=None, now=NOW)
    assert " Stopped " in line_of(adviser.get(EVENT), "7 days before the start")


def test_fifty_rules_take_as_many_statements_as_one(adviser: FlaskClient, app: Flask) -> None:
    def statements() -> int:
        with counted(db.engine) as sent:
            assert adviser.get(EVENT).status_code == 200
        return len(sent)

    statements()
    few = statements()
    for number in range(50):
        adviser.post(EVENT, data={**SENTENCE, "key": f"own-abcdefgh{number:02}", "number": str(number % 30)})
    assert len(rules("own-abcdefgh49")) == 1
    assert statements() == few


@pytest.mark.parametrize(("address", "where"), [(EVENT, "event"), (TYPE, "type"), (COMMON, "common")])
def test_a_rule_is_made_in_a_sentence(signed_up: FlaskClient, address: str, where: str) -> None:
    new = f"{address.rstrip('/')}/new"
    form = signed_up.get(new)
    assert (form.status_code, 'value="7"' in form.text) == (200, True)
    answer = signed_up.post(address, data=SENTENCE)
    assert (answer.status_code, answer.location) == (303, address)
    assert rules() == [(where, FACTS, True)]
    moments = sa.select(Occasion.due_at).join(Rule, Rule.id == Occasion.rule_id).where(Rule.key == KEY)
    assert at("2008-08-27 10:00") in db.session.scalars(moments).all()


def test_a_form_sent_twice_makes_one_rule_and_each_form_another(adviser: FlaskClient) -> None:
    keys = [re.findall(r'name="key" value="([^"]+)"', adviser.get(f"{EVENT}/new").text)[0] for _ in range(2)]
    assert keys[0] != keys[1]
    for _ in range(2):
        adviser.post(EVENT, data={**SENTENCE, "key": keys[0]})
    assert len(rules(keys[0])) == 1


def test_a_key_that_no_form_gave_is_not_taken(adviser: FlaskClient) -> None:
    adviser.post(EVENT, data={**SENTENCE, "key": "reminder"})
    assert [where for where, _facts, _on in rules("reminder")] == ["common", "common"]


def test_a_rule_may_be_saved_without_being_on(adviser: FlaskClient) -> None:
    adviser.post(EVENT, data={**SENTENCE, "off": "1"})
    assert rules() == [("event", FACTS, False)]
    assert " Off " in line_of(adviser.get(EVENT), "5 days before the start")


def test_a_rule_for_one_day_of_its_own(adviser: FlaskClient, world: World) -> None:
    run = world.events["seminar"].runs[1]
    typed = {**SENTENCE, "when": "absolute", "day": "20.8.2008", "at": "12", "run": str(run.uid), "late": "1"}
    assert adviser.post(EVENT, data=typed).status_code == 303
    ((_where, facts, _on),) = rules()
    assert (facts.trigger, facts.at_local.isoformat() if facts.at_local else "", facts.run_id, facts.late_joiners) == (
        Trigger.ABSOLUTE, "2008-08-20T12:00:00", run.id, True,
    )  # fmt: skip
    assert "Wednesday 20 August 2008, 12:00, confirmed" in line_of(adviser.get(EVENT), "20 August")


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"number": "a few"}, "number", "Write a whole number from 0 to 999."),
    ({"number": "-1"}, "number", "Write a whole number from 0 to 999."),
    ({"unit": "years"}, "unit", "Choose one from the list."),
    ({"side": "during"}, "side", "Choose before or after."),
    ({"anchor": "lunch"}, "anchor", "Choose one from the list."),
    ({"clock": ""}, "clock", "Write a time of day, such as 09.00."),
    ({"clock": "25.00"}, "clock", "Write a time such as 10.00."),
    ({"audience": "concerned"}, "audience", "Choose one from the list."),
    ({"text": "confirmed"}, "text", "Choose which text to send."),
    ({"text": "sign_in"}, "text", "Choose which text to send."),
    ({"audience": "attended"}, "audience", "Nobody has come, or stayed away, before it begins: nobody would get it."),
    ({"when": "absolute"}, "day", "Write the day it goes out, such as 20.08.2008."),
    ({"when": "absolute", "day": "18.8.2008", "at": "07.00"}, "day", "That moment has passed, so nothing would be sent."),
    ({"when": "absolute", "day": "20.8.2008", "at": "07.00", "run": "x"}, "run", "Choose all dates or one of them."),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "field", "message"), WRONG)
def test_what_is_wrong_is_said_beside_the_field_and_above_and_what_was_typed_is_kept(
    adviser: FlaskClient, typed: dict[str, str], field: str, message: str
) -> None:
    answer = adviser.post(EVENT, data={**SENTENCE, "number": "123", **typed})
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{message}</a>' in page
    assert f'id="{field}-error">{message}' in page
    assert f'value="{typed.get("number", "123")}"' in page
    assert rules() == []


def test_a_clock_time_that_is_wrong_never_breaks_the_page(adviser: FlaskClient) -> None:
    answer = adviser.post(EVENT, data={**SENTENCE, "clock": "24.30"})
    assert answer.status_code == 422


def test_minutes_and_hours_need_no_time_of_day(adviser: FlaskClient) -> None:
    adviser.post(EVENT, data={**SENTENCE, "unit": "hours", "clock": ""})
    ((_where, facts, _on),) = rules()
    assert (facts.unit, facts.clock_time) == (Unit.HOURS, None)
    assert line_of(adviser.get(EVENT), "5 hours before the start, confirmed participants")


FOREIGN = "/manage/events/unios-konferanse/rules"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", FOREIGN),
        ("POST", FOREIGN),
        ("GET", f"{FOREIGN}/new"),
        ("GET", f"{FOREIGN}/reminder"),
        ("POST", f"{FOREIGN}/reminder"),
        ("POST", f"{FOREIGN}/reminder/switch"),
        ("POST", f"{FOREIGN}/reminder/removal"),
        ("POST", f"{FOREIGN}/preview"),
        ("GET", f"{FOREIGN}/letter"),
        ("GET", "/manage/rules/letter?event=unios-konferanse"),
        ("GET", "/manage/rules/own-notours23"),
        ("POST", "/manage/rules/own-notours23"),
        ("POST", "/manage/rules/own-notours23/switch"),
        ("POST", "/manage/rules/own-notours23/removal"),
        ("GET", "/manage/rules/types/conference/own-notours23"),
        ("GET", f"{EVENT}/own-notours23"),
        ("GET", f"{EVENT}/letter?run=x"),
        ("GET", f"{EVENT}/letter?audience=concerned"),
    ],
)
def test_anothers_rules_and_what_is_not_there_answer_404(
    adviser: FlaskClient, world: World, method: str, path: str
) -> None:
    with transaction() as session:
        theirs: dict[str, Any] = {"organiser_id": world.unio, "key": "own-notours23", "enabled_at": NOW}
        session.add(Rule(**theirs, trigger=Trigger.WAITING, template="waiting"))
    answer = adviser.open(path, method=method, data=SENTENCE if method == "POST" else None)
    assert answer.status_code == 404
    db.session.rollback()
    rows = db.session.scalars(sa.select(Rule).where(Rule.organiser_id == world.unio)).all()
    assert {row.event_id for row in rows} == {None}
    assert "own-notours23" not in adviser.get(COMMON).text


def test_the_moments_of_the_other_organisers_events_are_left_alone(adviser: FlaskClient, world: World) -> None:
    adviser.post(COMMON, data=SENTENCE)
    theirs = (
        sa.select(Occasion)
        .join(Event, Event.id == Occasion.event_id)
        .join(Rule, Rule.id == Occasion.rule_id)
        .where(Event.organiser_id == world.unio, Rule.organiser_id != world.unio)
    )
    assert db.session.scalars(theirs).all() == []
    assert db.session.scalar(sa.select(sa.func.count()).where(Occasion.state == OccasionState.PLANNED))


def test_a_deadline_is_counted_from_the_last_day_to_sign_up(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        row = session.get_one(Event, world.events["seminar"].id)
        row.closes_on = date(2008, 8, 25)
    typed = {**SENTENCE, "anchor": "deadline", "number": "3"}
    assert "Fri 22 Aug 10:00 to 2 as of now" not in preview(adviser.post(f"{EVENT}/preview", data=typed))
    assert "Fri 22 Aug 10:00 to nobody as of now" in preview(adviser.post(f"{EVENT}/preview", data=typed))
