"""Delivery by itself: `python -m bench.mails`. Mails that stand in the outbox, to a sink, by one worker and by two."""

from __future__ import annotations

import argparse
import base64
import email
import json
import smtplib
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from email import policy

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from bench import processes
from bench.load import HOST, WrongAnswer
from eventsys import clock
from eventsys.events.models import Run
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Person
from eventsys.registrations.models import Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change, State
from eventsys.workflows.actions import has_unnoticed, notice_changes

MAILS = 5_000
PATIENCE = 20.0
TURNS = {"SQLite": (1, 1), "PostgreSQL": (1, 2, 2, 1)}
"""How many workers in turn on a database, so that a busy moment meets all alike."""
PARTS = [
    "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
]  # fmt: skip


def measure_mails(
    app: Flask, database_url: str, *, turns: Sequence[int], mails: int = MAILS
) -> Iterator[tuple[int, float, float]]:
    """For each turn its workers, mails a second by so many, and by `smtplib` alone in the same minute. Raises `WrongAnswer`.

    The mails are confirmations of registrations, with a calendar, each person's own, the same in all turns. They come
    into the outbox in one transaction when the workers are up; the time is the sink's, from the first mail to the last.
    """
    with app.app_context():
        forget_what_waits()
        first_id = put_confirmations(mails)
        forget_what_waits()
    for workers in turns:
        with processes.sink() as sink, ExitStack() as running:
            for _worker in range(workers):
                running.enter_context(processes.worker(processes.surroundings(database_url, MAIL_PORT=str(sink.port))))
            wait_for_workers(app, workers)
            with app.app_context():
                put_back(first_id)
            wait_until_sent(app, mails, first_id)
            running.close()
            told = json.loads(sink.end())
        sample = base64.b64decode(told["sample"])
        check(app, told, sample, mails, first_id)
        yield workers, (mails - 1) / told["seconds"], send_ready(sample, mails)


def forget_what_waits() -> None:
    """As if everything until now had been mailed."""
    with transaction() as session:
        noticed = sa.update(RegistrationChange).where(RegistrationChange.noticed_at.is_(None))
        session.execute(noticed.values(noticed_at=RegistrationChange.at).execution_options(synchronize_session=False))
        waiting = sa.update(OutboxMessage).where(OutboxMessage.state.in_([MailState.QUEUED, MailState.DEFERRED]))
        session.execute(waiting.values(state=MailState.CANCELLED).execution_options(synchronize_session=False))


def put_confirmations(mails: int) -> int:
    """So many people have signed up, and each has a mail in the outbox; the id of the first."""
    with transaction() as session:
        before = session.scalar(sa.select(sa.func.max(OutboxMessage.id))) or 0
        _sign_up(session, mails)
        while has_unnoticed(session):
            notice_changes(session, now=clock.now())
    return before + 1


def put_back(first_id: int) -> None:
    """The mails from this one on, as nobody has sent them."""
    never = dict.fromkeys(
        (
            "dated_at",
            "began_at",
            "sent_at",
            "worker_id",
            "leased_until",
            "subject",
            "text",
            "html",
            "calendar",
            "answer",
        )
    )
    again = sa.update(OutboxMessage).where(OutboxMessage.id >= first_id)
    with transaction() as session:
        session.execute(again.values(state=MailState.QUEUED, attempts=0, **never))


