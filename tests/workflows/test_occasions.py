"""Reminders: planned once, moved with the run, fired once to whoever is coming then, and never too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.events.models import Event, Run
from eventsys.events.rules import ChangeKind, EventStatus, Precision, RunStatus
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Change, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import plan_all, tick, tick_until_idle
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workspace.mail.occasions import count_readers, list_lines
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING, at

WEEK_BEFORE, DAY_BEFORE = at("2008-08-25 09:00"), at("2008-08-29 12:00")


BEFORE = ("reminder", "practical")


def planned(run: Run, keys: Sequence[str] = BEFORE) -> list[tuple[str, int, datetime, str]]:
    """The occasions of a run by these rules: rule, generation, moment, state."""
    db.session.rollback()
    found = db.session.execute(
        sa.select(Rule.key, Occasion.generation, Occasion.due_at, Occasion.state)
        .join(Rule, Rule.id == Occasion.rule_id)
        .where(Occasion.run_id == run.id, Rule.key.in_(keys))
        .order_by(Rule.id, Occasion.generation)
    )
    return [(key, generation, due_at, state.value) for key, generation, due_at, state in found]


def plan(now: datetime = MORNING) -> int:
    with transaction() as session:
        return actions.plan(session, now=now)


def seminar(**columns: object) -> Run:
    """The learning seminar with its reminders planned."""
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)), **columns)
        actions.plan(session, now=MORNING)
    return run


def change_run(run: Run, now: datetime = MORNING, kind: ChangeKind = ChangeKind.RUN_CHANGED, **columns: object) -> None:
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == run.id).values(**columns))
        rows.change_event(session, run, kind, now=now)


# --- plan ---------------------------------------------------------------------------------------------------------------


def test_a_run_gets_its_two_reminders_and_planning_again_changes_nothing(app: Flask) -> None:
    run = seminar()
    expected = [("reminder", 0, WEEK_BEFORE, "planned"), ("practical", 0, DAY_BEFORE, "planned")]
    assert planned(run) == expected
    assert plan() == 0
    plan_all(app)
    assert planned(run) == expected


def test_a_run_with_days_alone_has_reminders_and_a_month_has_none(app: Flask) -> None:
    no_times = {"starts_local": None, "ends_local": None, "starts_at": None, "ends_at": None}
    run = seminar(**no_times, precision=Precision.DAYS)
    assert [row[2] for row in planned(run)] == [WEEK_BEFORE, DAY_BEFORE]
    change_run(run, precision=Precision.MONTH, first_on=date(2008, 9, 1), last_on=date(2008, 9, 30))
    tick(app)
    assert {row[3] for row in planned(run)} == {"dropped"}


def test_a_moved_run_moves_its_reminders(app: Flask, sink: Sink) -> None:
    run = seminar()
    change_run(run, **rows.days(date(2008, 9, 11), date(2008, 9, 12)))
    tick(app)
    assert planned(run) == [
        ("reminder", 0, at("2008-09-04 09:00"), "planned"),
        ("practical", 0, at("2008-09-10 12:00"), "planned"),
    ]


def test_what_fired_fires_again_only_when_the_run_moves_into_the_future(app: Flask, sink: Sink) -> None:
    run = seminar()
    with transaction() as session:
        rows.register(session, run, noticed=True)
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    later = WEEK_BEFORE + timedelta(hours=1)
    change_run(run, now=later, **rows.days(date(2008, 8, 29), date(2008, 8, 29)))
    tick_until_idle(app)
    assert [row[:3] for row in planned(run) if row[0] == "reminder"] == [("reminder", 0, WEEK_BEFORE)]
    change_run(run, now=later, **rows.days(date(2008, 9, 11), date(2008, 9, 12)))
    tick_until_idle(app)
    assert [row for row in planned(run) if row[0] == "reminder"] == [
        ("reminder", 0, WEEK_BEFORE, "fired"),
        ("reminder", 1, at("2008-09-04 09:00"), "planned"),
    ]
    rows.set_clock(at("2008-09-04 09:00"))
    tick_until_idle(app)
    assert [m["Subject"] for m in sink.messages if "snart" in m["Subject"]] == [
        "Læringsseminar 2, 1.–2. september: snart er det klart",
        "Læringsseminar 2, 11.–12. september: snart er det klart",
    ]


def test_a_cancelled_run_has_no_reminders(app: Flask, sink: Sink) -> None:
    run = seminar()
    change_run(run, kind=ChangeKind.RUN_CANCELLED, status=RunStatus.CANCELLED)
    tick(app)
    assert {row[3] for row in planned(run)} == {"dropped"}
    assert {occasion.why for occasion in db.session.scalars(sa.select(Occasion))} == {"the event was called off"}


def test_a_draft_has_no_reminders_until_it_is_published(app: Flask) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        event = rows.add_event(session, rows.add_organiser(session), status=EventStatus.DRAFT)
        run = rows.add_run(session, event)
        actions.plan(session, now=MORNING)
    assert planned(run) == []
    published_at = WEEK_BEFORE + timedelta(minutes=1)
    rows.set_clock(published_at)
    with transaction() as session:
        session.merge(event).status = EventStatus.PUBLISHED
        rows.change_event(session, run, ChangeKind.PUBLISHED, now=published_at)
    tick(app)
    # The moment of the first reminder was past when people could first know of the event: it is never made.
    assert planned(run) == [("practical", 0, DAY_BEFORE, "planned")]


def test_a_rule_switched_on_today_mails_nothing_of_yesterday(app: Flask) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        run = rows.add_run(session, rows.add_event(session, organiser))
        actions.add_default_rules(session, organiser_id=organiser.id, now=WEEK_BEFORE + timedelta(seconds=1))
        actions.plan(session, now=WEEK_BEFORE + timedelta(seconds=1))
    assert planned(run) == [("practical", 0, DAY_BEFORE, "planned")]


def test_the_shipped_rules_are_there_once(app: Flask) -> None:
    with transaction() as session:
        organiser = rows.add_organiser(session)
        actions.add_default_rules(session, organiser_id=organiser.id, now=MORNING)
    keys = db.session.scalars(sa.select(Rule.key).order_by(Rule.id)).all()
    assert keys == [
        "confirmed", "waiting", "promoted", "requested", "declined", "cancelled", "repeated", "readdressed",
        "offered", "lapsed", "moved", "moved_from", "changed", "named", "handed_over", "given_away", "restored",
        "delegation", "asked", "answered", "run_changed", "run_cancelled", "programme_changed",
        "materials_published", "invited", "invitation_nudged", "invitation_withdrawn", "nudge_early", "nudge",
        "last_chance", "unnamed_early", "unnamed", "reminder", "digest", "practical", "thanks",
    ]  # fmt: skip


def test_a_release_that_ships_more_rules_gives_them_to_organisers_that_have_some(app: Flask) -> None:
    with transaction() as session:
        old = rows.add_organiser(session)
        rows.add_organiser(session, slug="unio")
        rows.add_organiser(session, slug="installation", rules=False)
        session.execute(sa.delete(Rule).where(Rule.organiser_id == old.id, Rule.key.in_(["moved", "unnamed"])))
        gone = session.scalars(sa.select(Rule).where(Rule.organiser_id == old.id, Rule.key == "thanks")).one()
        gone.enabled_at, gone.removed_at = None, MORNING
    for expected in (2, 0):
        with transaction() as session:
            assert actions.add_missing_rules(session, now=MORNING) == expected
    added = sa.select(Rule.organiser_id, Rule.key).where(Rule.enabled_at == MORNING).order_by(Rule.key)
    assert [tuple(row) for row in db.session.execute(added)] == [(old.id, "moved"), (old.id, "unnamed")]


# --- fire ---------------------------------------------------------------------------------------------------------------


def test_a_reminder_goes_to_whoever_is_coming_at_that_moment(app: Flask, sink: Sink) -> None:
    run = seminar()
    with transaction() as session:
        rows.register(session, run, email="early@kommune.example", noticed=True)
        leaver = rows.register(session, run, email="leaver@kommune.example", noticed=True)
        for state in (State.WAITING, State.REQUESTED, State.DECLINED, State.CANCELLED):
            rows.register(session, run, email=f"{state.value}@kommune.example", state=state, noticed=True)
    rows.set_clock(WEEK_BEFORE - timedelta(seconds=5))
    assert tick(app) is False
    with transaction() as session:
        session.get_one(Registration, leaver.id).state = State.CANCELLED
        rows.register(session, run, email="late@kommune.example", noticed=True)
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    with transaction() as session:
        rows.register(session, run, email="too-late@kommune.example", noticed=True)
    tick_until_idle(app)
    assert sorted(sink.recipients) == ["early@kommune.example", "late@kommune.example"]
    assert planned(run)[0] == ("reminder", 0, WEEK_BEFORE, "fired")


def test_five_seats_on_one_address_are_one_mail_that_names_them_all(app: Flask, sink: Sink) -> None:
    run = seminar()
    with transaction() as session:
        for number in range(1, 6):
            rows.register(session, run, name=f"Delegat {number}", email="Post@vinje.example", noticed=True)
        rows.register(session, run, name="Ola", email="ola@kommune.example", noticed=True, language="nn")
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    assert sorted(sink.recipients) == ["Post@vinje.example", "ola@kommune.example"]
    single, several = sorted(sink.messages, key=lambda message: str(message["To"]))
    assert (several["To"], single["To"]) == ("Post@vinje.example", "Ola <ola@kommune.example>")
    text = several.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [text.count(f"- Delegat {number}: http://") for number in range(1, 6)] == [1] * 5
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MailCause)) == 6


def test_firing_again_adds_nothing(app: Flask) -> None:
    run = seminar()
    with transaction() as session:
        rows.register(session, run, noticed=True)
        rows.register(session, run, email="ola@kommune.example", noticed=True)
    for _ in range(2):
        with transaction() as session:
            session.execute(sa.update(Occasion).values(state="planned"))
            assert actions.expand(session, now=WEEK_BEFORE) == 1
    keys = db.session.scalars(sa.select(OutboxMessage.reason_key)).all()
    rule = db.session.scalar(sa.select(Rule.id).where(Rule.key == "reminder"))
    assert sorted(keys) == [f"rule/{rule}/{run.id}/0/{name}@kommune.example" for name in ("kari", "ola")]


@pytest.mark.parametrize(("late", "state"), [(timedelta(hours=23), "fired"), (timedelta(hours=25), "missed")])
def test_a_reminder_more_than_a_day_late_is_missed(app: Flask, sink: Sink, late: timedelta, state: str) -> None:
    run = seminar()
    with transaction() as session:
        rows.register(session, run, noticed=True)
    rows.set_clock(WEEK_BEFORE + late)
    tick_until_idle(app)
    assert planned(run)[0] == ("reminder", 0, WEEK_BEFORE, state)
    assert len(sink.recipients) == (1 if state == "fired" else 0)


def test_a_reminder_is_not_sent_after_the_event_has_begun(app: Flask, sink: Sink) -> None:
    run = seminar(**rows.days(date(2008, 8, 27), date(2008, 8, 28)))
    with transaction() as session:
        rows.register(session, run, noticed=True)
        session.execute(sa.update(Occasion).values(due_at=at("2008-08-27 09:59")))
    rows.set_clock(at("2008-08-27 10:00"))
    tick_until_idle(app)
    whys = db.session.execute(sa.select(Rule.key, Occasion.why).join(Rule, Rule.id == Occasion.rule_id)).all()
    assert dict(whys) == dict.fromkeys(BEFORE, "the event had begun") | {"thanks": "nobody was in the audience"}
    assert sink.recipients == []


def test_a_reminder_that_waited_is_looked_at_once_more_before_it_goes(app: Flask, sink: Sink) -> None:
    run = seminar()
    with transaction() as session:
        registration = rows.register(session, run, noticed=True)
        rows.register(session, run, email="ola@kommune.example", noticed=True)
    with transaction() as session:
        actions.expand(session, now=WEEK_BEFORE)
        rows.move(session, session.merge(registration), Change.CANCELLED, State.CANCELLED, now=WEEK_BEFORE)
    rows.set_clock(WEEK_BEFORE)
    tick_until_idle(app)
    assert sorted(zip(sink.recipients, (m["Subject"].rpartition(": ")[2] for m in sink.messages), strict=True)) == [
        ("kari@kommune.example", "du er avmeldt"),
        ("ola@kommune.example", "snart er det klart"),
    ]


def test_a_whole_week_at_once_sends_each_mail_once(app: Flask, sink: Sink) -> None:
    """The demo's clock is moved from moment to moment; a worker that was off catches up in one go."""
    run = seminar()
    with transaction() as session:
        for number in range(60):
            rows.register(session, run, email=f"p{number}@kommune.example", noticed=True)
    rows.set_clock(WEEK_BEFORE + timedelta(hours=2))
    tick_until_idle(app)
    rows.set_clock(DAY_BEFORE + timedelta(hours=2))
    tick_until_idle(app)
    assert sorted(sink.recipients) == sorted([f"p{number}@kommune.example" for number in range(60)] * 2)


