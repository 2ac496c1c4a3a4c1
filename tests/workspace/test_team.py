"""Who works for an organiser: asked by mail, given a role, let go."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock, tokens
from eventsys.accounts.models import Account, AccountInvitation, LogEntry, Membership
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.accounts.team import actions
from eventsys.events.helpers.queries import list_helped
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisers.actions import set_periods
from eventsys.organisers.models import Organiser
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.world import World

COLLEAGUE = {"name": "Ola Nes", "email": "ola@program.example", "role": "organiser", "language": "nn"}


def invite(client: FlaskClient, **more: str) -> int:
    return client.post("/manage/team", data={**COLLEAGUE, **more}).status_code


def mailed_links() -> list[str]:
    """The paths of the invitations' links, oldest first."""
    db.session.rollback()
    statement = sa.select(OutboxMessage.text).where(OutboxMessage.template == "team_invitation")
    texts = db.session.scalars(statement.order_by(OutboxMessage.id)).all()
    return [found[1] for text in texts if (found := re.search(r"https?://[^/]+(/manage/team/join/[\w-]+)", text or ""))]


def role_of(email: str, organiser_id: int) -> MemberRole | None:
    db.session.rollback()
    statement = (
        sa.select(Membership.role)
        .join(Account)
        .where(Account.email_key == email, Membership.organiser_id == organiser_id)
    )
    return db.session.scalar(statement)


def test_a_colleague_comes_in_by_the_mailed_link_and_is_signed_in(
    adviser: FlaskClient, app: Flask, world: World
) -> None:
    assert invite(adviser) == 303
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert (mail.email, mail.language, mail.subject) == (
        "ola@program.example", "nn", f"Bli med i Sekretariatet på {app.config['SITE_NAME']}",
    )  # fmt: skip
    [link] = mailed_links()
    newcomer = app.test_client()
    page = newcomer.get(link)
    assert (page.status_code, page.headers["Cache-Control"], "Sekretariatet" in page.get_data(as_text=True)) == (
        200, "no-store", True,
    )  # fmt: skip
    assert role_of("ola@program.example", world.secretariat) is None
    assert newcomer.post(link).location == "/manage/"
    assert newcomer.get("/manage/venues/new").status_code == 200
    assert newcomer.get("/manage/team").status_code == 403
    assert role_of("ola@program.example", world.secretariat) is MemberRole.ORGANISER


def test_a_link_works_once_and_for_two_weeks(adviser: FlaskClient, app: Flask, world: World) -> None:
    invite(adviser)
    [link] = mailed_links()
    newcomer = app.test_client()
    newcomer.post(link)
    assert [app.test_client().get(link).status_code, app.test_client().post(link).status_code] == [410, 410]
    invite(adviser, email="kari@program.example")
    row = db.session.scalars(sa.select(AccountInvitation).order_by(AccountInvitation.id.desc())).first()
    assert row is not None
    assert row.expires_at - row.created_at == timedelta(days=14)
    with transaction() as session:
        session.execute(sa.update(tokens.OneTimeToken).values(expires_at=clock.real_now()))
    assert app.test_client().post(mailed_links()[1]).status_code == 410


def test_sending_again_ends_the_first_link(adviser: FlaskClient, app: Flask, world: World) -> None:
    invite(adviser)
    row = db.session.scalars(sa.select(AccountInvitation)).one()
    assert adviser.post(f"/manage/team/invitations/{row.public_id}/again").status_code == 303
    first, second = mailed_links()
    assert [app.test_client().post(link).status_code for link in (first, second)] == [410, 303]


def test_the_same_form_twice_asks_once(adviser: FlaskClient, app: Flask, world: World) -> None:
    assert [invite(adviser), invite(adviser, role="reader")] == [303, 303]
    assert [row.role for row in db.session.scalars(sa.select(AccountInvitation))] == [MemberRole.READER]
    first, second = mailed_links()
    assert [app.test_client().post(link).status_code for link in (first, second)] == [410, 303]


def test_a_withdrawn_invitation_opens_nothing(adviser: FlaskClient, app: Flask, world: World) -> None:
    invite(adviser)
    row = db.session.scalars(sa.select(AccountInvitation)).one()
    assert adviser.post(f"/manage/team/invitations/{row.public_id}/withdrawal").status_code == 303
    assert app.test_client().post(mailed_links()[0]).status_code == 410
    assert adviser.post(f"/manage/team/invitations/{row.public_id}/again").status_code == 404


