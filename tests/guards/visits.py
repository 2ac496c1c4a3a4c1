"""Two organisers whose private rows carry marker names, and every GET address of the site with sensible arguments."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.models import Account
from eventsys.accounts.rules import MemberRole
from eventsys.demo import mails
from eventsys.events import actions as events
from eventsys.events.models import Event
from eventsys.events.programme.rules import SessionFacts
from eventsys.events.rules import EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import Base, db, transaction
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression, Worker
from eventsys.mailing.outbox import enqueue
from eventsys.mailing.rules import ReturnKind
from eventsys.mailing.templates import read_shipped
from eventsys.organisations.models import Organisation, Person, Position
from eventsys.organisations.positions import actions as positions
from eventsys.organisers.models import Organiser
from eventsys.programmes import actions as programmes
from eventsys.programmes import queries as programme_queries
from eventsys.registrations import actions as registrations
from eventsys.registrations.limits import actions as limits
from eventsys.registrations.models import Delegation, QuestionVersion, Registration
from eventsys.registrations.people import actions as people
from eventsys.registrations.questions import actions as questions
from eventsys.registrations.questions.rules import Asks, GivenAnswer, GivenFile, QuestionFacts
from eventsys.registrations.rules import NewDelegation, NewSeat, QuestionKind, Side, WhenFull
from eventsys.tokens import Purpose, capability
from eventsys.web import Access, declared_access
from eventsys.workflows.actions import notice_changes, plan
from eventsys.workflows.models import MailTemplate
from eventsys.workflows.models import Rule as MailRule
from eventsys.workflows.rules import Audience, Trigger
from eventsys.workflows.texts.actions import new_text
from eventsys.workspace.mail import mailings, sending
from eventsys.workspace.mail.mailings import Letter
from tests.guards.application_visits import add_application_things, application_values
from tests.guards.calendar_visits import add_calendar_things, calendar_values
from tests.guards.call_visits import add_call_things, call_values
from tests.guards.case_mail_visits import add_case_mail_things, case_mail_values
from tests.guards.cohort_visits import add_cohort_things, cohort_values
from tests.guards.enclosure_visits import add_enclosures, enclosure_values
from tests.guards.group_visits import add_group_things, group_values
from tests.guards.intake_visits import add_intake_things, intake_values
from tests.guards.invitation_visits import add_invitation_things, invitation_values
from tests.guards.obligation_visits import add_obligation_things, obligation_values
from tests.guards.place_visits import add_place_things, add_venue, place_values
from tests.guards.programme_visits import add_programme_things, programme_values
from tests.guards.project_visits import add_project_things, project_values
from tests.guards.register_visits import add_register_things, register_values
from tests.guards.series_visits import add_series_things, series_values
from tests.guards.site_visits import add_site_things, site_values
from tests.guards.team_visits import add_team_things, team_values
from tests.guards.visit_visits import add_visit_things, visit_values
from tests.world import BASE_URL, NOW, World, build, somebody

CAUGHT = "00000000000000000001-000001"
"""The name of the one mail that the demo's catcher holds."""


