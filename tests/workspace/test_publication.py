"""Publishing and cancelling show first what they send; a move says from what to what, with a line of the organiser's."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Event, EventChange
from eventsys.events.rules import ChangeKind, EventStatus
from eventsys.extensions import db, transaction
from tests.workspace.test_events import NEW, SEMINAR, find, run_address, sign_up
from tests.world import World

DRAFT = "/manage/events/prosjektledersamling-pulje-iii"


def facts(kind: ChangeKind) -> list[dict[str, object]]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(EventChange.facts).where(EventChange.kind == kind).order_by(EventChange.id))
    )


def test_publishing_says_what_the_rules_will_send_when_and_to_whom(adviser: FlaskClient) -> None:
    adviser.post("/manage/events", data=NEW)
    page = adviser.get(f"{DRAFT}/publication").get_data(as_text=True)
    assert "Reminder" in page
    assert "confirmed participants" in page
    assert "The title is not written in English." in page
    assert find("prosjektledersamling-pulje-iii").status is EventStatus.DRAFT
    assert db.session.scalar(sa.text("SELECT count(*) FROM occasions WHERE state = 'planned'")) == 0


def test_a_draft_without_a_place_or_days_can_be_published_and_is_told_what_is_missing(adviser: FlaskClient) -> None:
    bare = {"title_nb": "Samling", "type": "meeting", "precision-0": "unknown"}
    adviser.post("/manage/events", data=bare)
    page = adviser.get("/manage/events/samling/publication").get_data(as_text=True)
    for text in (
        "There is no description.",
        "The day is not set.",
        "It has no place yet.",
        "No rule has a mail at a set time",
    ):
        assert text in page
    assert adviser.post("/manage/events/samling/publication").status_code == 303
    assert adviser.get("/manage/events/samling/publication").status_code == 303


def test_a_published_event_is_held_when_its_days_are_over(adviser: FlaskClient, world: World) -> None:
    assert ">Held<" not in adviser.get(SEMINAR).get_data(as_text=True)
    with transaction() as session:
        clock.set_to(session, clock.now().replace(month=10))
    assert ">Held<" in adviser.get(SEMINAR).get_data(as_text=True)
    held = adviser.get("/manage/events?status=held").get_data(as_text=True)
    published = adviser.get("/manage/events?status=published").get_data(as_text=True)
    assert ("Læringsseminar 2" in held, "Læringsseminar 2" in published) == (True, False)
    assert ("Kvalitetskonferanse" in held, "Kvalitetskonferanse" in published) == (False, True)


def test_the_line_to_those_who_are_told_is_kept_with_what_changed(adviser: FlaskClient, world: World) -> None:
    sign_up(world, 2)
    moved = {"precision-0": "days", "first_on-0": "08.09.2008", "capacity-0": "3"}
    page = adviser.post(run_address(world), data=moved).get_data(as_text=True)
    assert "A line of yours in the mail" in page
    adviser.post(run_address(world), data={**moved, "confirmed": "1", "line": "Hotellet <brant> ned.\r\nBeklager."})
    (change,) = facts(ChangeKind.RUN_CHANGED)
    assert change["line"] == "Hotellet <brant> ned.\nBeklager."
    adviser.post(f"{SEMINAR}/cancellation", data={"line": "Vi kommer tilbake."})
    assert [row.get("line") for row in facts(ChangeKind.RUN_CANCELLED)] == ["Vi kommer tilbake."] * 2


def test_an_event_by_invitation_says_so_and_has_no_button(
    adviser: FlaskClient, client: FlaskClient, world: World
) -> None:
    form = {"title_nb": "Læringsseminar 2", "type": "learning_seminar", "meant": ["cohort:pulje-ii"]}
    assert "Sign me up" in client.get("/events/laeringsseminar-2-pulje-ii").get_data(as_text=True)
    adviser.post(SEMINAR, data={**form, "by_invitation": "1"})
    page = client.get("/events/laeringsseminar-2-pulje-ii").get_data(as_text=True)
    assert "This event is by invitation." in page
    assert "Sign me up" not in page
    db.session.rollback()
    assert db.session.scalars(sa.select(Event.edition).where(Event.slug == "laeringsseminar-2-pulje-ii")).one() == 3


def test_an_event_that_is_closed_is_gone_from_the_public_and_its_copy_is_closed_too(
    adviser: FlaskClient, client: FlaskClient, world: World
) -> None:
    form = {"title_nb": "Læringsseminar 2", "type": "learning_seminar", "meant": ["cohort:pulje-ii"]}
    adviser.post(SEMINAR, data={**form, "by_invitation": "closed"})
    assert client.get("/events/laeringsseminar-2-pulje-ii").status_code == 404
    page = adviser.get(SEMINAR).get_data(as_text=True)
    assert ("Closed meeting" in page, 'href="/events/laeringsseminar-2-pulje-ii"' in page) == (True, False)
    assert 'value="closed" checked' in adviser.get(f"{SEMINAR}/edit").get_data(as_text=True)
    copy_title = {"nb": "Læringsseminar 3", "nn": "Læringsseminar 3"}
    copy = {f"title_{code}": title for code, title in copy_title.items()}
    adviser.post("/manage/copies/laeringsseminar-2-pulje-ii", data=copy)
    db.session.rollback()
    newest = sa.select(Event.title, Event.is_closed, Event.by_invitation).order_by(Event.id.desc()).limit(1)
    assert [tuple(row) for row in db.session.execute(newest)] == [(copy_title, True, True)]
