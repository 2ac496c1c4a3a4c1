"""The pages where rules are read, made, changed, switched and removed, for an organiser, a type of event and one event."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.actions import register
from eventsys.workflows import pauses
from eventsys.workflows.actions import expand, plan
from eventsys.workflows.actions.switching import describe
from eventsys.workflows.models import MailTemplate, MailTemplateVersion, Occasion, Rule
from eventsys.workflows.rulefacts import RuleFacts
from eventsys.workflows.rules import Anchor, Audience, OccasionState, Trigger, Unit
from tests.statements import counted
from tests.workflows.rows import at
from tests.world import NOW, World, somebody

EVENT = "/manage/events/laeringsseminar-2-pulje-ii/rules"
COMMON = "/manage/rules/"
TYPE = "/manage/rules/types/learning_seminar"
KEY = "own-abcdefghij"
SENTENCE = {
    "key": KEY, "when": "relative", "number": "5", "unit": "days", "side": "before", "anchor": "start",
    "clock": "10.00", "audience": "confirmed", "text": "reminder",
}  # fmt: skip


@pytest.fixture
def signed_up(adviser: FlaskClient, world: World) -> FlaskClient:
    """Two have a place in the seminar's first run; the worker has planned."""
    for number in (1, 2):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with transaction() as session:
        plan(session, now=clock.now())
    return adviser


def lines(answer: TestResponse) -> list[str]:
    """What the list of rules says, a string for each line: the sentence, whence, the state, what can be done."""
    found = re.findall(r"<li(?: class=\"off\")?>\s*<div>\s*<p class=\"says\">(.*?)</li>", answer.text, re.DOTALL)
    plain = [re.sub(r'<span class="sr-only">.*?</span>', "", line) for line in found]
    return [html.unescape(" ".join(re.sub(r"<[^>]+>", " ", line).split())) for line in plain]


def line_of(answer: TestResponse, words: str) -> str:
    return next(line for line in lines(answer) if words in line)


def preview(answer: TestResponse) -> str:
    """What stands beside the form, as plain text."""
    text = answer.text.partition('id="preview"')[2] or answer.text
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text.partition("</section>")[0]).split()))


