"""Rules and one-off mail to the invited, to speakers, to contacts and to audiences that have a name."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.audiences import actions as audiences
from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import Clause, Kind
from eventsys.events.models import Event, EventSession, SessionSpeaker, Speaker
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.rules import PositionRole
from eventsys.registrations.actions import register
from eventsys.workflows.actions import switching
from eventsys.workflows.actions.switching import AudienceIsGone
from eventsys.workflows.models import MailCause, Rule
from eventsys.workflows.rulefacts import RuleFacts, Scope
from eventsys.workflows.rules import Anchor, Audience, Trigger, Unit
from tests.audiences.given import add_position, add_representative, all_of, cohort, of, role
from tests.invitations.given import invite
from tests.workspace.rules import KEY, SENTENCE
from tests.workspace.test_mailings import EVENT, LETTER, sent_to
from tests.world import NOW, World, somebody

RULES = f"{EVENT}/rules"


def plain(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def save_audience(world: World, *clauses: Clause, name: str = "Prosjektledere") -> tuple[int, str]:
    """The audience's id, and how a form names it."""
    with transaction() as session:
        row = audiences.save(
            session, organiser_id=world.secretariat, name=name, clauses=clauses, account_id=None, now=NOW
        )
        return row.id, f"saved:{row.public_id}"


@pytest.fixture
def leaders(world: World) -> tuple[int, str]:
    """Anne and Berit, project leaders of cohort II."""
    for name in ("Anne", "Berit"):
        add_position(world, name, "0821")
    return save_audience(world, all_of(cohort(world, 2), role(PositionRole.PROJECT_LEADER)))


def add_speaker(world: World, name: str) -> None:
    event = world.events["seminar"]
    with transaction() as session:
        email = f"{name.casefold()}@foredrag.example"
        speaker = Speaker(organiser_id=world.secretariat, name=name, email=email, email_key=email, created_at=NOW)
        run = event.runs[0]
        talk = EventSession(event_id=event.id, run_id=run.id, organiser_id=world.secretariat, title={"nb": "Foredrag"})
        session.add_all([speaker, talk])
        session.flush()
        session.add(
            SessionSpeaker(session_id=talk.id, speaker_id=speaker.id, event_id=event.id, organiser_id=world.secretariat)
        )


def rule_of(key: str = KEY) -> tuple[Audience, int | None]:
    db.session.rollback()
    rule = db.session.scalars(sa.select(Rule).where(Rule.key == key, Rule.removed_at.is_(None))).one()
    return rule.audience, rule.audience_id


def count(client: FlaskClient, audience: str) -> str:
    return client.get(f"{EVENT}/mailings/audience", query_string={"audience": audience}).text


def send(client: FlaskClient, **fields: str) -> str:
    """Writes it, reads its page and sends it; the page."""
    answer = client.post(f"{EVENT}/mailings", data={**LETTER, **fields})
    assert answer.status_code == 303, plain(answer.text)
    page = client.get(answer.location)
    assert client.post(f"{answer.location}/sending").status_code == 303
    return plain(page.text)


def causes() -> list[dict[str, Any]]:
    db.session.rollback()
    columns = ("registration_id", "organisation_id", "invitation_id", "person_id")
    rows = db.session.execute(sa.select(MailCause).order_by(MailCause.id)).scalars()
    return [{name: getattr(row, name) for name in columns if getattr(row, name)} for row in rows]


# --- rules ------------------------------------------------------------------------------------------------------------


def test_a_rule_for_a_saved_audience_keeps_it_and_tells_it_by_its_name(
    adviser: FlaskClient, leaders: tuple[int, str]
) -> None:
    saved_id, value = leaders
    without = value.replace("saved:", "saved_without:")
    preview = plain(adviser.post(f"{RULES}/preview", data={**SENTENCE, "audience": value}).text)
    assert "10:00, “Prosjektledere” get “Reminder”" in preview
    assert preview.count("to 2 as of now") == 2
    assert adviser.post(RULES, data={**SENTENCE, "audience": without}).status_code == 303
    assert rule_of() == (Audience.SAVED_WITHOUT, saved_id)
    assert "those of “Prosjektledere” who have not signed up get “Reminder”" in plain(adviser.get(RULES).text)
    form = adviser.get(f"{RULES}/{KEY}").text
    assert f'<option value="{without}" selected>' in form
    assert adviser.post(f"{RULES}/{KEY}", data={**SENTENCE, "audience": "speakers"}).status_code == 303
    assert rule_of() == (Audience.SPEAKERS, None)


@pytest.mark.parametrize("audience", ["saved", "saved:", "saved:x", "concerned", "speakers:x", "nobody", ""])
def test_an_audience_that_is_not_in_the_list_is_refused(adviser: FlaskClient, audience: str) -> None:
    answer = adviser.post(RULES, data={**SENTENCE, "audience": audience})
    assert (answer.status_code, "Choose one from the list." in answer.text) == (422, True)
    answer = adviser.post(f"{EVENT}/mailings", data={**LETTER, "audience": audience})
    assert (answer.status_code, "Choose one from the list." in answer.text) == (422, True)
    assert adviser.get(f"{RULES}/letter", query_string={"audience": audience}).status_code == 404


