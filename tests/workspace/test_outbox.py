"""The outbox: filtered, searched, counted, all of an event tried again; nothing of another organiser's."""

from __future__ import annotations

import html
import re
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.workflows.models import MailCause, Rule
from eventsys.workspace.mail import queries
from eventsys.workspace.mail.queries import Wanted
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.workspace.mails import (
    EVENT,
    all_mails,
    change_mails,
    first_mail,
    people_on,
    read,
    sign_up,
)
from tests.world import World


def test_the_outbox_is_filtered_and_searched_in_the_address(mailed: FlaskClient, world: World) -> None:
    def found(query: str) -> list[str]:
        return sorted(people_on(read(mailed, f"/manage/mail?{query}")))

    everybody = ["person1", "person2", "person3", "person4"]
    rule_id = db.session.scalar(sa.select(MailCause.rule_id).join(Rule).where(Rule.template == "waiting"))
    assert found("") == everybody
    assert found("q=person2") == ["person2"]
    assert found("q=Person") == everybody
    assert found("q=person2@kommune.example") == ["person2"]
    assert found("q=erson2") == []
    assert found("q=nummer3") == ["person3"]
    assert found("q=%25") == found("q=_") == []
    assert found("state=queued") == everybody
    assert found("state=failed") == []
    assert found("state=nonsense") == everybody
    assert found("text=waiting") == ["person4"]
    assert found("text=waiting&q=person1") == []
    assert found(f"event={EVENT}") == everybody
    assert found(f"event={EVENT}&state=queued&text=confirmed") == everybody[:3]
    assert found("event=laeringsseminar-3-pulje-i") == []
    assert found(f"rule={rule_id}") == ["person4"]
    assert found(f"rule={rule_id}&event={EVENT}&state=queued&q=person4") == ["person4"]
    assert found("rule=x") == found("rule=99999999") == found("event=nothing") == everybody
    assert found("before=nonsense") == found("before=2008-01-01~x") == everybody


@pytest.mark.parametrize("query", ["", "state=queued", f"event={EVENT}", "q=person", f"event={EVENT}&state=queued"])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(adviser: FlaskClient, world: World, query: str) -> None:
    sign_up(world, range(1, 121))
    seen: list[list[str]] = []
    address = f"/manage/mail?{query}"
    while address:
        page = read(adviser, address)
        seen.append(people_on(page))
        assert ("To the first page" in page) == (len(seen) > 1)
        links = re.findall(r'<a href="([^"]*)">Next page</a>', page)
        address = html.unescape(links[0]) if links else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({address for page in seen for address in page}) == 120


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_state_that_few_are_in_finds_the_same_as_one_that_many_are_in(
    mailed: FlaskClient, world: World, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "FEW", few)
    event_id = world.events["seminar"].id

    def found(wanted: Wanted) -> list[str]:
        page = queries.list_mails(db.session(), world.secretariat, wanted)
        return sorted(mail.email.partition("@")[0] for mail in page.mails)

    queued = MailState.QUEUED
    assert found(Wanted(state=queued, event_id=event_id)) == ["person1", "person2", "person3", "person4"]
    assert found(Wanted(state=queued, search="person2")) == ["person2"]
    assert found(Wanted(state=queued, search="nummer3", event_id=event_id)) == ["person3"]
    assert found(Wanted(state=MailState.SENT, event_id=event_id)) == []
    assert found(Wanted(state=queued, event_id=event_id, template="waiting")) == ["person4"]


def test_figures_say_what_to_look_at_and_are_counted_no_further_than_needed(
    mailed: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def figures() -> list[tuple[str, str]]:
        found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", read(mailed, "/manage/mail"))
        return [(label, re.sub(r"<[^>]+>", "", count)) for label, count in found]

    assert figures() == [("Did not arrive", "0"), ("Waits", "4"), ("Sent in the last day", "0")]
    change_mails(state=MailState.SENT, sent_at=clock.now())
    with transaction() as session:
        last = sa.select(sa.func.max(OutboxMessage.id)).scalar_subquery()
        failed = {"state": MailState.FAILED, "answer": "550 5.1.1 no such user"}
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == last).values(**failed))
    assert figures() == [("Did not arrive", "1"), ("Waits", "0"), ("Sent in the last day", "3")]
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr("eventsys.workspace.views.outbox.MOST_COUNTED", 3)
    assert figures()[-1] == ("Sent in the last day", "over 2")


def test_an_empty_outbox_says_what_will_stand_there(adviser: FlaskClient) -> None:
    assert "No mail yet" in read(adviser, "/manage/mail")


@pytest.mark.parametrize("query", ["", "q=person", "q=nummer", f"event={EVENT}&state=queued", "text=confirmed"])
def test_a_page_of_fifty_costs_as_many_statements_as_one_of_one(adviser: FlaskClient, world: World, query: str) -> None:
    def count() -> int:
        with counted(db.engine) as sent:
            read(adviser, f"/manage/mail?{query}")
        return len(sent)

    sign_up(world, range(1, 2))
    with_one = count()
    sign_up(world, range(2, 51))
    assert count() == with_one


def test_all_of_an_event_that_failed_is_tried_again_after_a_look_at_how_many(mailed: FlaskClient) -> None:
    address = f"/manage/events/{EVENT}/mail/retry"
    assert "Nothing has failed" in read(mailed, address)
    change_mails(state=MailState.FAILED, answer="550 no")
    with transaction() as session:
        outbox.cancel(session, first_mail(), now=clock.now())
    assert "3 mails did not arrive." in read(mailed, address)
    assert "Try all of this event again" in read(mailed, f"/manage/mail?event={EVENT}&state=failed")
    assert mailed.post(address).status_code == 303
    assert [mail.state for mail in all_mails()] == [MailState.CANCELLED, *[MailState.QUEUED] * 3]


def test_nothing_of_one_organiser_is_found_or_touched_by_another(
    client: FlaskClient, mailed: FlaskClient, app: Flask, world: World
) -> None:
    change_mails(state=MailState.SENT, subject="Hemmeleg hummarfest")
    theirs = first_mail()
    other = app.test_client()
    sign_in(other, add_account("other@unio.example", world.unio))
    rule_id = db.session.scalar(sa.select(MailCause.rule_id))
    for query in ("", "?q=person", "?q=nummer", f"?event={EVENT}", f"?rule={rule_id}", "?text=confirmed&state=sent"):
        page = read(other, f"/manage/mail{query}")
        assert "hummarfest" not in page
        assert "person1" not in page
    found = [
        other.get(f"/manage/mail/{theirs.public_id}"),
        other.get(f"/manage/mail/{theirs.public_id}/body"),
        other.get(f"/manage/events/{EVENT}/mail/retry"),
        other.post(f"/manage/events/{EVENT}/mail/retry"),
        *(
            other.post(f"/manage/mail/{theirs.public_id}/{deed}", data={"number": 1})
            for deed in ("retry", "cancellation", "receipt", "again")
        ),
    ]
    assert [answer.status_code for answer in found] == [404] * len(found)
    assert [mail.state for mail in all_mails()] == [MailState.SENT] * 4
    assert mailed.get(f"/manage/mail/{uuid.UUID(int=1)}").status_code == 404
