"""The pages of secret calendars: one's own, a contact's, who organises'; and who fetched what when."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import MemberRole
from eventsys.calendars import fetches
from eventsys.calendars.models import CalendarLink, FeedFetch
from eventsys.calendars.own.actions import erase_links
from eventsys.calendars.rules import MOST_LINKS, Client, LinkKind, find_client
from eventsys.extensions import db, transaction
from eventsys.jobs import Work
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions as positions
from tests.accounts.people import add_account, sign_in
from tests.calendars.secret import fetch, make, owner_of, the_link
from tests.calendars.test_feeds import ALL
from tests.calendars.test_feeds import fetch as fetch_public
from tests.registrations.people import add_contact, contact_page, open_pages, sign_up
from tests.world import NOW, World, build

ME = "person1@kommune.example"
FEED = re.compile(r'href="http://127\.0\.0\.1:5000(/calendars/personal/[\w-]{43}\.ics)"')


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    fetches.NOTED.clear()
    yield build()
    fetches.NOTED.clear()


@pytest.fixture
def mine(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the pages of somebody who is signed up are open."""
    sign_up(world)
    open_pages(client, ME)
    return client


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return html.unescape(answer.get_data(as_text=True))


def feeds(client: FlaskClient, path: str) -> list[str]:
    return list(dict.fromkeys(FEED.findall(read(client, path))))


def links() -> list[CalendarLink]:
    db.session.rollback()
    statement = sa.select(CalendarLink).order_by(CalendarLink.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def walk_through(client: FlaskClient, path: str) -> None:
    """Makes one, renews it and takes it away; the address of each time is gone after it."""
    assert feeds(client, path) == []
    assert client.post(path, data={"name": "  Min   telefon "}).status_code == 303
    assert links()[-1].name == "Min telefon"
    [first] = feeds(client, path)
    assert client.get(first).status_code == 200
    link = links()[-1].public_id
    assert client.post(f"{path}/{link}/renewal").status_code == 303
    [second] = feeds(client, path)
    assert [client.get(one).status_code for one in (first, second)] == [410, 200]
    assert client.post(f"{path}/{link}/end").status_code == 303
    assert (feeds(client, path), client.get(second).status_code) == ([], 410)
    assert [client.post(f"{path}/{link}/{act}").status_code for act in ("renewal", "end")] == [404, 404]


def test_one_makes_renews_and_takes_away_ones_own(mine: FlaskClient) -> None:
    assert 'href="/me/calendars"' in read(mine, "/me")
    walk_through(mine, "/me/calendars")
    assert [(link.kind, link.email_key) for link in links()] == [(LinkKind.PERSONAL, ME)]


def test_without_open_pages_one_is_led_to_where_they_are_asked_for(client: FlaskClient, world: World) -> None:
    make(owner_of(ME))
    link = the_link().public_id
    answers = [client.get("/me/calendars"), client.post("/me/calendars")]
    answers += [client.post(f"/me/calendars/{link}/{act}") for act in ("renewal", "end")]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/me")}
    assert [(one.link_version, one.ended_at) for one in links()] == [(0, None)]


def test_there_are_ten_at_most_and_names_are_cut(mine: FlaskClient) -> None:
    for number in range(MOST_LINKS):
        mine.post("/me/calendars", data={"name": f"{number}" * 80})
    assert [link.name for link in links()] == [str(number) * 60 for number in range(MOST_LINKS)]
    text = read(mine, "/me/calendars")
    assert ('name="name"' in text, "the most there can be" in text) == (False, True)
    assert mine.post("/me/calendars", data={"name": "Enda en"}).status_code == 303
    assert len(links()) == MOST_LINKS
    assert "Take one away first." in read(mine, "/me/calendars")


def test_a_calendar_without_a_name_has_the_usual_one(mine: FlaskClient) -> None:
    mine.post("/me/calendars", data={"name": "   "})
    assert [(link.name, link.language) for link in links()] == [("My calendar", "en")]


def test_what_is_anothers_is_not_there(mine: FlaskClient) -> None:
    make(owner_of("person2@kommune.example"))
    link = the_link().public_id
    assert feeds(mine, "/me/calendars") == []
    assert [mine.post(f"/me/calendars/{link}/{act}").status_code for act in ("renewal", "end")] == [404, 404]
    assert links()[0].link_version == 0


def test_a_contact_makes_renews_and_takes_away_theirs(client: FlaskClient, world: World) -> None:
    contact = add_contact(world)
    client.set_cookie("language", "en")
    path = f"{contact_page(contact)}/calendars"
    assert f'href="{path}"' in read(client, contact_page(contact))
    walk_through(client, path)
    assert [(link.kind, link.position_id) for link in links()] == [(LinkKind.CONTACT, contact.id)]
    other = add_contact(world, "Eva Li", "eva@bo.example")
    client.post(path)
    link = links()[-1].public_id
    assert client.post(f"{contact_page(other)}/calendars/{link}/end").status_code == 404
    assert client.get(f"/organisations/9999/contacts/{'0' * 43}/calendars").status_code == 404


@pytest.mark.parametrize("role", list(MemberRole))
def test_whoever_works_for_an_organiser_has_theirs_and_the_log_tells(
    client: FlaskClient, world: World, role: MemberRole
) -> None:
    sign_in(client, add_account("a@program.example", world.secretariat, role=role))
    walk_through(client, "/manage/calendars")
    db.session.rollback()
    entries = db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)).all()
    assert [(one.verb.value, one.object, one.key) for one in entries] == [
        (verb, "calendar", str(links()[0].public_id)) for verb in ("added", "changed", "removed")
    ]


