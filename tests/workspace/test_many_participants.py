"""What is done with many participants at once: shown first, then done by the rules of one, or refused by name."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events.actions import cancel as cancel_event
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.registrations.models import (
    RegistrationChange,
)
from eventsys.registrations.rules import Change, Side, State
from eventsys.workflows.actions import expand, notice_changes, plan
from eventsys.workflows.models import MailCause
from eventsys.workspace.people_list.rules import Act, Order, Why, why_not
from tests.workspace.seats import (
    LIST,
    find,
    ids,
    numbers,
    plain,
    press,
    sign_up,
    states,
)
from tests.world import BASE_URL, World


def preview(client: FlaskClient, act: str, *who: int, query: str = "", **more: str) -> TestResponse:
    return client.post(f"{LIST}/preview?{query}", data={"act": act, "who": ids(*who), **more})


def test_a_preview_says_how_many_and_who_is_left_out_and_changes_nothing(four: FlaskClient) -> None:
    press(four, "cancel", 3)
    page = plain(preview(four, "cancel", 1, 2, 3).text)
    assert "Cancel 2 registrations? Nothing is changed yet." in page
    assert "send a mail about it to 2 people" in page
    assert "These are left as they are (1) Person Nummer3: is cancelled or declined" in page
    assert states(1, 2, 3) == [State.CONFIRMED, State.CONFIRMED, State.CANCELLED]


def test_everybody_who_is_shown_can_be_meant_at_once(four: FlaskClient) -> None:
    page = preview(four, "attended", query="state=confirmed", everybody="1").text
    assert "Mark 3 people as come?" in page
    assert "Mark 4 people" not in preview(four, "attended", query="state=confirmed", everybody="1").text


def test_cancelling_many_frees_each_place_once_and_silently_where_that_is_chosen(four: FlaskClient) -> None:
    answer = press(four, "cancel", 1, 2, tell=False)
    assert (answer.status_code, answer.location) == (303, LIST)
    assert states(1, 2, 3, 4) == [State.CANCELLED, State.CANCELLED, State.CONFIRMED, State.CONFIRMED]
    cancelled = sa.select(RegistrationChange).where(RegistrationChange.change == Change.CANCELLED)
    assert [one.noticed_at is None for one in db.session.scalars(cancelled)] == [False, False]
    assert "2 registrations are changed." in four.get(LIST).get_data(as_text=True)


def test_who_could_not_be_changed_is_named_and_the_others_are(four: FlaskClient) -> None:
    answer = press(four, "cancel", 1)
    answer = press(four, "cancel", 1, 2)
    assert answer.status_code == 200
    page = plain(answer.text)
    assert "1 could not be changed" in page
    assert "Person Nummer1: is cancelled or declined" in page
    assert "1 registration is changed." in page
    assert states(1, 2) == [State.CANCELLED, State.CANCELLED]


def test_many_move_to_other_dates_until_these_are_full(four: FlaskClient, world: World) -> None:
    first, second = world.events["seminar"].runs
    for number in (11, 12):
        sign_up(world, number, run_id=second.id)
    page = plain(preview(four, f"move:{first.uid}", 1, 11, 12).text)
    assert "Move 2 people to 1–2 September? Nothing is changed yet. Each gets a mail with the new dates." in page
    assert "Person Nummer1: is at those dates already" in page
    assert press(four, f"move:{second.uid}", 4).status_code == 303
    answer = press(four, f"move:{first.uid}", 11, 12)
    assert "there is no free place for them" in plain(answer.text)
    assert [find(number).run_id for number in (4, 11, 12)] == [second.id, second.id, second.id]
    press(four, "cancel", 1, 2)
    press(four, f"move:{first.uid}", 11, 12)
    assert [find(number).run_id for number in (11, 12)] == [first.id, first.id]


@pytest.mark.parametrize(
    "act, who, before, after",
    [
        ("attended", (1, 2), State.CONFIRMED, State.ATTENDED),
        ("absent", (1, 2), State.CONFIRMED, State.ABSENT),
        ("cancel", (4,), State.WAITING, State.CANCELLED),
    ],
)
def test_many_are_marked(four: FlaskClient, act: str, who: tuple[int, ...], before: State, after: State) -> None:
    assert states(*who) == [before] * len(who)
    press(four, act, *who)
    assert states(*who) == [after] * len(who)


def test_a_mark_is_taken_away_and_a_cancellation_taken_back(four: FlaskClient) -> None:
    press(four, "attended", 1, 2)
    press(four, "unmark", 1, 2)
    assert states(1, 2) == [State.CONFIRMED, State.CONFIRMED]
    press(four, "cancel", 1)
    press(four, "restore", 1)
    assert states(1, 4) == [State.WAITING, State.CONFIRMED]


def test_many_get_another_side_and_another_place_in_the_list(four: FlaskClient, world: World) -> None:
    sign_up(world, 5)
    press(four, "side:politician", 1, 2, 3)
    assert [find(number).side for number in (1, 2, 3)] == [Side.POLITICIAN] * 3
    press(four, "priority:1", 5)
    assert numbers(four, "state=waiting") == [5, 4]
    press(four, "priority:0", 5)
    assert numbers(four, "state=waiting") == [4, 5]


def test_those_who_ask_are_let_in_or_told_no_together(four: FlaskClient, world: World) -> None:
    for number in (6, 7, 8):
        sign_up(
            world, number, run_id=world.run_id("seminar", 1), organisation_id=world.municipalities["1119"], asks=True
        )
    press(four, "accept", 6, 7)
    press(four, "decline", 8)
    assert states(6, 7, 8) == [State.CONFIRMED, State.CONFIRMED, State.DECLINED]


@pytest.mark.parametrize("act", ["", "explode", "move:x", "side:x", "priority:7"])
def test_what_means_nothing_is_refused(four: FlaskClient, act: str) -> None:
    assert preview(four, act, 1).status_code == 303
    assert press(four, act, 1).status_code == 303
    assert "Choose what to do with them." in four.get(LIST).get_data(as_text=True)
    assert states(1) == [State.CONFIRMED]


def test_nobody_chosen_is_said(four: FlaskClient) -> None:
    four.post(f"{LIST}/preview", data={"act": "cancel", "who": ["nonsense", str(uuid.uuid4())]})
    assert "Choose somebody first." in four.get(LIST).get_data(as_text=True)


def test_nobody_at_another_event_is_reached(four: FlaskClient, world: World) -> None:
    other = sign_up(world, 9, run_id=world.run_id("conference"))
    four.post(f"{LIST}/changes", data={"act": "cancel", "who": str(other.public_id)})
    assert states(9) == [State.CONFIRMED]


class Row:
    """What a rule looks at."""

    def __init__(self, state: State) -> None:
        self.state, self.run_id, self.side, self.priority, self.email = state, 1, Side.OTHER, 0, "a@x.example"


@pytest.mark.parametrize(
    "order, able",
    [
        (Order(Act.MESSAGE), "requested offered confirmed attended absent waiting"),
        (Order(Act.ACCEPT), "requested"),
        (Order(Act.DECLINE), "requested"),
        (Order(Act.CANCEL), "requested offered confirmed waiting"),
        (Order(Act.RESTORE), "declined cancelled"),
        (Order(Act.MOVE, run_id=2), "requested offered confirmed waiting"),
        (Order(Act.MOVE, run_id=1), ""),
        (Order(Act.SIDE, side=Side.POLITICIAN), "requested offered confirmed attended absent waiting"),
        (Order(Act.SIDE, side=Side.OTHER), ""),
        (Order(Act.PRIORITY, priority=1), "waiting"),
        (Order(Act.PRIORITY), ""),
        (Order(Act.ATTENDED), "confirmed absent"),
        (Order(Act.ABSENT), "confirmed attended"),
        (Order(Act.UNMARK), "attended absent"),
    ],
)
def test_each_act_is_for_those_in_certain_states(order: Order, able: str) -> None:
    assert {state.value for state in State if why_not(order, Row(state)) is None} == set(able.split())


def test_who_has_no_address_any_more_gets_no_mail() -> None:
    row = Row(State.CONFIRMED)
    row.email = ""
    assert why_not(Order(Act.MESSAGE), row) is Why.NO_ADDRESS


# --- a mail to those who are chosen ---------------------------------------------------------------------------------

LETTER = {"subject_nb": "Ta med badetøy", "body_nb": "Vi bader.", "subject_nn": "Ta med badety", "body_nn": "Vi badar."}


def write(client: FlaskClient, *who: int, **more: str) -> TestResponse:
    data = {**LETTER, "who": " ".join(map(str, ids(*who))), **more}
    return client.post(f"{LIST}/messages", data=data)


def mails_of(subject: str) -> list[tuple[str, MailState]]:
    """To whom the newest text goes."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OutboxMessage.email, OutboxMessage.state)
        .join(MailCause, MailCause.outbox_id == OutboxMessage.id)
        .where(OutboxMessage.template == subject)
        .order_by(OutboxMessage.email)
    )
    return [(row.email, row.state) for row in rows]


