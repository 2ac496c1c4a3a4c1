"""Files that go along with every mail that rules send with a text."""

from __future__ import annotations

import io
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.files import StoredFile
from eventsys.registrations.actions import register
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailTemplate
from tests.accounts.people import add_account
from tests.accounts.people import sign_in as signed_in
from tests.mailing.sink import sink_of
from tests.workspace.test_mailing_enclosures import PDF, files_of, shape, text_of
from tests.world import World, somebody

FILES = "/manage/texts/confirmed/files"
AGREEMENT = ("Avtale.pdf", "application/pdf", PDF)


def put_up(client: FlaskClient, address: str = FILES, name: str = "Avtale.pdf", content: bytes = PDF) -> Any:
    return client.post(address, data={"files": [(io.BytesIO(content), name)]}, content_type="multipart/form-data")


def confirm(app: Flask, world: World, number: int) -> Any:
    with transaction() as session:
        register(session, somebody(world, number), now=clock.now())
    with sink_of(app) as sink:
        tick_until_idle(app)
        (message,) = sink.messages
    return message


def test_a_confirmation_has_the_file_beside_its_calendar_part(app: Flask, adviser: FlaskClient, world: World) -> None:
    assert put_up(adviser).status_code == 303
    mail = confirm(app, world, 1)
    inner = ["multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert shape(mail) == ["multipart/mixed", inner, "application/ics", "application/pdf"]
    assert files_of(mail)[1] == AGREEMENT
    assert text_of(mail).endswith("Vedlegg:\n- Avtale.pdf (PDF, 10 kB)\n")
    assert "Avtale.pdf" in adviser.get(FILES).get_data(as_text=True)


def test_the_shipped_text_counts_still_and_can_be_written_anew(app: Flask, adviser: FlaskClient, world: World) -> None:
    before = text_of(confirm(app, world, 1))
    put_up(adviser)
    after = text_of(confirm(app, world, 2))
    assert after.partition("Vedlegg:")[0].count("\n") >= before.count("\n")
    page = adviser.get("/manage/texts/confirmed").get_data(as_text=True)
    assert 'name="opened_at" value="0"' in page
    assert FILES in page
    typed = dict(re.findall(r'name="(subject_\w\w)"[^>]*value="([^"]*)"', page))
    sent = {**typed, **{f"body_{code}": "Velkommen" for code in ("nb", "nn", "en")}, "opened_at": "0"}
    assert adviser.post("/manage/texts/confirmed", data=sent).status_code == 303
    assert text_of(confirm(app, world, 3)) == "Velkommen\n\nVedlegg:\n- Avtale.pdf (PDF, 10 kB)\n"


def test_another_organisers_text_has_none_of_it(app: Flask, adviser: FlaskClient, world: World) -> None:
    put_up(adviser)
    with transaction() as session:
        register(session, somebody(world, 1, run_id=world.run_id("unio"), union_id=world.unions[0], side=None),
                 now=clock.now())  # fmt: skip
    with sink_of(app) as sink:
        tick_until_idle(app)
        assert [name for name, _kind, _content in files_of(sink.messages[0])] == ["invite.ics"]
    other = app.test_client()
    signed_in(other, add_account("unio@program.example", world.unio))
    page = other.get(FILES).get_data(as_text=True)
    assert "No files yet." in page
    link = re.findall(r'action="([^"]+/removal)"', adviser.get(FILES).get_data(as_text=True))[0]
    assert other.post(link).status_code == 404
    assert adviser.post(link).status_code == 303


def test_a_file_refused_makes_no_text_of_ones_own(adviser: FlaskClient) -> None:
    answer = put_up(adviser, content=b"MZ\x90")
    assert (answer.status_code, "Only PDF, Word" in answer.get_data(as_text=True)) == (422, True)
    db.session.rollback()
    assert db.session.scalars(sa.select(MailTemplate)).all() == []


def test_texts_of_the_installation_and_unknown_ones_have_no_files(adviser: FlaskClient) -> None:
    for key in ("sign_in", "contract_deadline", "unknown"):
        address = f"/manage/texts/{key}/files"
        assert (adviser.get(address).status_code, put_up(adviser, address).status_code) == (404, 404)


def test_a_text_that_is_removed_takes_its_files_with_it(adviser: FlaskClient) -> None:
    made = adviser.post("/manage/texts/", data={"name": "Brev", "from": "free"})
    put_up(adviser, f"{made.location}/files")
    assert adviser.post(f"{made.location}/removal").status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