def _sign_up(session: Session, mails: int) -> None:
    """Rows as `register` makes them, without its decisions: there is room for all."""
    run = session.scalars(sa.select(Run).order_by(Run.id).limit(1)).one()
    people, now = list(_people(mails)), clock.now()
    keys = [address for _name, address in people]
    session.execute(
        sa.insert(Person),
        [{"public_id": uuid.uuid4(), "email_key": key, "name_key": key, "created_at": now} for key in keys],
    )
    ids = dict(session.execute(sa.select(Person.email_key, Person.id).where(Person.email_key.like("mottaker-%"))).all())
    common = {"organiser_id": run.organiser_id, "event_id": run.event_id, "run_id": run.id, "link_version": 0}
    times = {"state": State.CONFIRMED, "priority": 0, "queued_at": now, "created_at": now}
    rows = [
        {**common, **times, "public_id": uuid.uuid4(), "person_id": ids[key], "name": name, "email": key,
         "email_key": key, "form_token": uuid.uuid4().hex}
        for name, key in people
    ]  # fmt: skip
    registered = sa.insert(Registration).returning(Registration.id, sort_by_parameter_order=True)
    numbers = session.scalars(registered, rows).all()
    change = {"change": Change.REGISTERED, "at": now, "actor": Actor.PARTICIPANT, "to_state": State.CONFIRMED}
    session.execute(sa.insert(RegistrationChange), [{**change, "registration_id": number} for number in numbers])
    session.flush()


def _people(mails: int) -> Iterator[tuple[str, str]]:
    mark = uuid.uuid4().hex[:8]
    for number in range(mails):
        yield f"Åse Mottaker{number}", f"mottaker-{mark}-{number}@kommune.example"


def wait_for_workers(app: Flask, workers: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with app.app_context():
            if db.session.scalar(sa.select(sa.func.count()).select_from(Worker)) == workers:
                return
        time.sleep(0.1)
    raise WrongAnswer(f"{workers} workers did not start in {PATIENCE:.0f} seconds")


def wait_until_sent(app: Flask, wanted: int, first_id: int) -> None:
    """However long it takes, as long as it goes on."""
    sent = sa.select(sa.func.count()).where(OutboxMessage.state == MailState.SENT, OutboxMessage.id >= first_id)
    found, silent_at = 0, time.monotonic() + PATIENCE
    while found < wanted and time.monotonic() < silent_at:
        time.sleep(0.5)
        before = found
        with app.app_context():
            found = db.session.scalar(sent) or 0
        silent_at = silent_at if found == before else time.monotonic() + PATIENCE
    if found < wanted:
        raise WrongAnswer(f"{found} of {wanted} mails were sent, and then none for {PATIENCE:.0f} seconds")


def check(app: Flask, told: dict[str, int], sample: bytes, wanted: int, first_id: int) -> None:
    """Every mail once, and each a whole one of its own."""
    if (told["mails"], told["distinct"]) != (wanted, wanted):
        raise WrongAnswer(f"of {wanted} mails the sink got {told['mails']}, {told['distinct']} different ones")
    parts = [part.get_content_type() for part in email.message_from_bytes(sample, policy=policy.default).walk()]
    if parts != PARTS:
        raise WrongAnswer(f"a mail has other parts: {parts}")
    own = sa.and_(OutboxMessage.html.contains(OutboxMessage.name), OutboxMessage.calendar.contains(OutboxMessage.email))
    with app.app_context():
        kept = db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.id >= first_id, own))
    if kept != wanted:
        raise WrongAnswer(f"of {wanted} mails {kept} are kept with their reader's name and calendar")


def send_ready(message: bytes, mails: int) -> float:
    """Mails a second by `smtplib` alone: the same bytes again and again over one connection."""
    with processes.sink() as sink, smtplib.SMTP(HOST, sink.port) as line:
        start = time.perf_counter()
        for number in range(mails):
            line.sendmail("post@program.example", f"person{number}@kommune.example", message)
        return mails / (time.perf_counter() - start)


def main() -> int:
    from bench.__main__ import prepare
    from bench.processes import DATABASES

    parser = argparse.ArgumentParser(prog="python -m bench.mails", description=__doc__)
    parser.add_argument("--only", choices=DATABASES, help="one database")
    parser.add_argument("--mails", type=int, default=MAILS)
    asked = parser.parse_args()
    for name in [asked.only] if asked.only else list(DATABASES):
        with DATABASES[name]() as database_url:
            app, _world = prepare(database_url)
            for workers, rate, ready in measure_mails(app, database_url, mails=asked.mails, turns=TURNS[name]):
                print(f"{name}, workers: {workers}: {rate:.0f}/s; smtplib alone {ready:.0f}/s; {rate / ready:.0%}")
            with app.app_context():
                db.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