def rules(key: str = KEY) -> list[tuple[str, RuleFacts, bool]]:
    """The rules of a key that stand, nearest last: where, what, whether on."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Rule).where(Rule.key == key, Rule.removed_at.is_(None)).order_by(Rule.id))
    where = [("event" if row.event_id else "type" if row.event_type else "common", row) for row in rows]
    return [(name, describe(row), row.enabled_at is not None) for name, row in where]


FACTS = RuleFacts(Trigger.RELATIVE, "reminder", Audience.CONFIRMED, Anchor.START, -5, Unit.DAYS, time(10))


# --- the list -------------------------------------------------------------------------------------------------------


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


# --- a new one ------------------------------------------------------------------------------------------------------


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


# --- the preview ----------------------------------------------------------------------------------------------------


def test_the_preview_says_when_in_local_time_to_how_many_and_shows_one(signed_up: FlaskClient) -> None:
    answer = signed_up.post(f"{EVENT}/preview", data=SENTENCE)
    text = preview(answer)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert text.startswith("5 days before the start at 10:00, confirmed participants get “Reminder”.")
    assert "Wed 27 Aug 10:00 to 2 as of now 1–2 September Thu 28 Aug 10:00 to nobody as of now 2–3 September" in text
    assert "To Person Nummer1" in text
    (address,) = re.findall(r'<iframe[^>]* sandbox [^>]*src="([^"]+)"', answer.text)
    letter = signed_up.get(html.unescape(address))
    assert (letter.status_code, letter.mimetype) == (200, "text/html")
    assert letter.headers["Content-Security-Policy"].startswith("sandbox;")
    assert "Læringsseminar 2" in letter.text
    assert rules() == []


def test_the_page_works_without_javascript(signed_up: FlaskClient) -> None:
    answer = signed_up.post(EVENT, data={**SENTENCE, "show": "1"})
    assert "Wed 27 Aug 10:00 to 2 as of now" in preview(answer)
    assert ('value="5"' in answer.text, "ds-error-summary" in answer.text, rules()) == (True, False, [])


def test_a_moment_that_has_passed_says_so(signed_up: FlaskClient) -> None:
    text = preview(signed_up.post(f"{EVENT}/preview", data={**SENTENCE, "number": "20"}))
    assert "Tue 12 Aug 10:00 has passed, is not sent 1–2 September" in text


def test_the_preview_of_a_common_rule_names_the_next_three_events(signed_up: FlaskClient) -> None:
    text = preview(signed_up.post("/manage/rules/preview", data=SENTENCE))
    assert "Wed 27 Aug 10:00 to 2 as of now Læringsseminar 2 Wed 3 Sep 10:00 to nobody as of now" in text
    assert "Kvalitetskonferanse" in text
    assert "Unios" not in text
    of_type = preview(signed_up.post(f"{TYPE}/preview", data=SENTENCE))
    assert ("Læringsseminar 3" in of_type, "Kvalitetskonferanse" in of_type) == (True, False)


def test_the_preview_of_a_common_rule_leaves_out_events_that_have_their_own(signed_up: FlaskClient) -> None:
    signed_up.post(f"{EVENT}/reminder/switch", data={"on": "0"})
    text = preview(signed_up.get("/manage/rules/reminder"))
    assert ("Læringsseminar 3" in text, "Læringsseminar 2" in text) == (True, False)


def test_what_went_out_before_and_goes_once_more_is_said(signed_up: FlaskClient) -> None:
    with transaction() as session:
        clock.set_to(session, at("2008-08-25 10:00"))
        expand(session, now=at("2008-08-25 10:00"))
    text = preview(signed_up.post(f"{EVENT}/preview", data={**SENTENCE, "rule": "reminder"}))
    assert "It was sent Mon 25 Aug 10:00, and goes out once more." in text


def test_a_sentence_that_is_not_finished_says_what_to_mend(adviser: FlaskClient) -> None:
    answer = adviser.post(f"{EVENT}/preview", data={**SENTENCE, "number": ""})
    assert (answer.status_code, "Write a whole number from 0 to 999." in preview(answer)) == (200, True)


def test_a_draft_says_that_nothing_goes_out_before_it_is_published(adviser: FlaskClient) -> None:
    new = {"title_nb": "Utkast", "type": "meeting", "rows": "1", "precision-0": "month", "first_on-0": "10.2008"}
    adviser.post("/manage/events", data=new)
    text = preview(adviser.post("/manage/events/utkast/rules/preview", data=SENTENCE))
    assert "Nothing goes out before the event is published." in text


# --- changing -------------------------------------------------------------------------------------------------------


def test_the_common_rule_changed_at_an_event_becomes_the_events_own(signed_up: FlaskClient, world: World) -> None:
    form = signed_up.get(f"{EVENT}/reminder")
    assert "It comes from: All of Sekretariatet." in form.text
    assert signed_up.post(f"{EVENT}/reminder", data=SENTENCE).status_code == 303
    assert [(where, facts.offset_units) for where, facts, _on in rules("reminder")][-1] == ("event", -5)
    own = line_of(signed_up.get(EVENT), "5 days before the start")
    assert own.endswith("This event alone · next Wed 27 Aug 10:00 On Change Switch off Use the common one again")
    assert "7 days before" in " ".join(lines(signed_up.get(COMMON)))
    assert signed_up.post(f"{EVENT}/reminder/removal").status_code == 303
    assert "All of Sekretariatet · next Mon 25 Aug 09:00" in line_of(signed_up.get(EVENT), "7 days before the start")


def test_a_rule_saved_as_it_was_makes_none_of_the_events_own(adviser: FlaskClient) -> None:
    same = {**SENTENCE, "number": "7", "clock": "09.00"}
    assert adviser.post(f"{EVENT}/reminder", data=same).status_code == 303
    assert {where for where, _facts, _on in rules("reminder")} == {"common"}


def test_a_types_rule_comes_before_the_organisers_and_after_the_events(adviser: FlaskClient) -> None:
    adviser.post(f"{TYPE}/reminder", data={**SENTENCE, "number": "6"})
    assert "All of the kind “Learning seminar”" in line_of(adviser.get(EVENT), "6 days before the start")
    assert "7 days before" in " ".join(lines(adviser.get("/manage/events/kvalitetskonferanse/rules")))
    adviser.post(f"{EVENT}/reminder", data={**SENTENCE, "number": "4"})
    assert line_of(adviser.get(EVENT), "4 days before the start").endswith("Use the common one again")


def test_what_follows_a_change_may_get_another_text_or_be_switched_off_anywhere(
    adviser: FlaskClient, world: World
) -> None:
    with transaction() as session:
        text = MailTemplate(organiser_id=world.secretariat, key="vaar-velkomst", name="Vår velkomst")
        session.add(text)
        session.flush()
        source = dict.fromkeys(("nb", "nn", "en"), "Subject: Hei\n\nVelkommen.")
        session.add(MailTemplateVersion(template_id=text.id, number=1, texts=source, at=NOW))
    assert "Vår velkomst" in adviser.get(f"{EVENT}/confirmed").text
    assert adviser.post(f"{EVENT}/confirmed", data={"text": "vaar-velkomst"}).status_code == 303
    assert line_of(adviser.get(EVENT), "gets a place:").startswith("When somebody gets a place: “Vår velkomst” This")
    assert adviser.post(f"{TYPE}/waiting/switch", data={"on": "0"}).status_code == 303
    assert " Off " in line_of(adviser.get(EVENT), "put on the waiting list")
    assert adviser.post(f"{EVENT}/confirmed", data={"text": "waiting"}).status_code == 422


def test_switched_off_here_it_is_off_here_alone_and_on_again_from_then(signed_up: FlaskClient, world: World) -> None:
    signed_up.post(f"{EVENT}/reminder/switch", data={"on": "0"})
    assert line_of(signed_up.get(EVENT), "7 days before the start").endswith(
        "This event alone Off Change Switch on Use the common one again"
    )
    assert "next" in line_of(signed_up.get(COMMON), "7 days before the start")
    with transaction() as session:
        clock.set_to(session, at("2008-08-25 10:00"))
    signed_up.post(f"{EVENT}/reminder/switch", data={"on": "1"})
    with transaction() as session:
        expand(session, now=at("2008-08-25 10:00"))
    assert "next Tue 26 Aug 09:00" in line_of(signed_up.get(EVENT), "7 days before the start")
    sent = sa.select(sa.func.count()).where(OutboxMessage.template == "reminder")
    assert db.session.scalar(sent) == 0


def test_a_rule_of_ones_own_is_removed_for_good_and_a_common_change_only_switched_off(adviser: FlaskClient) -> None:
    adviser.post(EVENT, data=SENTENCE)
    assert line_of(adviser.get(EVENT), "5 days before the start").endswith("Yes, remove it")
    assert adviser.post(f"{EVENT}/{KEY}/removal").status_code == 303
    assert rules() == []
    assert adviser.post(f"{EVENT}/{KEY}/removal").status_code == 404
    assert adviser.post("/manage/rules/confirmed/removal").status_code == 404
    assert "Remove" not in line_of(adviser.get(COMMON), "gets a place:")


def test_a_text_that_is_missing_is_named_with_the_way_to_write_it(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        text = MailTemplate(organiser_id=world.secretariat, key="halv", name="Halv tekst")
        session.add(text)
        session.flush()
        source = {"nb": "Subject: Hei\n\nVelkommen."}
        session.add(MailTemplateVersion(template_id=text.id, number=1, texts=source, at=NOW))
    said = "“Halv tekst” is not written in nynorsk and English yet, so it cannot be sent."
    answer = adviser.post(EVENT, data={**SENTENCE, "text": "halv"})
    assert (answer.status_code, said in answer.text, 'href="/manage/texts/halv"' in answer.text) == (422, True, True)
    assert rules() == []
    assert adviser.post(EVENT, data={**SENTENCE, "text": "halv", "off": "1"}).status_code == 303
    answer = adviser.post(f"{EVENT}/{KEY}/switch", data={"on": "1"})
    assert (answer.status_code, said in answer.text, 'href="/manage/texts/halv"' in answer.text) == (422, True, True)
    assert [on for _where, _facts, on in rules()] == [False]


# --- whose they are -------------------------------------------------------------------------------------------------

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
