"""A rule is shown before it is saved; changed, switched off or removed it is so where that was said."""

from __future__ import annotations

import html
import re

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.workflows.actions import expand
from eventsys.workflows.models import MailTemplate, MailTemplateVersion
from tests.workflows.rows import at
from tests.workspace.rules import COMMON, EVENT, KEY, SENTENCE, TYPE, line_of, lines, preview, rules
from tests.world import NOW, World


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
