"""What a link to one's own page tells, and to whom: clashes, mails, a link that was replaced."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations import links
from eventsys.registrations.clashes.queries import list_clashes
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import State
from eventsys.workflows.actions import notice_changes
from tests.registrations.desks import changes_of, delegate, find, mailed, post, read, receipt, sign_up, words
from tests.statements import counted
from tests.world import NOW, World, build

SAME_TIME = "You have something else at the same time"


def sign_up_at_the_unions(world: World, number: int = 1) -> str:
    union = {"run_id": world.run_id("unio"), "union_id": world.unions[0], "side": None}
    return sign_up(world, number, form_token=f"unio-{number}", **union)


def of(page: str) -> Registration:
    """The registration whose page it is."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Registration)).all()
    return next(row for row in rows if mailed(row) == page)


def test_who_has_a_seat_at_an_overlapping_event_is_told_and_may_go_on(client: FlaskClient) -> None:
    world = build()
    sign_up_at_the_unions(world)
    page = sign_up(world, run_id=world.run_id("conference"))
    text = read(client, page)
    assert (
        f"{SAME_TIME} Unios konferanse , 27–28 November 2008: Has a place. You may go on with both. Only you see"
        in text
    )
    assert of(page).state is State.CONFIRMED


def test_who_typed_the_form_and_came_by_no_mail_is_told_of_no_clash(client: FlaskClient) -> None:
    world = build()
    sign_up_at_the_unions(world)
    page = sign_up(world, run_id=world.run_id("conference"))
    assert SAME_TIME not in read(client, receipt(of(page)))
    answer = client.post(
        f"/events/{world.events['seminar3'].slug}/registrations",
        data={
            "nonce": "n" * 20, "name": "Kari Fjell", "email": "kari@kommune.example", "organisation": "Karasjok",
            "side": "administration",
        },
    )  # fmt: skip
    assert answer.location == receipt(find("Kari Fjell"))


def test_an_address_that_was_mended_proves_nothing_of_the_new_one(client: FlaskClient) -> None:
    world = build()
    sign_up_at_the_unions(world)
    page = sign_up(world, 2, name="Person Nummer1", run_id=world.run_id("conference"))
    moved = post(client, page, "email", email="person1@kommune.example").location
    assert (client.get(moved).status_code, SAME_TIME in read(client, moved)) == (200, False)


def test_a_registrar_is_told_of_no_clash(client: FlaskClient) -> None:
    world = build()
    sign_up_at_the_unions(world)
    page = delegate(world, "Person Nummer1, person1@kommune.example", "Ola Vik", event="conference")
    named = db.session.scalars(
        sa.select(Registration).where(Registration.delegation_id.is_not(None)).order_by(Registration.id)
    ).all()
    own = f"{page}/seats/{named[0].public_id}"
    assert [SAME_TIME in read(client, one) for one in (page, own, receipt(named[1]))] == [False] * 3


def test_days_that_touch_are_no_clash_and_a_seat_left_is_none(client: FlaskClient) -> None:
    world = build()
    union = sign_up_at_the_unions(world)
    seminar = sign_up(world)
    page = sign_up(world, form_token="conference", run_id=world.run_id("conference"))
    clashes = [[row.Event.id for row in list_clashes(db.session(), of(one))] for one in (seminar, page)]
    assert clashes == [[], [world.events["unio"].id]]
    post(client, union, "cancellation")
    assert list_clashes(db.session(), of(page)) == []


def test_two_dates_of_one_seminar_that_share_a_day_clash(client: FlaskClient) -> None:
    world = build()
    sign_up(world)
    page = sign_up(world, form_token="second", run_id=world.run_id("seminar", 1))
    assert SAME_TIME in read(client, page)


def test_namesakes_and_seats_without_a_name_clash_with_nobody(client: FlaskClient) -> None:
    world = build()
    sign_up_at_the_unions(world)
    page = sign_up(world, 2, name="Person Nummer1", run_id=world.run_id("conference"))
    assert list_clashes(db.session(), of(page)) == []
    delegate(world, "", event="conference")
    assert list_clashes(db.session(), find("")) == []


def test_clashes_are_found_in_one_statement(client: FlaskClient) -> None:
    world = build()
    sign_up_at_the_unions(world)
    found = of(sign_up(world, run_id=world.run_id("conference")))
    with counted(db.engine) as seen:
        list_clashes(db.session(), found)
    assert len(seen) == 1


