"""What is typed and not saved is kept; two who change one thing at once are told, and neither's work is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.drafts import actions as drafts
from eventsys.accounts.models import FormDraft
from eventsys.accounts.rules import MemberRole
from eventsys.events.helpers.actions import set_helped
from eventsys.events.models import Event, Run
from eventsys.extensions import db, transaction
from tests.accounts.people import add_account, sign_in
from tests.world import World

SLUG = "laeringsseminar-2-pulje-ii"
PAGE = f"/manage/events/{SLUG}"
FORM = f"{PAGE}/drafts/event.{SLUG}"
SAYS = {"title_nb": "Læringsseminar 2", "title_nn": "Læringsseminar 2 (nn)", "type": "learning_seminar"}


@pytest.fixture
def other(app: Flask, adviser: FlaskClient, world: World) -> FlaskClient:
    """A second browser, of a colleague."""
    client = app.test_client()
    sign_in(client, add_account("kari@program.example", world.secretariat, name="Kari Nordmann"))
    return client


def opened(client: FlaskClient, page: str = f"{PAGE}/edit") -> dict[str, str | list[str]]:
    """The form as a browser would send it back untouched, as far as these tests need."""
    text = client.get(page).get_data(as_text=True)
    edition = re.search(r'name="edition" value="(\d+)"', text)
    was = re.search(r'name="was" value="([^"]*)"', text)
    assert edition is not None
    assert was is not None
    return {**SAYS, "meant": ["cohort:pulje-ii"], "edition": edition[1], "was": was[1].replace("&#34;", '"')}


def event() -> Event:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Event).where(Event.slug == SLUG)).one()


def test_what_is_typed_is_kept_and_offered_again_until_it_is_saved(adviser: FlaskClient) -> None:
    typed = {**opened(adviser), "title_nb": "Halvferdig <tittel>"}
    answer = adviser.post(FORM, data=typed)
    assert (answer.status_code, answer.get_json()["others"], answer.get_json()["newer"]) == (200, "", "")
    assert "Kept as a draft" in answer.get_json()["saved"]
    page = adviser.get(f"{PAGE}/edit").get_data(as_text=True)
    assert "You have changes here that are not saved" in page
    assert "Halvferdig" not in page
    assert 'value="Halvferdig &lt;tittel&gt;"' in adviser.get(f"{PAGE}/edit?draft=1").get_data(as_text=True)
    assert adviser.post(PAGE, data=typed).status_code == 303
    assert event().title["nb"] == "Halvferdig <tittel>"
    assert db.session.scalars(sa.select(FormDraft)).all() == []


def test_what_is_typed_can_be_thrown_away(adviser: FlaskClient) -> None:
    adviser.post(FORM, data={**opened(adviser), "title_nb": "Ikke dette"})
    answer = adviser.post(f"{FORM}/removal", data={"back": f"{PAGE}/edit"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/edit")
    assert "You have changes here that are not saved" not in adviser.get(f"{PAGE}/edit").get_data(as_text=True)
    away = adviser.post(f"{FORM}/removal", data={"back": "https://elsewhere.example/"})
    assert away.location == "/manage/"


def test_others_who_have_it_open_are_named_until_they_leave(adviser: FlaskClient, other: FlaskClient) -> None:
    other.post(FORM, data={"seen": "1", "edition": "1"})
    assert (
        adviser.post(FORM, data={"seen": "1", "edition": "1"}).get_json()["others"] == "Open here too: Kari Nordmann."
    )
    assert "Open here too: Kari Nordmann." in adviser.get(f"{PAGE}/edit").get_data(as_text=True)
    other.post(FORM, data={"left": "1", "edition": "1"})
    assert "Kari Nordmann" not in adviser.get(f"{PAGE}/edit").get_data(as_text=True)


def test_nobody_sees_what_another_typed_nor_who_works_at_another_organiser(
    app: Flask, adviser: FlaskClient, world: World
) -> None:
    adviser.post(FORM, data={**opened(adviser), "title_nb": "Hemmelig tittel"})
    stranger = app.test_client()
    sign_in(stranger, add_account("unio@unio.example", world.unio, name="Ola Unio"))
    for path in (FORM, f"/manage/drafts/event.{SLUG}", "/manage/drafts/event.nothing"):
        assert stranger.post(path, data={"seen": "1", "edition": "1"}).status_code == 404
    told = stranger.post("/manage/drafts/event.new", data={"seen": "1", "edition": "0"}).get_json()
    assert told == {"saved": "", "others": "", "newer": ""}
    assert "Ola Unio" not in adviser.get(f"{PAGE}/edit").get_data(as_text=True)
    assert stranger.get(f"{PAGE}/edit?draft=1").status_code == 404


def test_what_two_changed_in_different_fields_is_joined(adviser: FlaskClient, other: FlaskClient) -> None:
    mine, theirs = opened(adviser), opened(other)
    assert other.post(PAGE, data={**theirs, "title_nn": "Nytt hos Kari"}).status_code == 303
    told = adviser.post(FORM, data={**mine, "title_nb": "Nytt hos meg"}).get_json()
    assert "Kari Nordmann has saved changes" in told["newer"]
    answer = adviser.post(PAGE, data={**mine, "title_nb": "Nytt hos meg"}, follow_redirects=True)
    assert "Kari Nordmann had changed this meanwhile, and it is kept: Title in nynorsk." in answer.get_data(
        as_text=True
    )
    assert event().title == {"nb": "Nytt hos meg", "nn": "Nytt hos Kari"}


def clash(adviser: FlaskClient, other: FlaskClient, **more: str) -> tuple[dict[str, str], str]:
    """Both change the bokmål title and description; the hidden fields of the page that asks, and the page."""
    mine, theirs = opened(adviser), opened(other)
    other.post(PAGE, data={**theirs, "title_nb": "Karis tittel", "description_nb": "Karis tekst", "title_en": "Kari"})
    answer = adviser.post(PAGE, data={**mine, "title_nb": "Min tittel", "description_nb": "Min tekst", **more})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
    return {name: value.replace("&#34;", '"') for name, value in hidden.items()}, page


def test_where_both_changed_a_field_both_are_shown_and_nothing_is_saved_yet(
    adviser: FlaskClient, other: FlaskClient
) -> None:
    _hidden, page = clash(adviser, other)
    for words in ("Kari Nordmann saved changes while you were writing.", "Karis tittel", "Min tittel", "Karis tekst"):
        assert words in page
    assert "Title in English" in page
    assert event().title["nb"] == "Karis tittel"


@pytest.mark.parametrize(
    "keep, title, description",
    [
        ({}, "Min tittel", "Min tekst"),
        ({"keep-title_nb": "theirs"}, "Karis tittel", "Min tekst"),
        ({"keep-title_nb": "theirs", "keep-description_nb": "both"}, "Karis tittel", "Karis tekst\n\nMin tekst"),
    ],
    ids=["mine", "theirs", "both"],
)
def test_what_is_chosen_counts_and_the_rest_is_joined(
    adviser: FlaskClient, other: FlaskClient, keep: dict[str, str], title: str, description: str
) -> None:
    hidden, _page = clash(adviser, other)
    assert adviser.post(PAGE, data={**hidden, "keep-title_nb": "mine", **keep}).status_code == 303
    found = event()
    assert (found.title["nb"], found.title["en"], found.description["nb"]) == (title, "Kari", description)


def test_a_third_who_saves_while_one_decides_is_asked_about_too(adviser: FlaskClient, other: FlaskClient) -> None:
    hidden, _page = clash(adviser, other)
    other.post(
        PAGE, data={**opened(other), "title_nb": "Enda nyere", "title_en": "Kari", "description_nb": "Karis tekst"}
    )
    answer = adviser.post(PAGE, data={**hidden, "keep-title_nb": "mine", "keep-description_nb": "theirs"})
    assert answer.status_code == 409
    assert "Enda nyere" in answer.get_data(as_text=True)


def test_two_who_move_the_same_dates_are_asked_and_nobody_is_told_before(
    adviser: FlaskClient, other: FlaskClient, world: World
) -> None:
    address = f"{PAGE}/runs/{world.events['seminar'].runs[0].uid}"
    same = {"precision-0": "exact", "last_on-0": "", "starts-0": "10.00", "ends-0": "15.30", "capacity-0": "3"}
    first, second = ({**same, **{key: opened(one, f"{address}/edit")[key] for key in ("edition", "was")}}
                     for one in (adviser, other))  # fmt: skip
    assert other.post(address, data={**second, "first_on-0": "08.09.2008"}).status_code == 303
    answer = adviser.post(address, data={**first, "first_on-0": "15.09.2008"})
    assert answer.status_code == 409
    assert "08.09.2008" in answer.get_data(as_text=True)
    db.session.rollback()
    assert str(db.session.get_one(Run, world.run_id("seminar")).first_on) == "2008-09-08"


def test_a_draft_that_nobody_came_back_to_goes_and_too_much_is_refused(adviser: FlaskClient, world: World) -> None:
    adviser.post(FORM, data={**SAYS, "edition": "1"})
    account = db.session.scalars(sa.select(FormDraft.account_id)).one()
    long_after = clock.real_now() + drafts.LIVES + timedelta(days=1)
    own = {"account_id": account, "organiser_id": world.secretariat, "edition": 1}
    with transaction() as session:
        drafts.save(session, form="event.new", fields=[("x", "y")], now=long_after, **own)
    db.session.rollback()
    assert db.session.scalars(sa.select(FormDraft.form)).all() == ["event.new"]
    assert adviser.post(FORM, data={"description_nb": "x" * 200_001}).status_code == 413
    assert adviser.post("/manage/drafts/Event%20x", data=SAYS).status_code == 404


def test_who_helps_with_one_event_keeps_forms_of_that_one_and_learns_nothing_of_others(
    adviser: FlaskClient, app: Flask, world: World
) -> None:
    helper = app.test_client()
    account = add_account("hjelp@program.example", world.secretariat, role=MemberRole.HELPER)
    with transaction() as session:
        set_helped(session, account.id, world.secretariat, [event().id])
    sign_in(helper, account)
    adviser.post("/manage/events", data={**SAYS, "title_nb": "Noe annet", "precision-0": "unknown", "rows": "1"})
    other = db.session.scalars(sa.select(Event).where(Event.slug == "noe-annet")).one()
    uid = db.session.scalars(sa.select(Run.uid).where(Run.event_id == other.id)).one()
    seminar = world.events["seminar"].runs[0].uid
    for form in (f"event.{other.slug}", f"run.{uid}", f"session.new-{uid}", "venue.new"):
        assert helper.post(f"{PAGE}/drafts/{form}", data={"seen": "1"}).status_code == 404
        assert helper.post(f"{PAGE}/drafts/{form}/removal").status_code == 404
    assert helper.post(f"{PAGE}/drafts/run.new-{other.slug}", data={"seen": "1"}).status_code == 404
    for form in (f"event.{SLUG}", f"run.new-{SLUG}", f"run.{seminar}", f"session.new-{seminar}"):
        assert helper.post(f"{PAGE}/drafts/{form}", data={"seen": "1"}).status_code == 200


def test_the_form_of_another_organisers_own_place_is_not_there(adviser: FlaskClient, app: Flask, world: World) -> None:
    theirs = app.test_client()
    sign_in(theirs, add_account("unio@program.example", world.unio))
    theirs.post("/manage/venues", data={"name": "Bakrommet", "own": "1"})
    for client, status in ((theirs, 200), (adviser, 404)):
        assert client.post("/manage/drafts/venue.bakrommet", data={"seen": "1"}).status_code == status
