"""From the call of November 2006 to the third seminar: in time, with the day's 431 municipalities, mailed for real."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account
from eventsys.audiences.rules import Clause, Condition, Kind, Reach
from eventsys.demo.build import DATA
from eventsys.demo.history import story
from eventsys.demo.history.calls import By, apply, send, send_letters, write
from eventsys.demo.history.municipalities import add_those_of_2006, merge
from eventsys.demo.people import SIDES
from eventsys.events import actions as events
from eventsys.events.models import Event, Run
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.events.series.actions import add_series
from eventsys.extensions import db, transaction
from eventsys.invitations.actions import RoundFacts, plan_round, send_round
from eventsys.invitations.models import Invitation
from eventsys.mailing.models import OutboxMessage
from eventsys.obligations import actions as obligations
from eventsys.obligations.actions import ObligationFacts
from eventsys.obligations.queries import list_cells, list_obligations
from eventsys.obligations.rules import Standing
from eventsys.organisations.imports import read_municipalities
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import language_of
from eventsys.organisers import actions as organisers
from eventsys.programmes import actions as programmes
from eventsys.programmes.applications import actions as applications
from eventsys.programmes.applications.rules import ApplicationState, CannotBeDone, IsTooLate
from eventsys.programmes.calls.rules import IntakeFacts
from eventsys.programmes.intake import actions as intake
from eventsys.programmes.intake.rules import NoRoom, Outcome, Ruling
from eventsys.programmes.models import Application, Call, CallRecipient, CohortMembership, Intake, Programme
from eventsys.registrations.actions import register_delegation
from eventsys.registrations.attendance.actions import record_attendance
from eventsys.registrations.rules import NewDelegation, NewSeat
from eventsys.workflows.actions import add_default_rules
from eventsys.workflows.jobs import tick_until_idle
from tests.accounts.people import add_account, sign_in
from tests.mailing.sink import Sink, parse, sink_of
from tests.workflows.rows import set_clock
from tests.world import BASE_URL

APPLY, PLACES = 97, 50
MORNING = datetime(2006, 11, 6, 8, tzinfo=UTC)
DECIDED_AT = datetime(2007, 3, 28, 9, tzinfo=UTC)
BECAME, STAYS_AWAY = "1503", 1


@dataclass
class Story:
    """What one step leaves for the next, as ids."""

    app: Flask
    sink: Sink
    random: Random = field(default_factory=lambda: Random(2006))
    organiser: int = 0
    account: int = 0
    programme: int = 0
    cohort: int = 0
    call: int = 0
    intake: int = 0
    series: int = 0

    def tick(self, now: datetime) -> list[tuple[str, EmailMessage]]:
        """The clock is set and the worker is let loose; the mails that came of it."""
        before = len(self.sink.raw)
        set_clock(now)
        tick_until_idle(self.app)
        db.session.rollback()
        db.session.expire_all()
        return [(recipient, parse(content)) for recipient, content in self.sink.raw[before:]]

    def by(self) -> By:
        return By(db.session.get_one(Programme, self.programme), self.account)


@pytest.fixture
def told(app: Flask) -> Iterator[Story]:
    with sink_of(app) as sink:
        yield Story(app, sink)


def set_the_scene(told: Story) -> None:
    set_clock(MORNING)
    rows, bad = read_municipalities((DATA / "municipalities-2008.csv").read_bytes())
    assert not bad
    with transaction() as session:
        organiser = organisers.add(session, slug="sekretariatet", name="Sekretariatet", email="post@program.example")
        add_default_rules(session, organiser_id=organiser.id, now=MORNING)
        add_those_of_2006(session, told.random, rows)
        programme = programmes.add_programme(
            session, organiser_id=organiser.id, slug="program", name={"nb": "Programmet"}
        )
        told.cohort = programmes.add_cohort(
            session, programme_id=programme.id, slug="pulje-i", ordinal=1, name={"nb": "Pulje I"}, ceiling=PLACES
        ).id
        told.organiser, told.programme = organiser.id, programme.id
    told.account = add_account("solveig@program.example", told.organiser).id


def send_the_call(told: Story) -> None:
    """To that day's 431 municipalities, each in its form, with two attachments; and its copies."""
    with transaction() as session:
        facts = IntakeFacts(1, story.INTAKES[0][0], PLACES, 12, told.cohort, date(2007, 3, 28), date(2007, 3, 28))
        call = send(
            session, told.by(), [facts], title=story.TITLE, case_number=story.CASE, closes_local=story.CLOSES_LOCAL,
            now=MORNING,
        )  # fmt: skip
        told.call = call.id
        told.intake = session.scalars(sa.select(Intake.id)).one()
    came = told.tick(MORNING)
    recipients = list(db.session.scalars(sa.select(CallRecipient)))
    letters = {address: mail for address, mail in came if not address.startswith("kopi@")}
    assert (len(recipients), len(letters), len(came)) == (431, 431, 431 + len(story.COPIES))
    for one in recipients:
        assert letters[one.email]["Content-Language"] == language_of(one.form, "nb")
    for address, mail in came:
        files = [part.get_filename() for part in mail.iter_attachments() if part.get_filename()]
        assert files == [name for name, _text in story.PAPERS], address


