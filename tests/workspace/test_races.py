"""What two do at once comes out as if one had been first: joining a team, leaving it, merging people, saying yes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from flask import Flask

from eventsys import clock
from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.accounts.team import actions as team
from eventsys.extensions import db, transaction
from eventsys.invitations.actions import sign_up
from eventsys.organisations.actions import find_or_add_person
from eventsys.organisations.models import Person
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import OnlyByInvitation
from eventsys.workspace.registers.actions.merging import CannotBeMerged, merge
from eventsys.workspace.registers.queries.people import Scope
from tests.accounts.people import add_account
from tests.invitations.given import invite_anne
from tests.world import NOW, World, somebody

REFUSED = (team.LastOwner, CannotBeMerged, OnlyByInvitation)
TURNS = 5


def at_once(app: Flask, deeds: Sequence[Callable[[Any], Any]]) -> Counter[str]:
    """Each in a thread and a transaction of its own; what came of them."""
    ready = threading.Barrier(len(deeds))

    def work(deed: Callable[[Any], Any]) -> str:
        with app.app_context():
            ready.wait()
            try:
                with transaction() as session:
                    return "done" if deed(session) is not False else "nothing"
            except REFUSED:
                return "refused"
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(work, deeds))


def count(model: type[Any], *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


def test_two_owners_who_let_each_other_go_leave_one(app: Flask, world: World) -> None:
    for turn in range(TURNS):
        addresses = (f"a{turn}@program.example", f"b{turn}@program.example")
        owners = [add_account(one, world.secretariat, role=MemberRole.OWNER).id for one in addresses]
        before = count(Membership, Membership.role == MemberRole.OWNER)

        def leave(account_id: int) -> Callable[[Any], Any]:
            return lambda session: team.remove(session, account_id, world.secretariat)

        at_once(app, [leave(one) for one in owners])
        left = count(Membership, Membership.role == MemberRole.OWNER)
        assert left == max(before - 2, 1)


def ask(world: World, organiser_id: int, email: str) -> str:
    with transaction() as session:
        return team.invite(
            session, organiser_id=organiser_id, email=email, key=email, name="Ola", language="nb",
            role=MemberRole.READER, event_slug=None, now=clock.real_now(),
        )[1]  # fmt: skip


def accept(token: str) -> Callable[[Any], Any]:
    return lambda session: team.accept(session, token, now=clock.real_now()) is not None


def test_a_link_into_a_team_that_is_pressed_twice_at_once_makes_one_account(app: Flask, world: World) -> None:
    token = ask(world, world.secretariat, "ola@program.example")
    assert at_once(app, [accept(token)] * 4) == {"done": 1, "nothing": 3}
    assert (count(Account), count(Membership)) == (1, 1)


def test_invitations_of_two_organisers_accepted_at_once_are_one_account(app: Flask, world: World) -> None:
    for turn in range(TURNS):
        email = f"ola{turn}@program.example"
        tokens = [ask(world, organiser, email) for organiser in (world.secretariat, world.unio)]
        assert at_once(app, [accept(token) for token in tokens]) == {"done": 2}
        assert count(Account, Account.email_key == email) == 1


def test_two_who_merge_the_same_people_the_other_way_round_leave_one(app: Flask, world: World) -> None:
    for turn in range(TURNS):
        with transaction() as session:
            ids = [
                find_or_add_person(session, email=f"p{turn}{one}@kommune.example", name="Kari Fjell", now=NOW)
                for one in "ab"
            ]

        def put(keep: int, other: int) -> Callable[[Any], Any]:
            return lambda session: merge(session, keep, other, Scope(None, NOW.date()), account_id=None, now=NOW)

        assert at_once(app, [put(*ids), put(*reversed(ids))]) == {"done": 1, "refused": 1}
        assert count(Person, Person.id.in_(ids), Person.merged_into_id.is_not(None)) == 1


def test_one_invitation_signs_one_up_however_many_have_its_link(app: Flask, world: World) -> None:
    anne = invite_anne(world)

    def come(number: int) -> Callable[[Any], Any]:
        form = somebody(world, number, form_token=f"form-{number}")
        return lambda session: sign_up(session, anne, form, now=NOW)

    assert at_once(app, [come(number) for number in range(1, 5)]) == {"done": 1, "refused": 3}
    assert count(Registration) == 1
