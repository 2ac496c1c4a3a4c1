"""What one organiser has is nowhere on another's pages, and its addresses answer as if nothing were there."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from eventsys import clock
from eventsys.events import actions as events
from eventsys.events.models import Event, EventSession, Material, Run
from eventsys.events.programme.rules import SessionFacts
from eventsys.events.rules import EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.actions import register
from eventsys.registrations.limits.actions import set_session
from eventsys.registrations.models import Question, Registration
from eventsys.registrations.questions.actions import add_shipped_questions
from eventsys.web import SIGNED_IN, declared_access
from eventsys.workflows.actions import notice_changes, plan
from tests.accounts.people import add_account, sign_in
from tests.guards.calendar_visits import OF_CALENDARS
from tests.guards.cohort_visits import OF_PROGRAMME
from tests.guards.invitation_visits import OF_AUDIENCES
from tests.guards.obligation_visits import OF_PROMISES
from tests.guards.place_visits import OF_DEADLINES, SHARED_PLACES
from tests.guards.programme_visits import OF_SPEAKERS, add_programme_things
from tests.guards.register_visits import OF_PEOPLE
from tests.guards.series_visits import OF_SERIES
from tests.guards.visit_visits import OF_VISITS
from tests.world import BASE_URL, World, somebody

OURS, THEIRS = "Ugleboka", "Rødstrupe"
ARGUMENTS = {"slug", "uid", "public_id"}
ABOUT_OTHERS = {
    "workspace.confirm_publish_event", "workspace.edit_news", "workspace.confirm_news_removal",
    "workspace.edit_site_document", "workspace.edit_contact_person",
    *SHARED_PLACES, *(f"workspace.{name}" for name in (*OF_DEADLINES, *OF_AUDIENCES, *OF_PEOPLE, *OF_SPEAKERS, *OF_SERIES)),
    *(f"workspace.{name}" for name in (*OF_CALENDARS, *OF_PROGRAMME, *OF_PROMISES)),
    "workspace.suggest_speakers", "workspace.person_mail",
    "workspace.test_mail", "workspace.project", "workspace.programme_goals", *(f"workspace.{name}" for name in OF_VISITS),
    "workspace.show_returned", "workspace.see_returned", "workspace.lift_block", "workspace.count_mailing",
    "workspace.export_participants_xlsx", "workspace.attendance_list", "workspace.badges", "workspace.answer_file",
}  # fmt: skip
ABOUT_CASES = tuple(f"/manage/{place}/" for place in ("calls", "programmes", "cohorts", "networks", "projects"))


class Things:
    """What one organiser has: an event with a participant, one who asks, a mail that failed."""

    def __init__(self, world: World, organiser_id: int, marker: str) -> None:
        now = clock.now()
        with transaction() as session:
            event = events.create(
                session,
                organiser_id=organiser_id,
                facts=EventFacts(EventType.MEETING, {"nb": f"{marker} møte", "nn": f"{marker} møte"}),
                clauses=[],
                runs=[RunFacts(Precision.DAYS, first_on=now.date().replace(month=10), capacity=1)],
                base_url=BASE_URL,
                now=now,
            )
            events.publish(session, event, now=now)
            self.marker, self.event, self.run = marker, event, event.runs[0]
            add_shipped_questions(session, event, now=now)
            set_session(session, self.run, SessionFacts({"nb": f"{marker} økt"}), now=now)
            add_programme_things(session, event, marker)
        for number in (1, 2):
            form = somebody(
                world, number, run_id=self.run.id, name=f"{marker} Person{number}",
                email=f"{marker.lower().replace('ø', 'o')}{number}@kommune.example", form_token=f"{marker}-{number}",
            )  # fmt: skip
            with transaction() as session:
                register(session, form, now=now)
        with transaction() as session:
            notice_changes(session, now=now)
            plan(session, now=now)
            session.execute(
                sa.update(OutboxMessage)
                .where(OutboxMessage.organiser_id == organiser_id)
                .values(
                    state=MailState.FAILED, subject=f"{marker} brev", text=f"{marker} tekst", html=f"<p>{marker}</p>"
                )
            )

    def addresses(self, app: Flask) -> dict[str, str]:
        """The address of every organisers' page about these things, by endpoint."""
        mine = Registration.event_id == self.event.id
        registration = db.session.scalars(sa.select(Registration.public_id).where(mine)).first()
        my_mail = OutboxMessage.organiser_id == self.event.organiser_id
        mail = db.session.scalars(sa.select(OutboxMessage.public_id).where(my_mail)).first()
        values = {"slug": self.event.slug, "uid": self.run.uid}
        ids = {
            "sessions": db.session.scalar(
                sa.select(EventSession.public_id).where(EventSession.event_id == self.event.id)
            ),
            "materials": db.session.scalar(
                sa.select(Material.public_id).where(
                    Material.event_id == self.event.id, Material.title.startswith(self.marker)
                )
            ),
            "questions": db.session.scalar(sa.select(Question.public_id).where(Question.event_id == self.event.id)),
            "registration": registration,
            "mail": mail,
        }
        with app.test_request_context():
            return {
                rule.endpoint: url_for(
                    rule.endpoint,
                    **{name: values[name] for name in rule.arguments if name in values},
                    **({"public_id": ids[_kind(rule)]} if _names_one(rule) else {}),
                )
                for rule in app.url_map.iter_rules()
                if rule.endpoint.startswith("workspace.") and _is_about_these(rule)
            }