def test_a_link_that_was_replaced_offers_a_new_one_to_the_address_and_shows_it_to_nobody(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    post(client, page, "hand-over", to_name="Ola Vik", to_email="ola@bo.example")
    answer = client.get(f"{page}?lang=en")
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "This link has been replaced" in text, "ola" in text.casefold()) == (410, True, False)
    (token,) = re.findall(r'name="token" value="([^"]+)"', text)
    sent = client.post("/registrations/links?lang=en", data={"token": token}, follow_redirects=True)
    assert (sent.status_code, "ola" in words(sent).casefold()) == (200, False)
    assert changes_of("Ola Vik")[-1] == ("repeated", "participant")


def test_a_new_link_is_mailed_once_an_hour_at_most_and_the_page_says_the_same(client: FlaskClient) -> None:
    world = build()
    token = sign_up(world).rpartition("/")[2]
    found = find("Person Nummer1")
    with transaction() as session:
        session.merge(found).link_version = 1
    for minutes in (0, 30, 61):
        with transaction() as session:
            clock.set_to(session, NOW + timedelta(minutes=minutes))
        answer = client.post("/registrations/links", data={"token": token})
        assert (answer.status_code, answer.location) == (303, "/registrations/links/sent")
    assert [change for change, _actor in changes_of("Person Nummer1")] == ["registered", "repeated", "repeated"]


def test_a_link_that_never_was_gets_no_new_one(client: FlaskClient) -> None:
    world = build()
    sign_up(world)
    seen = {client.post("/registrations/links", data={"token": token}).status_code for token in ("", "x", "0" * 43)}
    assert seen == {404}


def test_a_receipt_of_an_earlier_address_is_replaced_too(client: FlaskClient) -> None:
    world = build()
    sign_up(world)
    found = find("Person Nummer1")
    first = receipt(found)
    with transaction() as session:
        session.merge(found).link_version = 1
    assert client.get(first).status_code == 410


def send_all() -> None:
    """What has happened becomes mail, and all of it is sent."""
    with transaction() as session:
        notice_changes(session, now=clock.now())
        for mail in session.scalars(sa.select(OutboxMessage)):
            if mail.state is MailState.QUEUED:
                mail.state, mail.sent_at, mail.subject = MailState.SENT, clock.now(), f"Brev {mail.id}"
                mail.text = f"Til {mail.name}"


def test_the_mails_shown_are_those_that_came_to_the_address_of_the_page(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    sign_up(world, 2)
    send_all()
    assert re.findall(r"Brev \d+", read(client, f"{page}/mails")) == ["Brev 1"]
    assert "Til Person Nummer1" in read(client, f"{page}/mails")


def test_a_successor_reads_no_mail_of_the_one_before_even_at_the_same_address(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    send_all()
    with transaction() as session:
        clock.set_to(session, NOW + timedelta(hours=1))
    post(client, page, "hand-over", to_name="Ola Vik", to_email="person1@kommune.example")
    assert "Brev 1" not in read(client, f"{mailed(find('Ola Vik'))}/mails")
    send_all()
    assert re.findall(r"Brev 1\b", read(client, f"{mailed(find('Ola Vik'))}/mails")) == []


def test_who_came_by_no_mail_reads_none(client: FlaskClient) -> None:
    world = build()
    sign_up(world)
    send_all()
    said = read(client, f"{receipt(find('Person Nummer1'))}/mails")
    assert ("Open the link in the mail" in said, "Brev" in said) == (True, False)


def test_a_mail_about_others_too_keeps_its_text(client: FlaskClient) -> None:
    world = build()
    delegate(world, "Kari Fjell", "Ola Vik")
    send_all()
    said = read(client, f"{mailed(find('Kari Fjell'))}/mails")
    assert ("This mail is about other people’s places too" in said, "Til " in said) == (True, False)


def test_a_ticket_opens_no_page_and_a_page_no_ticket(client: FlaskClient) -> None:
    world = build()
    sign_up(world)
    found = find("Person Nummer1")
    ticket = links.ticket_token(found)
    assert client.get(f"/registrations/{ticket}").status_code == 404
    assert (links.check_ticket(ticket, found), links.check_ticket(links.registration_token(found), found)) == (
        True,
        False,
    )
