"""Mails that are about no registration, texts of an organiser's own, and a mail shown before it is sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Event, Run
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.organisers.models import Organiser
from eventsys.registrations.rules import Side
from eventsys.workflows import actions
from eventsys.workflows.emails import Origin, preview
from eventsys.workflows.jobs import tick_until_idle
from eventsys.workflows.models import MailCause, MailTemplate, MailTemplateVersion, Occasion, Rule
from eventsys.workflows.rules import Anchor, Audience, Relative, Trigger, Unit
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING, at

NUDGED = at("2008-08-22 09:00")
FIVE_DAYS = Relative(Anchor.DEADLINE, -5, Unit.DAYS, time(9))
ORIGIN = Origin("http://127.0.0.1:5000", "Kvalitetskommuneprogrammet", "arrangement@eventsys.example")
OWN_TEXT = {language: f"Subject: {{event}}\n\nTil {{who}} ({language})\n" for language in ("nb", "nn", "en")}


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content().replace("\r\n", "\n")
    return content


def invited(app: Flask, **rule: Any) -> tuple[Organiser, Event, Run, list[Organisation]]:
    """An event whose registration closes on Wednesday 27 August, for two municipalities that have signed up nobody."""
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        event = rows.add_event(session, organiser, closes_on=date(2008, 8, 27))
        run = rows.add_run(session, event, venue=rows.add_venue(session))
        made = [
            rows.add_organisation(session, "Vinje", email="post@vinje.example", form=LanguageForm.NYNORSK),
            rows.add_organisation(session, "Oslo", email="post@oslo.example"),
        ]
        for organisation in made:
            rows.invite(session, event, organisation)
        values = {"audience": Audience.ORGANISATIONS_WITHOUT, "template": "nudge", **rule}
        rows.add_rule(session, organiser, "nudge", FIVE_DAYS, **values)
        actions.plan(session, now=MORNING)
    return organiser, event, run, made


def answers() -> list[tuple[str, str, str | None]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.email))
    return [(message.email, message.state.value, message.answer) for message in found]


# --- organisations --------------------------------------------------------------------------------------------------------


def test_a_nudge_goes_to_the_official_address_in_the_municipalitys_own_language(app: Flask, sink: Sink) -> None:
    _organiser, event, _run, made = invited(app)
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    by_address = dict(zip(sink.recipients, sink.messages, strict=True))
    assert sorted(by_address) == ["post@oslo.example", "post@vinje.example"]
    nynorsk = by_address["post@vinje.example"]
    assert nynorsk["Subject"] == "Læringsseminar 2, 1.–2. september: ingen frå dykk er påmelde enno"
    assert (nynorsk["Content-Language"], nynorsk["To"]) == ("nn", "Vinje <post@vinje.example>")
    text = text_of(nynorsk)
    assert "Vinje er invitert til Læringsseminar 2" in text
    assert "Siste dag for påmelding: onsdag 27. august 2008" in text
    assert f"http://127.0.0.1:5000/events/{event.slug}" in text
    db.session.rollback()
    causes = db.session.scalars(sa.select(MailCause).order_by(MailCause.organisation_id)).all()
    assert [(cause.organisation_id, cause.registration_id, cause.event_id) for cause in causes] == [
        (organisation.id, None, event.id) for organisation in made
    ]


def test_who_signs_up_while_the_nudge_waits_is_not_nudged(app: Flask, sink: Sink) -> None:
    _organiser, _event, run, made = invited(app)
    with transaction() as session:
        actions.expand(session, now=NUDGED)
        rows.register(session, run, organisation=made[0], noticed=True)
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    assert answers() == [
        ("post@oslo.example", "sent", "250 2.0.0 kept as 1"),
        ("post@vinje.example", "cancelled", "the organisation's sign-ups have changed since"),
    ]


def test_nobody_is_asked_to_sign_up_when_registration_has_closed(app: Flask, sink: Sink) -> None:
    invited(app)
    with transaction() as session:
        actions.expand(session, now=NUDGED)
        session.execute(sa.update(Event).values(closes_on=date(2008, 8, 21)))
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    assert {answer for _email, _state, answer in answers()} == {"registration had closed"}


def test_a_municipality_wants_no_more_nudges_with_one_click(app: Flask, sink: Sink, client: FlaskClient) -> None:
    invited(app)
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    message = sink.messages[sink.recipients.index("post@oslo.example")]
    found = re.fullmatch(r"<http://127\.0\.0\.1:5000(/unsubscribe/[\w-]{43})>", message["List-Unsubscribe"])
    assert found is not None
    assert "post@oslo.example" in client.get(found[1]).text
    assert client.post(found[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.rollback()
    assert db.session.execute(sa.select(Suppression.email_key, Suppression.category)).all() == [
        ("post@oslo.example", "reminders")
    ]
    assert client.get("/unsubscribe/" + "A" * 43).status_code == 404


def test_a_delegation_reads_which_sides_it_lacks(app: Flask, sink: Sink) -> None:
    _organiser, _event, run, made = invited(app, audience=Audience.ORGANISATIONS_LACKING, template="lacking")
    with transaction() as session:
        rows.register(session, run, organisation=made[0], side=Side.ADMINISTRATION, noticed=True)
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    [message] = sink.messages
    assert "men vi saknar politikarar og tillitsvalde." in text_of(message)


def test_two_municipalities_on_one_address_get_one_mail(app: Flask, sink: Sink) -> None:
    invited(app)
    with transaction() as session:
        session.execute(sa.update(Organisation).values(email="Post@felles.example"))
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    assert sink.recipients == ["Post@felles.example"]


# --- organisers -----------------------------------------------------------------------------------------------------------


def digesting(app: Flask) -> Run:
    rows.set_clock(MORNING)
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        run = rows.add_run(session, rows.add_event(session, organiser))
        rows.add_account(session, organiser, "ansatt@sekretariatet.example")
        rows.add_rule(
            session, organiser, "digest", Relative(Anchor.START, -7, Unit.DAYS, time(9)),
            audience=Audience.ORGANISERS, template="digest",
        )  # fmt: skip
        actions.plan(session, now=MORNING)
    return run


def test_organisers_read_who_signed_up_since_yesterday(app: Flask, sink: Sink) -> None:
    run = digesting(app)
    due = at("2008-08-25 09:00")
    with transaction() as session:
        vinje = rows.add_organisation(session, "Vinje")
        rows.register(session, run, name="For Lenge Siden", noticed=True, now=due - timedelta(hours=25))
        rows.register(session, run, name="Kari Nordmann", noticed=True, now=due - timedelta(hours=23))
        rows.register(session, run, name="Ola Dunk", organisation=vinje, noticed=True, now=due)
    rows.set_clock(due)
    tick_until_idle(app)
    [message] = sink.messages
    assert message["Subject"] == "Læringsseminar 2, 1.–2. september: nye påmeldte (2)"
    assert "\nKari Nordmann; Ola Dunk, Vinje\n" in text_of(message)
    assert sink.recipients == ["ansatt@sekretariatet.example"]


def test_a_digest_of_nobody_is_not_sent(app: Flask, sink: Sink) -> None:
    digesting(app)
    rows.set_clock(at("2008-08-25 09:00"))
    tick_until_idle(app)
    assert answers() == [("ansatt@sekretariatet.example", "cancelled", "nobody has signed up since")]


# --- texts of one's own ---------------------------------------------------------------------------------------------------


def add_text(organiser: Organiser, key: str, texts: dict[str, str]) -> None:
    with transaction() as session:
        template = MailTemplate(organiser_id=organiser.id, key=key)
        session.add(template)
        session.flush()
        session.add(MailTemplateVersion(template_id=template.id, number=1, texts=texts, at=MORNING))


def test_a_rule_sends_any_text_and_keeps_what_it_is(app: Flask, sink: Sink) -> None:
    """A confirmation in the organiser's own words carries the calendar, a reminder its way out."""
    organiser, event, run, _made = invited(app)
    add_text(organiser, "own_words", OWN_TEXT)
    with transaction() as session:
        for key, trigger in (("confirmed", Trigger.CONFIRMED), ("reminder", Trigger.ABSOLUTE)):
            is_date = trigger is Trigger.ABSOLUTE
            rows.add_rule(
                session, organiser, key, template="own_words", trigger=trigger, event_id=event.id,
                audience=Audience.CONFIRMED if is_date else Audience.CONCERNED,
                at_local=datetime(2008, 8, 20, 10) if is_date else None,
            )  # fmt: skip
        rows.register(session, run, name="Kari")
        actions.plan(session, now=MORNING)
    for now in (MORNING, at("2008-08-20 10:00")):
        rows.set_clock(now)
        tick_until_idle(app)
    assert [text_of(message) for message in sink.messages] == ["Til Kari (nb)\n"] * 2
    kinds = [[part.get_content_type() for part in message.walk()] for message in sink.messages]
    assert ["text/calendar" in kind for kind in kinds] == [True, False]
    assert [message["List-Unsubscribe"] is not None for message in sink.messages] == [False, True]


