"""Cohorts and networks as their owner keeps them: made, filled from a pasted list, and how each member stands."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.programmes.actions import add_network
from eventsys.programmes.models import Cohort, CohortMembership, Network, NetworkMembership, Programme
from tests.statements import counted
from tests.workspace.programmes import text
from tests.workspace.test_limit_history import newest
from tests.workspace.test_programmes import open_to_unio, other, rows
from tests.world import World

PROGRAMME, COHORT = "/manage/programmes/program", "/manage/cohorts/pulje-ii"
MEMBER = f"{COHORT}/members/municipality/0821"


@pytest.fixture
def network(world: World) -> str:
    """The address of a network's page."""
    with transaction() as session:
        programme = session.scalars(sa.select(Programme)).one()
        add_network(session, programme_id=programme.id, slug="nord", name="Nord")
    return "/manage/networks/nord"


def in_cohort(slug: str = "pulje-ii") -> list[str]:
    """The labels on the page of a cohort today."""
    db.session.rollback()
    columns = sa.select(CohortMembership.organisation_id).join(Cohort).where(Cohort.slug == slug)
    return sorted(map(str, db.session.scalars(columns)))


def test_a_cohort_is_made_with_a_ceiling_and_its_number_is_its_own(adviser: FlaskClient) -> None:
    sent = {"name_nb": "Pulje IV", "ordinal": "4", "ceiling": "40"}
    assert 'value="4"' in adviser.get(f"{PROGRAMME}/cohorts/new").text
    answer = adviser.post(f"{PROGRAMME}/cohorts", data=sent)
    assert (answer.status_code, answer.location) == (303, "/manage/cohorts/pulje-iv")
    again = adviser.post(f"{PROGRAMME}/cohorts", data={**sent, "name_nb": "Pulje V"})
    assert (again.status_code, "Another cohort of the programme has this number." in again.text) == (422, True)
    empty = adviser.get(answer.location).text
    assert ("Nobody is in the cohort yet" in empty, "0 of 40 places" in empty) == (True, True)
    assert "Cohort: Pulje IV" in newest(adviser)[0]


def test_a_ceiling_is_not_set_below_those_who_have_a_place(adviser: FlaskClient) -> None:
    sent = {"name_nb": "Pulje II", "ordinal": "2", "ceiling": "1"}
    refused = adviser.post(COHORT, data=sent)
    assert (refused.status_code, "2 have a place in it already." in refused.text) == (422, True)
    assert adviser.post(COHORT, data={**sent, "ceiling": "2"}).status_code == 303
    assert [row.ceiling for row in rows(Cohort)] == [None, 2, None]


def test_a_cohort_shows_who_has_a_place_on_a_day_with_county_and_since_when(adviser: FlaskClient) -> None:
    page = text(adviser.get(COHORT))
    assert "0821 Bø Telemark 1 January 2008 Member" in page
    assert "Nobody was in the cohort on 31 December 2007." in text(adviser.get(f"{COHORT}?on=31.12.2007"))
    assert "Write a day that exists" in adviser.get(f"{COHORT}?on=tull").text


def test_a_withdrawal_is_noted_with_its_last_day_and_reason_and_can_be_taken_back(adviser: FlaskClient) -> None:
    left = {"status": "withdrawn", "on": "30.06.2008", "reason": ""}
    refused = adviser.post(MEMBER, data=left)
    assert (refused.status_code, 'id="reason-error"' in refused.text) == (422, True)
    assert adviser.post(MEMBER, data={**left, "reason": "Ny <ledelse>"}).status_code == 303
    page = adviser.get(COHORT).text
    assert ("Were in it before" in page, "Ny &lt;ledelse&gt;" in page, "30 June 2008" in page) == (True, True, True)
    assert "State: Member → became Withdrawn" in newest(adviser)[0]
    assert adviser.post(MEMBER, data={"status": "member", "on": "01.07.2008"}).status_code == 303
    history = text(adviser.get(MEMBER))
    assert history.index("from 1 July 2008 Member") < history.index("1 January 2008 to 30 June 2008 Withdrawn")


def test_what_cannot_be_said_of_a_membership_is_refused_beside_the_field(adviser: FlaskClient) -> None:
    merged = adviser.post(MEMBER, data={"status": "merged", "on": "01.07.2008"})
    early = adviser.post(MEMBER, data={"status": "completed", "on": "01.07.2007"})
    assert [(one.status_code, 'id="status-error"' in one.text, 'id="on-error"' in one.text) for one in (merged, early)] == [
        (422, True, False), (422, False, True),
    ]  # fmt: skip
    assert adviser.get(f"{COHORT}/members/municipality/1867").status_code == 404


def test_a_pasted_list_is_shown_line_by_line_and_writes_nothing(adviser: FlaskClient, world: World) -> None:
    before = in_cohort()
    page = text(
        adviser.post(f"{COHORT}/additions/check", data={"text": "1867;Bø\n0821\n2021", "from_on": "01.09.2008"})
    )
    for told in ("2 can be placed", "From 1 September 2008.", "1 is there already and stays as it is.",
                 "1 1867; Bø 1867 Bø (Nordland) New", "2 0821 0821 Bø (Telemark) There already"):  # fmt: skip
        assert told in page, told
    assert in_cohort() == before


