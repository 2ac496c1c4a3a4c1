"""From the outbox to a mail server that takes, refuses, waits, hangs or is away: nothing lost, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventsys.mailing.delivery import deliver
from eventsys.mailing.ledger import Ledger, Result
from eventsys.mailing.rules import BULK, MailState, next_wait
from eventsys.mailing.smtp import Timeouts
from eventsys.mailing.templates import Rendered
from tests.mailing.messages import ME, NOW, WAIT, addresses, all_messages, compose, message_ids, put, set_clock, states
from tests.mailing.sink import Sink, free_port, silent_server, sink_of, use_port


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    set_clock(NOW)


# --- taken ------------------------------------------------------------------------------------------------------------


def test_a_reason_puts_one_mail_in_the_outbox(app: Flask) -> None:
    assert len(put("kari@kommune.example")) == 1
    assert put("kari@kommune.example") == []
    assert len(put("kari@kommune.example", reason="another")) == 1


def test_a_batch_goes_over_one_connection_and_is_kept_as_it_was_sent(sink: Sink) -> None:
    put(*addresses(5))
    assert deliver(compose, worker_id=ME) == 5
    assert (sink.recipients, sink.sessions) == (addresses(5), 1)
    assert deliver(compose, worker_id=ME) == 0
    first = all_messages()[0]
    assert (first.state, first.subject, first.text, first.html) == (
        MailState.SENT, "Til p1@kommune.example", "Hei\n", "<p>Hei</p>\n",
    )  # fmt: skip
    assert (first.answer, first.worker_id, first.leased_until) == ("250 2.0.0 kept as 1", None, None)
    assert message_ids(sink) == [f"<{message.message_id}>" for message in all_messages()]
    assert len({*message_ids(sink)}) == 5
    assert all(name.endswith("@eventsys.example>") for name in message_ids(sink))


def test_a_connection_has_its_share_and_a_new_one_is_made(app: Flask, sink: Sink) -> None:
    app.config["MAIL_MAX_EMAILS"] = 2
    put(*addresses(5))
    deliver(compose, worker_id=ME)
    app.config["MAIL_MAX_EMAILS"] = 100
    assert (sink.recipients, sink.sessions) == (addresses(5), 3)


def test_bulk_waits_for_answers_to_peoples_own_acts(sink: Sink) -> None:
    put(*addresses(3), reason="rule/1/1/0", due_at=NOW - timedelta(hours=1), priority=BULK)
    put("kari@kommune.example", reason="change/registration/1")
    deliver(compose, worker_id=ME, batch=2)
    assert sink.recipients == ["kari@kommune.example", "p1@kommune.example"]


def test_what_comes_between_does_not_wait_for_a_batch_that_a_slow_server_makes_long(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsys.mailing.delivery.BATCH_SECONDS", 0.2)
    put(*addresses(4), reason="rule/1/1/0", due_at=NOW - timedelta(hours=1), priority=BULK)
    sink.pause = lambda _address: 0.3
    sent = deliver(compose, worker_id=ME)
    assert sent < 4
    assert [row[1] for row in states()] == ["sent"] * sent + ["queued"] * (4 - sent)
    put("kari@kommune.example", reason="change/registration/1")
    deliver(compose, worker_id=ME)
    assert sink.recipients[: sent + 1] == [*addresses(sent), "kari@kommune.example"]


def test_what_is_not_due_stays(sink: Sink) -> None:
    put("kari@kommune.example", due_at=NOW + timedelta(minutes=1))
    assert deliver(compose, worker_id=ME) == 0
    set_clock(NOW + timedelta(minutes=1))
    assert deliver(compose, worker_id=ME) == 1
    assert sink.recipients == ["kari@kommune.example"]


def test_nothing_is_sent_or_lost_while_sending_is_switched_off(app: Flask, sink: Sink) -> None:
    put("kari@kommune.example")
    app.config["MAIL_SUPPRESS_SEND"] = True
    assert deliver(compose, worker_id=ME) == 0
    app.config["MAIL_SUPPRESS_SEND"] = False
    assert states() == [("kari@kommune.example", "queued", 0, None)]


def test_a_mail_with_its_content_is_sent_as_it_is_and_kept_without_its_links(sink: Sink) -> None:
    link = "http://127.0.0.1:5000/sign-in/" + "aB3-_" * 8 + "xyz"
    put("kari@kommune.example", content=Rendered("Logg inn", f"Her: {link}\n", f'<a href="{link}">Her</a>'))
    deliver(compose, worker_id=ME)
    assert link in sink.messages[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    kept = all_messages()[0]
    assert (kept.text, kept.html) == (
        "Her: http://127.0.0.1:5000/sign-in/…\n", '<a href="http://127.0.0.1:5000/sign-in/…">Her</a>',
    )  # fmt: skip


# --- refused ------------------------------------------------------------------------------------------------------------


def test_a_refused_recipient_fails_with_the_servers_words_and_stops_nobody(sink: Sink) -> None:
    sink.rcpt_answer = lambda address: "550 5.1.1 no such user here" if address.startswith("p2@") else None
    put(*addresses(3))
    deliver(compose, worker_id=ME)
    assert states() == [
        ("p1@kommune.example", "sent", 1, "250 2.0.0 kept as 1"),
        ("p2@kommune.example", "failed", 1, "550 5.1.1 no such user here"),
        ("p3@kommune.example", "sent", 1, "250 2.0.0 kept as 2"),
    ]
    assert (sink.sessions, sink.commands) == (1, ["MAIL", "MAIL", "RSET", "MAIL"])


def test_a_refused_content_fails_too(sink: Sink) -> None:
    sink.data_answer = lambda address: "554 5.7.1 spam" if address.startswith("p1@") else None
    put(*addresses(2))
    deliver(compose, worker_id=ME)
    assert states() == [
        ("p1@kommune.example", "failed", 1, "554 5.7.1 spam"),
        ("p2@kommune.example", "sent", 1, "250 2.0.0 kept as 1"),
    ]


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "450 4.2.1 mailbox busy", "452 4.2.2 full"])
def test_a_recipient_that_is_busy_is_tried_again_with_the_same_message_id_and_date(sink: Sink, answer: str) -> None:
    sink.data_answer = lambda address: answer if address.startswith("p1@") else None
    put(*addresses(2))
    deliver(compose, worker_id=ME)
    first = all_messages()[0]
    assert (first.state, first.attempts, first.answer) == (MailState.DEFERRED, 1, answer)
    assert timedelta(seconds=23) <= first.next_try_at - NOW <= WAIT
    sink.data_answer = lambda _address: None
    assert deliver(compose, worker_id=ME) == 0
    set_clock(NOW + WAIT)
    assert deliver(compose, worker_id=ME) == 1
    assert sink.recipients == ["p2@kommune.example", "p1@kommune.example"]
    assert message_ids(sink)[1] == f"<{first.message_id}>"
    assert {message["Date"] for message in sink.messages} == {"Mon, 18 Aug 2008 06:00:00 +0000"}


def test_a_server_that_says_goodbye_is_met_again_for_the_others(sink: Sink) -> None:
    sink.data_answer = lambda address: "421 4.7.0 closing" if address.startswith("p1@") else None
    put(*addresses(2))
    deliver(compose, worker_id=ME)
    assert states() == [
        ("p1@kommune.example", "deferred", 1, "421 4.7.0 closing"),
        ("p2@kommune.example", "sent", 1, "250 2.0.0 kept as 1"),
    ]
    assert sink.sessions == 2


def test_a_server_that_refuses_the_sender_fails_nobody(app: Flask, sink: Sink) -> None:
    sink.mail_answer = lambda _sender: "530 5.7.0 authentication required"
    put(*addresses(3))
    deliver(compose, worker_id=ME)
    assert states() == [
        ("p1@kommune.example", "deferred", 1, "530 5.7.0 authentication required"),
        ("p2@kommune.example", "queued", 0, None),
        ("p3@kommune.example", "queued", 0, None),
    ]


def test_after_48_hours_a_mail_is_given_up_in_words(sink: Sink) -> None:
    sink.data_answer = lambda _address: "451 4.3.0 later"
    put("kari@kommune.example")
    deliver(compose, worker_id=ME)
    set_clock(NOW + timedelta(hours=48, minutes=1))
    deliver(compose, worker_id=ME)
    assert states() == [("kari@kommune.example", "failed", 2, "451 4.3.0 later (given up after 48 hours)")]


def test_waits_grow_to_four_hours_and_never_beyond() -> None:
    waits = [next_wait(attempts, 1.0) for attempts in (1, 2, 3, 9, 10, 50)]
    assert waits == [timedelta(seconds=s) for s in (30, 60, 120, 7680, 14400, 14400)]


# --- away ---------------------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_is_noticed_once_and_costs_the_others_nothing(app: Flask) -> None:
    use_port(app, free_port())
    put(*addresses(4))
    assert deliver(compose, worker_id=ME) == 1
    assert [row[:3] for row in states()] == [
        ("p1@kommune.example", "deferred", 1),
        ("p2@kommune.example", "queued", 0),
        ("p3@kommune.example", "queued", 0),
        ("p4@kommune.example", "queued", 0),
    ]
    assert "refused" in str(states()[0][3])
    assert deliver(compose, worker_id=ME) == 0
    assert {message.worker_id for message in all_messages()} == {None}


def test_when_the_server_is_back_everything_goes(app: Flask) -> None:
    use_port(app, free_port())
    put(*addresses(4))
    deliver(compose, worker_id=ME)
    with sink_of(app) as sink:
        set_clock(NOW + WAIT)
        deliver(compose, worker_id=ME)
        assert sorted(sink.recipients) == addresses(4)


def test_a_server_that_hangs_is_left_after_its_time(app: Flask) -> None:
    with silent_server() as (port, connections):
        use_port(app, port)
        app.extensions["mail_timeouts"] = Timeouts(connect=0.3, command=0.3, after_dot=0.3)
        put(*addresses(3))
        deliver(compose, worker_id=ME)
        assert len(connections) == 1
    use_port(app, 2525)
    assert [row[1:3] for row in states()] == [("deferred", 1), ("queued", 0), ("queued", 0)]
    assert "timed out" in str(states()[0][3])


def test_one_mail_that_hangs_does_not_hold_up_the_others(app: Flask, sink: Sink) -> None:
    app.extensions["mail_timeouts"] = Timeouts(connect=5, command=5, after_dot=0.4)
    sink.pause = lambda address: 1.0 if address.startswith("p1@") else 0.0
    put(*addresses(3))
    deliver(compose, worker_id=ME)
    assert [row[1:3] for row in states()] == [("deferred", 1), ("sent", 1), ("sent", 1)]


@pytest.mark.parametrize("is_pipelined, second", [(False, ("sent", 1)), (True, ("deferred", 1))])
def test_a_connection_that_the_server_closed_between_two_mails_stops_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch, is_pipelined: bool, second: tuple[str, int]
) -> None:
    """Once the server has asked for the content nobody knows what it took: the mail is tried later."""
    put(*addresses(3))
    with sink_of(app, is_pipelined=is_pipelined) as sink:
        sink.hangs_up = True
        begin = Ledger.begin_turn

        def begin_late(ledger: Ledger, results: Sequence[Result], **more: Any) -> None:
            time.sleep(0.2)
            begin(ledger, results, **more)

        monkeypatch.setattr(Ledger, "begin_turn", begin_late)
        deliver(compose, worker_id=ME)
    assert [row[1:3] for row in states()] == [("sent", 1), second, ("sent", 1)]
    assert sink.sessions == 2


def test_without_the_tls_that_was_asked_for_nothing_is_said_in_clear(app: Flask, sink: Sink) -> None:
    app.config["MAIL_USE_TLS"] = True
    put("kari@kommune.example")
    deliver(compose, worker_id=ME)
    app.config["MAIL_USE_TLS"] = False
    assert (sink.recipients, sink.commands) == ([], [])
    assert [row[1:] for row in states()] == [("deferred", 1, "STARTTLS extension not supported by server.")]
