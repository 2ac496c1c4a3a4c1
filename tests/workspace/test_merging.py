"""Two who are one person: every row is shown with what becomes of it, then they are one; others' rows stay others'."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.audiences.models import AudienceRecord
from eventsys.extensions import db, transaction
from eventsys.invitations.models import Invitation, InvitationChange
from eventsys.invitations.rules import InvitationState
from eventsys.organisations.models import Person, PersonWord, Position
from eventsys.organisers.actions import add as add_organiser
from eventsys.registrations.models import Registration
from eventsys.workspace.registers.actions.merging import list_columns
from tests.accounts.people import add_account, sign_in
from tests.registrations.test_me import words_of
from tests.workspace.merging import NAME, NEW, OLD, Twice, give_all, sign_up
from tests.world import NOW, World


@pytest.fixture
def twice(adviser: FlaskClient, world: World) -> Twice:
    """One Kari at two addresses, each with a seat at an event of her own."""
    twice = Twice(world)
    twice.ids = {OLD: sign_up(world, OLD), NEW: sign_up(world, NEW, "seminar3")}
    return twice


def owners() -> dict[str, set[int]]:
    """Whose the rows of each table are."""
    db.session.rollback()
    return {
        f"{column.table.name}.{column.name}": {key for key in db.session.scalars(sa.select(column)) if key is not None}
        for column in list_columns()
    }


def merge(client: FlaskClient, twice: Twice, keep: str = NEW, other: str = OLD) -> Any:
    address = f"/manage/people/{twice.public_id(keep)}/merging"
    answer = client.post(address, data={"other": twice.public_id(other)})
    db.session.rollback()
    return answer


def preview(client: FlaskClient, twice: Twice, keep: str = NEW, other: str = OLD) -> str:
    address = f"/manage/people/{twice.public_id(keep)}/merging/preview"
    answer = client.post(address, data={"other": twice.public_id(other)})
    db.session.rollback()
    assert answer.status_code == 200
    return words_of(answer.get_data(as_text=True))


def test_every_table_that_knows_people_is_thought_of() -> None:
    assert sorted(f"{column.table.name}.{column.name}" for column in list_columns()) == [
        "delegations.registrar_id", "group_memberships.person_id", "held_places.person_id", "invitations.person_id",
        "mail_causes.person_id", "positions.person_id", "registrations.person_id", "representatives.person_id",
    ]  # fmt: skip


def test_all_rows_go_over_and_the_other_is_nobody_any_more(adviser: FlaskClient, twice: Twice, world: World) -> None:
    give_all(world, OLD, organiser_id=world.secretariat, person_id=twice.ids[OLD])
    assert set.union(*owners().values()) == set(twice.ids.values())
    text = preview(adviser, twice)
    for told in (
        "Seats Læringsseminar 2, 1–2 September 2008 goes over", "Delegations that they keep Kvalitetskonferanse goes over",
        "Invitations Kvalitetskonferanse goes over", "Places held for them Læringsseminar 2, 2–3 September 2008 goes over",
        "Roles Bø (Telemark) goes over", f"Groups Gruppe {OLD} goes over", "As a union's representative 1 row goes over",
        "Mails about them 1 row goes over",
    ):  # fmt: skip
        assert told in text, told
    answer = merge(adviser, twice)
    assert (answer.status_code, answer.location) == (303, f"/manage/people/{twice.public_id(NEW)}")
    assert owners() == {name: {twice.ids[NEW]} for name in owners()}
    other = db.session.get_one(Person, twice.ids[OLD])
    assert (other.merged_into_id, other.email_key, other.name_key) == (twice.ids[NEW], None, None)
    words = db.session.scalars(sa.select(PersonWord.person_id))
    assert set(words) == {twice.ids[NEW]}


def test_the_preview_changes_nothing_but_notes_that_a_representative_was_read(
    adviser: FlaskClient, twice: Twice, world: World
) -> None:
    before = owners()
    preview(adviser, twice)
    assert db.session.scalars(sa.select(LogEntry)).all() == []
    give_all(world, OLD, organiser_id=world.secretariat, person_id=twice.ids[OLD])
    preview(adviser, twice)
    assert [(row.verb.value, row.object) for row in db.session.scalars(sa.select(LogEntry))] == [
        ("read", "representative")
    ]
    assert before["registrations.person_id"] == owners()["registrations.person_id"]


def test_what_both_have_ends_goes_or_stays_and_is_said_to(adviser: FlaskClient, twice: Twice, world: World) -> None:
    for email in (OLD, NEW):
        give_all(world, email, organiser_id=world.secretariat, person_id=twice.ids[email])
    sign_up(world, NEW)
    text = preview(adviser, twice)
    for told in (
        "Seats Læringsseminar 2, 1–2 September 2008 stays as it is: both have one", "cancel one of the seats first",
        "Invitations Kvalitetskonferanse ends: the other has the same",
        "Places held for them Læringsseminar 2, 2–3 September 2008 goes: the other has the same",
        "Roles Bø (Telemark) goes: the other has the same", "As a union's representative 1 row goes: the other has the same",
    ):  # fmt: skip
        assert told in text, told
    assert merge(adviser, twice).status_code == 303
    left = {name for name, ids in owners().items() if twice.ids[OLD] in ids}
    assert left == {"registrations.person_id", "invitations.person_id"}
    states = sa.select(Invitation.person_id, Invitation.state).order_by(Invitation.id)
    assert [tuple(row) for row in db.session.execute(states)] == [
        (twice.ids[OLD], InvitationState.WITHDRAWN), (twice.ids[NEW], InvitationState.ASKED),
    ]  # fmt: skip
    assert db.session.scalars(sa.select(InvitationChange.noticed_at.is_not(None))).all() == [True]
    assert db.session.get_one(Person, twice.ids[OLD]).merged_into_id == twice.ids[NEW]
    assert db.session.scalar(sa.select(sa.func.count(Position.id))) == 1


def test_the_log_says_who_was_merged_until_the_words_are_erased(adviser: FlaskClient, twice: Twice) -> None:
    merge(adviser, twice)
    row = db.session.scalars(sa.select(LogEntry)).one()
    assert (row.verb.value, row.key, row.facts, row.erase_on is not None) == (
        "merged", str(twice.public_id(NEW)), {"name": {"from": f"{NAME} <{OLD}>", "to": f"{NAME} <{NEW}>"}}, True,
    )  # fmt: skip


def test_a_button_pressed_twice_is_one_merge_and_the_old_address_leads_on(adviser: FlaskClient, twice: Twice) -> None:
    old = f"/manage/people/{twice.public_id(OLD)}"
    for _time in range(2):
        assert merge(adviser, twice).status_code == 303
    assert len(db.session.scalars(sa.select(LogEntry)).all()) == 1
    assert adviser.get(old).location == f"/manage/people/{twice.public_id(NEW)}"
    page = words_of(adviser.get(f"/manage/people/{twice.public_id(NEW)}").get_data(as_text=True))
    assert all(told in page for told in ("Læringsseminar 2", "Læringsseminar 3", OLD, NEW))


def test_an_organiser_moves_its_own_rows_and_the_other_stays_somebody_for_others(
    adviser: FlaskClient, twice: Twice, world: World
) -> None:
    sign_up(world, OLD, "unio")
    merge(adviser, twice)
    other = db.session.get_one(Person, twice.ids[OLD])
    assert (other.merged_into_id, other.email_key) == (None, OLD)
    rows = db.session.execute(sa.select(Registration.organiser_id, Registration.person_id).order_by(Registration.id))
    assert [tuple(row) for row in rows] == [
        (world.secretariat, twice.ids[NEW]), (world.secretariat, twice.ids[NEW]), (world.unio, twice.ids[OLD]),
    ]  # fmt: skip


def test_an_owner_of_the_installation_merges_across_organisers(app: Flask, twice: Twice, world: World) -> None:
    sign_up(world, OLD, "unio")
    with transaction() as session:
        installation = add_organiser(session, slug="installation", name="Drifta", email="drift@program.example")
    client = app.test_client()
    sign_in(client, add_account("owner@program.example", installation.id, role=MemberRole.OWNER))
    assert "Seats Unios konferanse" in preview(client, twice)
    assert merge(client, twice).status_code == 303
    assert owners()["registrations.person_id"] == {twice.ids[NEW]}


def test_another_organiser_and_somebody_unknown_are_not_found(app: Flask, twice: Twice, world: World) -> None:
    client = app.test_client()
    sign_in(client, add_account("adviser@unio.example", world.unio))
    address = f"/manage/people/{twice.public_id(NEW)}"
    for path in ("", "/merging"):
        assert client.get(f"{address}{path}").status_code == 404
    for path in ("/merging/preview", "/merging"):
        assert client.post(f"{address}{path}", data={"other": twice.public_id(OLD)}).status_code == 404
    sign_up(world, NEW, "unio")
    assert client.post(f"{address}/merging", data={"other": twice.public_id(OLD)}).status_code == 404
    assert owners()["registrations.person_id"] == set(twice.ids.values())


@pytest.mark.parametrize("other", ["", "x", NEW])
def test_nobody_and_the_same_one_are_refused(adviser: FlaskClient, twice: Twice, other: str) -> None:
    address = f"/manage/people/{twice.public_id(NEW)}/merging/preview"
    answer = adviser.post(address, data={"other": twice.public_id(NEW) if other == NEW else other})
    assert (answer.status_code, 'id="q-error"' in answer.get_data(as_text=True)) == (422, True)


def test_doubles_are_found_by_name_and_by_names_that_are_alike(
    adviser: FlaskClient, twice: Twice, world: World
) -> None:
    sign_up(world, "post@bo.example", name="Ola Dal")
    sign_up(world, "post@bo.example", "seminar3", name="Ola Per Dal")
    sign_up(world, "post@bo.example", "conference", name="Berit Haug")
    page = words_of(adviser.get("/manage/people/doubles").get_data(as_text=True))
    assert ("Ola Per Dal post@bo.example" in page, f"{NAME} {OLD}" in page, "Berit Haug" in page) == (True, True, False)
    choice = words_of(adviser.get(f"/manage/people/{twice.public_id(NEW)}/merging").get_data(as_text=True))
    assert (f"{NAME} {OLD}" in choice, "Ola" in choice) == (True, False)
    found = words_of(adviser.get(f"/manage/people/{twice.public_id(NEW)}/merging?q=haug").get_data(as_text=True))
    assert ("Berit Haug" in found, OLD in found) == (True, False)


def test_a_saved_audience_that_names_the_other_names_who_is_left(
    adviser: FlaskClient, twice: Twice, world: World
) -> None:
    clauses = [{"conditions": [{"kind": "person", "ids": list(twice.ids.values()), "words": [], "negated": False}]}]
    with transaction() as session:
        session.add(
            AudienceRecord(
                organiser_id=world.secretariat, name="Kari", clauses=clauses, created_at=NOW, revised_at=NOW
            )
        )  # fmt: skip
    merge(adviser, twice)
    (kept,) = db.session.scalars(sa.select(AudienceRecord.clauses))
    assert kept[0]["conditions"][0]["ids"] == [twice.ids[NEW]]