def test_a_real_mail_is_shown_of_each_of_the_new_audiences(
    adviser: FlaskClient, world: World, leaders: tuple[int, str]
) -> None:
    add_position(world, "Cato", "0821", PositionRole.CONTACT)
    add_speaker(world, "Dagny")
    invite(world)
    shown = {}
    for audience in ("contacts_without", "invited", "speakers", leaders[1]):
        data = {**SENTENCE, "audience": audience, "text": "free"}
        page = adviser.post(f"{RULES}/preview", data=data).text
        address = re.search(r'src="([^"]+)"', page)
        assert address is not None, plain(page)
        assert adviser.get(html.unescape(address[1])).status_code == 200
        to = re.search(r"To (\w+)", plain(page))
        shown[audience] = to[1] if to else ""
    assert shown == {"contacts_without": "Cato", "invited": "Anne", "speakers": "Dagny", leaders[1]: "Anne"}


def test_who_is_in_an_audience_of_union_members_is_named_on_no_page_of_mail(adviser: FlaskClient, world: World) -> None:
    add_representative(world, "Tillit", number="0821")
    saved_id, value = save_audience(world, all_of(of(Kind.UNION, world.unions[0])), name="Tillitsvalgte")
    assert value not in adviser.get(f"{RULES}/new").text
    assert adviser.post(RULES, data={**SENTENCE, "audience": value}).status_code == 422
    facts = RuleFacts(
        Trigger.RELATIVE,
        "reminder",
        Audience.SAVED,
        Anchor.START,
        -5,
        Unit.DAYS,
        clock.now().time(),
        audience_id=saved_id,
    )
    with transaction() as session:
        scope = Scope(world.secretariat, event_id=world.events["seminar"].id)
        switching.add_rule(session, scope, facts, key=KEY, now=clock.now())
    form = adviser.get(f"{RULES}/{KEY}").text
    assert value in form
    run = world.events["seminar"].runs[0]
    page = adviser.get(f"{EVENT}/mail/occasions/{KEY}/{run.uid}/0").text
    assert "it tells of unions" in page
    assert "Tillit " not in plain(form) + plain(page)
    assert adviser.get(f"{EVENT}/mail/occasions/{KEY}/{run.uid}/0/body").status_code == 404


def test_an_audience_that_a_rule_names_stays_and_one_that_went_is_refused(
    adviser: FlaskClient, world: World, leaders: tuple[int, str]
) -> None:
    saved_id, value = leaders
    adviser.post(RULES, data={**SENTENCE, "audience": value})
    address = f"/manage/audiences/{value.partition(':')[2]}/removal"
    assert adviser.post(address).status_code == 303
    assert "Mail is still to go to this audience." in plain(adviser.get(address).text)
    facts = RuleFacts(Trigger.ABSOLUTE, "reminder", Audience.SAVED, at_local=clock.now(), audience_id=saved_id + 1000)
    scope = Scope(world.secretariat, event_id=world.events["seminar"].id)
    with pytest.raises(AudienceIsGone):
        switching.add_rule(db.session(), scope, facts, key="own-aaaaaaaaaa", on=False, now=clock.now())
    assert db.session.get(AudienceRecord, saved_id) is not None


# --- one-off mail -----------------------------------------------------------------------------------------------------


def test_a_letter_goes_to_those_of_a_saved_audience_who_have_not_signed_up(
    app: Flask, adviser: FlaskClient, world: World, leaders: tuple[int, str]
) -> None:
    _id, value = leaders
    with transaction() as session:
        register(session, somebody(world, email="anne@kommune.example", name="Anne"), now=clock.now())
    assert count(adviser, value) == "2 people get it: 2 in bokmål."
    without = value.replace("saved:", "saved_without:")
    assert count(adviser, without) == "1 person gets it: 1 in bokmål."
    body = "Hei {who}.\n\n[Min side]({registrations})"
    page = send(adviser, audience=without, body_nb=body)
    assert "Berit" in page
    assert sent_to(app) == ["anne", "berit"]
    assert [list(one) for one in causes()] == [["registration_id"], ["person_id"]]
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email_key == "berit@kommune.example")).one()
    assert adviser.get(f"/manage/mail/{mail.public_id}").status_code == 200
    assert adviser.get("/manage/mail").status_code == 200


@pytest.mark.parametrize(
    ("audience", "subject"),
    [("invited", "invitation_id"), ("speakers", None), ("contacts_without", "organisation_id")],
)
def test_a_letter_goes_to_people_who_are_not_signed_up(
    app: Flask, adviser: FlaskClient, world: World, audience: str, subject: str | None
) -> None:
    add_position(world, "Anne", "0821", PositionRole.CONTACT)
    add_position(world, "Berit", "0821")
    add_speaker(world, "Cato")
    invite(world, clauses=(all_of(cohort(world, 2), role(PositionRole.PROJECT_LEADER)),))
    sent_to(app)
    before = len(causes())
    assert "1 person gets it" in count(adviser, audience)
    send(adviser, audience=audience, body_nb="Hei {who}.\n\n[Min side]({registrations})")
    (name,) = sent_to(app)
    made = causes()[before:]
    assert [list(one) for one in made] == [[subject] if subject else []]
    mail = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    assert adviser.get(f"/manage/mail/{mail.public_id}").status_code == 200
    assert adviser.post(f"/manage/mail/{mail.public_id}/again", data={"number": "1"}).status_code == 303
    assert [list(one) for one in causes()[before:]] == [[subject] if subject else []] * 2
    assert sent_to(app) == [name]


def test_a_saved_audience_of_another_organiser_is_not_there(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        row = audiences.save(
            session, organiser_id=world.unio, name="Annet", clauses=[all_of(cohort(world, 2))], account_id=None, now=NOW
        )
        value = f"saved:{row.public_id}"
    assert value not in adviser.get(f"{EVENT}/mailings/new").text
    assert adviser.post(f"{EVENT}/mailings", data={**LETTER, "audience": value}).status_code == 422
    assert db.session.get(Event, world.events["seminar"].id) is not None
