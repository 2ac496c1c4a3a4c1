"""What each change of a seat is told as, and to whom."""

from __future__ import annotations

import pytest

from eventsys.registrations.rules import Actor, Change, State
from eventsys.workflows.rules import BY_TRIGGER, OF_INVITATIONS, TIMED, Trigger, Whom
from eventsys.workflows.telling import Happening, decide_triggers

CONFIRMED, WAITING, CANCELLED = State.CONFIRMED, State.WAITING, State.CANCELLED
REQUESTED, OFFERED = State.REQUESTED, State.OFFERED


@pytest.mark.parametrize(
    ("change", "before", "after", "told"),
    [
        (Change.REGISTERED, None, CONFIRMED, [Trigger.CONFIRMED]),
        (Change.REGISTERED, CANCELLED, WAITING, [Trigger.WAITING]),
        (Change.REGISTERED, None, REQUESTED, [Trigger.REQUESTED]),
        (Change.REGISTERED, None, State.ATTENDED, []),
        (Change.ACCEPTED, REQUESTED, CONFIRMED, [Trigger.CONFIRMED]),
        (Change.ACCEPTED, REQUESTED, WAITING, [Trigger.WAITING]),
        (Change.ACCEPTED, REQUESTED, OFFERED, [Trigger.OFFERED]),
        (Change.DECLINED, REQUESTED, State.DECLINED, [Trigger.DECLINED]),
        (Change.PROMOTED, WAITING, CONFIRMED, [Trigger.PROMOTED]),
        (Change.PROMOTED, OFFERED, CONFIRMED, [Trigger.CONFIRMED]),
        (Change.PROMOTED, CONFIRMED, CONFIRMED, []),
        (Change.OFFERED, WAITING, OFFERED, [Trigger.OFFERED]),
        (Change.LAPSED, OFFERED, CANCELLED, [Trigger.LAPSED]),
        (Change.CANCELLED, CONFIRMED, CANCELLED, [Trigger.CANCELLED]),
        (Change.RESTORED, CANCELLED, CONFIRMED, [Trigger.RESTORED]),
        (Change.REPEATED, WAITING, WAITING, [Trigger.REPEATED]),
        (Change.READDRESSED, CONFIRMED, CONFIRMED, [Trigger.READDRESSED]),
        (Change.CHANGED, CONFIRMED, CONFIRMED, [Trigger.CHANGED]),
        (Change.NAMED, CONFIRMED, CONFIRMED, [Trigger.NAMED]),
        (Change.HANDED_OVER, CONFIRMED, CONFIRMED, [Trigger.GIVEN_AWAY, Trigger.HANDED_OVER]),
        (Change.ASKED, CONFIRMED, CONFIRMED, [Trigger.ASKED]),
        (Change.ANSWERED, CONFIRMED, CONFIRMED, [Trigger.ANSWERED]),
        (Change.ANSWERED, CONFIRMED, CANCELLED, [Trigger.CANCELLED]),
        (Change.PRIORITISED, WAITING, WAITING, []),
        (Change.ATTENDED, CONFIRMED, State.ATTENDED, []),
        (Change.ABSENT, CONFIRMED, State.ABSENT, []),
        (Change.UNMARKED, State.ABSENT, CONFIRMED, []),
    ],
)
def test_what_each_change_is_told_as(change: Change, before: State | None, after: State, told: list[Trigger]) -> None:
    assert list(decide_triggers(Happening(change, before, after))) == told


def test_every_kind_of_change_is_thought_of_and_every_trigger_can_come() -> None:
    came = {
        trigger
        for change in Change
        for before in (None, *State)
        for after in State
        for of_delegation in (False, True)
        for left in (False, True)
        for trigger in decide_triggers(
            Happening(change, before, after, is_of_delegation=of_delegation, has_left_run=left)
        )
    }
    of_events = {Trigger.RUN_CHANGED, Trigger.RUN_CANCELLED, Trigger.PROGRAMME_CHANGED, Trigger.MATERIALS_PUBLISHED}
    assert came == set(BY_TRIGGER) - of_events - set(OF_INVITATIONS)
    assert set(BY_TRIGGER) == set(Trigger) - set(TIMED)


def test_who_moves_is_told_of_the_date_that_was_left_only_if_there_was_a_place() -> None:
    def told(before: State, *, left: bool = True) -> list[Trigger]:
        return list(decide_triggers(Happening(Change.MOVED, before, CONFIRMED, has_left_run=left)))

    assert told(CONFIRMED) == [Trigger.MOVED_FROM, Trigger.MOVED]
    assert told(WAITING) == [Trigger.MOVED]
    assert told(CONFIRMED, left=False) == [Trigger.MOVED]


def test_a_registrar_is_told_of_all_seats_at_once_and_others_of_their_own() -> None:
    def told(change: Change, after: State, *, own: bool, actor: Actor = Actor.REGISTRAR) -> list[Trigger]:
        what = Happening(change, None, after, actor, is_of_delegation=True, has_own_address=own)
        return list(decide_triggers(what))

    assert told(Change.REGISTERED, CONFIRMED, own=False) == [Trigger.DELEGATION]
    assert told(Change.REGISTERED, CONFIRMED, own=True) == [Trigger.DELEGATION, Trigger.NAMED]
    assert told(Change.REGISTERED, WAITING, own=True) == [Trigger.DELEGATION, Trigger.WAITING]
    assert told(Change.ACCEPTED, CONFIRMED, own=False) == [Trigger.CONFIRMED]
    assert told(Change.NAMED, CONFIRMED, own=True) == [Trigger.NAMED]
    assert told(Change.NAMED, CONFIRMED, own=False) == []
    assert told(Change.NAMED, CONFIRMED, own=False, actor=Actor.ORGANISER) == [Trigger.NAMED]


def test_only_the_mail_of_a_seats_own_address_has_its_personal_link() -> None:
    assert {trigger: demands.whom for trigger, demands in BY_TRIGGER.items() if demands.whom is not Whom.PERSON} == {
        Trigger.DELEGATION: Whom.REGISTRAR,
        Trigger.GIVEN_AWAY: Whom.FIRST,
        Trigger.ASKED: Whom.ORGANISER,
    }