class Visitor(FlaskClient):
    """A browser: each request stands alone, as on a server, and shares nothing with the test's own app context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **{"buffered": True, **kwargs})


def visitor(app: Flask) -> Visitor:
    return Visitor(app, app.response_class, use_cookies=True)


@dataclass(frozen=True)
class Party:
    """One organiser with what is its own: an account, a draft, a published event, somebody signed up, a mail."""

    marker: str
    account: Account
    draft: Event
    event: Event
    registration: Registration
    mail: OutboxMessage
    sign_in_token: str
    text: MailTemplate
    tested: OutboxMessage
    person: Person
    returned: ReturnedMail
    block: Suppression
    mailing: str
    contact: Position
    own_pages_token: str
    contact_token: str
    delegation: Delegation
    seat: Registration
    question: uuid.UUID
    """A question for a file, which who is signed up has answered."""
    session: uuid.UUID

    def token(self, purpose: Purpose) -> str:
        """The first link that was mailed to who is signed up."""
        return capability(purpose, self.registration.public_id, 0)

    @property
    def behind_delegation(self) -> dict[str, Any]:
        """What opens the registrar's page, and one of its seats."""
        token = capability(Purpose.DELEGATION, self.delegation.public_id, 0)
        return {"token": token, "public_id": self.seat.public_id}

    @property
    def behind_contact(self) -> dict[str, str]:
        """What opens the contact's page; its municipality is the participant's where that one may be shown."""
        number = "1119" if self.event.asks_union else "0821"
        return {"number": number, "token": capability(Purpose.POSITION, self.contact.public_id, 0)}

    @property
    def rule_key(self) -> str:
        """Of a rule that is the organiser's own."""
        return f"own-{self.event.slug}"[:40]

    @property
    def secrets(self) -> list[str]:
        """Texts that nobody but this organiser, and the person signed up, may ever get."""
        return [
            f"{self.marker}-kladd",
            f"{self.marker}-person",
            f"{self.marker}-konto",
            f"{self.marker}-prosjekt",
            f"{self.marker}-registrar",
            f"{self.marker}-invitert",
            f"{self.marker}-to",
            f"{self.marker}@",
            *self.unread,
            *self.assessed,
            self.registration.public_id.hex,
            str(self.registration.public_id),
        ]

    @property
    def assessed(self) -> list[str]:
        """Texts of applications and of what was thought of them: of this organiser's assessors alone."""
        return [f"{self.marker}-søknad"]

    @property
    def unread(self) -> list[str]:
        """Texts of an application that was never sent: its writers' alone."""
        return [f"{self.marker}-utkast"]


@dataclass(frozen=True)
class Site:
    world: World
    a: Party
    b: Party


def build_site() -> Site:
    """The small world, in which the secretariat is A and Unio is B, with a network, a venue and a worker."""
    world = build(capacity=1)
    with transaction() as session:
        (programme,) = programme_queries.list_programmes(session)
        programmes.add_network(session, programme_id=programme.id, slug="nettverk", name="Nettverket")
        add_venue(session)
        session.add(Worker(host="here", pid=1, started_at=clock.real_now(), beat_at=clock.real_now()))
    parties = [_party(world, *facts) for facts in (("anemone", "seminar"), ("blåveis", "unio"))]
    return Site(world, *parties)


def _party(world: World, marker: str, name: str) -> Party:
    event = world.events[name]
    with transaction() as session:
        account = accounts.add(
            session, email=f"{marker}-konto@program.example", key=f"{marker}-konto@program.example",
            name=f"{marker}-konto", organiser_id=event.organiser_id, role=MemberRole.OWNER, language="nb",
            now=clock.real_now(),
        )  # fmt: skip
        draft = events.create(
            session, organiser_id=event.organiser_id, facts=EventFacts(EventType.MEETING, {"nb": f"{marker}-kladd"}),
            clauses=[], runs=[RunFacts(Precision.DAYS, date(2008, 10, 6), date(2008, 10, 6))], base_url=BASE_URL,
            account_id=account.id, now=NOW,
        )  # fmt: skip
        own = {"organiser_id": event.organiser_id, "key": f"own-{event.slug}"[:40], "template": "repeated"}
        session.add(MailRule(**own, trigger=Trigger.REPEATED))
        union = {"union_id": world.unions[0], "side": None} if event.asks_union else {}
        form = somebody(world, run_id=world.run_id(name), name=f"{marker}-person", form_token=marker, **union)
        made = registrations.register(session, form, now=NOW).registration
        notice_changes(session, now=NOW)
        plan(session, now=NOW)
        own_mails = sa.select(OutboxMessage).filter_by(organiser_id=event.organiser_id)
        mail = session.scalars(own_mails.order_by(OutboxMessage.id.desc())).first()
        assert mail is not None
        mail.subject, mail.text, mail.html = "Velkommen", "Hei", f"<p>Hei {marker}-person</p>"
        text = new_text(
            session, organiser_id=event.organiser_id, name=f"{marker} egen", texts=read_shipped("reminder"),
            account_id=account.id, now=NOW,
        )  # fmt: skip
        tested = sending.send_test(
            session, session.get_one(Organiser, event.organiser_id), account_id=account.id, email=account.email,
            name=account.name, language="nb", site="Programmet", base_url=BASE_URL, now=NOW,
        )  # fmt: skip
        person = session.get_one(Person, made.person_id)
        returned, block = _came_back(session, mail, marker, name)
        said = dict.fromkeys(("nb", "nn", "en"), f"Subject: Ta med badetøy\n\nHilsen {marker}-kladd\n")
        letter = Letter(Audience.CONFIRMED, None, None, said, "Ta med badetøy")
        mailing = mailings.save_draft(session, event, letter, account_id=account.id, timezone="Europe/Oslo", now=NOW)
        _account, link = accounts.ask_for_link(session, account.email_key, now=clock.real_now())
        contact, own_pages, confirmation = _contact(session, world, made, marker)
        delegation, seat = _delegation(session, world, event, marker)
        question, chosen = _form(session, event, made, marker)
        add_call_things(session, event.organiser_id, marker)
        add_intake_things(session, event.organiser_id, account.id, marker)
        add_case_mail_things(session, event.organiser_id, marker)
        add_application_things(session, event.organiser_id, marker)
        add_cohort_things(session, event.organiser_id, marker)
        add_obligation_things(session, event, marker)
        add_register_things(session, event.organiser_id, marker)
        add_group_things(session, event, marker)
        add_series_things(session, event.organiser_id, marker)
        add_site_things(session, event.organiser_id, marker)
        add_team_things(session, event.organiser_id, marker)
        add_invitation_things(session, event, marker)
        add_place_things(session, event.organiser_id, event.id, marker)
        add_programme_things(session, event, marker)
        add_project_things(session, event.organiser_id, contact, marker)
        add_visit_things(session, event.organiser_id, account, contact, marker)
        add_calendar_things(session, account, event.organiser_id, contact, marker)
        add_enclosures(session, event.organiser_id, [mailing, text.key], marker)
    return Party(
        marker, account, draft, event, made, mail, link or "", text, tested, person, returned, block, mailing, contact,
        own_pages, confirmation, delegation, seat, question, chosen,
    )  # fmt: skip