def let_them_apply(told: Story) -> None:
    """97 in time, of whom one at the last second and two together; one a second late."""
    with transaction() as session:
        call = session.get_one(Call, told.call)
        everybody = list(session.scalars(sa.select(Organisation).order_by(Organisation.number)))
        first = next(one for one in everybody if one.number == BECAME)
        others = told.random.sample([one for one in everybody if one.number not in (BECAME, "1556")], APPLY)
        apply(session, told.random, call, [first, *others[: APPLY - 2]], since=MORNING)
        for municipality, moment in ((others[-2], timedelta(seconds=-1)), (others[-1], timedelta(0))):
            _write_and_send(told, session, call, municipality, call.closes_at + moment)
    found = Counter(db.session.scalars(sa.select(Application.state)))
    assert found == {ApplicationState.SENT: APPLY, ApplicationState.DRAFT: 1}
    receipts = [mail for _address, mail in told.tick(datetime(2007, 2, 15, 14, 5, tzinfo=UTC))]
    assert len({mail["To"] for mail in receipts}) >= APPLY


def _write_and_send(told: Story, session: Session, call: Call, municipality: Organisation, at: datetime) -> None:
    """Two of the municipality begin at once, and are in one application; sending it a second late is refused."""
    recipient = session.scalars(
        sa.select(CallRecipient).filter_by(call_id=call.id, organisation_id=municipality.id)
    ).one()
    early = call.closes_at - timedelta(days=3)
    members = [
        applications.begin(
            session, call, municipality.id, recipient=recipient, name=name, email=f"{name.split()[0].lower()}@k.example",
            language="nb", now=early,
        )
        for name in ("Kari Nordmoen", "Ola Sørmoen")
    ]  # fmt: skip
    assert len({member.application_id for member in members}) == 1
    application = session.get_one(Application, members[0].application_id)
    write(session, told.random, application, members[0], early)
    if at < call.closes_at:
        applications.send(session, application, members[1], now=at)
    else:
        with pytest.raises((IsTooLate, CannotBeDone)):
            applications.send(session, application, members[1], now=at)


def decide_at_the_same_moment(told: Story) -> None:
    """Two who each admit thirty of fifty: one is refused, and then the rest is filled to the last place."""
    ids = list(
        db.session.scalars(
            sa.select(Application.id).where(Application.state == ApplicationState.SENT).order_by(Application.id)
        )
    )
    set_clock(DECIDED_AT)
    refusals = _race(told, [ids[:30], ids[30:60]])
    assert (len(refusals), refusals[0]) == (1, 20)
    db.session.rollback()
    left = list(db.session.scalars(sa.select(Application.id).where(Application.id.in_(ids)).where(
        Application.state == ApplicationState.SENT)))  # fmt: skip
    _decide(told, left[:20])
    with pytest.raises(NoRoom):
        _decide(told, left[20:21])
    admitted = sa.select(sa.func.count()).where(Application.state == ApplicationState.ADMITTED)
    members = sa.select(sa.func.count()).select_from(CohortMembership)
    assert (db.session.scalar(admitted), db.session.scalar(members)) == (PLACES, PLACES)


