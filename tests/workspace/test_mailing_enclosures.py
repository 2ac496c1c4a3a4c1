"""What goes with a one-off mail: files, attached or linked to, and copies to partners."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.files import StoredFile
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.actions import register
from eventsys.workflows.enclosures import MOST_FILES, add_file
from eventsys.workflows.erasure import erase_expired
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailAttachment, MailCopy, MailTemplate
from tests.mailing.sink import sink_of
from tests.statements import counted
from tests.workspace.test_mailings import read, save
from tests.world import World, somebody

PDF = b"%PDF-1.4 " + bytes(range(256)) * 40
TEXT = b"Avtalen.\r\n.\r\nSlutt\r\n"


@pytest.fixture
def three(app: Flask, adviser: FlaskClient, world: World) -> FlaskClient:
    """Three are confirmed; their confirmations have gone."""
    for number in range(1, 4):
        with transaction() as session:
            register(session, somebody(world, number), now=clock.now())
    with sink_of(app):
        tick_until_idle(app)
    return adviser


def put_up(client: FlaskClient, address: str, *files: tuple[str, bytes]) -> Any:
    chosen = [(io.BytesIO(content), name) for name, content in files]
    return client.post(f"{address}/files", data={"files": chosen}, content_type="multipart/form-data")


def add_partner(client: FlaskClient, address: str, email: str, name: str = "") -> Any:
    return client.post(f"{address}/copies", data={"copy_name": name, "copy_email": email})


def send(app: Flask, client: FlaskClient, address: str) -> dict[str, EmailMessage]:
    """What came at the mail server, by whom it is to."""
    assert client.post(f"{address}/sending").status_code == 303
    with sink_of(app) as sink:
        tick_until_idle(app)
        return dict(zip(sink.recipients, sink.messages, strict=True))


def shape(message: Any) -> Any:
    kind = message.get_content_type()
    return [kind, *map(shape, message.iter_parts())] if message.is_multipart() else kind


def files_of(message: EmailMessage) -> list[tuple[str | None, str, Any]]:
    return [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in message.iter_attachments()
    ]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def count(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


# --- files ------------------------------------------------------------------------------------------------------------


def test_every_mail_of_a_letter_has_its_files(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    assert put_up(three, address, ("Avtale æøå.pdf", PDF), ("notat.txt", TEXT)).status_code == 303
    page = read(three, f"{address}/enclosures")
    assert "Avtale æøå.pdf" in page
    assert "They go along as attachments: 10 kB together." in page
    assert "notat.txt" in read(three, address)
    mails = send(app, three, address)
    assert len(mails) == 3
    for mail in mails.values():
        assert shape(mail) == [
            "multipart/mixed", ["multipart/alternative", "text/plain", "text/html"], "application/pdf", "text/plain",
        ]  # fmt: skip
        assert files_of(mail) == [("Avtale æøå.pdf", "application/pdf", PDF), ("notat.txt", "text/plain", TEXT)]
        assert text_of(mail).endswith("Vedlegg:\n- Avtale æøå.pdf (PDF, 10 kB)\n- notat.txt (TXT, 1 kB)\n")
    assert count(StoredFile) == 2


def test_the_bytes_are_read_once_for_a_batch(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    with counted(db.engine) as sent:
        assert len(send(app, three, address)) == 3
    assert len([one for one in sent if "stored_files.content" in one]) == 1


def test_what_was_sent_tells_of_its_files_in_the_outbox(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    send(app, three, address)
    db.session.rollback()
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.subject == "Ta med badetøy")).first()
    assert mail is not None
    assert "Vedlegg:\n- Avtale.pdf (PDF, 10 kB)" in read(three, f"/manage/mail/{mail.public_id}")


def test_files_too_big_together_are_links_that_anybody_with_the_mail_can_open(app: Flask, three: FlaskClient) -> None:
    app.config["MAIL_ATTACHED_MB"] = 0
    try:
        address = save(three)
        put_up(three, address, ("Avtale.pdf", PDF))
        assert "which is more than the 0 MB that go along" in read(three, f"{address}/enclosures")
        mails = send(app, three, address)
    finally:
        app.config["MAIL_ATTACHED_MB"] = 5
    (mail, *_others) = mails.values()
    assert shape(mail) == ["multipart/alternative", "text/plain", "text/html"]
    (link,) = re.findall(r"- Avtale.pdf \(PDF, 10 kB\): http://[^/]+(/mail/files/\S+)", text_of(mail))
    answer = app.test_client().get(link)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=Avtale.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404


def test_the_copy_to_oneself_has_the_files_too(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    three.post(f"{address}/test", data={"n": "1"})
    with sink_of(app) as sink:
        tick_until_idle(app)
        assert sink.recipients == ["adviser@program.example"]
        assert [name for name, _kind, _content in files_of(sink.messages[0])] == ["Avtale.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.pdf", b"MZ\x90\x00", "Only PDF, Word"),
        ("side.html", b"<html>", "Only PDF, Word"),
        ("bilde.png", PDF, "Only PDF, Word"),
        ("tom.pdf", b"", "The file is empty."),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_is_kept(
    three: FlaskClient, name: str, content: bytes, said: str
) -> None:
    address = save(three)
    answer = put_up(three, address, ("Avtale.pdf", PDF), (name, content))
    assert answer.status_code == 422
    assert f"{name}: {said}" in answer.get_data(as_text=True)
    assert (count(MailAttachment), count(StoredFile)) == (0, 0)


def test_no_file_chosen_is_said(three: FlaskClient) -> None:
    answer = three.post(f"{save(three)}/files", data={}, content_type="multipart/form-data")
    assert (answer.status_code, "Choose a file." in answer.get_data(as_text=True)) == (422, True)


def test_a_letter_has_so_many_files_and_no_more(three: FlaskClient) -> None:
    address = save(three)
    for number in range(MOST_FILES):
        assert put_up(three, address, (f"{number}.pdf", PDF)).status_code == 303
    answer = put_up(three, address, ("en til.pdf", PDF))
    assert (answer.status_code, count(MailAttachment)) == (422, MOST_FILES)
    assert "At most 10 files." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "name",
    ['"><b>.pdf', "a\r\nBcc: noen.pdf", "../../etc/passwd.pdf", "=?utf-8?q?x?=.pdf", "å" * 110 + ".pdf",
     "{who}.pdf", "[x](http://ond.example).pdf"],
)  # fmt: skip
def test_a_name_stays_a_name(app: Flask, three: FlaskClient, name: str) -> None:
    address = save(three)
    with transaction() as session:
        key = address.rpartition("/")[2]
        template = session.scalars(sa.select(MailTemplate).where(MailTemplate.key == key)).one()
        kept = add_file(session, template, name=name, content=PDF, now=clock.now()).name
    assert "<b>" not in read(three, f"{address}/enclosures")
    mails = send(app, three, address)
    for mail in mails.values():
        assert [each for each, _kind, _content in files_of(mail)] == [kept]
        assert mail["Bcc"] is None
        assert f"- {kept} (PDF, 10 kB)" in text_of(mail)
        page = mail.get_body(("html",))
        assert page is not None
        assert "<b>" not in page.get_content()
        assert 'href="http://ond' not in page.get_content()


def test_a_block_left_open_in_the_letter_does_not_swallow_the_files(app: Flask, three: FlaskClient) -> None:
    address = save(three, body_nb="Slik:\n\n```\nkode")
    put_up(three, address, ("Avtale.pdf", PDF))
    add_partner(three, address, "post@ks.example")
    mails = send(app, three, address)
    assert {text_of(mail).count("Vedlegg:\n- Avtale.pdf") for mail in mails.values()} == {1}
    assert len(mails) == 4


def test_the_longest_letter_has_room_for_its_files(app: Flask, three: FlaskClient) -> None:
    address = save(three, subject_nb="x" * 200, body_nb="a" * 20_000)
    put_up(three, address, ("Avtale.pdf", PDF))
    add_partner(three, address, "post@ks.example")
    assert len(send(app, three, address)) == 4


def test_a_file_is_taken_away_with_its_bytes(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    link = re.findall(r'href="(/mail/files/[^"]+)"', read(three, address))[0]
    assert app.test_client().get(link).status_code == 200
    removal = f"{address}/files/{link.rpartition('/')[2]}/removal"
    assert three.post(removal).status_code == 303
    assert three.post(removal).status_code == 404
    assert (app.test_client().get(link).status_code, count(StoredFile)) == (404, 0)
    assert "No files yet." in read(three, f"{address}/enclosures")
    (mail, *_others) = send(app, three, address).values()
    assert shape(mail) == ["multipart/alternative", "text/plain", "text/html"]
    assert "Vedlegg" not in text_of(mail)


def test_what_goes_along_cannot_be_changed_once_it_is_ordered(app: Flask, three: FlaskClient) -> None:
    address = save(three, when="later", on="20.08.2008", at="14.00")
    put_up(three, address, ("Avtale.pdf", PDF))
    add_partner(three, address, "post@ks.example")
    link = re.findall(r'href="(/mail/files/[^"]+)"', read(three, address))[0]
    three.post(f"{address}/sending")
    put_up(three, address, ("mer.pdf", PDF))
    three.post(f"{address}/files/{link.rpartition('/')[2]}/removal")
    add_partner(three, address, "post@unio.example")
    three.post(f"{address}/copies/removal", data={"email": "post@ks.example"})
    assert (count(MailAttachment), count(MailCopy)) == (1, 1)
    page = read(three, f"{address}/enclosures")
    assert "It is on its way already" in page
    assert '<form method="post" enctype' not in page


def test_a_letter_thrown_away_takes_its_files_and_partners_with_it(three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    add_partner(three, address, "post@ks.example")
    three.post(f"{address}/cancellation")
    assert (count(MailAttachment), count(StoredFile), count(MailCopy)) == (0, 0, 0)


def test_files_and_partners_go_with_the_mails_of_the_event(app: Flask, three: FlaskClient) -> None:
    address = save(three)
    put_up(three, address, ("Avtale.pdf", PDF))
    add_partner(three, address, "post@ks.example")
    send(app, three, address)
    for years, left in ((1, 1), (3, 0)):
        with transaction() as session:
            erase_expired(session, now=clock.now() + timedelta(days=365 * years + 200), real_now=clock.real_now())
        assert (count(MailAttachment), count(StoredFile), count(MailCopy)) == (left, left, left)
    db.session.rollback()
    assert "post@ks.example" not in db.session.scalars(sa.select(OutboxMessage.email)).all()
