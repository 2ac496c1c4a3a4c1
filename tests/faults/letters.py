"""Every shipped text as a mail in each language, sent by a real worker: what makes each, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventsys.events.models import Event, Run
from eventsys.events.rules import ChangeKind, RunStatus
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox, templates
from eventsys.mailing.markdown import Link
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.placeholders import PLACEHOLDERS, Use
from eventsys.mailing.rules import MailState
from eventsys.organisations.models import Organisation
from eventsys.registrations.models import ChangeRequest, Registration
from eventsys.registrations.rules import Asked, Change, Decision, Side, State
from eventsys.workflows.models import MailCause, Occasion, Rule
from eventsys.workflows.rules import Audience, OccasionState, Trigger
from eventsys.workflows.texts.checks import CASE_TEXTS
from tests import world
from tests.faults.crowd import wait_until
from tests.mailing.sink import running_sink
from tests.obligations import promises
from tests.workflows import rows
from tests.workflows.test_killed_worker import worker
from tests.world import NOW, World

LANGUAGES = ("nb", "nn", "en")
BY_CHANGE: dict[str, tuple[Change, State | None, State]] = {
    "confirmed": (Change.REGISTERED, None, State.CONFIRMED),
    "waiting": (Change.REGISTERED, None, State.WAITING),
    "requested": (Change.REGISTERED, None, State.REQUESTED),
    "promoted": (Change.PROMOTED, State.WAITING, State.CONFIRMED),
    "declined": (Change.DECLINED, State.REQUESTED, State.DECLINED),
    "cancelled": (Change.CANCELLED, State.CONFIRMED, State.CANCELLED),
    "repeated": (Change.REPEATED, State.CONFIRMED, State.CONFIRMED),
    "readdressed": (Change.READDRESSED, State.CONFIRMED, State.CONFIRMED),
    "offered": (Change.OFFERED, State.WAITING, State.OFFERED),
    "lapsed": (Change.LAPSED, State.OFFERED, State.CANCELLED),
    "moved": (Change.MOVED, State.CONFIRMED, State.CONFIRMED),
    "moved_from": (Change.MOVED, State.CONFIRMED, State.CONFIRMED),
    "changed": (Change.CHANGED, State.CONFIRMED, State.CONFIRMED),
    "named": (Change.NAMED, State.CONFIRMED, State.CONFIRMED),
    "handed_over": (Change.HANDED_OVER, State.CONFIRMED, State.CONFIRMED),
    "given_away": (Change.HANDED_OVER, State.CONFIRMED, State.CONFIRMED),
    "restored": (Change.RESTORED, State.CANCELLED, State.CONFIRMED),
    "delegation": (Change.REGISTERED, None, State.WAITING),
    "asked": (Change.ASKED, State.CONFIRMED, State.CONFIRMED),
    "answered": (Change.ANSWERED, State.CONFIRMED, State.CONFIRMED),
}
OF_DELEGATIONS = ("named", "delegation", "unnamed")
LEAVE_A_DATE = ("moved", "moved_from")
BY_EVENT = {
    "run_changed": ChangeKind.RUN_CHANGED,
    "run_cancelled": ChangeKind.RUN_CANCELLED,
    "programme_changed": ChangeKind.PROGRAMME_CHANGED,
    "materials_published": ChangeKind.MATERIALS_PUBLISHED,
}
BY_TIME = {
    "reminder": Audience.CONFIRMED,
    "practical": Audience.CONFIRMED,
    "thanks": Audience.ATTENDED,
    "free": Audience.REGISTERED,
    "nudge": Audience.ORGANISATIONS_WITHOUT,
    "lacking": Audience.ORGANISATIONS_LACKING,
    "last_chance": Audience.CONTACTS_AT_RISK,
    "digest": Audience.ORGANISERS,
    "unnamed": Audience.UNNAMED,
}
OF_ORGANISATIONS = ("nudge", "lacking", "last_chance")
OF_INVITATIONS = ("invited", "invitation_nudged", "invitation_withdrawn")
AS_IT_IS = (
    "sign_in", "own_pages", "contact", "contact_confirmed", "test", "team_invitation", "contract_deadline", "network_draft",
    "brochure_ordered", "brochure_sent", "brochure_declined", "group_link", "group_minutes",
    "visit_asked", "visit_offered", "visit_declined", *OF_INVITATIONS, *CASE_TEXTS,
)  # fmt: skip
TEMPLATES = (*BY_CHANGE, *BY_EVENT, *BY_TIME, *AS_IT_IS)
CALENDARS = {
    **dict.fromkeys(
        ("confirmed", "promoted", "readdressed", "run_changed", "moved", "named", "handed_over", "restored"), "REQUEST"
    ),
    **dict.fromkeys(("cancelled", "run_cancelled", "moved_from", "given_away"), "CANCEL"),
}
"""The method of the calendar part of each that has one."""


class Letter(NamedTuple):
    """A mail as it arrived, and what the outbox says of it."""

    content: bytes
    message_id: str
    uid: str


def address_of(template: str, language: str) -> str:
    return f"{template}.{language}@kommune.example"


def send_all(app: Flask) -> dict[tuple[str, str], Letter]:
    """Puts them in the outbox of a small world, and has `eventsys worker` send them."""
    built = world.build()
    with transaction() as session:
        place = _Place(session, built)
        for template in TEMPLATES:
            for language in LANGUAGES:
                place.put(template, language)
    with running_sink() as sink, worker(app, sink):
        wait_until(is_over, 60)
        came = dict(sink.raw)
    return {(row.template, row.language): Letter(came[row.email], row.message_id, place.uid) for row in list_mails()}


def is_over() -> bool:
    return not any(row.state in (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED) for row in list_mails())


def list_mails() -> list[OutboxMessage]:
    """Each of them was sent, or says why not."""
    db.session.rollback()
    found = list(db.session.scalars(sa.select(OutboxMessage).execution_options(populate_existing=True)))
    wrong = [
        (row.template, row.language, row.answer)
        for row in found
        if row.state in (MailState.FAILED, MailState.CANCELLED)
    ]
    assert wrong == [], wrong
    return found


class _Place:
    """The seminar and who is concerned, and what puts a mail about them in the outbox."""

    def __init__(self, session: Session, built: World) -> None:
        self.session = session
        self.event = session.get_one(Event, built.events["seminar"].id)
        self.run, self.called_off = (session.get_one(Run, built.run_id("seminar", place)) for place in (0, 1))
        self.uid = str(self.run.uid)
        self.left = rows.add_run(session, self.event, **rows.days(date(2008, 9, 8), date(2008, 9, 9)))
        self.occasions: dict[str, int] = {}
        self.event.closes_on = date(2008, 8, 25)
        self.run.venue_id = rows.add_venue(session).id
        self.called_off.status = RunStatus.CANCELLED
        self.silent = session.get_one(Organisation, built.municipalities["0821"])
        self.lacking = session.get_one(Organisation, built.municipalities["0301"])
        for organisation in (self.silent, self.lacking):
            organisation.email = f"postmottak@{organisation.number}.example"
        session.flush()
        promises.add_obligation(session, built, required=1)
        politician = self.register("ordfører", State.CONFIRMED, "nb", self.run, NOW - timedelta(hours=2))
        politician.organisation_id, politician.side = self.lacking.id, Side.POLITICIAN
        session.flush()

    def register(self, name: str, state: State, language: str, run: Run, now: Any = NOW) -> Registration:
        email, template = f"{name}@kommune.example", name.partition(".")[0]
        delegation = None
        if template in OF_DELEGATIONS:
            delegation = rows.add_delegation(self.session, self.event, self.lacking, email=email, language=language)
        return rows.register(
            self.session, run, name="" if template == "unnamed" else "Kari Nordmann", email=email, state=state,
            language=language, delegation=delegation, organisation=self.lacking if delegation else None, noticed=True,
            now=now,
        )  # fmt: skip

    def put(self, template: str, language: str) -> None:
        content = self._content(language, template) if template in AS_IT_IS else None
        outbox_id = outbox.enqueue(
            self.session,
            organiser_id=self.event.organiser_id,
            reason_key=f"letters/{template}/{language}",
            template=template,
            email=address_of(template, language),
            name="" if template in OF_ORGANISATIONS else "Kari Nordmann",
            language=language,
            due_at=NOW,
            now=NOW,
            content=content,
        )
        if template not in AS_IT_IS:
            facts = {"outbox_id": outbox_id, "organiser_id": self.event.organiser_id, "event_id": self.event.id}
            self.session.add(MailCause(**facts, rule_id=self._rule(template).id, **self._cause(template, language)))
            self.session.flush()

    def _cause(self, template: str, language: str) -> dict[str, Any]:
        name = f"{template}.{language}"
        if template in BY_CHANGE:
            what, before, after = BY_CHANGE[template]
            registration = self.register(name, after, language, self.run)
            more: dict[str, Any] = {"from_run_id": self.left.id} if template in LEAVE_A_DATE else {}
            if template in ("asked", "answered"):
                self._ask(registration, is_answered=template == "answered")
            if template == "given_away":
                more["facts"] = {"to": address_of(template, language)}
            made = rows.change(self.session, registration, what, before, noticed=True, now=NOW, **more)
            return {"registration_id": registration.id, "registration_change_id": made.id}
        if template in BY_EVENT:
            run = self.called_off if template == "run_cancelled" else self.run
            was = {
                "precision": "exact", "first_on": "2008-08-28", "last_on": "2008-08-29", "venue": "Hotell Fjell",
                "starts_local": "2008-08-28T10:00:00", "ends_local": "2008-08-29T15:30:00",
            }  # fmt: skip
            change = rows.change_event(self.session, run, BY_EVENT[template], facts={"from": was})
            change.noticed_at = NOW
            registration = self.register(name, State.CONFIRMED, language, run)
            return {"registration_id": registration.id, "event_change_id": change.id}
        if template not in self.occasions:
            self.occasions[template] = self._occasion(template).id
        return {"occasion_id": self.occasions[template], **self._subject(template, language)}

    def _ask(self, registration: Registration, *, is_answered: bool) -> None:
        answer = {"decision": Decision.DECLINED, "decided_at": NOW} if is_answered else {}
        request = ChangeRequest(
            registration_id=registration.id, organiser_id=registration.organiser_id, asked=Asked.MOVE, at=NOW,
            words="Kan jeg komme dagen etter?", run_id=self.left.id, **answer,
        )  # fmt: skip
        self.session.add(request)
        self.session.flush()

    def _subject(self, template: str, language: str) -> dict[str, Any]:
        if template in OF_ORGANISATIONS:
            return {"organisation_id": (self.lacking if template == "lacking" else self.silent).id}
        if template == "digest":
            return {}
        state = State.ATTENDED if template == "thanks" else State.CONFIRMED
        return {"registration_id": self.register(f"{template}.{language}", state, language, self.run).id}

    def _occasion(self, template: str) -> Occasion:
        run_id = None if template in OF_ORGANISATIONS else self.run.id
        made = Occasion(
            rule_id=self._rule(template).id, event_id=self.event.id, run_id=run_id, due_at=NOW, fired_at=NOW,
            state=OccasionState.FIRED,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def _rule(self, template: str) -> Rule:
        """The shipped rule of a change; for what time makes, one whose moment is past."""
        own = Rule.key == (f"letter_{template}" if template in BY_TIME else template)
        found = self.session.scalars(sa.select(Rule).where(own, Rule.organiser_id == self.event.organiser_id)).first()
        if found is None:
            found = Rule(
                organiser_id=self.event.organiser_id, event_id=self.event.id, key=f"letter_{template}",
                trigger=Trigger.ABSOLUTE, audience=BY_TIME[template], template=template,
                at_local=datetime(2008, 8, 18, 7), enabled_at=NOW,
            )  # fmt: skip
            self.session.add(found)
            self.session.flush()
        return found

    def _content(self, language: str, template: str) -> templates.Rendered:
        base = current_app.config["BASE_URL"]
        site = current_app.config["SITE_NAME"]
        values = {"site": site, "site_link": f"{base}/", "organiser": site, "link": f"{base}/sign-in/{'x' * 43}"}
        values |= {"organisation": "Bø (Telemark)", "who": "Kari Nordmann"}
        return templates.render(template, language, stand_ins(f"{base}/invitations/{'x' * 43}") | values)


def stand_ins(address: str) -> dict[str, Any]:
    """Something for each placeholder."""
    link = [Link("Kari Nordmann", address)]
    of_use = {Use.TEXT: "noe", Use.URL: address, Use.LINKS: link, Use.LIST: link}
    return {name: of_use[use] for name, (use, _meaning) in PLACEHOLDERS.items()}