# --- what an organiser sees -----------------------------------------------------------------------------------------------


def test_the_timeline_tells_what_went_and_what_will_go(app: Flask, sink: Sink) -> None:
    run = seminar()
    with transaction() as session:
        for address in ("a@kommune.example", "b@kommune.example", "b@kommune.example"):
            rows.register(session, run, email=address, noticed=True)
        rows.register(session, run, email="waiting@kommune.example", state=State.WAITING, noticed=True)
    rows.set_clock(WEEK_BEFORE)
    sink.rcpt_answer = lambda address: "550 no" if address.startswith("a@") else None
    tick_until_idle(app)
    event = db.session.get_one(Event, run.event_id)
    timeline = list_lines(db.session(), event, now=clock.now())
    assert [
        (line.rule.key, line.occasion.due_at, line.occasion.state.value, line.mails, line.sent, line.failed)
        for line in timeline
    ] == [
        ("reminder", WEEK_BEFORE, "fired", 2, 1, 1),
        ("practical", DAY_BEFORE, "planned", 0, 0, 0),
        ("thanks", at("2008-09-03 09:00"), "planned", 0, 0, 0),
    ]
    coming = count_readers(db.session(), event, [line.meant for line in timeline], on=date(2008, 8, 25))
    assert [coming[line.meant] for line in timeline[1:]] == [{"nb": 2}, {}]
