"""Signing in by a mailed link, and how a session ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock, tokens
from eventsys.accounts import actions
from eventsys.accounts.models import Account, Membership, SignedIn
from eventsys.accounts.queries import COOKIE_ORGANISER
from eventsys.accounts.views import local_path
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisers.actions import add as add_organiser
from tests.accounts.people import add_account, sign_in

ADDRESS = "adviser@program.example"


@pytest.fixture
def account(app: Flask) -> Account:
    return add_account(ADDRESS, add_organisers("sekretariatet")[0])


def add_organisers(*slugs: str) -> list[int]:
    with transaction() as session:
        return [add_organiser(session, slug=slug, name=slug.title(), email=f"post@{slug}.example").id for slug in slugs]


def ask(client: FlaskClient, email: str = ADDRESS, **more: str) -> str:
    """Asks for a link and follows to the page that answers."""
    return client.post("/sign-in", data={"email": email, **more}, follow_redirects=True).get_data(as_text=True)


def mailed_links() -> list[str]:
    """The paths of the links in the mails, oldest first."""
    texts = db.session.scalars(sa.select(OutboxMessage.text).order_by(OutboxMessage.id)).all()
    return [found[1] for text in texts if (found := re.search(r"https?://[^/]+(/sign-in/[\w-]+)", text or ""))]


def change(statement: sa.Update | sa.Delete) -> None:
    with transaction() as session:
        session.execute(statement)


def test_the_mailed_link_signs_in_after_a_press_of_the_button(client: FlaskClient, account: Account) -> None:
    ask(client)
    [link] = mailed_links()
    assert client.get("/manage/").status_code == 303
    page = client.get(link)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    answer = client.post(link)
    assert (answer.status_code, answer.location) == (303, "/manage/")
    assert client.get("/manage/").status_code == 200


def test_opening_the_link_uses_nothing_up(client: FlaskClient, account: Account) -> None:
    ask(client)
    [link] = mailed_links()
    for _time in range(3):
        client.get(link)
    assert client.post(link).status_code == 303


def test_a_link_that_was_used_opens_nothing(client: FlaskClient, app: Flask, account: Account) -> None:
    ask(client)
    [link] = mailed_links()
    client.post(link)
    stranger = app.test_client()
    assert [stranger.get(link).status_code, stranger.post(link).status_code] == [410, 410]
    assert stranger.get("/manage/").status_code == 303


def test_a_link_works_in_the_browser_that_asked_for_it_alone(client: FlaskClient, app: Flask, account: Account) -> None:
    ask(client)
    [link] = mailed_links()
    stranger = app.test_client()
    for _time in range(2):
        answers = [stranger.get(link), stranger.post(link)]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert all('href="/sign-in"' in answer.get_data(as_text=True) for answer in answers)
        ask(stranger, "nobody@program.example")
    assert stranger.get("/manage/").status_code == 303
    assert client.post(link).status_code == 303


def test_each_link_that_a_browser_asked_for_works_there(client: FlaskClient, account: Account) -> None:
    ask(client)
    ask(client)
    links = mailed_links()
    assert len(links) == 2
    assert client.get(links[0]).status_code == client.get(links[1]).status_code == 200


def test_a_link_older_than_ten_minutes_opens_nothing(client: FlaskClient, account: Account) -> None:
    ask(client)
    [link] = mailed_links()
    lifetime = db.session.execute(sa.select(tokens.OneTimeToken.expires_at, tokens.OneTimeToken.created_at)).one()
    assert lifetime.expires_at - lifetime.created_at == timedelta(minutes=10)
    change(sa.update(tokens.OneTimeToken).values(expires_at=clock.real_now() - timedelta(seconds=1)))
    assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: FlaskClient, account: Account) -> None:
    known = ask(client)
    assert ask(client, "nobody@program.example") == known
    assert db.session.scalars(sa.select(OutboxMessage.email)).all() == [ADDRESS]


def test_a_token_for_an_address_without_an_account_opens_nothing(client: FlaskClient, account: Account) -> None:
    with transaction() as session:
        _account, token = actions.ask_for_link(session, "nobody@program.example", now=clock.real_now())
    assert client.post(f"/sign-in/{token}").status_code == 410


def test_an_address_gets_at_most_five_links_an_hour(client: FlaskClient, account: Account) -> None:
    pages = {ask(client) for _time in range(7)}
    assert (len(pages), len(mailed_links())) == (1, 5)


def test_what_is_no_address_is_said_beside_the_field_and_kept(client: FlaskClient, account: Account) -> None:
    answer = client.post("/sign-in", data={"email": "adviser(at)program"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="adviser(at)program"' in page
    assert 'id="email-error"' in page


def test_the_mail_belongs_to_the_installation_and_speaks_the_persons_language(client: FlaskClient, app: Flask) -> None:
    add_account("radgjevar@program.example", *add_organisers("nynorsk"), language="nn")
    ask(client, "radgjevar@program.example")
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert (mail.language, mail.template, mail.subject) == (
        "nn", "sign_in", f"Lenkje for å logge inn på {app.config['SITE_NAME']}",
    )  # fmt: skip
    owners = db.session.scalars(sa.select(OutboxMessage.organiser_id)).all()
    assert owners != [db.session.scalars(sa.select(Membership.organiser_id)).one()]


def test_sign_in_leads_to_the_page_that_was_asked_for(client: FlaskClient, account: Account) -> None:
    asked = client.get("/manage/venues?q=1")
    assert asked.location == "/sign-in?next=/manage/venues?q%3D1"
    assert 'name="next" value="/manage/venues?q=1"' in client.get(asked.location).get_data(as_text=True)
    ask(client, next="/manage/venues?q=1")
    assert client.post(mailed_links()[0]).location == "/manage/venues?q=1"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "x",
        "",
        None,
    ],
)
def test_no_address_outside_the_site_is_ever_led_to(path: str | None) -> None:
    assert local_path(path) == ""


def test_signing_in_begins_a_new_cookie(client: FlaskClient, account: Account) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "before"
    ask(client)
    client.post(mailed_links()[0])
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"signed_in", "_permanent", "csrf_token"}


def test_the_session_is_kept_as_a_digest_alone(client: FlaskClient, account: Account) -> None:
    token = sign_in(client, account)
    assert db.session.scalars(sa.select(SignedIn.digest)).all() == [tokens.digest(token)]


def test_signing_out_ends_a_copied_cookie_too(client: FlaskClient, app: Flask, account: Account) -> None:
    token = sign_in(client, account)
    copy = app.test_client()
    with copy.session_transaction() as cookie:
        cookie["signed_in"] = token
    assert copy.get("/manage/").status_code == 200
    client.post("/sign-out")
    assert [browser.get("/manage/").status_code for browser in (client, copy)] == [303, 303]


@pytest.mark.parametrize("column, ago", [("expires_at", timedelta()), ("seen_at", timedelta(hours=2))])
def test_a_session_ends_after_its_time_and_after_idling(
    client: FlaskClient, account: Account, column: str, ago: timedelta
) -> None:
    sign_in(client, account)
    change(sa.update(SignedIn).values({column: clock.real_now() - ago}))
    assert client.get("/manage/").status_code == 303


def test_disabling_an_account_ends_its_sessions_at_the_next_request(client: FlaskClient, account: Account) -> None:
    sign_in(client, account)
    change(sa.update(Account).values(disabled_at=clock.real_now()))
    assert client.get("/manage/").status_code == 303
    ask(client)
    assert mailed_links() == []


def test_a_right_that_was_taken_away_is_gone_at_the_next_request(client: FlaskClient, account: Account) -> None:
    sign_in(client, account)
    assert client.get("/manage/").status_code == 200
    change(sa.delete(Membership))
    assert client.get("/manage/").status_code == 303


def test_the_last_sign_of_life_is_written_at_most_once_a_minute(client: FlaskClient, account: Account) -> None:
    sign_in(client, account)

    def seen() -> object:
        db.session.rollback()
        return db.session.scalars(sa.select(SignedIn.seen_at)).one()

    first = seen()
    client.get("/manage/")
    assert seen() == first
    earlier = clock.real_now() - timedelta(minutes=2)
    change(sa.update(SignedIn).values(seen_at=earlier))
    client.get("/manage/")
    assert seen() > first  # type: ignore[operator]


def test_the_demo_clock_bends_no_session(client: FlaskClient, account: Account) -> None:
    sign_in(client, account)
    with transaction() as session:
        clock.set_to(session, clock.real_now() - timedelta(days=18 * 365))
    assert client.get("/manage/").status_code == 200


def test_one_works_for_one_of_ones_organisers_and_for_no_other(client: FlaskClient, app: Flask) -> None:
    first, second, _foreign = add_organisers("alfa", "beta", "gamma")
    sign_in(client, add_account(ADDRESS, first, second))
    assert "<h1>Alfa</h1>" in client.get("/manage/").get_data(as_text=True)
    assert client.post("/manage/organiser", data={"organiser": "beta"}).status_code == 303
    assert "<h1>Beta</h1>" in client.get("/manage/").get_data(as_text=True)
    assert client.post("/manage/organiser", data={"organiser": "gamma"}).status_code == 404
    with client.session_transaction() as cookie:
        cookie[COOKIE_ORGANISER] = "gamma"
    assert "<h1>Alfa</h1>" in client.get("/manage/").get_data(as_text=True)


def test_no_form_is_taken_without_its_token(client: FlaskClient, app: Flask, account: Account) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post("/sign-in", data={"email": ADDRESS}).status_code == 400
        sign_in(client, account)
        assert client.post("/sign-out").status_code == 400
        assert client.post("/manage/venues", data={"name": "Planted"}).status_code == 400
        page = client.get("/manage/venues/new").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        saved = client.post("/manage/venues", data={"name": "Oslo Plaza", "csrf_token": token[1]})
        assert saved.status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_the_session_and_the_banner_of_what_is_stopped_cost_a_statement_each(
    client: FlaskClient, account: Account
) -> None:
    from tests.statements import counted

    sign_in(client, account)
    with counted(db.engine) as sent:
        client.get("/manage/announcements")
    assert [sum(table in statement for statement in sent) for table in ("FROM sessions", "FROM pauses")] == [1, 1]