def _delegation(session: Session, world: World, event: Event, marker: str) -> tuple[Delegation, Registration]:
    """A place without a name that a registrar keeps."""
    seat = NewSeat(None, union_id=world.unions[0]) if event.asks_union else NewSeat(Side.ADMINISTRATION)
    form = NewDelegation(
        run_id=event.runs[0].id, second_run_id=None, organisation_id=world.municipalities["0821"], language=None,
        name=f"{marker}-person", email=f"{marker}-registrar@kommune.example", seats=(seat,), form_token=f"{marker}-several",
        when_full=WhenFull.TAKE,
    )  # fmt: skip
    made = registrations.register_delegation(session, form, now=NOW)
    return made.delegation, made.registrations[0]


def _form(session: Session, event: Event, registration: Registration, marker: str) -> tuple[uuid.UUID, uuid.UUID]:
    """A question with an answer, and a session to choose."""
    asks = Asks(file_types=("txt",))
    question = questions.add_question(
        session, event, QuestionFacts(QuestionKind.FILE, {"nb": "Fil"}, asks=asks), now=NOW
    )
    version_id = session.scalars(sa.select(QuestionVersion.id).filter_by(question_id=question.id)).one()
    file = GivenFile("fil.txt", "text/plain", f"{marker}-person".encode())
    given = [GivenAnswer(question.id, version_id, file=file)]
    questions.save_answers(session, registration, given, erase_after=NOW.date(), now=NOW)
    chosen = limits.set_session(session, event.runs[0], SessionFacts({"nb": "Verksted"}), now=NOW)
    return question.public_id, chosen.public_id


def _contact(session: Session, world: World, registration: Registration, marker: str) -> tuple[Position, str, str]:
    """A contact of the participant's municipality, of another one where a seat tells of a union; and two links."""
    number = "1119" if session.get_one(Event, registration.event_id).asks_union else "0821"
    municipality = session.get_one(Organisation, world.municipalities[number])
    contact = positions.add_contact(
        session, municipality, name="Kontakten", email=f"{marker}-kontakt@kommune.example", on=NOW.date(), now=NOW
    )
    own_pages = people.ask_for_link(session, registration.email_key, real_now=clock.real_now())
    return contact, own_pages or "", positions.issue_confirmation(session, contact, real_now=clock.real_now())