@pytest.mark.parametrize(
    "more, field",
    [
        ({"name": ""}, "name"),
        ({"email": "ola(at)program"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": "helper"}, "event"),
        ({"role": "helper", "event": "nothing"}, "event"),
        ({"email": "adviser@program.example"}, "email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(
    adviser: FlaskClient, world: World, more: dict[str, str], field: str
) -> None:
    answer = adviser.post("/manage/team", data={**COLLEAGUE, **more})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert more.get("name", "Ola Nes") in page
    assert mailed_links() == []


def test_a_helper_gets_its_event_and_sees_no_other(adviser: FlaskClient, app: Flask, world: World) -> None:
    slug, other = (world.events[name].slug for name in ("seminar", "conference"))
    invite(adviser, role="helper", event=slug)
    helper = app.test_client()
    helper.post(mailed_links()[0])
    assert [helper.get(f"/manage/events/{one}").status_code for one in (slug, other)] == [200, 404]
    page = helper.get("/manage/events").get_data(as_text=True)
    assert (f"/manage/events/{slug}" in page, f"/manage/events/{other}" in page) == (True, False)
    db.session.rollback()
    account = db.session.scalars(sa.select(Account).where(Account.email_key == "ola@program.example")).one()
    both = {"role": "helper", "events": [slug, other]}
    assert adviser.post(f"/manage/team/{account.id}", data=both).status_code == 303
    assert helper.get(f"/manage/events/{other}").status_code == 200
    assert adviser.post(f"/manage/team/{account.id}", data={"role": "helper"}).status_code == 422
    assert adviser.post(f"/manage/team/{account.id}", data={"role": "reader"}).status_code == 303
    db.session.rollback()
    assert list_helped(db.session(), account.id, world.secretariat) == frozenset()


def test_one_who_is_removed_is_refused_at_the_next_request(adviser: FlaskClient, app: Flask, world: World) -> None:
    account, browser = add_account("ola@program.example", world.secretariat, name="Ola Nes"), app.test_client()
    sign_in(browser, account)
    assert browser.get("/manage/events").status_code == 200
    assert adviser.get(f"/manage/team/{account.id}/removal").status_code == 200
    assert browser.get("/manage/events").status_code == 200
    assert adviser.post(f"/manage/team/{account.id}/removal").status_code == 303
    assert browser.get("/manage/events").location.startswith("/sign-in")
    assert adviser.post(f"/manage/team/{account.id}/removal").status_code == 404


def test_one_who_works_for_two_loses_one(adviser: FlaskClient, app: Flask, world: World) -> None:
    account, browser = add_account("ola@program.example", world.secretariat, world.unio), app.test_client()
    sign_in(browser, account)
    adviser.post(f"/manage/team/{account.id}/removal")
    assert "<h1>Unio</h1>" in browser.get("/manage/").get_data(as_text=True)


def test_the_last_owner_stays(adviser: FlaskClient, world: World) -> None:
    me = db.session.scalars(sa.select(Account.id)).one()
    add_account("ola@program.example", world.secretariat)
    assert adviser.post(f"/manage/team/{me}/removal").status_code == 422
    assert adviser.post(f"/manage/team/{me}", data={"role": "reader"}).status_code == 422
    assert role_of("adviser@program.example", world.secretariat) is MemberRole.OWNER


def test_a_closed_account_is_no_owner_to_count_on(adviser: FlaskClient, world: World) -> None:
    me = db.session.scalars(sa.select(Account.id)).one()
    add_account("ola@program.example", world.secretariat, role=MemberRole.OWNER)
    with transaction() as session:
        session.execute(sa.update(Account).where(Account.id != me).values(disabled_at=clock.real_now()))
    assert adviser.post(f"/manage/team/{me}/removal").status_code == 422


def test_an_owner_who_steps_back_is_led_to_a_page_that_opens(adviser: FlaskClient, world: World) -> None:
    me = db.session.scalars(sa.select(Account.id)).one()
    add_account("ola@program.example", world.secretariat, role=MemberRole.OWNER)
    assert adviser.post(f"/manage/team/{me}", data={"role": "organiser"}).location == "/manage/"
    assert adviser.get("/manage/").status_code == 200


def test_a_disabled_account_is_not_opened_by_an_invitation(adviser: FlaskClient, app: Flask, world: World) -> None:
    with transaction() as session:
        session.execute(sa.delete(Membership).where(Membership.organiser_id == world.unio))
    account = add_account("ola@program.example", world.unio)
    with transaction() as session:
        session.execute(sa.update(Account).where(Account.id == account.id).values(disabled_at=clock.real_now()))
    invite(adviser)
    assert app.test_client().post(mailed_links()[0]).status_code == 410


def test_another_organisers_people_are_not_there(adviser: FlaskClient, world: World) -> None:
    account = add_account("kari@unio.example", world.unio, name="Rødstrupe")
    with transaction() as session:
        row, _token = actions.invite(
            session, organiser_id=world.unio, email="x@unio.example", key="x@unio.example", name="Rødstrupe",
            language="nb", role=MemberRole.ORGANISER, event_slug=None, now=clock.real_now(),
        )  # fmt: skip
    paths = [f"/manage/team/{account.id}", f"/manage/team/{account.id}/removal", f"/manage/team/{2**40}"]
    assert {adviser.open(path, method=method).status_code for path in paths for method in ("GET", "POST")} == {404}
    posts = [f"/manage/team/invitations/{row.public_id}/{verb}" for verb in ("again", "withdrawal")]
    assert {adviser.post(path).status_code for path in posts} == {404}
    assert "Rødstrupe" not in adviser.get("/manage/team").get_data(as_text=True)


def test_what_is_done_to_the_team_stands_in_the_log(adviser: FlaskClient, app: Flask, world: World) -> None:
    with transaction() as session:
        set_periods(session, session.get_one(Organiser, world.secretariat), ordinary_months=12, sensitive_days=14)
    invite(adviser)
    app.test_client().post(mailed_links()[0])
    db.session.rollback()
    ola = db.session.scalars(sa.select(Account.id).where(Account.email_key == "ola@program.example")).one()
    adviser.post(f"/manage/team/{ola}", data={"role": "reader"})
    adviser.post(f"/manage/team/{ola}/removal")
    db.session.rollback()
    rows = db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)).all()
    assert [(row.verb, row.object, row.name, row.facts) for row in rows] == [
        (LogVerb.INVITED, "team", "Ola Nes", {"role": {"from": None, "to": "organiser"}}),
        (LogVerb.ADDED, "team", "Ola Nes", {"role": {"from": None, "to": "organiser"}}),
        (LogVerb.CHANGED, "team", "Ola Nes", {"role": {"from": "organiser", "to": "reader"}}),
        (LogVerb.REMOVED, "team", "Ola Nes", {"role": {"from": "reader", "to": None}}),
    ]
    assert {(row.erase_on - row.at.date()).days for row in rows if row.erase_on} == {365}


def test_the_team_costs_the_same_with_one_and_with_fifty(adviser: FlaskClient, world: World) -> None:
    def cost() -> int:
        with counted(db.engine) as sent:
            assert adviser.get("/manage/team").status_code == 200
        return len(sent)

    one = cost()
    for number in range(50):
        add_account(f"person{number}@program.example", world.secretariat)
        invite(adviser, email=f"asked{number}@program.example")
    assert cost() == one


def test_who_works_for_another_already_joins_and_is_not_signed_in_by_the_link(
    adviser: FlaskClient, app: Flask, world: World
) -> None:
    account = add_account("ola@program.example", world.unio, name="Ola Nes")
    invite(adviser)
    [link] = mailed_links()
    passed_on = app.test_client()
    assert "sign me in" not in passed_on.get(f"{link}?lang=en").get_data(as_text=True)
    assert passed_on.post(link).location == "/sign-in"
    assert passed_on.get("/manage/").location.partition("?")[0] == "/sign-in"
    assert role_of("ola@program.example", world.secretariat) is MemberRole.ORGANISER
    own = app.test_client()
    sign_in(own, account)
    invite(adviser, email="eva@program.example")
    adviser.post(f"/manage/team/{account.id}/removal")
    invite(adviser)
    assert own.post(mailed_links()[-1]).location == "/manage/"
    assert "Sekretariatet" in own.get("/manage/").get_data(as_text=True)