def own_template() -> str:
    db.session.rollback()
    shipped = ("confirmed", "waiting", "cancelled")
    return db.session.scalars(
        sa.select(OutboxMessage.template).where(OutboxMessage.template.not_in(shipped)).distinct()
    ).one()


def test_only_those_chosen_get_the_letter_and_once(four: FlaskClient) -> None:
    press(four, "cancel", 3, tell=False)
    page = plain(preview(four, "message", 1, 2, 3).text)
    assert "Write to 2 people" in page
    assert "Person Nummer3: is cancelled or declined" in page
    assert write(four, 1, 2, 3).status_code == 303
    assert write(four, 1, 2, 3).status_code == 303
    key = own_template()
    expected = [(f"person{number}@kommune.example", MailState.QUEUED) for number in (1, 2)]
    assert mails_of(key) == expected
    with transaction() as session:
        plan(session, now=clock.now())
        expand(session, now=clock.now())
        notice_changes(session, now=clock.now())
    assert mails_of(key) == expected
    assert "It goes to 2 addresses." in four.get(LIST).get_data(as_text=True)


def test_who_shares_an_address_gets_one_letter(four: FlaskClient, world: World) -> None:
    sign_up(world, 21, email="felles@kommune.example", run_id=world.run_id("seminar", 1))
    sign_up(world, 22, email="felles@kommune.example", run_id=world.run_id("seminar", 1))
    write(four, 21, 22)
    key = own_template()
    assert db.session.scalars(sa.select(OutboxMessage.email).where(OutboxMessage.template == key)).all() == [
        "felles@kommune.example"
    ]


def test_a_letter_must_be_written_in_what_they_read(four: FlaskClient) -> None:
    answer = write(four, 1, subject_nb="", subject_nn="", body_nn="")
    assert answer.status_code == 422
    assert "Write a subject." in answer.text
    assert "Vi bader." in answer.text
    answer = write(four, 1, body_nb="Hei {nonsense}")
    assert answer.status_code == 422


def test_a_cancelled_event_writes_to_nobody(four: FlaskClient, world: World) -> None:
    with transaction() as session:
        cancel_event(session, session.merge(world.events["seminar"]), base_url=BASE_URL, now=clock.now())
    assert write(four, 1).status_code == 422
