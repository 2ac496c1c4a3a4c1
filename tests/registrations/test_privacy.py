"""What nobody comes by who should not: strangers, registrars, contacts who have stopped, the next one in a seat."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation, Position
from eventsys.organisations.positions import actions as positions
from eventsys.organisations.rules import PositionRole
from eventsys.registrations import actions, links
from eventsys.registrations.models import ChangeRequest, Delegation, Question, Registration, SensitiveAnswer
from eventsys.registrations.questions.actions import change_question
from eventsys.registrations.questions.rules import AskedQuestion, ChoiceIsTaken, Option
from eventsys.registrations.rules import Actor, QuestionKind
from eventsys.workflows.actions import notice_changes
from tests.registrations import asking, people
from tests.registrations.desks import (
    REGISTRAR,
    changes_of,
    delegate,
    find,
    mailed,
    post,
    read,
    receipt,
    seat_page,
    settle,
    sign_up,
)
from tests.registrations.test_several import post as sign_several_up
from tests.registrations.test_views import post as sign_one_up
from tests.world import NOW, World, build, somebody

YESTERDAY = date(2008, 8, 17)
NUTS, ILL = "Tåler ikke nøtter", "Jeg er syk"


def ask_about_food(world: World) -> AskedQuestion:
    return asking.ask(world, asking.facts(label="Mat", sensitive=True, erase_days=14))


def fill_in(client: FlaskClient, page: str, question: AskedQuestion) -> TestResponse:
    return post(client, page, "details", **{f"q-{question.public_id}": NUTS})


def kept_answers() -> list[str | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(SensitiveAnswer.text)))


# --- who only typed the form ----------------------------------------------------------------------------------------


def test_who_signed_a_stranger_up_reads_nothing_that_the_stranger_fills_in_by_the_mailed_link(
    client: FlaskClient,
) -> None:
    world = build()
    question = ask_about_food(world)
    page = sign_up(world)
    typed = receipt(find("Person Nummer1"))
    assert client.get(typed).status_code == 200
    assert fill_in(client, page, question).status_code == 303
    pages = [typed, f"{typed}/details", f"{typed}/ticket", f"{typed}/calendar.ics", f"{typed}/certificate"]
    assert [client.get(one).status_code for one in pages] == [410] * 5
    acts = ["details", "email", "hand-over", "cancellation", "run", "requests"]
    assert [post(client, typed, act, email="tyv@x.example").status_code for act in acts] == [410] * 6
    assert (NUTS in read(client, page), kept_answers()) == (True, [NUTS])


def test_what_was_filled_in_where_the_form_was_typed_stays_open_there(client: FlaskClient) -> None:
    world = build()
    question = ask_about_food(world)
    sign_up(world)
    typed = receipt(find("Person Nummer1"))
    fill_in(client, typed, question)
    assert NUTS in read(client, typed)


def test_a_mended_address_opens_its_own_receipt_whatever_was_filled_in_before(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    fill_in(client, page, ask_about_food(world))
    answer = post(client, page, "email", email="ny@bo.example")
    assert client.get(answer.location).status_code == 200


def test_words_to_the_organiser_are_shown_by_the_mailed_link_alone(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    settle(world, cancel_by=YESTERDAY)
    assert post(client, page, "requests", asked="cancel", cancel_words=ILL).status_code == 303
    typed = receipt(find("Person Nummer1"))
    assert [ILL in read(client, one) for one in (page, typed)] == [True, False]


# --- registrars -----------------------------------------------------------------------------------------------------


def test_a_registrar_who_turns_the_mail_to_oneself_gets_none_of_the_answers(client: FlaskClient) -> None:
    world = build()
    question = ask_about_food(world)
    page = delegate(world, "Kari Fjell, kari@bo.example")
    fill_in(client, mailed(find("Kari Fjell")), question)
    assert kept_answers() == [NUTS]
    assert post(client, seat_page(page, "Kari Fjell"), "email", email=REGISTRAR).status_code == 303
    assert (find("Kari Fjell").email, kept_answers()) == (REGISTRAR, [])


def test_a_person_and_an_organiser_mend_an_address_and_the_answers_stay(client: FlaskClient) -> None:
    world = build()
    question = ask_about_food(world)
    page = sign_up(world)
    fill_in(client, page, question)
    post(client, page, "email", email="ny@bo.example")
    with transaction() as session:
        row = session.execute(sa.select(Registration)).scalar_one()
        actions.readdress(session, row, email="nyere@bo.example", actor=Actor.ORGANISER, account_id=None, now=NOW)
    assert kept_answers() == [NUTS]


def test_what_a_person_writes_to_the_organiser_is_not_the_registrars_to_read(client: FlaskClient) -> None:
    world = build()
    page = delegate(world, "Kari Fjell, kari@bo.example")
    settle(world, cancel_by=YESTERDAY, change_by=YESTERDAY)
    post(client, mailed(find("Kari Fjell")), "requests", asked="cancel", cancel_words=ILL)
    seat = seat_page(page, "Kari Fjell")
    post(client, seat, "requests", asked="change", change_words="Hun trenger et rom til")
    text = read(client, seat)
    assert (ILL in text, "Hun trenger et rom til" in text) == (False, True)


def test_the_next_one_in_a_seat_reads_nothing_that_the_one_before_wrote(client: FlaskClient) -> None:
    world = build()
    page = sign_up(world)
    settle(world, cancel_by=YESTERDAY)
    post(client, page, "requests", asked="cancel", cancel_words=ILL)
    post(client, page, "hand-over", to_name="Ola Vik", to_email="ola@bo.example")
    assert ILL not in read(client, mailed(find("Ola Vik")))
    db.session.rollback()
    assert db.session.scalars(sa.select(ChangeRequest.words)).all() == []


def test_a_place_handed_over_by_a_button_pressed_twice_is_handed_over_once(client: FlaskClient) -> None:
    world = build()
    seat = seat_page(delegate(world, "Kari Fjell, kari@bo.example"), "Kari Fjell")
    for _press in range(2):
        assert post(client, seat, "hand-over", to_name="Ola Vik", to_email="ola@bo.example").status_code == 303
    assert (changes_of("Ola Vik"), find("Ola Vik").link_version) == (
        [("registered", "registrar"), ("handed_over", "registrar")], 1,
    )  # fmt: skip


def test_an_address_mended_by_a_button_pressed_twice_has_one_new_link(client: FlaskClient) -> None:
    world = build()
    seat = seat_page(delegate(world, "Kari Fjell, kari@bo.example"), "Kari Fjell")
    for _press in range(2):
        assert post(client, seat, "email", email="kari.fjell@bo.example").status_code == 303
    assert (changes_of("Kari Fjell")[1:], find("Kari Fjell").link_version) == ([("readdressed", "registrar")], 1)


# --- contacts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def delegation(app: object) -> Delegation:
    """Of Bø, with a colleague whose mail comes to the registrar."""
    world = build()
    ask_about_food(world)
    return people.delegate(world, "Berit Haug", event="seminar")


@pytest.fixture
def contact(delegation: Delegation) -> Position:
    with transaction() as session:
        found = session.get_one(Organisation, delegation.organisation_id)
        return positions.add_contact(session, found, name="Nils Bekk", email="nils@bo.example", on=NOW.date(), now=NOW)


def contacts_link(delegation: Delegation, contact: Position) -> str:
    return f"/delegations/{links.contact_token(delegation, contact)}"


def test_a_contact_changes_what_a_colleague_has_signed_up_by_a_link_of_ones_own(
    client: FlaskClient, delegation: Delegation, contact: Position
) -> None:
    page = client.get(people.contact_page(contact)).get_data(as_text=True)
    theirs, registrars = contacts_link(delegation, contact), links.delegation_token(delegation)
    assert (f'href="{theirs}"' in page, registrars in page) == (True, False)
    assert [client.get(theirs).status_code, client.get(seat_page(theirs, "Berit Haug")).status_code] == [200, 200]
    assert post(client, seat_page(theirs, "Berit Haug"), "cancellation").status_code == 303


def test_a_contact_comes_by_no_page_and_no_mail_of_the_registrar(
    client: FlaskClient, delegation: Delegation, contact: Position
) -> None:
    theirs, registrars = contacts_link(delegation, contact), f"/delegations/{links.delegation_token(delegation)}"
    seats = [client.get(seat_page(one, "Berit Haug")).get_data(as_text=True) for one in (registrars, theirs)]
    assert ["/registrations/" in seat for seat in seats] == [True, False]
    assert [client.get(f"{one}/mails").status_code for one in (registrars, theirs)] == [200, 404]
    assert [f"{one}/mails" in client.get(one).get_data(as_text=True) for one in (registrars, theirs)] == [True, False]


def test_who_has_stopped_being_contact_opens_none_of_the_pages_again(
    client: FlaskClient, delegation: Delegation, contact: Position
) -> None:
    page, theirs = people.contact_page(contact), contacts_link(delegation, contact)
    seat = seat_page(theirs, "Berit Haug")
    client.post(f"{page}/end")
    assert [client.get(one).status_code for one in (page, theirs, seat)] == [410, 404, 404]
    assert post(client, seat, "cancellation").status_code == 404
    assert client.get(f"/delegations/{links.delegation_token(delegation)}").status_code == 200


def test_a_contacts_link_opens_no_other_delegation_nor_anything_else(
    client: FlaskClient, delegation: Delegation, contact: Position
) -> None:
    token = links.contact_token(delegation, contact)
    # Not the last sign, of which some bits say nothing.
    changed = token[:-5] + ("B" if token[-5] == "A" else "A") + token[-4:]
    kinds = [f"/registrations/{token}", f"/organisations/0821/contacts/{token}", f"/delegations/{changed}"]
    assert [client.get(one).status_code for one in kinds] == [404, 404, 404]
    with transaction() as session:
        other = session.execute(sa.select(Organisation.id).where(Organisation.number == "1867")).scalar_one()
        session.get_one(Delegation, delegation.id).organisation_id = other
    assert client.get(f"/delegations/{token}").status_code == 404


def test_only_a_contact_opens_the_page_of_a_municipality(
    client: FlaskClient, delegation: Delegation, contact: Position
) -> None:
    page = people.contact_page(contact)
    with transaction() as session:
        session.get_one(Position, contact.id).role = PositionRole.POLITICIAN
    assert [client.get(one).status_code for one in (page, contacts_link(delegation, contact))] == [404, 404]


# --- strangers ------------------------------------------------------------------------------------------------------


def test_a_form_sent_again_with_other_names_does_not_tell_who_of_them_is_signed_up(client: FlaskClient) -> None:
    world = build(capacity=None)
    sign_up(world, 1, name="Kari Fjell")
    assert sign_several_up(client, world, ("Ola Vik",)).status_code == 303
    answers = [sign_several_up(client, world, ("Ola Vik", name)) for name in ("Kari Fjell", "Nobody Known")]
    assert [answer.status_code for answer in answers] == [409, 409]


@pytest.mark.parametrize("how", ["all names", "one name", "a hand-over"])
def test_who_tries_names_on_places_does_so_before_the_eyes_of_those_who_have_them(
    client: FlaskClient, how: str
) -> None:
    world = build(capacity=None)
    sign_up(world, 1, name="Kari Fjell", email="kari@bo.example")
    page = delegate(world, "Ola Vik, ola@bo.example", "")
    known = {"name": "Kari Fjell", "email": "kari@bo.example"}
    nobody = find("").public_id
    posts = {
        "all names": (page, "names", f"{nobody}-"),
        "one name": (f"{page}/seats/{nobody}", "name", "seat_"),
        "a hand-over": (seat_page(page, "Ola Vik"), "hand-over", "to_"),
    }
    where, act, prefix = posts[how]
    for _try in range(2):
        answer = post(client, where, act, **{f"{prefix}{field}": value for field, value in known.items()})
        assert answer.status_code == 409
    assert changes_of("Kari Fjell") == [("registered", "participant"), ("repeated", "registrar")]


def test_nobodys_name_or_address_makes_the_neutral_page_another_one(client: FlaskClient) -> None:
    world = build(capacity=None)
    sign_up(world)
    known = sign_one_up(client, world, name="Person Nummer1", email="person1@kommune.example")
    assert (known.status_code, known.location.endswith("/registrations/received")) == (303, True)
    page = client.get(known.location)
    assert ("Nummer1" in page.get_data(as_text=True), "person1" in page.get_data(as_text=True)) == (False, False)


def test_a_stranger_causes_no_more_than_a_hundred_mails_a_day_to_one_address(client: FlaskClient) -> None:
    world = build(capacity=None)
    for number in range(105):
        form = somebody(world, number, name=f"Navn {number}", email="offer@x.example", form_token=f"flom-{number}")
        with transaction() as session:
            actions.register(session, form, now=clock.now())
    with transaction() as session:
        while notice_changes(session, now=clock.now()):
            pass
    db.session.rollback()
    to_victim = sa.select(sa.func.count()).where(OutboxMessage.email_key == "offer@x.example")
    assert db.session.scalar(to_victim) == 100


# --- organisers -----------------------------------------------------------------------------------------------------


def test_a_limit_that_is_too_low_names_nobody_who_chose_what_is_sensitive(client: FlaskClient) -> None:
    world = build()
    options = (Option("", {"nb": "Vegansk"}), Option("", {"nb": "Alt"}))
    question = asking.ask(
        world, asking.facts(QuestionKind.ONE_OF, "Mat", options=options, sensitive=True, erase_days=14)
    )
    key = question.options[0].key
    for number in (1, 2):
        asking.answer(asking.sign_up(world, number), question, options=(key,))
    refused = too_low(question, key)
    assert (refused.taken, refused.above) == (2, [])


def too_low(question: AskedQuestion, key: str) -> ChoiceIsTaken:
    options = tuple(Option(one.key, one.label, 1 if one.key == key else None) for one in question.options)
    facts = asking.facts(QuestionKind.ONE_OF, "Mat", options=options, sensitive=True, erase_days=14)
    with pytest.raises(ChoiceIsTaken) as refused, transaction() as session:
        change_question(session, session.get_one(Question, question.id), facts, now=NOW)
    return refused.value


# --- what is kept by browsers and between ---------------------------------------------------------------------------


def test_no_personal_page_is_kept_and_none_names_its_link_to_others(client: FlaskClient) -> None:
    world = build()
    own, registrars = sign_up(world), delegate(world, "Kari Fjell")
    pages = [own, f"{own}/details", f"{own}/ticket", f"{own}/mails", f"{own}/calendar.ics", receipt(find("Kari Fjell")),
             registrars, f"{registrars}/mails", seat_page(registrars, "Kari Fjell"), "/me"]  # fmt: skip
    answers = [client.get(page) for page in pages]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * len(pages)
    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"same-origin"}


def test_looking_at_pages_changes_nothing(client: FlaskClient) -> None:
    world = build()
    own, registrars = sign_up(world), delegate(world, "Kari Fjell", "")
    before = snapshot()
    for page in (own, f"{own}/details", f"{own}/ticket", f"{own}/certificate", registrars, f"{registrars}/mails"):
        client.get(page)
    for act in ("cancellation", "offer", "run", "hand-over", "email", "requests"):
        assert client.get(f"{own}/{act}").status_code == 405
    assert snapshot() == before


def snapshot() -> list[tuple[object, ...]]:
    db.session.rollback()
    columns = (Registration.name, Registration.email, Registration.state, Registration.link_version)
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(Registration.id))]


def test_an_error_of_the_database_does_not_say_what_somebody_wrote(client: FlaskClient) -> None:
    with pytest.raises(sa.exc.DBAPIError) as error, transaction() as session:
        session.execute(sa.text("INSERT INTO nowhere (words) VALUES (:words)"), {"words": NUTS})
    assert NUTS not in str(error.value)
