"""The language report: what went out in each form of Norwegian in a year."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.site.models import NewsItem
from eventsys.workflows.models import MailCause
from tests.accounts.people import add_account, sign_in
from tests.calling import add_call, add_recipient
from tests.statements import counted
from tests.world import NOW, World, build


def add_mails(
    session: Session, world: World, language: str, how_many: int, *, to: str = "", organiser_id: int = 0, **more: Any
) -> None:
    """So many mails that were sent, to somebody, or to the organisation with that number."""
    for _number in range(how_many):
        key = uuid.uuid4().hex
        facts = {"state": MailState.SENT, "sent_at": NOW, "due_at": NOW, **more}
        mail = OutboxMessage(
            organiser_id=organiser_id or world.secretariat, reason_key=key, template="nudge", email="p@kommune.example",
            email_key="p@kommune.example", language=language, next_try_at=NOW, created_at=NOW, message_id=key, **facts,
        )  # fmt: skip
        session.add(mail)
        session.flush()
        if to:
            session.add(
                MailCause(
                    outbox_id=mail.id, organiser_id=mail.organiser_id, event_id=world.events["seminar"].id,
                    organisation_id=world.municipalities[to],
                )
            )  # fmt: skip


def open_report(client: FlaskClient, world: World, address: str = "/manage/language-report?lang=en") -> list[list[str]]:
    sign_in(client, add_account("anne@program.example", world.secretariat))
    page = client.get(address)
    assert page.status_code == 200
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page.get_data(as_text=True))
    return [re.sub(r"<[^>]+>", " ", row).split("  ") for row in rows]


def numbers(rows: list[list[str]]) -> dict[str, str]:
    return {re.sub(r"\s+", " ", " ".join(row)).strip().split(" ")[0]: " ".join(" ".join(row).split()) for row in rows}


def test_mail_is_counted_by_language_and_year_and_only_what_was_sent(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        add_mails(session, world, "nb", 6)
        add_mails(session, world, "nn", 2)
        add_mails(session, world, "en", 1)
        add_mails(session, world, "nn", 5, state=MailState.QUEUED, sent_at=None)
        add_mails(session, world, "nn", 5, due_at=NOW - timedelta(days=365), sent_at=NOW - timedelta(days=365))
        add_mails(session, world, "nn", 5, organiser_id=world.unio)
    assert numbers(open_report(client, world))["All"] == "All mail 6 2 1 25 %"


def test_a_year_ends_at_midnight_where_the_organiser_is(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        for hour in (22, 23):
            at = datetime(2007, 12, 31, hour, 30, tzinfo=UTC)
            add_mails(session, world, "nn", 1, due_at=at, sent_at=at)
    assert numbers(open_report(client, world))["All"] == "All mail 0 1 0 100 %"
    assert (
        numbers(open_report(client, world, "/manage/language-report?year=2007&lang=en"))["All"]
        == "All mail 0 1 0 100 %"
    )


def test_letters_to_organisations_are_told_by_the_form_that_each_has_chosen(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        session.execute(
            sa.update(Organisation).where(Organisation.number == "0821").values(language_form=LanguageForm.NYNORSK)
        )
        add_mails(session, world, "nn", 3, to="0821")
        add_mails(session, world, "nb", 4, to="0301")
        call = add_call(session, world)
        add_recipient(session, call, world.municipalities["2021"], language="nn", form=LanguageForm.NYNORSK)
    found = numbers(open_report(client, world))
    assert (found["Nynorsk"], found["Not"]) == ("Nynorsk 0 4 0 100 %", "Not known 4 0 0 0 %")


def test_what_is_published_counts_each_language_that_it_is_in(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        for slug, title in (("a", {"nb": "Nytt", "nn": "Nytt"}), ("b", {"nb": "Nytt"}), ("c", {"nb": "Utkast"})):
            session.add(
                NewsItem(
                    organiser_id=world.secretariat, slug=slug, title=title, created_at=NOW, revised_at=NOW,
                    published_at=None if slug == "c" else NOW,
                )
            )  # fmt: skip
    found = numbers(open_report(client, world))
    assert (found["News"], found["Events"]) == ("News 2 1 0 33 %", "Events 3 3 0 50 %")


def test_the_file_says_what_the_page_says(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        add_mails(session, world, "nb", 2)
    sign_in(client, add_account("anne@program.example", world.secretariat))
    answer = client.get("/manage/language-report.csv?lang=en")
    assert '"All mail";"2";"0";"0";"0"' in answer.get_data(as_text=True)
    assert client.get("/manage/language-report.xlsx").data[:2] == b"PK"


def test_the_report_takes_as_many_statements_for_many_mails_as_for_one(client: FlaskClient) -> None:
    world = build()
    with transaction() as session:
        add_mails(session, world, "nb", 1, to="0301")
    sign_in(client, add_account("anne@program.example", world.secretariat))
    seen = []
    for how_many in (0, 40):
        with transaction() as session:
            add_mails(session, world, "nn", how_many, to="0821")
        with counted(db.engine) as statements:
            assert client.get("/manage/language-report").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1]