def _came_back(session: Session, mail: OutboxMessage, marker: str, name: str) -> tuple[ReturnedMail, Suppression]:
    """A bounce of the mail, and the block of an address that this organiser alone has written to."""
    returned = ReturnedMail(
        key=name, organiser_id=mail.organiser_id, outbox_id=mail.id, kind=ReturnKind.HARD_BOUNCE, status="5.1.1",
        words=f"unknown: {marker}-person", raw=f"Subject: {marker}-person".encode(), received_at=NOW,
    )  # fmt: skip
    address = f"{name}-blocked@kommune.example"
    block = Suppression(email_key=address, why="returned: 5.1.1", created_at=NOW)
    session.add_all([returned, block])
    enqueue(
        session, organiser_id=mail.organiser_id, reason_key=f"blocked/{name}", template="confirmed", email=address,
        name=f"{marker}-person", language="nb", due_at=NOW, now=NOW,
    )  # fmt: skip
    return returned, block


def sign_in(app: Flask, party: Party) -> Visitor:
    """A browser in which the organiser's account is signed in."""
    with transaction() as session:
        token = accounts.sign_in(session, party.account, real_now=clock.real_now())
    client = visitor(app)
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return client


def catch_mail(app: Flask) -> None:
    """One mail in the folder of the demo's catcher."""
    message = EmailMessage()
    message["From"], message["To"] = "post@program.example", "person1@kommune.example"
    message["Subject"], message["Date"] = "Velkommen", NOW
    message.set_content("Hei")
    message.add_alternative("<p>Hei</p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", maintype="text", subtype="calendar")
    folder = mails.mail_folder(app.config["DATABASE_URL"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{CAUGHT}.eml").write_bytes(bytes(message))


@contextmanager
def switched(app: Flask, **settings: Any) -> Iterator[None]:
    """The app with these settings while the body runs."""
    before = {name: app.config[name] for name in settings}
    app.config.update(settings)
    try:
        yield
    finally:
        app.config.update(before)


def values_of_all(party: Party) -> dict[str, dict[str, Any]]:
    """Arguments that mean something of this organiser, by endpoint or by what endpoints begin with. A new route with
    arguments says here what to visit."""
    run, event = party.event.runs[0], party.event
    return {
        "static": {"filename": "app.css"},
        "accounts": {"token": party.sign_in_token},
        "registrations": {"slug": event.slug, "token": party.token(Purpose.REGISTRATION)},
        "registrations.confirm_own_pages": {"token": party.own_pages_token},
        "registrations.open_own_pages": {"token": party.own_pages_token},
        "registrations.renew_own_pages": {"token": party.own_pages_token},
        "registrations.confirm_contact": {"token": party.contact_token},
        "registrations.answer_contact": {"token": party.contact_token},
        "registrations.organisation": {"number": "0821"},
        "registrations.organisation_by_kind": {"kind": "municipality", "key": "0821"},
        **{
            f"registrations.{endpoint}": party.behind_delegation
            for endpoint in (
                "delegation", "name_seats", "add_seats", "seat", "seat_name", "seat_cancel", "seat_take_offer", "seat_move",
                "seat_hand_over", "seat_readdress", "seat_ask",
            )
        },
        "site.own_mails": {"token": party.token(Purpose.REGISTRATION)},
        "site.delegation_mails": party.behind_delegation,
        "registrations.contact_asked": {"number": "0821"},
        "registrations.ask_to_be_contact": {"number": "0821"},
        **{
            f"registrations.{endpoint}": {**party.behind_contact, "public_id": party.registration.public_id}
            for endpoint in ("contact_page", "end_contact", "seat_of_organisation", "hand_over_of_organisation")
        },
        "site": {"slug": event.slug, "number": "0821"},
        "site.network": {"slug": "nettverk"},
        "calendars": {"slug": event.slug, "number": "0821"},
        "demo": {"name": CAUGHT},
        "workflows": {"token": party.token(Purpose.UNSUBSCRIBE)},
        "workspace": {
            "slug": event.slug, "uid": run.uid, "public_id": party.registration.public_id, "type": event.type.value,
            "key": party.text.key, "number": 1,
        },
        **{
            f"workspace.{endpoint}": {"slug": event.slug, "public_id": party.question}
            for endpoint in (
                "edit_question", "update_question", "move_question", "confirm_remove_question", "remove_question",
            )
        },
        **{
            f"workspace.{verb}_event_session": {"slug": event.slug, "public_id": party.session}
            for verb in ("edit", "update", "confirm_remove", "remove")
        },
        "workspace.answer_file": {
            "slug": event.slug, "public_id": party.registration.public_id, "question": party.question,
        },
        "workspace.confirm_contact": {"public_id": party.contact.public_id},
        "workspace.end_contact": {"public_id": party.contact.public_id},
        "workspace.show_mail": {"public_id": party.mail.public_id},
        "workspace.mail_body": {"public_id": party.mail.public_id},
        "workspace.retry_mail": {"public_id": party.mail.public_id},
        "workspace.show_returned": {"public_id": party.returned.public_id},
        "workspace.see_returned": {"public_id": party.returned.public_id},
        "workspace.lift_block": {"public_id": party.block.public_id},
        "workspace.cancel_mail": {"public_id": party.mail.public_id},
        "workspace.count_mail_as_sent": {"public_id": party.mail.public_id},
        "workspace.send_mail_again": {"public_id": party.mail.public_id},
        "workspace.test_mail": {"public_id": party.tested.public_id},
        "workspace.person_mail": {"public_id": party.person.public_id},
        **{
            f"workspace.{verb}_{kind}rule": {"slug": event.slug, "type": event.type.value, "key": party.rule_key}
            for verb in ("edit", "update", "switch", "remove")
            for kind in ("", "type_", "event_")
        },
        **{
            f"workspace.{endpoint}": {"slug": event.slug, "key": "reminder", "when": str(run.uid), "generation": 0}
            for endpoint in (
                "preview_occasion", "preview_occasion_body", "test_occasion", "confirm_pause_rule", "pause_rule",
            )
        },
        **{
            f"workspace.{endpoint}": {"slug": event.slug, "mailing": party.mailing}
            for endpoint in (
                "mailing", "mailing_body", "edit_mailing", "update_mailing", "test_mailing", "send_mailing",
                "cancel_mailing",
            )
        },
        **application_values(event.organiser_id),
        **call_values(event.organiser_id),
        **calendar_values(event.organiser_id, party.contact, party.behind_contact),
        **cohort_values(event.organiser_id),
        **enclosure_values(event.organiser_id, event.slug, party.mailing, party.text.key),
        **intake_values(event.organiser_id),
        **case_mail_values(event.organiser_id),
        **invitation_values(event.organiser_id, event.slug),
        **obligation_values(event, party.behind_contact),
        **place_values(event.organiser_id),
        **programme_values(event.organiser_id, event, party.registration),
        **project_values(event.organiser_id, party.behind_contact),
        **visit_values(event.organiser_id, party.behind_contact),
        **group_values(event),
        **register_values(event.organiser_id, party.marker, party.person.public_id),
        **series_values(event.organiser_id, event.slug),
        **site_values(event.organiser_id, party.marker),
        **team_values(event.organiser_id, party.marker),
    }  # fmt: skip


def values_of(rule: Rule, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the rule's arguments are, of all that is known."""
    chosen = known.get(rule.endpoint) or known.get(rule.endpoint.split(".")[0], {})
    missing = rule.arguments - set(chosen)
    if missing:
        raise LookupError(f"{rule.rule}: say in {__name__}.values_of_all what {', '.join(sorted(missing))} may be")
    return {name: chosen[name] for name in rule.arguments}


def list_rules(app: Flask, *, method: str = "GET", access: Access | None = None) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return sorted(
        (rule for rule in rules if access is None or declared_access(app, rule.endpoint) is access),
        key=lambda rule: rule.rule,
    )


def address_of(app: Flask, rule: Rule, site: Site, party: Party) -> str:
    return addresses_of(app, [rule], party)[rule.endpoint]


def addresses_of(app: Flask, rules: Iterable[Rule], party: Party) -> dict[str, str]:
    """By endpoint, as things are now: the arguments are read once."""
    known = values_of_all(party)
    with app.test_request_context():
        urls = app.url_map.bind("127.0.0.1")
        return {rule.endpoint: urls.build(rule.endpoint, values_of(rule, known)) for rule in rules}


def read_all_rows() -> dict[str, list[Any]]:
    """Everything in the database."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in Base.metadata.sorted_tables
        }