def test_a_text_that_lacks_the_readers_language_fails_that_mail_and_says_so(app: Flask, sink: Sink) -> None:
    organiser, _event, run, _made = invited(app)
    add_text(organiser, "confirmed", {"nb": OWN_TEXT["nb"]})
    with transaction() as session:
        rows.add_rule(
            session,
            organiser,
            "confirmed",
            template="confirmed",
            trigger=Trigger.CONFIRMED,
            audience=Audience.CONCERNED,
        )
        rows.register(session, run, email="a@kommune.example", language="nn")
        rows.register(session, run, email="b@kommune.example", language="nb")
    tick_until_idle(app)
    assert answers() == [
        (
            "a@kommune.example",
            "failed",
            "the mail could not be written: TextIsMissing: the text «confirmed» is not written in nn",
        ),
        ("b@kommune.example", "sent", "250 2.0.0 kept as 1"),
    ]


def test_what_waits_is_not_sent_once_its_rule_is_off(app: Flask, sink: Sink) -> None:
    invited(app)
    with transaction() as session:
        actions.expand(session, now=NUDGED)
        session.execute(sa.update(Rule).values(enabled_at=None))
    rows.set_clock(NUDGED)
    tick_until_idle(app)
    assert {(state, answer) for _email, state, answer in answers()} == {("cancelled", "the rule was switched off")}


