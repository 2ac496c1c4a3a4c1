"""Mail that is stopped waits in the outbox and goes when it is let go, if it still makes sense."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.events.models import Event, Run
from eventsys.events.rules import EventType
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import enqueue
from eventsys.mailing.rules import MailState
from eventsys.mailing.templates import Rendered
from eventsys.organisers.models import INSTALLATION, Organiser
from eventsys.workflows import pauses
from eventsys.workflows.actions import notice_changes, plan
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import Pause, Rule
from eventsys.workflows.rules import Audience, Trigger
from tests.mailing.sink import Sink
from tests.workflows.rows import MORNING, add_event, add_organiser, add_rule, add_run, at, register, set_clock


class Two:
    """Two events of one organiser, somebody confirmed at each, nothing mailed yet."""

    def __init__(self) -> None:
        with transaction() as session:
            organiser = add_organiser(session)
            self.runs = [add_run(session, add_event(session, organiser, title=title)) for title in ("Ene", "Andre")]
            for number, run in enumerate(self.runs, 1):
                register(session, run, name=f"Person {number}", email=f"person{number}@kommune.example")
        self.organiser_id = organiser.id

    @property
    def first(self) -> Run:
        return self.runs[0]


@pytest.fixture
def two(app: Flask, sink: Sink) -> Two:
    set_clock(MORNING)
    return Two()


def stop(organiser_id: int, **what: int) -> bool:
    with transaction() as session:
        return pauses.pause(session, organiser_id=organiser_id, **what, account_id=None, now=clock.now())


def let_go(organiser_id: int, **what: int) -> bool:
    with transaction() as session:
        return pauses.resume(session, organiser_id=organiser_id, **what)


def states() -> dict[str, list[MailState]]:
    """Of each address the states of its mails, oldest first."""
    db.session.rollback()
    found: dict[str, list[MailState]] = {}
    for email, state in db.session.execute(
        sa.select(OutboxMessage.email, OutboxMessage.state).order_by(OutboxMessage.id)
    ):
        found.setdefault(email.partition("@")[0], []).append(state)
    return found


def recipients(sink: Sink) -> list[str]:
    return sorted(address.partition("@")[0] for address in sink.recipients)


def test_a_stopped_events_mail_waits_and_anothers_goes(app: Flask, two: Two, sink: Sink) -> None:
    assert stop(two.organiser_id, event_id=two.first.event_id)
    tick_until_idle(app)
    assert states() == {"person1": [MailState.QUEUED], "person2": [MailState.SENT]}
    assert recipients(sink) == ["person2"]


def test_what_is_let_go_goes_once(app: Flask, two: Two, sink: Sink) -> None:
    stop(two.organiser_id, event_id=two.first.event_id)
    tick_until_idle(app)
    assert let_go(two.organiser_id, event_id=two.first.event_id)
    tick_until_idle(app)
    tick_until_idle(app)
    assert states() == {"person1": [MailState.SENT], "person2": [MailState.SENT]}
    assert recipients(sink) == ["person1", "person2"]


def test_the_reminder_of_what_began_meanwhile_is_not_sent_and_says_why(app: Flask, two: Two, sink: Sink) -> None:
    tick_until_idle(app)
    with transaction() as session:
        plan(session, now=MORNING)
    stop(two.organiser_id, event_id=two.first.event_id)
    set_clock(at("2008-08-25 09:00"))
    tick_until_idle(app)
    assert states() == {
        "person1": [MailState.SENT, MailState.QUEUED],
        "person2": [MailState.SENT, MailState.SENT],
    }
    set_clock(at("2008-09-01 11:00"))
    let_go(two.organiser_id, event_id=two.first.event_id)
    tick_until_idle(app)
    assert states()["person1"][:2] == [MailState.SENT, MailState.CANCELLED]
    reminder = sa.select(OutboxMessage.answer).where(
        OutboxMessage.template == "reminder", OutboxMessage.email == "person1@kommune.example"
    )
    assert db.session.scalars(reminder).one() == "the event had begun"


def test_a_stopped_rule_holds_its_own_mail_alone(app: Flask, two: Two, sink: Sink) -> None:
    with transaction() as session:
        rule = session.scalars(sa.select(Rule).where(Rule.key == "reminder")).one()
        plan(session, now=MORNING)
    stop(two.organiser_id, rule_id=rule.id)
    set_clock(at("2008-08-25 09:00"))
    tick_until_idle(app)
    assert states() == {name: [MailState.SENT, MailState.QUEUED] for name in ("person1", "person2")}
    let_go(two.organiser_id, rule_id=rule.id)
    tick_until_idle(app)
    assert states() == {name: [MailState.SENT, MailState.SENT] for name in ("person1", "person2")}


def test_a_stopped_rule_holds_those_that_take_its_place_nearer_by_and_none_beside_it(
    app: Flask, two: Two, sink: Sink
) -> None:
    first, second = two.runs
    with transaction() as session:
        organiser = session.get_one(Organiser, two.organiser_id)
        session.get_one(Event, second.event_id).type = EventType.CONFERENCE
        said = {"trigger": Trigger.CONFIRMED, "audience": Audience.CONCERNED, "template": "confirmed"}
        wide = session.scalars(sa.select(Rule).where(Rule.key == "confirmed")).one()
        of_type = add_rule(session, organiser, "confirmed", event_type=EventType.CONFERENCE, **said)
        of_event = {
            run: add_rule(session, organiser, "confirmed", event_id=run.event_id, **said) for run in (first, second)
        }
        reached = {
            wide.id: {wide.id, of_type.id, of_event[first].id, of_event[second].id},
            of_type.id: {of_type.id, of_event[second].id},
            of_event[first].id: {of_event[first].id},
        }
    for rule_id, expected in reached.items():
        stop(two.organiser_id, rule_id=rule_id)
        assert [row.rule_ids for row in pauses.list_pauses(db.session(), two.organiser_id)] == [expected]
        let_go(two.organiser_id, rule_id=rule_id)
    stop(two.organiser_id, rule_id=of_type.id)
    tick_until_idle(app)
    assert states() == {"person1": [MailState.SENT], "person2": [MailState.QUEUED]}
    let_go(two.organiser_id, rule_id=of_type.id)
    tick_until_idle(app)
    assert states() == {"person1": [MailState.SENT], "person2": [MailState.SENT]}


def test_an_organisers_pause_holds_its_own_mail_alone(app: Flask, two: Two, sink: Sink) -> None:
    with transaction() as session:
        other = add_organiser(session, slug="unio")
        register(session, add_run(session, add_event(session, other)), email="other@kommune.example")
    stop(two.organiser_id)
    tick_until_idle(app)
    assert states() == {"person1": [MailState.QUEUED], "person2": [MailState.QUEUED], "other": [MailState.SENT]}


def test_the_installations_pause_holds_everybodys_mail_but_links_to_sign_in_and_tests(
    app: Flask, two: Two, sink: Sink
) -> None:
    with transaction() as session:
        installation = add_organiser(session, slug=INSTALLATION, rules=False)
        for reason, template in (("sign-in/1", "sign_in"), ("test/1/2", "reminder"), ("other/1", "free")):
            enqueue(
                session, organiser_id=installation.id, reason_key=reason, template=template,
                email=f"{template}@kommune.example", name="", language="nb", due_at=MORNING, now=MORNING,
                content=Rendered("Emne", "Tekst", "<p>Tekst</p>"),
            )  # fmt: skip
    stop(installation.id)
    tick_until_idle(app)
    assert states() == {
        "sign_in": [MailState.SENT],
        "reminder": [MailState.SENT],
        "free": [MailState.QUEUED],
        "person1": [MailState.QUEUED],
        "person2": [MailState.QUEUED],
    }


def test_stopping_and_letting_go_twice_is_once(app: Flask, two: Two) -> None:
    event_id = two.first.event_id
    assert [stop(two.organiser_id, event_id=event_id) for _time in range(2)] == [True, False]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pause)) == 1
    assert [let_go(two.organiser_id, event_id=event_id) for _time in range(2)] == [True, False]
    assert pauses.held(db.session()) is None


def test_letting_one_go_leaves_the_others(app: Flask, two: Two) -> None:
    stop(two.organiser_id)
    stop(two.organiser_id, event_id=two.first.event_id)
    assert let_go(two.organiser_id)
    rows = pauses.list_pauses(db.session(), two.organiser_id)
    assert [(row.event_id, row.rule_id, row.of_everybody) for row in rows] == [(two.first.event_id, None, False)]


def test_what_another_organiser_has_cannot_be_stopped(app: Flask, two: Two) -> None:
    with transaction() as session:
        other = add_organiser(session, slug="unio")
    rule = db.session.scalars(sa.select(Rule.id).where(Rule.organiser_id == two.organiser_id)).first()
    assert rule is not None
    for what in ({"event_id": two.first.event_id}, {"rule_id": rule}):
        with pytest.raises(LookupError):
            stop(other.id, **what)
        stop(two.organiser_id, **what)
        assert not let_go(other.id, **what)
    assert pauses.list_pauses(db.session(), other.id) == []


def test_every_organiser_sees_what_stops_everybody(app: Flask, two: Two) -> None:
    with transaction() as session:
        installation = add_organiser(session, slug=INSTALLATION, rules=False)
    stop(installation.id)
    (row,) = pauses.list_pauses(db.session(), two.organiser_id)
    assert (row.of_everybody, row.by, MORNING <= row.since <= clock.now()) == (True, None, True)


def test_a_mail_stopped_for_two_days_has_all_its_tries_left(app: Flask, two: Two, sink: Sink) -> None:
    stop(two.organiser_id)
    with transaction() as session:
        notice_changes(session, now=MORNING)
    set_clock(MORNING + timedelta(days=3))
    tick_until_idle(app)
    assert states() == {"person1": [MailState.QUEUED], "person2": [MailState.QUEUED]}
    let_go(two.organiser_id)
    tick_until_idle(app)
    assert states() == {"person1": [MailState.SENT], "person2": [MailState.SENT]}


def test_the_commands_stop_and_let_go(app: Flask, two: Two) -> None:
    def command(*words: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["mail", *words])
        db.session.rollback()
        return result.exit_code, result.output.strip()

    assert command("pause") == (0, "The mail of everybody waits; let it go with: eventsys mail resume")
    assert command("pause") == (0, "The mail of everybody waited already; let it go with: eventsys mail resume")
    assert [row.of_everybody for row in pauses.list_pauses(db.session(), two.organiser_id)] == [True]
    assert command("resume") == (0, "The mail of everybody goes out again.")
    assert command("resume") == (0, "The mail of everybody was not stopped.")
    assert command("pause", "--organiser", "sekretariatet") == (
        0, "The mail of sekretariatet waits; let it go with: eventsys mail resume --organiser sekretariatet",
    )  # fmt: skip
    assert [row.organiser_id for row in pauses.list_pauses(db.session(), two.organiser_id)] == [two.organiser_id]
    code, said = command("pause", "--organiser", "nobody")
    assert (code, said) == (1, "Error: There is no organiser 'nobody'. There are: sekretariatet.")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organiser)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 2
