"""Programmes: made, changed by two at once, and who is behind them, as their owner and those who may read them see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.programmes.actions import add_network
from eventsys.programmes.grants.actions import grant
from eventsys.programmes.groups.actions import add_group
from eventsys.programmes.models import Programme, ProgrammeParty
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.workspace.programmes import text
from tests.workspace.test_limit_history import newest
from tests.workspace.test_venues import read_hidden
from tests.world import World

LIST, PAGE = "/manage/programmes", "/manage/programmes/program"
TYPED = {
    "name_nb": "Programmet", "name_nn": "Programmet", "name_en": "The Programme", "begins_on": "01.01.2007",
    "ends_on": "31.12.2009", "about_nb": "For **kommuner**.", "about_nn": "For **kommunar**.",
}  # fmt: skip
PARTY = {"role": "party", "kind": "state", "name_nb": "Departementet"}


def rows(model: Any) -> list[Any]:
    db.session.rollback()
    db.session.expunge_all()
    return list(db.session.scalars(sa.select(model).order_by(model.id)))


def names() -> list[tuple[str, str]]:
    """Of all parties and partners, as the page orders them."""
    found = sorted(rows(ProgrammeParty), key=lambda row: (row.role != "party", row.position))
    return [(row.role.value, row.name["nb"]) for row in found]


def other(app: Flask, world: World, *, role: MemberRole = MemberRole.OWNER) -> FlaskClient:
    """A browser of somebody of Unio."""
    client = app.test_client()
    sign_in(client, add_account("other@unio.example", world.unio, role=role))
    return client


def open_to_unio(world: World) -> None:
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        grant(session, programme, world.unio, account_id=None, now=clock.now())


def test_a_programme_is_made_with_its_dates_and_text_and_not_twice(adviser: FlaskClient, world: World) -> None:
    sent = {**TYPED, "name_nb": "Neste program", "name_nn": "", "name_en": ""}
    answer = adviser.post(LIST, data=sent)
    assert (answer.status_code, answer.location) == (303, "/manage/programmes/neste-program")
    assert adviser.post(LIST, data=sent).status_code == 422
    made = rows(Programme)[-1]
    assert (made.organiser_id, made.begins_on, made.ends_on, made.about["nb"]) == (
        world.secretariat, date(2007, 1, 1), date(2009, 12, 31), "For **kommuner**.",
    )  # fmt: skip
    page = adviser.get(answer.location).text
    assert ("<strong>kommuner</strong>" in page, "No cohort yet." in page) == (True, True)
    assert "Programme: Neste program" in newest(adviser)[0]


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(adviser: FlaskClient) -> None:
    answer = adviser.post(PAGE, data={**TYPED, "name_nb": "", "name_nn": "", "ends_on": "31.12.2006"})
    page = answer.text
    assert answer.status_code == 422
    for told in ('href="#name_nb"', 'id="ends_on-error"', "It cannot end before it begins.", "For **kommuner**."):
        assert told in page, told


def test_two_who_change_a_programme_at_once_lose_nothing(adviser: FlaskClient) -> None:
    adviser.post(PAGE, data=TYPED)
    opened = read_hidden(adviser.get(f"{PAGE}/edit").text)
    adviser.post(PAGE, data={**TYPED, **opened, "ends_on": "31.12.2010"})
    assert adviser.post(PAGE, data={**TYPED, **opened, "about_nb": "For alle."}).status_code == 303
    asked = adviser.post(PAGE, data={**TYPED, **opened, "ends_on": "31.12.2011"})
    assert (asked.status_code, "31.12.2010" in asked.text, "31.12.2011" in asked.text) == (409, True, True)
    (programme,) = rows(Programme)
    assert (programme.ends_on, programme.about["nb"], programme.edition) == (date(2010, 12, 31), "For alle.", 4)


def test_what_is_saved_as_it_was_is_in_the_same_edition_and_not_in_the_log(adviser: FlaskClient) -> None:
    for _twice in range(2):
        adviser.post(PAGE, data=TYPED)
    assert (rows(Programme)[0].edition, len(rows(LogEntry))) == (2, 1)


def test_parties_and_partners_are_added_ordered_changed_and_taken_away(adviser: FlaskClient) -> None:
    adviser.post(f"{PAGE}/parties", data=PARTY)
    adviser.post(f"{PAGE}/parties", data={**PARTY, "name_nb": "Foreningen", "kind": "association"})
    partner = {**PARTY, "role": "partner", "name_nb": "Høyskolen", "email": "post@hoyskolen.example"}
    adviser.post(f"{PAGE}/parties", data=partner)
    assert names() == [("party", "Departementet"), ("party", "Foreningen"), ("partner", "Høyskolen")]
    _first, second, third = [row.public_id for row in rows(ProgrammeParty)]
    for _twice in range(2):  # the first cannot come higher
        adviser.post(f"{PAGE}/parties/{second}/move", data={"way": "up"})
    assert names() == [("party", "Foreningen"), ("party", "Departementet"), ("partner", "Høyskolen")]
    adviser.post(f"{PAGE}/parties/{third}", data={**partner, "name_nb": "Universitetet"})
    adviser.get(PAGE)  # shows what was said of each of them
    page = text(adviser.get(PAGE))
    assert page.index("Foreningen") < page.index("Departementet") < page.index("Universitetet")
    assert "post@hoyskolen.example" in page
    removal = f"{PAGE}/parties/{second}/removal"
    assert "Take away Foreningen?" in adviser.get(removal).text
    assert [adviser.post(removal).status_code for _twice in range(2)] == [303, 303]
    assert names() == [("party", "Departementet"), ("partner", "Universitetet")]
    assert "Removed" in newest(adviser)[0]


def test_a_party_needs_a_name_an_address_that_is_one_and_a_link_that_is_one(adviser: FlaskClient) -> None:
    wrong = {"role": "party", "kind": "state", "email": "ikke en", "url": "javascript:alert(1)"}
    page = adviser.post(f"{PAGE}/parties", data=wrong)
    errors = [f'id="{name}-error"' in page.text for name in ("name_nb", "email", "url")]
    assert (page.status_code, errors, names()) == (422, [True] * 3, [])


def test_who_was_let_in_reads_the_programme_and_changes_nothing(app: Flask, adviser: FlaskClient, world: World) -> None:
    adviser.post(f"{PAGE}/parties", data={**PARTY, "role": "partner", "email": "post@hoyskolen.example"})
    stranger = other(app, world)
    reads = (PAGE, "/manage/cohorts/pulje-ii", "/manage/cohorts/pulje-ii/members/municipality/0821")
    assert [stranger.get(path).status_code for path in reads] == [404] * 3
    open_to_unio(world)
    assert [stranger.get(path).status_code for path in reads] == [200] * 3
    page = stranger.get(PAGE).text
    assert ("Sekretariatet" in page, "hoyskolen.example" in page, "/edit" in page) == (True, False, False)
    assert "Programmet" in stranger.get(LIST).text
    before = rows(Programme)[0].edition
    member = "/manage/cohorts/pulje-ii/members/municipality/0821"
    sent = [
        stranger.post(path, data={**TYPED, **PARTY, "ordinal": "9", "name": "N", "kind": "regional", "text": "0821"})
        for path in (PAGE, f"{PAGE}/parties", f"{PAGE}/cohorts", f"{PAGE}/networks", "/manage/cohorts/pulje-ii", member,
                     "/manage/cohorts/pulje-ii/additions", "/manage/cohorts/pulje-ii/additions/check")
    ]  # fmt: skip
    assert [answer.status_code for answer in sent] == [404] * len(sent)
    assert (rows(Programme)[0].edition, len(rows(ProgrammeParty))) == (before, 1)


def test_a_reader_sees_it_all_and_an_owner_alone_makes_a_programme(app: Flask, world: World) -> None:
    reader, organiser = app.test_client(), app.test_client()
    sign_in(reader, add_account("reader@program.example", world.secretariat, role=MemberRole.READER))
    sign_in(organiser, add_account("organiser@program.example", world.secretariat))
    page = reader.get(PAGE)
    assert (page.status_code, "Add a party" in page.text) == (200, False)
    assert reader.post(f"{PAGE}/parties", data=PARTY).status_code == 403
    assert organiser.post(f"{PAGE}/parties", data=PARTY).status_code == 303
    assert organiser.post(LIST, data=TYPED).status_code == 403


def test_a_programme_lists_its_cohorts_networks_and_groups(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        add_network(session, programme_id=programme.id, slug="nord", name="Nord")
        add_group(session, organiser_id=world.secretariat, name={"nb": "Styringsgruppa"}, programme_id=programme.id)
    page = adviser.get(PAGE).text
    for path in ("/manage/cohorts/pulje-ii", "/manage/networks/nord", "/manage/groups/styringsgruppa"):
        assert f'href="{path}"' in page, path


def test_the_page_asks_no_more_of_the_database_for_fifty_networks_than_for_one(
    adviser: FlaskClient, world: World
) -> None:
    counts = []
    for many in (range(1), range(1, 50)):
        with transaction() as session:
            programme = session.scalars(sa.select(Programme)).one()
            for number in many:
                add_network(session, programme_id=programme.id, slug=f"n{number}", name=f"Nettverk {number}")
        db.session.rollback()
        adviser.get(PAGE)
        with counted(db.engine) as sent:
            adviser.get(PAGE)
        counts.append(len(sent))
    assert counts[0] == counts[1]