LEAD_BACK = frozenset({"workspace.confirm_nudge", "workspace.minutes_pdf"})
"""Pages that ask before something that there is nobody for here, and a file of minutes that are not written."""


def _is_about_these(rule: Rule) -> bool:
    """Whether its address is made of events, runs, registrations and mails; other things are tried where they are."""
    is_elsewhere = rule.endpoint in ABOUT_OTHERS or rule.rule.startswith(ABOUT_CASES)
    return bool(rule.arguments) and rule.arguments <= ARGUMENTS and not is_elsewhere


def _kind(rule: Rule) -> str:
    """What the last id in an address is of."""
    named = next((part for part in ("sessions", "questions", "materials") if f"/{part}/<" in rule.rule), "registration")
    return named if "slug" in rule.arguments else "mail"


def _names_one(rule: Rule) -> bool:
    return "public_id" in rule.arguments


@pytest.fixture
def ours(world: World) -> Things:
    return Things(world, world.secretariat, OURS)


@pytest.fixture
def theirs(world: World) -> Things:
    return Things(world, world.unio, THEIRS)


def methods(app: Flask, endpoint: str) -> set[str]:
    return {m for rule in app.url_map.iter_rules(endpoint) for m in rule.methods or ()} & {"GET", "POST"}


def test_every_page_shows_our_things_and_none_of_theirs(
    adviser: FlaskClient, app: Flask, ours: Things, theirs: Things
) -> None:
    pages = [
        url
        for endpoint, url in ours.addresses(app).items()
        if "GET" in methods(app, endpoint) and endpoint not in LEAD_BACK
    ]
    lists = ["/manage/", "/manage/events", "/manage/mail", "/manage/mail?state=failed", "/manage/venues"]
    lists += [f"/manage/search?q={OURS}", "/manage/search?q=person", "/manage/search?q=møte"]
    assert len(pages) >= 12
    for url in pages + lists:
        answer = adviser.get(url)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, url
        assert THEIRS not in text, url
        assert (OURS in text) == ("venues" not in url), url


def test_their_addresses_answer_404_to_reading_and_to_writing(adviser: FlaskClient, app: Flask, theirs: Things) -> None:
    statuses = {
        (endpoint, method): adviser.open(url, method=method, data={"title_nb": "x", "type": "meeting"}).status_code
        for endpoint, url in theirs.addresses(app).items()
        for method in methods(app, endpoint)
    }
    statuses = {key: status for key, status in statuses.items() if status != 404}
    # Only what is wrong with the form itself is said before the event is looked for, and the form shows nothing.
    assert statuses == {}


def test_a_registration_of_ours_at_another_event_of_ours_is_not_there(
    adviser: FlaskClient, app: Flask, ours: Things, world: World
) -> None:
    registration = db.session.scalars(sa.select(Registration)).first()
    assert registration is not None
    slug = world.events["seminar"].slug
    assert adviser.get(f"/manage/events/{slug}/participants/{registration.public_id}/cancellation").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/manage/events/nothing",
        "/manage/events/a%00b",
        f"/manage/events/nothing/runs/{uuid.UUID(int=1)}/edit",
        f"/manage/mail/{uuid.UUID(int=1)}",
        "/manage/venues/a%00b",
    ],
)
def test_what_is_nowhere_answers_404(adviser: FlaskClient, path: str) -> None:
    assert adviser.get(path).status_code == 404


def test_nobody_sees_a_page_without_signing_in(client: FlaskClient, app: Flask, ours: Things) -> None:
    for endpoint, url in ours.addresses(app).items():
        assert declared_access(app, endpoint) in SIGNED_IN
        for method in methods(app, endpoint):
            answer = client.open(url, method=method)
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


def test_a_member_of_both_sees_one_at_a_time(
    client: FlaskClient, app: Flask, world: World, ours: Things, theirs: Things
) -> None:
    sign_in(client, add_account("both@program.example", world.secretariat, world.unio))
    client.post("/manage/organiser", data={"organiser": "unio"})
    text = client.get("/manage/events").get_data(as_text=True)
    assert (THEIRS in text, OURS in text) == (True, False)
    assert client.get(f"/manage/events/{ours.event.slug}").status_code == 404


def test_nothing_of_theirs_was_written(adviser: FlaskClient, app: Flask, theirs: Things) -> None:
    before = snapshot(theirs)
    for endpoint, url in theirs.addresses(app).items():
        if "POST" in methods(app, endpoint):
            adviser.post(url, data={"confirmed": "1", "precision-0": "unknown", "title_nb": "x", "type": "meeting"})
    db.session.rollback()
    assert snapshot(theirs) == before


def snapshot(things: Things) -> tuple[object, ...]:
    db.session.expire_all()
    return (
        db.session.execute(sa.select(Event.title, Event.status).where(Event.id == things.event.id)).all(),
        db.session.execute(sa.select(Run.sequence, Run.status, Run.precision).where(Run.id == things.run.id)).all(),
        db.session.execute(sa.select(Registration.id, Registration.state).order_by(Registration.id)).all(),
        db.session.execute(sa.select(OutboxMessage.id, OutboxMessage.state).order_by(OutboxMessage.id)).all(),
    )
