"""What changes of registrations and of events are made into, from the row of history to the mail server."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import EventChange
from eventsys.events.rules import ChangeKind, EventStatus, RunStatus
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.rules import LanguageForm
from eventsys.registrations.models import RegistrationChange
from eventsys.registrations.rules import Actor, Change, State
from eventsys.workflows import actions
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Audience, Trigger
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING


def subjects(sink: Sink) -> list[tuple[str, str]]:
    return sorted((to, message["Subject"]) for to, message in zip(sink.recipients, sink.messages, strict=True))


def states() -> list[tuple[str, str, str | None]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(message.template, message.state.value, message.answer) for message in found]


def test_each_kind_of_change_is_one_mail(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session)
        run = rows.add_run(session, rows.add_event(session, organiser))
        rows.register(session, run, email="a@kommune.example")
        rows.register(session, run, email="b@kommune.example", state=State.WAITING)
        rows.register(session, run, email="c@kommune.example", state=State.REQUESTED)
        for address, what, before, after in (
            ("d", Change.PROMOTED, State.WAITING, State.CONFIRMED),
            ("e", Change.ACCEPTED, State.REQUESTED, State.CONFIRMED),
            ("f", Change.DECLINED, State.REQUESTED, State.DECLINED),
            ("g", Change.CANCELLED, State.CONFIRMED, State.CANCELLED),
            ("h", Change.REPEATED, State.CONFIRMED, State.CONFIRMED),
            ("i", Change.READDRESSED, State.CONFIRMED, State.CONFIRMED),
        ):
            registration = rows.register(session, run, email=f"{address}@kommune.example", state=before, noticed=True)
            rows.move(session, registration, what, after)
    assert tick_until_idle(app) == 1
    start = "Læringsseminar 2, 1.–2. september: "
    assert subjects(sink) == [
        ("a@kommune.example", start + "plassen er bekreftet"),
        ("b@kommune.example", start + "du står på venteliste"),
        ("c@kommune.example", start + "arrangøren svarer snart"),
        ("d@kommune.example", start + "du har fått plass"),
        ("e@kommune.example", start + "plassen er bekreftet"),
        ("f@kommune.example", start + "det ble ikke plass"),
        ("g@kommune.example", start + "du er avmeldt"),
        ("h@kommune.example", start + "du er allerede påmeldt"),
        ("i@kommune.example", start + "ny lenke til påmeldingen"),
    ]
    assert tick_until_idle(app) == 0
    assert sink.messages[0]["Date"].startswith("Mon, 18 Aug 2008 06:00")


def test_noticing_again_adds_nothing(app: Flask) -> None:
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        rows.register(session, run)
        assert actions.notice_changes(session, now=MORNING) == 1
    with transaction() as session:
        assert actions.notice_changes(session, now=MORNING) == 0
        session.execute(sa.update(RegistrationChange).values(noticed_at=None))
    with transaction() as session:
        assert actions.notice_changes(session, now=MORNING) == 1
    assert states() == [("confirmed", "queued", None)]


def test_a_rule_says_nothing_about_what_happened_before_it_was_switched_on(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        run = rows.add_run(session, rows.add_event(session, organiser))
        rows.register(session, run, now=MORNING - timedelta(minutes=1))
        actions.add_default_rules(session, organiser_id=organiser.id, now=MORNING)
        rows.register(session, run, email="ola@kommune.example")
    tick_until_idle(app)
    assert sink.recipients == ["ola@kommune.example"]


def test_a_rule_that_is_off_mails_nothing(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        session.execute(sa.update(Rule).where(Rule.key == "confirmed").values(enabled_at=None))
        rows.register(session, run)
    tick_until_idle(app)
    assert sink.recipients == []
    assert db.session.scalars(sa.select(RegistrationChange.noticed_at)).all() != [None]


def test_the_language_is_the_persons_else_the_organisations_else_the_organisers(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session, language="en")))
        nynorsk = rows.add_organisation(session, "Vinje", form=LanguageForm.NYNORSK)
        neutral = rows.add_organisation(session, "Bø (Telemark)", form=LanguageForm.NEUTRAL)
        rows.register(session, run, email="a@kommune.example", language="nb", organisation=nynorsk)
        rows.register(session, run, email="b@kommune.example", language=None, organisation=nynorsk)
        rows.register(session, run, email="c@kommune.example", language=None, organisation=neutral)
        rows.register(session, run, email="d@kommune.example", language=None)
    tick_until_idle(app)
    assert subjects(sink) == [
        ("a@kommune.example", "Læringsseminar 2, 1.–2. september: plassen er bekreftet"),
        ("b@kommune.example", "Læringsseminar 2, 1.–2. september: plassen er stadfesta"),
        ("c@kommune.example", "Læringsseminar 2, 1–2 September: your place is confirmed"),
        ("d@kommune.example", "Læringsseminar 2, 1–2 September: your place is confirmed"),
    ]
    assert [message["Content-Language"] for message in sink.messages] == ["nb", "nn", "en", "en"]


def test_a_mail_that_a_later_change_has_overtaken_is_not_sent(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        registration = rows.register(session, run)
        rows.move(session, registration, Change.CANCELLED, State.CANCELLED)
    tick_until_idle(app)
    assert states() == [
        ("confirmed", "cancelled", "the registration has changed since"),
        ("cancelled", "sent", "250 2.0.0 kept as 1"),
    ]


def test_a_moved_run_is_told_once_to_each_address_however_many_seats_it_has(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session)
        run = rows.add_run(session, rows.add_event(session, organiser), venue=rows.add_venue(session))
        vinje = rows.add_organisation(session, "Vinje")
        for number in range(1, 6):
            rows.register(
                session, run, name=f"Delegat {number}", email="post@vinje.example", noticed=True, organisation=vinje
            )
        rows.register(session, run, email="Kari@kommune.example", state=State.WAITING, noticed=True)
        rows.register(session, run, email="gone@kommune.example", state=State.CANCELLED, noticed=True)
        before = {
            "precision": "exact", "first_on": "2008-08-28", "last_on": "2008-08-28",
            "starts_local": "2008-08-28T10:00:00", "ends_local": "2008-08-28T15:30:00", "venue": None,
        }  # fmt: skip
        rows.change_event(session, run, ChangeKind.RUN_CHANGED, facts={"from": before})
        rows.change_event(session, run, ChangeKind.RUN_CHANGED, facts={"from": before})
    tick_until_idle(app)
    assert sorted(sink.recipients) == ["Kari@kommune.example", "post@vinje.example"]
    text = sink.messages[sink.recipients.index("post@vinje.example")].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Påmeldt: Delegat 1, Vinje; Delegat 2, Vinje; Delegat 3, Vinje; Delegat 4, Vinje; Delegat 5, Vinje" in text
    assert text.count("http://127.0.0.1:5000/registrations/") == 5
    assert "Før: torsdag 28. august 2008, kl. 10.00–15.30; stedet kommer" in text
    assert "Tid: mandag 1. september 2008, kl. 10.00 – tirsdag 2. september 2008, kl. 15.00" in text
    assert "Sted: Hotell Fjord, Kaia 1, Bergen" in text


def test_a_cancelled_run_is_told_and_its_other_mails_are_not_sent(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        rows.register(session, run)
        run.status, run.sequence = RunStatus.CANCELLED, 1
        rows.change_event(session, run, ChangeKind.RUN_CANCELLED)
    tick_until_idle(app)
    assert states() == [
        ("confirmed", "cancelled", "the event was called off"),
        ("run_cancelled", "sent", "250 2.0.0 kept as 1"),
    ]


def test_changes_of_a_draft_and_of_what_is_over_are_nobodys_news(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session)
        draft = rows.add_run(session, rows.add_event(session, organiser, status=EventStatus.DRAFT))
        over = rows.add_run(
            session, rows.add_event(session, organiser), **rows.days(date(1988, 5, 2), date(1988, 5, 3))
        )
        for run in (draft, over):
            rows.register(session, run, noticed=True)
            rows.change_event(session, run, ChangeKind.RUN_CHANGED)
            rows.change_event(session, run, ChangeKind.RUN_CANCELLED)
    tick_until_idle(app)
    assert sink.recipients == []
    assert None not in db.session.scalars(sa.select(EventChange.noticed_at)).all()


def test_an_event_has_its_own_way_of_telling_and_its_siblings_the_organisers(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session)
        runs = [rows.add_run(session, rows.add_event(session, organiser)) for _number in range(3)]
        of_one = {"trigger": Trigger.CONFIRMED, "audience": Audience.CONCERNED}
        silent, chatty, _plain = (run.event_id for run in runs)
        rows.add_rule(session, organiser, "confirmed", event_id=silent, enabled_at=None, template="confirmed", **of_one)
        rows.add_rule(session, organiser, "more", event_id=chatty, template="repeated", **of_one)
        for place, run in enumerate(runs):
            rows.register(session, run, email=f"p{place}@kommune.example")
            rows.change_event(session, run, ChangeKind.RUN_CHANGED)
    tick_until_idle(app)
    told = sorted((to, subject.rpartition(": ")[2]) for to, subject in subjects(sink))
    assert told == [
        ("p0@kommune.example", "tid eller sted er endret"),
        ("p1@kommune.example", "du er allerede påmeldt"),
        ("p1@kommune.example", "plassen er bekreftet"),
        ("p1@kommune.example", "tid eller sted er endret"),
        ("p2@kommune.example", "plassen er bekreftet"),
        ("p2@kommune.example", "tid eller sted er endret"),
    ]


def test_a_rule_for_one_run_tells_of_no_other(app: Flask, sink: Sink) -> None:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        event = rows.add_event(session, organiser)
        first, second = rows.add_run(session, event), rows.add_run(session, event)
        for key, trigger in (("a", Trigger.CONFIRMED), ("b", Trigger.RUN_CHANGED)):
            rows.add_rule(
                session, organiser, key, trigger=trigger, audience=Audience.CONCERNED, template=trigger.value,
                event_id=event.id, run_id=second.id,
            )  # fmt: skip
        for run, address in ((first, "a@kommune.example"), (second, "b@kommune.example")):
            rows.register(session, run, email=address)
            rows.change_event(session, run, ChangeKind.RUN_CHANGED)
    tick_until_idle(app)
    assert sink.recipients == ["b@kommune.example"] * 2


# --- quiet hours ----------------------------------------------------------------------------------------------------------

EVENING, SEVEN = rows.at("2008-08-18 22:00"), rows.at("2008-08-19 07:00")


def test_at_night_only_answers_to_what_people_just_did_go_out(app: Flask, sink: Sink) -> None:
    rows.set_clock(EVENING)
    with transaction() as session:
        run = rows.add_run(session, rows.add_event(session, rows.add_organiser(session)))
        rows.register(session, run, email="own@kommune.example", now=EVENING)
        rows.register(session, run, email="slow@kommune.example", now=EVENING - timedelta(minutes=61))
        for address, actor in (("system", Actor.SYSTEM), ("organiser", Actor.ORGANISER)):
            waiting = rows.register(
                session, run, email=f"{address}@kommune.example", state=State.WAITING, noticed=True, now=MORNING
            )
            rows.move(session, waiting, Change.PROMOTED, State.CONFIRMED, actor=actor, now=EVENING)
        rows.change_event(session, run, ChangeKind.RUN_CHANGED, now=EVENING)
    tick_until_idle(app)
    assert sink.recipients == ["own@kommune.example"]
    waits = db.session.execute(
        sa.select(OutboxMessage.email, OutboxMessage.due_at, OutboxMessage.next_try_at).where(
            OutboxMessage.state == MailState.QUEUED
        )
    ).all()
    assert {(email.partition("@")[0], next_try_at) for email, _due_at, next_try_at in waits} == {
        (name, SEVEN) for name in ("own", "slow", "system", "organiser")
    }
    assert {due_at for _email, due_at, _next in waits} == {EVENING, EVENING - timedelta(minutes=61)}
    rows.set_clock(SEVEN)
    tick_until_idle(app)
    assert len(sink.recipients) == 1 + 3 + 4


def test_an_organiser_without_quiet_hours_has_none(app: Flask, sink: Sink) -> None:
    rows.set_clock(EVENING)
    with transaction() as session:
        organiser = rows.add_organiser(session)
        organiser.quiet_from = organiser.quiet_to = None
        run = rows.add_run(session, rows.add_event(session, organiser))
        rows.register(session, run, noticed=True)
        rows.change_event(session, run, ChangeKind.RUN_CHANGED, now=EVENING)
    tick_until_idle(app)
    assert sink.recipients == ["kari@kommune.example"]
