"""A changed programme and published papers made into mail: told once, to those with a place, never of a draft."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.events.materials import actions as papers
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.models import Event, EventChange, Run
from eventsys.events.rules import ChangeKind, EventStatus, MaterialAccess
from eventsys.extensions import db, transaction
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.workflows.actions import notice_changes
from eventsys.workflows.jobs import tick_until_idle
from tests.mailing.sink import Sink
from tests.workflows import rows
from tests.workflows.rows import MORNING


def add_event(*, status: EventStatus = EventStatus.PUBLISHED) -> tuple[Event, Run]:
    """An event of which one has a place and one waits; what came before is noticed."""
    rows.set_clock(MORNING)
    with transaction() as session:
        event = rows.add_event(session, rows.add_organiser(session), status=status)
        run = rows.add_run(session, event)
        rows.register(session, run, email="kari@kommune.example", noticed=True)
        rows.register(session, run, email="ola@kommune.example", state=State.WAITING, noticed=True)
    return event, run


def change(run: Run, kind: ChangeKind, *, times: int = 1, **facts: Any) -> None:
    with transaction() as session:
        for _time in range(times):
            rows.change_event(session, run, kind, facts=facts)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def test_a_programme_that_changed_thrice_is_told_once_with_the_organisers_line(app: Flask, sink: Sink) -> None:
    _event, run = add_event()
    change(run, ChangeKind.PROGRAMME_CHANGED, times=3, line="Lunsjen er flyttet til klokka tolv.")
    tick_until_idle(app)
    assert sink.recipients == ["kari@kommune.example"]
    assert "Lunsjen er flyttet til klokka tolv." in text_of(sink.messages[0])
    with transaction() as session:
        assert notice_changes(session, now=clock.now()) == 0
    tick_until_idle(app)
    assert len(sink.messages) == 1


def test_a_programme_that_changes_again_later_is_told_again(app: Flask, sink: Sink) -> None:
    _event, run = add_event()
    for _time in range(2):
        change(run, ChangeKind.PROGRAMME_CHANGED)
        tick_until_idle(app)
    assert sink.recipients == ["kari@kommune.example"] * 2


def test_a_draft_tells_nobody_of_its_programme_or_its_papers(app: Flask, sink: Sink) -> None:
    _event, run = add_event(status=EventStatus.DRAFT)
    change(run, ChangeKind.PROGRAMME_CHANGED)
    change(run, ChangeKind.MATERIALS_PUBLISHED)
    tick_until_idle(app)
    assert sink.messages == []


def test_a_programme_of_what_has_begun_is_nobodys_news(app: Flask, sink: Sink) -> None:
    _event, run = add_event()
    change(run, ChangeKind.PROGRAMME_CHANGED)
    rows.set_clock(MORNING + timedelta(days=15))
    tick_until_idle(app)
    assert sink.messages == []


def publish(event: Event, *facts: MaterialFacts) -> None:
    """Links to where each is, out and told of at once; the button is pressed twice."""
    with transaction() as session:
        mine, now = session.get_one(Event, event.id), clock.now()
        made = [
            papers.add_material(session, mine, one, url=f"https://{one.title.lower()}.example/", now=now)
            for one in facts
        ]
        for _press in range(2):
            papers.publish(session, mine, made, now=now)


def test_papers_are_told_once_and_those_for_participants_open_behind_their_own_page(app: Flask, sink: Sink) -> None:
    event, _run = add_event()
    publish(
        event,
        MaterialFacts(title="Lysbilder", access=MaterialAccess.EVERYBODY),
        MaterialFacts(title="Referat", access=MaterialAccess.PARTICIPANTS),
        MaterialFacts(title="Notat", access=MaterialAccess.GROUP),
    )
    tick_until_idle(app)
    assert sink.recipients == ["kari@kommune.example"]
    text = text_of(sink.messages[0])
    assert ["Lysbilder" in text, "Referat" in text, "Notat" in text] == [True, True, False]
    client = app.test_client()
    public, own = re.findall(r"http://[^/\s]+(/\S+/materials/[\w-]+)", text)
    assert [public.split("/")[1], own.split("/")[1]] == ["events", "registrations"]
    answers = [client.get(path) for path in (public, own)]
    assert [answer.location for answer in answers] == ["https://lysbilder.example/", "https://referat.example/"]
    hidden = public.rpartition("/")[0] + "/" + own.rpartition("/")[2]
    assert client.get(hidden).status_code in (403, 404)
    db.session.rollback()
    kind = EventChange.kind == ChangeKind.MATERIALS_PUBLISHED
    assert len(db.session.scalars(sa.select(EventChange.id).where(kind)).all()) == 1


def test_papers_come_when_all_is_over_too(app: Flask, sink: Sink) -> None:
    event, _run = add_event()
    rows.set_clock(MORNING + timedelta(days=30))
    with transaction() as session:
        kari = Registration.email_key == "kari@kommune.example"
        session.execute(sa.update(Registration).where(kari).values(state=State.ATTENDED))
    publish(event, MaterialFacts(title="Referat", access=MaterialAccess.PARTICIPANTS))
    tick_until_idle(app)
    told = [message for message in sink.messages if "Referat" in text_of(message)]
    assert [message["To"].addresses[0].addr_spec for message in told] == ["kari@kommune.example"]
