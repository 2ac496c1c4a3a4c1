"""`eventsys mail …`: how the outbox stands, and another try."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db
from eventsys.mailing.delivery import deliver
from eventsys.mailing.models import OutboxMessage
from tests.mailing.messages import ME, NOW, compose, put, set_clock
from tests.mailing.sink import Sink


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """The exit code and the last line."""
    result = app.test_cli_runner().invoke(args=["mail", *arguments])
    return result.exit_code, result.output.strip().splitlines()[-1]


def test_the_status_counts_the_mails_by_state(app: Flask, sink: Sink) -> None:
    set_clock(NOW)
    sink.rcpt_answer = lambda address: "550 no" if address.startswith("p1@") else None
    put("p1@kommune.example", "p2@kommune.example")
    deliver(compose, worker_id=ME)
    result = app.test_cli_runner().invoke(args=["mail", "status"])
    assert [line.split() for line in result.output.splitlines()] == [
        ["queued", "0"], ["sending", "0"], ["sent", "1"], ["deferred", "0"], ["failed", "1"], ["cancelled", "0"],
        ["suppressed", "0"], ["uncertain", "0"], ["2", "mails", "in", "the", "outbox;", "none", "is", "due."],
    ]  # fmt: skip


def test_what_failed_is_due_again_and_what_was_sent_is_not(app: Flask, sink: Sink) -> None:
    set_clock(NOW)
    sink.rcpt_answer = lambda address: "550 no" if address.startswith("p1@") else None
    failed, sent = put("p1@kommune.example", "p2@kommune.example")
    deliver(compose, worker_id=ME)
    assert run(app, "retry", "--id", str(sent)) == (
        1, f"Error: Mail {sent} cannot be tried again: there is none, or it is sent or under way.",
    )  # fmt: skip
    assert run(app, "retry", "--all-failed") == (0, "1 mails are due now; 0 cannot be tried again.")
    db.session.rollback()
    assert db.session.scalar(sa.select(OutboxMessage.state).where(OutboxMessage.id == failed)) == "queued"
    assert run(app, "retry") == (2, "Error: Say which: --id NUMBER or --all-failed.")
