"""Who advises each network: said by the programme's owner, and theirs are the drafts that come."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.events.models import Event
from eventsys.events.rules import EventStatus
from eventsys.extensions import db, transaction
from eventsys.programmes.actions import add_network
from eventsys.programmes.models import Network, Programme
from tests.accounts.people import add_account, sign_in
from tests.workspace.test_limit_history import newest
from tests.world import World

PAGE = "/manage/programmes/program/access"
SAVE = "/manage/programmes/program/advisers"


@pytest.fixture
def networks(world: World) -> None:
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        for slug, name in (("nord", "Nord"), ("sor", "Sør")):
            add_network(session, programme_id=programme.id, slug=slug, name=name)


def advised() -> dict[str, int | None]:
    db.session.rollback()
    return {row.slug: row.organiser_id for row in db.session.scalars(sa.select(Network).order_by(Network.slug))}


@pytest.mark.usefixtures("networks")
def test_the_owner_says_who_advises_a_network_and_the_next_draft_of_it_is_theirs(
    adviser: FlaskClient, world: World
) -> None:
    page = adviser.get(PAGE).text
    assert ('name="adviser-nord"' in page, 'name="adviser-sor"' in page) == (True, True)
    assert adviser.post(SAVE, data={"adviser-nord": "", "adviser-sor": "unio"}).status_code == 303
    assert advised() == {"nord": None, "sor": world.unio}
    assert "Network: Sør" in newest(adviser)[0]
    assert "Adviser: – → became Unio" in newest(adviser)[0]
    data = {"network": ["nord", "sor"], "title_nb": "Samling {nettverk}", "precision": "unknown"}
    adviser.post("/manage/events/new/networks", data=data)
    db.session.rollback()
    drafts = sa.select(Event).where(Event.status == EventStatus.DRAFT)
    made = {event.title["nb"]: event.organiser_id for event in db.session.scalars(drafts)}
    assert (made["Samling Nord"], made["Samling Sør"]) == (world.secretariat, world.unio)
    adviser.post(SAVE, data={"adviser-sor": ""})
    assert advised() == {"nord": None, "sor": None}


@pytest.mark.usefixtures("networks")
def test_what_names_no_organiser_changes_nothing_and_anothers_programme_is_not_there(
    app: Flask, adviser: FlaskClient, world: World
) -> None:
    assert adviser.post(SAVE, data={"adviser-nord": "nobody", "adviser-x": "unio"}).status_code == 303
    stranger = app.test_client()
    sign_in(stranger, add_account("other@unio.example", world.unio))
    assert stranger.post(SAVE, data={"adviser-nord": "unio"}).status_code in (403, 404)
    assert advised() == {"nord": None, "sor": None}