def test_an_organisers_calendar_is_its_accounts_alone(client: FlaskClient, world: World) -> None:
    sign_in(client, add_account("a@program.example", world.secretariat))
    client.post("/manage/calendars")
    link = links()[0].public_id
    sign_in(client, add_account("b@program.example", world.secretariat))
    assert feeds(client, "/manage/calendars") == []
    assert [client.post(f"/manage/calendars/{link}/{act}").status_code for act in ("renewal", "end")] == [404, 404]


# Who fetched


@pytest.mark.parametrize(
    "said, client",
    [
        ("Google-Calendar-Importer", Client.GOOGLE),
        ("Mozilla/5.0 (compatible; Google-Calendar; +http://www.google.com/calendar)", Client.GOOGLE),
        ("Microsoft.Exchange/15.20 (Exchange/15.20; OutlookWeb)", Client.OUTLOOK_WEB),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)", Client.OUTLOOK),
        ("iOS/17.5 (21F79) dataaccessd/1.0", Client.APPLE),
        ("macOS/14.5 (23F79) CalendarAgent/997", Client.APPLE),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.11.0", Client.THUNDERBIRD),
        ("vdirsyncer/0.19.3", Client.OTHER),
        ("", Client.OTHER),
    ],
)
def test_programs_are_known_by_what_they_say_of_themselves(said: str, client: Client) -> None:
    assert find_client(said) is client


def noted() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(sa.select(FeedFetch.feed, FeedFetch.client).order_by(FeedFetch.feed, FeedFetch.client))
    return [(row.feed, row.client.value) for row in rows]


def test_who_fetched_a_public_feed_is_noted_by_name_once_in_a_while(app: Flask, world: World) -> None:
    google, apple = "Google-Calendar-Importer", "iOS/17.5 (21F79) dataaccessd/1.0"
    for said in (google, google, "curl/8.1", apple):
        assert fetch_public(app, ALL, User_Agent=said).status_code == 200
    assert fetch_public(app, "/calendars/cohorts/ingen.ics", User_Agent=google).status_code == 404
    assert noted() == [(ALL, "apple"), (ALL, "google")]
    long_ago = clock.real_now() - timedelta(days=1)
    for later, found in ((0, 1), (fetches.NOTE_EVERY, 0)):
        with transaction() as session:
            session.execute(sa.update(FeedFetch).values(last_at=long_ago))
        fetches.NOTED.update({key: at - later for key, at in fetches.NOTED.items()})
        fetch_public(app, ALL, User_Agent=google)
        old = sa.select(FeedFetch).where(FeedFetch.last_at == long_ago, FeedFetch.client == Client.GOOGLE)
        assert len(db.session.scalars(old).all()) == found


def test_who_fetched_ones_own_is_told_on_its_page(app: Flask, mine: FlaskClient) -> None:
    mine.post("/me/calendars")
    [path] = feeds(mine, "/me/calendars")
    assert "No program has fetched it yet." in read(mine, "/me/calendars")
    fetch(app, path.removeprefix("/calendars/personal/").removesuffix(".ics"), User_Agent="vdirsyncer/0.19.3")
    assert noted() == [(str(links()[0].public_id), "other")]
    assert "Another program: last fetched " in read(mine, "/me/calendars")


# What is forgotten


def test_what_ended_long_ago_and_what_is_nobodys_is_erased(app: Flask, world: World) -> None:
    sign_up(world)
    contact = add_contact(world)
    for email in (ME, ME, "nobody@kommune.example"):
        make(owner_of(email))
    ended, _kept, nobodys = links()
    nobodys_id = nobodys.id
    from_contact = owner_of(ME)._replace(kind=LinkKind.CONTACT, email_key=None, position_id=contact.id)
    make(from_contact)
    with transaction() as session:
        session.merge(ended).ended_at = NOW
        session.add_all(
            FeedFetch(feed=name, client=Client.GOOGLE, last_at=clock.real_now() - timedelta(days=days))
            for name, days in (("old", 91), ("new", 89))
        )
    for days, left in ((89, 4), (91, 2)):
        with transaction() as session:
            erase_links(session, now=NOW + timedelta(days=days), real_now=clock.real_now())
        assert len(links()) == left
    assert nobodys_id not in {link.id for link in links()}
    assert noted() == [("new", "google")]
    with transaction() as session:
        session.get_one(Position, contact.id).email_key = ""
    with transaction() as session:
        clock.set_to(session, NOW)
    Work(app).erase()
    assert [link.kind for link in links()] == [LinkKind.PERSONAL]


def test_the_calendar_of_a_contact_who_asked_again_and_was_never_confirmed_goes_with_the_position(
    app: Flask, world: World
) -> None:
    contact, on = add_contact(world), NOW.date()
    make(owner_of(ME)._replace(kind=LinkKind.CONTACT, email_key=None, position_id=contact.id))
    with transaction() as session:
        positions.end(session, session.get_one(Position, contact.id), on=on)
        bo = session.get_one(Organisation, contact.organisation_id)
        asked = {"name": contact.name, "email": contact.email, "language": None}
        again = positions.ask_to_be_contact(session, bo, **asked, on=on, now=NOW)
        assert again is not None
        assert again.id == contact.id
    for days, left in ((89, 1), (91, 0)):
        with transaction() as session:
            clock.set_to(session, NOW + timedelta(days=days, minutes=1))
        Work(app).erase()
        assert (len(links()), len(db.session.scalars(sa.select(Position.id)).all())) == (left, left)