def _race(told: Story, batches: list[list[int]]) -> list[int]:
    """How many places were left, to each who was refused."""
    start, refused = threading.Barrier(len(batches)), []

    def decide(batch: list[int]) -> None:
        with told.app.app_context():
            start.wait()
            try:
                _decide(told, batch)
            except NoRoom as refusal:
                refused.append(refusal.left)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=decide, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def _decide(told: Story, batch: list[int]) -> None:
    rulings = {number: Ruling(Outcome.ADMITTED, ApplicationState.SENT) for number in batch}
    with transaction() as session:
        row = session.get_one(Intake, told.intake)
        intake.decide(session, row, rulings, account_id=told.account, now=DECIDED_AT)


def send_the_letters(told: Story) -> None:
    """Fifty, each to its mailbox in its form, with the case's number."""
    with transaction() as session:
        send_letters(session, told.by(), session.get_one(Call, told.call), now=DECIDED_AT)
    came = told.tick(DECIDED_AT + timedelta(days=1))
    admitted = sa.select(CallRecipient).join(Application, Application.recipient_id == CallRecipient.id).where(
        Application.state == ApplicationState.ADMITTED)  # fmt: skip
    mailboxes = {one.email: one for one in db.session.scalars(admitted)}
    letters = {address: mail for address, mail in came if address in mailboxes}
    assert len(letters) == PLACES
    for address, mail in letters.items():
        assert mail["Content-Language"] == language_of(mailboxes[address].form, "nb")
        assert story.CASE in (mail.get_body(("plain",)) or mail).get_content()
    numbers = db.session.scalars(
        sa.select(Application.case_number).where(Application.state == ApplicationState.ADMITTED)
    )
    assert len(set(numbers)) == PLACES


def invite_to_the_kickoff(told: Story) -> None:
    """Those fifty and no one else."""
    now = datetime(2007, 3, 30, 8, tzinfo=UTC)
    with transaction() as session:
        event = _arrange(told, session, EventType.KICKOFF, "Oppstart", None, date(2007, 4, 16), now)
        clause = Clause(conditions=(Condition(kind=Kind.COHORT, ids=(told.cohort,)),), reach=Reach.MAILBOXES)
        send_round(session, plan_round(session, event, RoundFacts(clauses=(clause,)), now=now), now=now)
    came = told.tick(now)
    members = set(db.session.scalars(
        sa.select(Organisation.email).join(CohortMembership, CohortMembership.organisation_id == Organisation.id)
    ))  # fmt: skip
    invited = set(db.session.scalars(sa.select(Invitation.email)))
    assert len(members) == PLACES
    assert invited == members == {address for address, _mail in came}


def _arrange(
    told: Story, session: Session, type_: EventType, title: str, ordinal: int | None, day: date, now: datetime
) -> Event:
    event = events.create(
        session, organiser_id=told.organiser,
        facts=EventFacts(
            type_, {"nb": title, "nn": title}, ordinal=ordinal, programme_id=told.programme,
            series_id=told.series if ordinal else None, closes_on=day - timedelta(days=10),
        ),
        clauses=[ClauseFacts(ClauseKind.COHORT, cohort_id=told.cohort)],
        runs=[RunFacts(Precision.EXACT, day, day, time(10), time(15))], base_url=BASE_URL, now=now,
    )  # fmt: skip
    events.publish(session, event, now=now)
    return event


def hold_two_seminars(told: Story) -> None:
    """One stays away from the first; before the second two municipalities become one."""
    with transaction() as session:
        told.series = add_series(
            session, organiser_id=told.organiser, name={"nb": "Læringsseminar"}, programme_id=told.programme,
            cohort_id=told.cohort, now=DECIDED_AT,
        ).id  # fmt: skip
        facts = ObligationFacts(
            told.cohort, told.series, None, {"nb": "Tre seminarer"}, 3, date(2007, 4, 1), date(2008, 12, 31)
        )
        obligations.create(session, organiser_id=told.organiser, facts=facts, sides=SIDES, now=DECIDED_AT)
    _hold(told, 1, date(2007, 9, 10), stay_away=STAYS_AWAY)
    with transaction() as session:
        merge(session)
    set_clock(story.MERGED_AT)
    _hold(told, 2, date(2008, 3, 10), stay_away=0)