def test_a_list_is_placed_whole_and_twice_is_once(adviser: FlaskClient, world: World) -> None:
    sent = {"text": "nr;navn\n1867;Bø\nKarasjok kommune\n0821", "from_on": "01.09.2008"}
    assert [adviser.post(f"{COHORT}/additions", data=sent).status_code for _twice in range(2)] == [303, 303]
    new = [row for row in rows(CohortMembership) if row.from_on == date(2008, 9, 1)]
    assert sorted(row.organisation_id for row in new) == sorted(world.municipalities[one] for one in ("1867", "2021"))
    assert "Karasjok" in newest(adviser)[0]


def test_no_line_is_placed_while_one_is_wrong(adviser: FlaskClient) -> None:
    before = in_cohort()
    sent = {"text": "Karasjok\nBø\nIngensteds\n2021;Hå\nKarasjok"}
    page = adviser.post(f"{COHORT}/additions", data=sent)
    told = text(page)
    assert page.status_code == 422
    for words in ("4 lines must be mended", "Several are meant: Bø (Nordland), Bø (Telemark)", "«Ingensteds» is none",
                  "The number and the name are two different ones: Hå", "The same as line 1"):  # fmt: skip
        assert words in told, words
    assert in_cohort() == before


def test_a_list_that_is_longer_than_the_places_left_is_refused_whole(adviser: FlaskClient) -> None:
    adviser.post(COHORT, data={"name_nb": "Pulje II", "ordinal": "2", "ceiling": "3"})
    before, sent = in_cohort(), {"text": "1867\n2021"}
    checked = adviser.post(f"{COHORT}/additions/check", data=sent)
    assert ("The cohort is full: it takes 3." in checked.text, "Place 2" in checked.text) == (True, False)
    refused = adviser.post(f"{COHORT}/additions", data=sent)
    assert (refused.status_code, "The cohort is full: it takes 3." in refused.text, in_cohort()) == (422, True, before)


def test_nothing_pasted_is_asked_for_and_the_lines_can_be_changed(adviser: FlaskClient) -> None:
    empty = adviser.post(f"{COHORT}/additions/check", data={"text": " "})
    assert (empty.status_code, "Paste some lines first." in empty.text) == (422, True)
    again = adviser.post(f"{COHORT}/additions/check", data={"text": "1867", "change": "1"})
    assert (again.status_code, ">\n1867</textarea>" in again.text) == (200, True)


def test_a_network_is_made_changed_filled_and_left(adviser: FlaskClient, world: World) -> None:
    sent = {"name": "Heltid", "kind": "theme", "about_nb": "Om **heltid**."}
    answer = adviser.post(f"{PROGRAMME}/networks", data=sent)
    assert (answer.status_code, answer.location) == (303, "/manage/networks/heltid")
    assert adviser.post(f"{PROGRAMME}/networks", data=sent).status_code == 422
    page = answer.location
    adviser.post(page, data={**sent, "name": "Heltidskultur"})
    assert adviser.post(f"{page}/additions", data={"text": "0821\n2021"}).status_code == 303
    shown = text(adviser.get(page))
    for told in ("Heltidskultur", "By theme", "Adviser Sekretariatet", "2 members today", "0821 Bø Telemark"):
        assert told in shown, told
    end = f"{page}/members/municipality/0821/end"
    assert [adviser.post(end).status_code for _twice in range(2)] == [303, 303]
    assert (len(rows(NetworkMembership)), rows(Network)[0].kind.value) == (1, "theme")


def test_an_adviser_reads_its_network_and_its_gatherings_and_changes_nothing(
    app: Flask, adviser: FlaskClient, world: World, network: str
) -> None:
    adviser.post(f"{network}/additions", data={"text": "0821"})
    unio = other(app, world)
    assert unio.get(network).status_code == 404
    adviser.post(f"{PROGRAMME}/advisers", data={"adviser-nord": "unio"})
    page = unio.get(network)
    assert (page.status_code, "Bø" in page.text, PROGRAMME in page.text, "/edit" in page.text) == (
        200, True, False, False,
    )  # fmt: skip
    assert [unio.post(path, data={"text": "1867"}).status_code for path in (
        network, f"{network}/additions", f"{network}/members/municipality/0821/end",
    )] == [404, 404, 404]  # fmt: skip
    assert len(rows(NetworkMembership)) == 1


def test_a_draft_of_anothers_is_not_among_a_networks_gatherings(
    app: Flask, adviser: FlaskClient, world: World, network: str
) -> None:
    sent = {"network": ["nord"], "title_nb": "Samling {nettverk}", "precision": "unknown"}
    adviser.post("/manage/events/new/networks", data=sent)
    open_to_unio(world)
    assert ("Samling Nord" in adviser.get(network).text, "Samling Nord" in other(app, world).get(network).text) == (
        True, False,
    )  # fmt: skip


def test_a_cohort_asks_no_more_of_the_database_for_four_members_than_for_two(adviser: FlaskClient) -> None:
    counts = []
    for lines in ("", "1867\n2021"):
        if lines:
            adviser.post(f"{COHORT}/additions", data={"text": lines})
        adviser.get(COHORT)
        with counted(db.engine) as sent:
            adviser.get(COHORT)
        counts.append(len(sent))
    assert counts[0] == counts[1]
