"""The demo's sign-ups: who came forward for which run in the summer of 2008, who left again, and who asked to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.equipment import Offered, list_offered
from eventsys.demo.people import FIRST_DAY, make_seats
from eventsys.demo.programme import Activity
from eventsys.events.models import Event, EventClause, Run
from eventsys.organisations.models import Organisation
from eventsys.programmes.models import Cohort
from eventsys.registrations import actions
from eventsys.registrations.rules import Actor, NewDelegation, NewRegistration, NewSeat, WhenFull

# How many sign up for the last run of an event and leave again a day later, where nobody waits for a place.
LEAVE = 4
# How many of a cohort that is not meant ask to come to the last run of an event that has several.
ASK = 3
# So many of a municipality who come together are signed up by the first of them; of every such group of four the last has
# no name yet.
TOGETHER, UNNAMED = 3, 4


@dataclass(frozen=True)
class SignUp:
    """A form that somebody sends at a moment; those who `leave` cancel a day later."""

    at: datetime
    form: NewRegistration | NewDelegation
    leaves: bool = False
    group: int = 0


def sign_up(
    session: Session,
    random: Random,
    made: Sequence[tuple[Event, Activity]],
    *,
    members: Mapping[int, list[Organisation]],
    unions: Sequence[Organisation],
) -> int:
    """Sends every form at its moment, earliest first; says how many."""
    sent = [form for event, activity in made for form in _plan(session, random, event, activity, members, unions)]
    for one in sorted(sent, key=lambda one: (one.at, one.form.form_token)):
        if isinstance(one.form, NewDelegation):
            actions.register_delegation(session, one.form, now=one.at)
            continue
        made_now = actions.register(session, one.form, now=one.at)
        if one.leaves:
            later = one.at + timedelta(days=1)
            actions.cancel(session, made_now.registration, actor=Actor.PARTICIPANT, now=later)
    return sum(len(one.form.seats) if isinstance(one.form, NewDelegation) else 1 for one in sent)


def _plan(
    session: Session,
    random: Random,
    event: Event,
    activity: Activity,
    members: Mapping[int, list[Organisation]],
    unions: Sequence[Organisation],
) -> Iterator[SignUp]:
    meant, others = _whom(session, event, members)
    runs = session.scalars(sa.select(Run).where(Run.event_id == event.id).order_by(Run.sort_at)).all()
    since = max(FIRST_DAY, datetime.combine(activity.opens_on or FIRST_DAY.date(), time(), UTC))
    for run, how_many in zip(runs, activity.seats, strict=False):
        forms = _forms(random, run, meant, how_many, since, unions=unions if event.asks_union else ())
        yield from forms if event.asks_union else _together(list(forms), list_offered(session, run))
    if activity.seats and activity.capacity is None:
        leaving = _forms(random, runs[-1], meant, LEAVE, since, kind="leaves")
        yield from (replace(form, leaves=True) for form in leaving)
    if len(activity.seats) > 1:
        asking = _forms(random, runs[-1], others, ASK, since, kind="asks")
        yield from (replace(one, form=replace(_alone(one), asks=True)) for one in asking)


def _alone(one: SignUp) -> NewRegistration:
    assert isinstance(one.form, NewRegistration)
    return one.form


def _together(forms: Sequence[SignUp], offered: Offered) -> Iterator[SignUp]:
    """Those of a municipality who come together in one form, the others as they are; some choose nights and sessions."""
    for _group, several in groupby(sorted(forms, key=lambda one: one.group), key=lambda one: one.group):
        group = sorted(several, key=lambda one: one.at)
        if len(group) < TOGETHER:
            yield from (replace(one, form=_choose(_alone(one), offered)) for one in group)
        else:
            yield SignUp(group[0].at, _delegation(group, offered), group=group[0].group)


def _choose(form: NewRegistration, offered: Offered) -> NewRegistration:
    sessions, nights = offered.choose(form.form_token)
    return replace(form, session_ids=sessions, night_ids=nights)


def _delegation(group: Sequence[SignUp], offered: Offered) -> NewDelegation:
    forms = [_choose(_alone(one), offered) for one in group]
    named = forms[:-1] if len(forms) >= UNNAMED else forms
    seats = [
        NewSeat(form.side, form.name, form.email, form.language, form.session_ids, form.night_ids) for form in named
    ]
    seats += [NewSeat(form.side) for form in forms[len(named) :]]
    first = forms[0]
    assert first.organisation_id is not None
    return NewDelegation(
        run_id=first.run_id,
        second_run_id=None,
        organisation_id=first.organisation_id,
        name=first.name,
        email=first.email,
        language=first.language,
        seats=tuple(seats),
        form_token=f"{first.form_token}-together",
        when_full=WhenFull.TAKE,
    )


def _whom(
    session: Session, event: Event, members: Mapping[int, list[Organisation]]
) -> tuple[list[Organisation], list[Organisation]]:
    """The municipalities of the event's cohorts but for a few that have not answered, and those of the others."""
    ordinals = session.scalars(
        sa.select(Cohort.ordinal)
        .join(EventClause, EventClause.cohort_id == Cohort.id)
        .where(EventClause.event_id == event.id)
        .order_by(Cohort.ordinal)
    ).all() or list(members)
    meant = [organisation for ordinal in ordinals for organisation in members[ordinal]]
    others = [o for ordinal, organisations in members.items() if ordinal not in ordinals for o in organisations]
    return meant[: len(meant) - len(meant) // 6], others


def _forms(
    random: Random,
    run: Run,
    organisations: Sequence[Organisation],
    how_many: int,
    since: datetime,
    *,
    unions: Sequence[Organisation] = (),
    kind: str = "comes",
) -> Iterator[SignUp]:
    labels = [organisation.label for organisation in organisations]
    for number, seat in enumerate(make_seats(random, labels, how_many, since=since)):
        form = NewRegistration(
            run_id=run.id,
            name=seat.name,
            email=seat.email,
            organisation_id=organisations[seat.municipality].id,
            form_token=f"demo-{run.id}-{kind}-{number}",
            side=None if unions else seat.side,
            union_id=random.choice(unions).id if unions else None,
            language=seat.language,
        )
        yield SignUp(seat.at, form, group=seat.group)
