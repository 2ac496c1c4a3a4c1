"""The organisers' outbox with a million mails: `python -m bench.outbox`. Milliseconds of server time for each page."""

from __future__ import annotations

import statistics
import sys
import time
from urllib.parse import quote

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.queries import COOKIE_TOKEN
from eventsys.accounts.rules import MemberRole
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.workflows.models import Rule

MAILS = 1_000_000
FEW = 40
"""So many of each state that most mails are not in; the rest are sent."""
TIMES = 15
EVENTS = 20
LIMIT = 100.0

NUMBERS = {
    "postgresql": "SELECT n FROM generate_series(1, :mails) AS s(n)",
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :mails) SELECT n FROM s",
}
IDS = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
MOMENTS = {
    "postgresql": "TIMESTAMPTZ '2008-08-18 00:00+00' - n * INTERVAL '1 minute'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2008-08-18', '-' || n || ' minutes')",
}
MAIL = """
INSERT INTO outbox (public_id, organiser_id, reason_key, template, email, email_key, name, language, state, priority,
                    due_at, next_try_at, created_at, attempts, message_id, sent_at, subject, text, html, answer)
SELECT {id}, :organiser_id, 'bench/' || n, CASE WHEN n % 3 = 0 THEN 'reminder' ELSE 'confirmed' END,
       'person' || (n % 200000) || '@kommune.example', 'person' || (n % 200000) || '@kommune.example',
       'Person Nummer' || (n % 200000), 'nb',
       CASE WHEN n <= :few THEN 'failed' WHEN n <= 2 * :few THEN 'uncertain' WHEN n <= 3 * :few THEN 'deferred'
            WHEN n <= 50 * :few THEN 'queued' ELSE 'sent' END,
       1, {at}, {at}, {at}, 1, 'outbox-' || n, {at}, 'Snart er det klart', 'Hei', '<p>Hei</p>', '250 2.0.0 Ok'
FROM ({numbers}) AS numbers
"""
CAUSE = """
INSERT INTO mail_causes (outbox_id, organiser_id, event_id, rule_id)
SELECT id, organiser_id, :first_event + id % :events, :first_rule + id % 2 FROM outbox WHERE reason_key LIKE 'bench/%'
"""
PAGES = {
    "newest": "",
    "older": "?before=" + quote("2007-11-02T03:20:00+00:00~1"),
    "failed": "?state=failed",
    "sent": "?state=sent",
    "an address": "?q=person123456@kommune.example",
    "the beginning of addresses": "?q=person1",
    "nobody's address": "?q=nobody",
    "a name": "?q=nummer77",
    "an event": "?event={event}",
    "an event's sent": "?event={event}&state=sent",
    "an event's failed": "?event={event}&state=failed",
    "a rule": "?rule={rule}",
    "a text": "?text=reminder",
    "a text that few got": "?text=practical",
}


def measure_outbox(app: Flask) -> dict[str, float]:
    """Milliseconds of server time for each kind of page, the middle of some tries, by its name."""
    with app.app_context():
        event, rule = fill()
        client = sign_in(app)
    addresses = {name: f"/manage/mail{page.format(event=event, rule=rule)}" for name, page in PAGES.items()}
    addresses["health"] = "/manage/health"
    addresses["the first page"] = "/manage/"
    return {name: time_of(client, address) for name, address in addresses.items()}


def fill() -> tuple[str, int]:
    """The mails, made in the database; the address of one event and a rule that have a share of them."""
    dialect = db.engine.dialect.name
    facts = {"id": IDS[dialect], "at": MOMENTS[dialect], "numbers": NUMBERS[dialect]}
    with transaction() as session:
        organiser_id = session.scalar(sa.select(Organiser.id).where(Organiser.slug == "sekretariatet"))
        events = session.scalars(sa.select(Event).order_by(Event.id).limit(EVENTS)).all()
        rules = session.scalars(sa.select(Rule).order_by(Rule.id).limit(2)).all()
        session.execute(sa.text(MAIL.format(**facts)), {"organiser_id": organiser_id, "few": FEW, "mails": MAILS})
        ids = {"first_event": events[0].id, "events": len(events), "first_rule": rules[0].id}
        session.execute(sa.text(CAUSE), ids)
    if dialect == "postgresql":
        with transaction() as session:
            session.execute(sa.text("ANALYZE"))
            # A million rows are on their way to the disk: what is measured is the page, not that.
            session.execute(sa.text("CHECKPOINT"))
    return events[0].slug, rules[0].id


def sign_in(app: Flask, email: str = "bench@program.example", role: MemberRole = MemberRole.ORGANISER) -> FlaskClient:
    """A browser in which somebody of the organiser is signed in."""
    with transaction() as session:
        organiser_id = session.scalars(sa.select(Organiser.id).where(Organiser.slug == "sekretariatet")).one()
        account = accounts.add(
            session, email=email, key=email, name="Bench",
            organiser_id=organiser_id, role=role, language="nb", now=clock.real_now(),
        )  # fmt: skip
        token = accounts.sign_in(session, account, real_now=clock.real_now())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[COOKIE_TOKEN] = token
    return client


def time_of(client: FlaskClient, address: str, tries: int = TIMES) -> float:
    """The middle of some tries, in milliseconds; the first, which fills the caches, is not among them."""
    times = []
    for _try in range(tries + 1):
        begun = time.perf_counter()
        answer = client.get(address)
        times.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return statistics.median(times[1:])


def main() -> int:
    from bench.__main__ import prepare
    from bench.processes import DATABASES

    slow = 0
    for name, database in DATABASES.items():
        with database() as database_url:
            app, _world = prepare(database_url)
            for page, milliseconds in measure_outbox(app).items():
                slow += milliseconds >= LIMIT
                print(f"{name:<11} {page:<28} {milliseconds:7.1f} ms{'  TOO SLOW' if milliseconds >= LIMIT else ''}")
            with app.app_context():
                db.engine.dispose()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
