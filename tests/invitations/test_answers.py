"""Answers: yes is a seat, no has a word, a colleague comes instead; what an organiser reminds of, takes back, asks again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventsys.audiences.rules import Kind, Reach
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.invitations import actions
from eventsys.invitations.queries import Counted, count_invitations, list_facts, list_invitations
from eventsys.invitations.rules import CannotBeAnswered, CannotBePassedOn, Shown
from eventsys.mailing.models import Suppression
from eventsys.organisations.rules import PositionRole
from eventsys.registrations.actions import register_delegation
from eventsys.registrations.rules import NewDelegation
from tests.audiences.given import add_group, add_member, add_position, all_of, cohort, of, set_mailbox
from tests.invitations.given import do, history, invite, invite_anne, standings, the_invitation
from tests.registrations.seats import colleagues, sign_up
from tests.world import NOW, World, build

TOMORROW = NOW + timedelta(hours=25)


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def test_a_yes_is_a_seat_and_a_second_one_nothing(world: World) -> None:
    anne = invite_anne(world)
    seat = sign_up(world, 1)
    do(actions.accept, anne, registration_id=seat)
    do(actions.accept, anne, registration_id=seat)
    invitation = the_invitation("Anne")
    assert (invitation.state.value, invitation.registration_id, invitation.answered_at) == ("accepted", seat, NOW)
    assert history()[1:] == [("Anne", "accepted", "participant", False)]


def test_a_no_keeps_its_word_and_can_be_taken_back(world: World) -> None:
    anne = invite_anne(world)
    do(actions.decline, anne, words="Har et annet møte.")
    assert (the_invitation("Anne").words, standings()) == ("Har et annet møte.", {"Anne": "declined"})
    do(actions.accept, anne, registration_id=sign_up(world, 1))
    assert standings() == {"Anne": "accepted"}


def test_passing_on_asks_a_colleague_from_the_same_organisation(world: World) -> None:
    anne = invite_anne(world)
    colleague = do(actions.pass_on, anne, name="Berit", email="berit@kommune.example")
    found = the_invitation("Berit")
    assert standings() == {"Anne": "passed_on", "Berit": "asked"}
    assert (the_invitation("Anne").passed_to_id, found.organisation_id, found.reasons) == (
        colleague.id,
        world.municipalities["0821"],
        [{"passed_on_by": "Anne"}],
    )
    assert history()[1:] == [("Berit", "asked", "participant", True), ("Anne", "passed_on", "participant", False)]
    with pytest.raises(CannotBeAnswered):
        do(actions.decline, anne)


def test_passing_on_to_one_who_is_asked_already_asks_nobody_anew(world: World) -> None:
    add_position(world, "Berit", "0821", PositionRole.POLITICIAN)
    anne = invite_anne(world)
    do(actions.pass_on, anne, name="Berit", email="berit@kommune.example")
    assert standings() == {"Anne": "passed_on", "Berit": "asked"}
    assert the_invitation("Anne").passed_to_id == the_invitation("Berit").id


def test_nobody_passes_on_to_themselves_or_without_an_organisation(world: World) -> None:
    anne = invite_anne(world)
    group_id = add_group(world)
    add_member(group_id, "Gro")

    invite(world, clauses=(all_of(of(Kind.GROUP, group_id)),))
    for one, name in ((anne, "Anne"), (the_invitation("Gro").id, "Berit")):
        with pytest.raises(CannotBePassedOn):
            do(actions.pass_on, one, name=name, email=f"{name.casefold()}@kommune.example")
    assert standings() == {"Anne": "asked", "Gro": "asked"}


def test_signing_up_without_the_link_is_a_yes_too(world: World) -> None:
    add_position(world, "Person Nummer1", "0821", email="person1@kommune.example")
    set_mailbox(world, "0301", "post@oslo.example")
    anne = invite_anne(world)
    seat = sign_up(world, 1)
    with transaction() as session:
        assert actions.note_answers(session, now=NOW) == 1
    assert standings() == {"Anne": "asked", "Person Nummer1": "accepted"}
    assert (the_invitation("Person Nummer1").registration_id, anne) == (seat, the_invitation("Anne").id)


def test_a_mailbox_has_answered_when_somebody_of_the_organisation_comes(world: World) -> None:

    set_mailbox(world, "0821", "post@bo.example")
    invite(world, clauses=(all_of(cohort(world, 2), reach=Reach.MAILBOXES),))
    delegation = sign_up_two(world)
    with transaction() as session:
        actions.note_answers(session, now=NOW)
    assert (standings(), the_invitation("Bø (Telemark)").delegation_id) == ({"Bø (Telemark)": "accepted"}, delegation)


def sign_up_two(world: World) -> int:

    form: NewDelegation = colleagues(world, 1, sides="pa")
    with transaction() as session:
        return register_delegation(session, form, now=NOW).delegation.id


def nudge(world: World, *, now: object = TOMORROW) -> int:
    with transaction() as session:
        event = session.get_one(Event, world.events["seminar"].id)
        return actions.nudge(session, event, now=now)  # type: ignore[arg-type]


def test_a_reminder_goes_to_who_has_not_answered_and_at_most_once_a_day(world: World) -> None:
    add_position(world, "Berit", "0821")
    add_position(world, "Person Nummer1", "0821", email="person1@kommune.example")
    anne = invite_anne(world)
    do(actions.decline, anne)
    sign_up(world, 1)
    assert [nudge(world, now=NOW), nudge(world), nudge(world)] == [0, 1, 0]
    assert history()[-1] == ("Berit", "nudged", "organiser", True)
    assert standings() == {"Anne": "declined", "Berit": "asked", "Person Nummer1": "accepted"}


def test_what_is_taken_back_cannot_be_answered_until_it_is_sent_again(world: World) -> None:
    anne = invite_anne(world)
    assert [do(actions.withdraw, anne), do(actions.withdraw, anne)] == [True, False]
    with pytest.raises(CannotBeAnswered):
        do(actions.decline, anne)
    assert [do(actions.ask_again, anne), do(actions.ask_again, anne)] == [True, False]
    assert history()[1:] == [("Anne", "withdrawn", "organiser", True), ("Anne", "asked", "organiser", True)]


def test_opening_is_noted_once(world: World) -> None:
    anne = invite_anne(world)
    assert [do(actions.note_opened, anne, now=NOW), do(actions.note_opened, anne, now=TOMORROW)] == [True, False]
    assert the_invitation("Anne").opened_at == NOW


def test_how_they_stand_and_who_cannot_be_reached(world: World) -> None:
    for name in ("Berit", "Cato", "Dora"):
        add_position(world, name, "0821")
    anne = invite_anne(world)
    with transaction() as session:
        blocked = Suppression(email_key="cato@kommune.example", category="", why="bounced", created_at=NOW)
        session.add(blocked)
    do(actions.decline, anne)
    do(actions.note_opened, the_invitation("Berit").id)
    counted = count_invitations(db.session(), world.events["seminar"].id)
    assert counted == Counted(
        asked=4, accepted=0, declined=1, passed_on=0, no_answer=3, not_opened=2, unreachable=1, withdrawn=0
    )
    found = {
        shown: [row.invitation.name for row in list_invitations(db.session(), world.events["seminar"].id, shown=shown)]
        for shown in (None, Shown.NOT_OPENED, Shown.UNREACHABLE, Shown.DECLINED)
    }
    assert found == {
        None: ["Anne", "Berit", "Cato", "Dora"],
        Shown.NOT_OPENED: ["Cato", "Dora"],
        Shown.UNREACHABLE: ["Cato"],
        Shown.DECLINED: ["Anne"],
    }
    searched = list_invitations(db.session(), world.events["seminar"].id, search="telemark", limit=2)
    assert [row.invitation.name for row in searched] == ["Anne", "Berit", "Cato"]


def test_a_mail_is_told_what_it_needs(world: World) -> None:
    anne = invite_anne(world)
    do(actions.pass_on, anne, name="Berit", email="berit@kommune.example")
    berit = the_invitation("Berit")
    facts = list_facts(db.session(), [berit.id])[berit.id]
    told = (facts.name, facts.language, facts.organisation, facts.template, facts.passed_by, facts.held_until)
    assert told == ("Berit", "nb", "Bø (Telemark)", "invited", "Anne", None)
