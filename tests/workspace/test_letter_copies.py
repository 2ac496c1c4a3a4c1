"""Partners who get a copy of a one-off mail: one each, marked as a copy, with nothing of any reader's own."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailCopy
from tests.mailing.sink import sink_of
from tests.statements import counted
from tests.workspace.test_mailing_enclosures import PDF, add_partner, count, put_up, send, text_of, three
from tests.workspace.test_mailings import EVENT, LETTER, read, save

__all__ = ["three"]


def test_a_partner_gets_one_copy_that_says_whom_the_letter_went_to(app: Flask, three: FlaskClient) -> None:
    letter = "Hei {who}.\n\n[Din side]({registrations})\n\n[Se arrangementet]({event_link})"
    address = save(three, body_nb=letter)
    assert add_partner(three, address, "post@ks.example", "KS").status_code == 303
    assert "Copies to</dt><dd>KS</dd>" in read(three, address)
    mails = send(app, three, address)
    assert len(mails) == 4
    copy = mails["post@ks.example"]
    assert copy["Subject"] == "Kopi: Ta med badetøy"
    assert copy["To"] == "KS <post@ks.example>"
    text = text_of(copy)
    assert text.startswith("Dette er en kopi. Brevet nedenfor gikk til 3 mottakere")
    assert "Hei …." in text
    assert "/registrations/" not in text
    assert "Din side" not in text
    assert "/events/" in text
    assert "person" not in text
    assert "List-Unsubscribe" in copy
    assert all("kopi" not in text_of(mail).casefold() for to, mail in mails.items() if to != "post@ks.example")
    with sink_of(app) as sink:
        tick_until_idle(app)
        assert sink.recipients == []


def test_copies_are_not_counted_among_the_mails_of_the_letter(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    add_partner(three, address, "post@ks.example")
    send(app, three, address)
    page = read(three, f"{EVENT}/mail")
    assert re.search(r"3 sent", page)
    db.session.rollback()
    copy = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == "post@ks.example")).one()
    assert "A partner’s copy of a letter" in read(three, f"/manage/mail/{copy.public_id}")


def test_a_copy_sent_again_is_a_copy_still(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    add_partner(three, address, "post@ks.example")
    send(app, three, address)
    db.session.rollback()
    copy = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == "post@ks.example")).one()
    assert three.post(f"/manage/mail/{copy.public_id}/again", data={"number": "1"}).status_code == 303
    with sink_of(app) as sink:
        tick_until_idle(app)
        assert [message["Subject"] for message in sink.messages] == ["Kopi: Ta med badetøy"]
        assert text_of(sink.messages[0]).startswith("Dette er en kopi. Brevet nedenfor gikk til 3 mottakere")


def test_who_gets_the_letter_gets_no_copy(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    db.session.rollback()
    reader = db.session.scalars(sa.select(OutboxMessage.email).order_by(OutboxMessage.id)).first() or ""
    add_partner(three, address, reader.upper())
    mails = send(app, three, address)
    assert len(mails) == 3
    assert {str(mail["Subject"]) for mail in mails.values()} == {"Ta med badetøy"}


def test_a_partner_stands_once_and_can_be_taken_away(three: FlaskClient) -> None:
    address = save(three)
    for email in ("post@ks.example", "POST@KS.example"):
        assert add_partner(three, address, email).status_code == 303
    assert count(MailCopy) == 1
    for bad in ("", "ks", "ks@", "a b@ks.example"):
        assert add_partner(three, address, bad).status_code == 422
    for number in range(19):
        assert add_partner(three, address, f"{number}@ks.example").status_code == 303
    answer = add_partner(three, address, "for-mange@ks.example")
    assert (answer.status_code, count(MailCopy)) == (422, 20)
    three.post(f"{address}/copies/removal", data={"email": "post@ks.example"})
    assert count(MailCopy) == 19


def test_the_organisers_log_tells_of_files_and_partners_without_addresses(three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    add_partner(three, address, "kari@ks.example", "KS")
    page = read(three, "/manage/log")
    assert "Avtale.pdf" in page
    assert "KS" in page
    assert "kari@ks.example" not in page


def test_the_pages_take_as_many_statements_with_many_as_with_one(three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("0.pdf", PDF))
    add_partner(three, address, "0@ks.example")
    counts = []
    for _round in range(2):
        for page in (address, f"{address}/enclosures"):
            with counted(db.engine) as sent:
                read(three, page)
            counts.append(len(sent))
        for number in range(1, 10):
            put_up(three, address, (f"{number}.pdf", PDF))
            add_partner(three, address, f"{number}@ks.example")
    assert counts[:2] == counts[2:]


def test_making_copies_takes_as_many_statements_for_many_as_for_one(app: Flask, three: FlaskClient) -> None:
    counts = []
    for most in (1, 20):
        address = save(three, subject_nb=f"Til {most}")
        for number in range(most):
            add_partner(three, address, f"{number}@ks.example")
        three.post(f"{address}/sending")
        with counted(db.engine) as sent, sink_of(app):
            tick_until_idle(app)
        counts.append(len([one for one in sent if "mail_copies" in one]))
    assert counts[0] == counts[1]


def test_another_organisers_letter_has_no_such_page(three: FlaskClient) -> None:
    assert LETTER["when"] == "now"
    for page in ("enclosures", "files", "copies"):
        method = three.get if page == "enclosures" else three.post
        assert method(f"/manage/events/unio/mailings/own-annet/{page}").status_code == 404