# --- before it is sent ----------------------------------------------------------------------------------------------------


def test_a_preview_is_the_mail_that_goes_with_its_personal_links_masked(app: Flask, sink: Sink) -> None:
    organiser, event, run, _made = invited(app)
    with transaction() as session:
        people = [
            rows.register(session, run, name=name, email="post@kommune.example", language="nb", noticed=True)
            for name in ("Kari", "Ola")
        ]
        date_rule = rows.add_rule(
            session, organiser, "letter", template="reminder", event_id=event.id, at_local=datetime(2008, 8, 20, 10)
        )
        actions.plan(session, now=MORNING)
    now = at("2008-08-20 10:00")
    about = {"event_id": event.id, "run_id": None, "registration_ids": [one.id for one in people]}
    to = {"organisation_id": None, "name": "", "email": "post@kommune.example", "language": "nb"}
    shown = preview(db.session(), rule=date_rule, origin=ORIGIN, now=now, **about, **to)  # type: ignore[arg-type]
    rows.set_clock(now)
    tick_until_idle(app)
    kept = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "reminder")).one()
    assert (shown.subject, shown.text, shown.html) == (kept.subject, kept.text, kept.html)
    assert shown.text.count("http://127.0.0.1:5000/registrations/…") == 2
    assert shown.headers["List-Unsubscribe"] == "<http://127.0.0.1:5000/unsubscribe/…>"
    assert replace(shown, text="", html="", subject="", headers={}).category == "reminders"


def test_a_rule_that_is_not_kept_can_be_previewed_for_a_municipality(app: Flask) -> None:
    organiser, event, _run, made = invited(app)
    rule = Rule(
        organiser_id=organiser.id, trigger=Trigger.RELATIVE, audience=Audience.ORGANISATIONS_WITHOUT, template="nudge",
        anchor=Anchor.DEADLINE, offset_units=-5, unit=Unit.DAYS, clock_time=time(9),
    )  # fmt: skip
    shown = preview(
        db.session(), rule=rule, event_id=event.id, run_id=None, registration_ids=[], organisation_id=made[0].id,
        organisation="Vinje", name="Vinje", email="post@vinje.example", language="nn", origin=ORIGIN, now=clock.now(),
    )  # fmt: skip
    assert shown.text.startswith("Ingen frå dykk er påmelde enno\n\nHei!\n\nVinje er invitert til Læringsseminar 2")
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []


# --- too late -------------------------------------------------------------------------------------------------------------


def test_how_late_is_too_late_is_a_setting(app: Flask, sink: Sink) -> None:
    invited(app)
    app.config["MAIL_TOO_LATE_HOURS"] = 2
    try:
        rows.set_clock(NUDGED + timedelta(hours=3))
        tick_until_idle(app)
    finally:
        app.config["MAIL_TOO_LATE_HOURS"] = 24
    assert db.session.scalars(sa.select(Occasion.why)).all() == ["it was noticed more than 2 hours too late"]
    assert sink.recipients == []


def test_an_occasion_at_night_waits_until_morning_in_the_outbox(app: Flask, sink: Sink) -> None:
    invited(app)
    night = at("2008-08-22 23:00")
    with transaction() as session:
        session.execute(sa.update(Occasion).values(due_at=night))
    rows.set_clock(night)
    tick_until_idle(app)
    assert sink.recipients == []
    times = db.session.execute(sa.select(OutboxMessage.due_at, OutboxMessage.next_try_at).distinct()).all()
    assert times == [(night, at("2008-08-23 07:00"))]
    rows.set_clock(at("2008-08-23 07:00"))
    tick_until_idle(app)
    assert len(sink.recipients) == 2
