"""Whom the demo's organisers know beside those who sign up: project leaders, a steering group, Unio's representatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random

from sqlalchemy.orm import Session

from eventsys.demo import programme as plan
from eventsys.demo.people import make_address, make_name
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions.actions import PositionFacts, set_position
from eventsys.organisations.representatives.actions import By, RepresentativeFacts, save_all
from eventsys.organisations.rules import PositionRole
from eventsys.programmes.groups.actions import MemberFacts, add_group, set_member
from eventsys.programmes.models import Group

SINCE = date(2008, 1, 1)
ERASE_ON = date(2009, 6, 30)
REPRESENTATIVES = 40
STEERING_GROUP = {
    "nb": "Den administrative styringsgruppen",
    "nn": "Den administrative styringsgruppa",
    "en": "The administrative steering group",
}
MEMBERS = ("Departementet", "Kommunenes organisasjon", "Unio", "Sekretariatet", "Sekretariatet")
"""Where its members come from, which only their addresses tell."""


def enrol(
    session: Session,
    *,
    secretariat_id: int,
    unio_id: int,
    members: Iterable[Organisation],
    unions: Sequence[Organisation],
) -> Group:
    """All made up, and the same each time; the steering group."""
    random = Random(1505)  # noqa: S311
    municipalities = list(members)
    for municipality in municipalities:
        name = make_name(random)
        facts = PositionFacts(name, make_address(name, municipality.label), PositionRole.PROJECT_LEADER, SINCE)
        set_position(session, municipality.id, facts, account_id=None, now=plan.SET_UP_AT)
    group = add_group(session, organiser_id=secretariat_id, name=STEERING_GROUP)
    for place in MEMBERS:
        name = make_name(random)
        set_member(session, group, MemberFacts(name, make_address(name, place), SINCE), now=plan.SET_UP_AT)
    rows = [_represent(random, unions, municipalities) for _place in range(REPRESENTATIVES)]
    by = By(unio_id, None, plan.SET_UP_AT.date(), plan.SET_UP_AT)
    save_all(session, rows, erase_on=ERASE_ON, by=by)
    return group


def _represent(
    random: Random, unions: Sequence[Organisation], municipalities: Sequence[Organisation]
) -> RepresentativeFacts:
    name, place = make_name(random), random.choice(municipalities)
    union = unions[random.randrange(len(unions) // 2)]
    return RepresentativeFacts(name, make_address(name, place.label), union.id, place.id)
