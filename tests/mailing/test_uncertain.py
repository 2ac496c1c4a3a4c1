"""A worker that ends between handing a mail over and writing down the answer: one mail at most is uncertain."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.delivery import deliver
from eventsys.mailing.ledger import Ledger, Result, open_ledger
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.mailing.rules import BULK, LEASE, MailState
from eventsys.mailing.smtp import Line
from eventsys.organisers.models import Organiser
from tests.mailing.messages import ME, NOW, addresses, all_messages, compose, message_ids, put, set_clock, states
from tests.mailing.sink import Sink

OTHER = uuid.uuid4()


class Killed(BaseException):
    """What stops a worker at a place that the test chooses; nothing handles it."""


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    set_clock(NOW)


def die_after(monkeypatch: pytest.MonkeyPatch, answers: int) -> None:
    """The worker hears so many answers, and ends as the next one comes."""
    hear, heard = Line.hear, iter(range(answers))

    def stop(line: Line, following: object = None) -> object:
        answer = hear(line, following)  # type: ignore[arg-type]
        if next(heard, None) is None:
            raise Killed
        return answer

    monkeypatch.setattr(Line, "hear", stop)


def kill(monkeypatch: pytest.MonkeyPatch, *, after: int, worker_id: uuid.UUID = OTHER) -> None:
    """A worker that has ended silently long ago, after so many answers."""
    with monkeypatch.context() as patch:
        die_after(patch, after)
        with pytest.raises(Killed):
            deliver(compose, worker_id=worker_id)
    db.session.rollback()
    long_ago = clock.real_now() - timedelta(minutes=10)
    with transaction() as session:
        session.add(Worker(id=worker_id, host="h", pid=1, started_at=long_ago, beat_at=long_ago))


def hold_uncertain() -> None:
    with transaction() as session:
        session.execute(sa.update(Organiser).values(holds_uncertain=True))


def test_one_mail_is_sent_again_as_the_same_mail_and_the_others_once(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*addresses(4))
    kill(monkeypatch, after=1)
    assert [row[1:3] for row in states()] == [("sent", 1), ("sending", 0), ("sending", 0), ("sending", 0)]
    deliver(compose, worker_id=ME)
    assert sink.recipients == [*addresses(2), *addresses(4)[1:]]
    assert message_ids(sink)[1] == message_ids(sink)[2]
    assert [row[1:3] for row in states()] == [("sent", 1), ("sent", 2), ("sent", 1), ("sent", 1)]


def test_an_uncertain_mail_says_so_until_it_is_sent_again(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    put(*addresses(3))
    kill(monkeypatch, after=0)
    with transaction() as session:
        stale = timedelta(seconds=60)
        assert outbox.give_back_abandoned(session, worker_id=ME, real_now=clock.real_now(), stale=stale) == 3
    assert states() == [
        ("p1@kommune.example", "uncertain", 1, "the worker ended before it heard the mail server's answer"),
        ("p2@kommune.example", "queued", 0, None),
        ("p3@kommune.example", "queued", 0, None),
    ]


def test_a_worker_that_failed_takes_up_what_it_left_without_waiting_for_its_lease(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*addresses(2))
    kill(monkeypatch, after=0, worker_id=ME)
    with transaction() as session:
        session.execute(sa.delete(Worker))
    assert deliver(compose, worker_id=ME) == 2
    assert sink.recipients == ["p1@kommune.example", *addresses(2)]


def test_bulk_is_held_for_an_organiser_who_wants_that_and_answers_to_own_acts_are_not(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("p1@kommune.example", priority=BULK)
    kill(monkeypatch, after=0)
    hold_uncertain()
    assert deliver(compose, worker_id=ME) == 0
    assert [row[1] for row in states()] == ["uncertain"]
    put("p2@kommune.example")
    kill(monkeypatch, after=0, worker_id=uuid.uuid4())
    assert deliver(compose, worker_id=ME) == 1
    assert [row[1] for row in states()] == ["uncertain", "sent"]


def test_what_is_held_is_sent_again_or_counted_as_sent_by_hand(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        put(f"p{number}@kommune.example", priority=BULK)
        kill(monkeypatch, after=0, worker_id=uuid.uuid4())
        hold_uncertain()
        deliver(compose, worker_id=ME)
    again, enough = all_messages()
    with transaction() as session:
        outbox.retry(session, session.get_one(OutboxMessage, again.id), now=clock.now())
        outbox.count_as_sent(session, session.get_one(OutboxMessage, enough.id), now=clock.now())
    deliver(compose, worker_id=ME)
    assert sink.recipients == ["p1@kommune.example", "p2@kommune.example", "p1@kommune.example"]
    kept = all_messages()
    assert [message.state for message in kept] == [MailState.SENT, MailState.SENT]
    assert kept[1].sent_at == kept[1].began_at
    assert {message_ids(sink)[0], message_ids(sink)[2]} == {f"<{again.message_id}>"}


def test_only_an_uncertain_mail_can_be_counted_as_sent(app: Flask) -> None:
    [number] = put("kari@kommune.example")
    with transaction() as session, pytest.raises(outbox.CannotBeDone, match="queued"):
        outbox.count_as_sent(session, session.get_one(OutboxMessage, number), now=NOW)


# --- the ledger ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(app: Flask) -> Iterator[Ledger]:
    ledger = open_ledger(ME)
    yield ledger
    ledger.close()


def turn(ledger: Ledger, results: list[Result], *, begin: int | None) -> bool:
    ledger.begin_turn(results, begin=begin, now=NOW)
    return ledger.end_turn()


def claim_all() -> list[OutboxMessage]:
    with transaction() as session:
        return outbox.claim(
            session, worker_id=ME, domain="x.example", batch=9, now=NOW, real_now=clock.real_now() - LEASE / 2
        )


def test_a_result_and_the_beginning_of_the_next_mail_are_one_turn(ledger: Ledger) -> None:
    put(*addresses(3))
    first, second, third = claim_all()
    assert turn(ledger, [], begin=first.id) is True
    result = Result(first.id, MailState.SENT, "250 ok", 1, sent_at=NOW, subject="Hei", text="å" * 9000, html="<p>")
    assert turn(ledger, [result], begin=second.id) is True
    kept = all_messages()
    assert [(m.state, m.began_at, m.worker_id) for m in kept] == [
        (MailState.SENT, NOW, None), (MailState.SENDING, NOW, ME), (MailState.SENDING, None, ME),
    ]  # fmt: skip
    assert (kept[0].sent_at, kept[0].subject, kept[0].text, kept[0].html, kept[0].answer, kept[0].calendar) == (
        NOW, "Hei", "å" * 9000, "<p>", "250 ok", None,
    )  # fmt: skip
    results = [Result(m.id, MailState.DEFERRED, "451 later", 1, next_try_at=NOW + LEASE) for m in (second, third)]
    assert turn(ledger, results, begin=None) is False
    assert [(m.state, m.next_try_at) for m in all_messages()][1:] == [(MailState.DEFERRED, NOW + LEASE)] * 2


def test_a_mail_that_another_worker_has_taken_is_not_begun_nor_recorded(ledger: Ledger) -> None:
    put(*addresses(2))
    first, second = claim_all()
    with transaction() as session:
        session.execute(sa.update(OutboxMessage).values(worker_id=OTHER))
    result = Result(first.id, MailState.SENT, "250 ok", 1)
    assert turn(ledger, [result], begin=second.id) is False
    assert [(m.state, m.worker_id, m.began_at) for m in all_messages()] == [(MailState.SENDING, OTHER, None)] * 2


def test_a_database_that_is_away_for_a_while_is_waited_for(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    put("kari@kommune.example")
    [message] = claim_all()
    dbapi = db.engine.dialect.dbapi
    assert dbapi is not None
    errors = [dbapi.OperationalError("away"), dbapi.OperationalError("away"), dbapi.InterfaceError("closed")]
    begin, failures = Ledger._begin, iter(errors)

    def fail_at_first(ledger: Ledger) -> None:
        if error := next(failures, None):
            raise error
        begin(ledger)

    monkeypatch.setattr("eventsys.mailing.ledger.PAUSES", (0.01, 0.01, None))
    monkeypatch.setattr(Ledger, "_begin", fail_at_first)
    assert turn(ledger, [], begin=message.id) is True


def test_no_mail_is_handed_over_before_the_database_has_its_turn(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    put(*addresses(4))
    dbapi = db.engine.dialect.dbapi
    assert dbapi is not None
    begin, seen = Ledger._begin, list[tuple[int, int]]()

    def fail_once(ledger: Ledger) -> None:
        seen.append((len(ledger._steps), len(sink.recipients)))
        if len(seen) == 3:
            raise dbapi.OperationalError("away")
        begin(ledger)

    monkeypatch.setattr("eventsys.mailing.ledger.PAUSES", (0.01, 0.01, None))
    monkeypatch.setattr(Ledger, "_begin", fail_once)
    assert deliver(compose, worker_id=ME) == 4
    assert seen == [(1, 0), (2, 1), (2, 2), (2, 2), (2, 3), (1, 4)]
    assert [row[1:3] for row in states()] == [("sent", 1)] * 4


@pytest.mark.parametrize("mails", [2, 40])
def test_one_turn_is_taken_for_each_mail_and_a_batch_costs_the_same_for_few_and_many(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, mails: int
) -> None:
    put(*addresses(mails))
    statements: list[str] = []
    turns: list[int] = []
    begin = Ledger._begin

    def count(ledger: Ledger) -> None:
        turns.append(len(ledger._steps))
        begin(ledger)

    listen = lambda *arguments: statements.append(arguments[2])  # noqa: E731
    monkeypatch.setattr(Ledger, "_begin", count)
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert deliver(compose, worker_id=ME) == mails
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
    assert turns == [1, *[2] * (mails - 1), 1]
    assert len([statement for statement in statements if not statement.startswith("BEGIN")]) == 4
