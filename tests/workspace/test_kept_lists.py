"""A mail to a saved audience keeps what that audience was, however it is edited later."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.rules import keep_clauses
from eventsys.extensions import db, transaction
from eventsys.organisations.rules import PositionRole
from eventsys.workflows.models import Rule
from eventsys.workflows.rules import Trigger
from tests.audiences.given import add_position, all_of, cohort, role
from tests.workspace.test_mail_audiences import plain, save_audience
from tests.workspace.test_mailings import EVENT, LETTER, sent_to
from tests.world import World

KEPT = "The saved audience, as it was then"


def write(client: FlaskClient, audience: str) -> str:
    """The address of a letter that is not sent yet."""
    return str(client.post(f"{EVENT}/mailings", data={**LETTER, "audience": audience}).location)


def kept() -> list[list[dict[str, object]] | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Rule.clauses).where(Rule.trigger == Trigger.ABSOLUTE).order_by(Rule.id)))


def change(audience_id: int, clauses: list[dict[str, object]]) -> None:
    with transaction() as session:
        session.get_one(AudienceRecord, audience_id).clauses = clauses


def test_a_mail_that_went_tells_whom_its_audience_meant_though_that_was_edited(
    app: Flask, adviser: FlaskClient, world: World
) -> None:
    add_position(world, "Anne", "0821")
    clause = all_of(cohort(world, 2), role(PositionRole.PROJECT_LEADER))
    audience_id, value = save_audience(world, clause)
    page = write(adviser, value)
    assert (KEPT in adviser.get(page).text, kept()) == (False, [None])
    assert adviser.post(f"{page}/sending").status_code == 303
    assert sent_to(app) == ["anne"]
    change(audience_id, keep_clauses([all_of(cohort(world, 1))]))
    assert kept() == [keep_clauses([clause])]
    told = plain(adviser.get(page).text)
    assert (f"{KEPT} Pulje II, project leaders" in told, "Pulje I," in told) == (True, False)


def test_the_list_that_is_kept_is_the_one_that_the_mail_went_to(app: Flask, adviser: FlaskClient, world: World) -> None:
    add_position(world, "Anne", "0821")
    add_position(world, "Berit", "2021")
    audience_id, value = save_audience(world, all_of(cohort(world, 2)))
    page = write(adviser, value)
    adviser.post(f"{page}/sending")
    later = keep_clauses([all_of(cohort(world, 1))])
    change(audience_id, later)  # before the worker has made mails of it
    assert (sent_to(app), kept()) == (["berit"], [later])


def test_a_mail_to_those_signed_up_keeps_no_list(four: FlaskClient, world: World) -> None:
    adviser = four
    page = str(adviser.post(f"{EVENT}/mailings", data=LETTER).location)
    adviser.post(f"{page}/sending")
    assert (kept(), KEPT in adviser.get(page).text) == ([None], False)