def _members() -> list[Organisation]:
    now_in = CohortMembership.to_on.is_(None)
    statement = sa.select(Organisation).join(CohortMembership, CohortMembership.organisation_id == Organisation.id)
    return list(db.session.scalars(statement.where(now_in).order_by(Organisation.sort_key)))


def _hold(told: Story, ordinal: int, day: date, *, stay_away: int) -> None:
    announced = datetime.combine(day - timedelta(days=60), time(8), UTC)
    with transaction() as session:
        event = _arrange(
            told, session, EventType.LEARNING_SEMINAR, f"Læringsseminar {ordinal}", ordinal, day, announced
        )
        run = session.scalars(sa.select(Run).where(Run.event_id == event.id)).one()
        for one in _members()[stay_away:]:
            _sign_up(session, run, one, announced)
    told.tick(announced)
    with transaction() as session:
        record_attendance(
            session, session.get_one(Run, run.id), absent_ids=[], account_id=told.account,
            now=datetime.combine(day, time(16), UTC),
        )  # fmt: skip


def _sign_up(session: Session, run: Run, municipality: Organisation, now: datetime) -> None:
    email = f"melder@{municipality.number}.example"
    seats = tuple(
        NewSeat(side, f"Person {side.value}", f"{side.value}@{municipality.number}.example") for side in SIDES
    )
    form = NewDelegation(
        run_id=run.id, second_run_id=None, organisation_id=municipality.id, name="Kari Melder", email=email,
        language=None, seats=seats, form_token=f"{run.id}-{municipality.id}",
    )  # fmt: skip
    register_delegation(session, form, now=now)


def warn_in_time(told: Story) -> None:
    """At the third seminar whoever stayed away once must come; the warning goes a week before the deadline."""
    day = date(2008, 9, 8)
    closes_on = day - timedelta(days=10)
    announced = datetime(2008, 6, 16, 8, tzinfo=UTC)
    with transaction() as session:
        event = _arrange(told, session, EventType.LEARNING_SEMINAR, "Læringsseminar 3", 3, day, announced)
        run = session.scalars(sa.select(Run).where(Run.event_id == event.id)).one()
        for one in _members()[:-1]:
            _sign_up(session, run, one, announced)
    told.tick(announced)
    late = _members()[-1]
    came = [address for before in (15, 22) for address, _mail in told.tick(datetime(2008, 8, before, 8, tzinfo=UTC))]
    assert late.email in came
    of_chance = sa.select(OutboxMessage.email, OutboxMessage.sent_at).where(OutboxMessage.template == "last_chance")
    warned = db.session.execute(of_chance).all()
    assert [address for address, _at in warned] == [late.email]
    assert all(at is not None and at.date() < closes_on for _address, at in warned)
    with transaction() as session:
        record_attendance(
            session, session.get_one(Run, run.id), absent_ids=[], account_id=told.account,
            now=datetime(2008, 9, 8, 15, tzinfo=UTC),
        )  # fmt: skip


def look_at_the_matrix(told: Story, client: FlaskClient) -> None:
    """Who kept the promise: all but the one that stayed away first and the one that never came to the third."""
    now = datetime(2008, 9, 10, 8, tzinfo=UTC)
    told.tick(now)
    members = _members()
    (promised,) = list_cells(db.session(), list_obligations(db.session()), on=now.date())
    standings = {one: [cell.standing if cell else None for cell in promised.rows[one.id]] for one in members}
    met, missed = Standing.MET, Standing.MISSED
    assert standings[members[0]] == [missed, met, met]
    assert standings[members[-1]] == [met, met, missed]
    assert all(found == [met, met, met] for one, found in standings.items() if one not in (members[0], members[-1]))
    assert "1505" in {one.number for one in members}
    assert len(members) == PLACES
    sign_in(client, db.session.get_one(Account, told.account))
    page = client.get("/manage/programmes/program/matrix?lang=en")
    assert page.status_code == 200
    assert all(one.label in page.get_data(as_text=True) for one in members)


def test_from_the_call_to_the_third_seminar(told: Story, client: FlaskClient) -> None:
    set_the_scene(told)
    send_the_call(told)
    let_them_apply(told)
    decide_at_the_same_moment(told)
    send_the_letters(told)
    invite_to_the_kickoff(told)
    hold_two_seminars(told)
    warn_in_time(told)
    look_at_the_matrix(told, client)
