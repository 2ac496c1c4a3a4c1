"""Whom each audience is, and that none of them is ever everybody by accident."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.events.models import Event, EventClause, Run
from eventsys.events.queries import is_for
from eventsys.events.rules import ClauseKind, RunStatus
from eventsys.extensions import db, transaction
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm, OrganisationKind
from eventsys.programmes import actions as programmes
from eventsys.registrations.rules import Side, State
from eventsys.workflows.audiences import select_recipients
from eventsys.workflows.rules import OF_SAVED, STATES, Audience
from tests.workflows import rows
from tests.workflows.rows import MORNING

TODAY = date(2008, 8, 18)
OF_EVENTS = [audience for audience in Audience if audience not in (Audience.CONCERNED, *OF_SAVED)]


def addresses(audience: Audience, event: Event, run: Run | None = None) -> list[str]:
    db.session.rollback()
    found = select_recipients(audience, event_id=event.id, run_id=run.id if run else None, on=TODAY)
    return sorted(row.email for row in db.session.execute(found))


def two_runs() -> tuple[Event, Run, Run]:
    """An event of two runs, one registration in each state in both, and another event with the same people."""
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        event, other = rows.add_event(session, organiser), rows.add_event(session, organiser)
        first, second, third = rows.add_run(session, event), rows.add_run(session, event), rows.add_run(session, other)
        for run, place in ((first, "first"), (second, "second"), (third, "other")):
            for state in State:
                rows.register(session, run, email=f"{state.value}@{place}.example", state=state)
    return event, first, second


@pytest.mark.parametrize("audience", STATES)
def test_registrations_are_meant_by_their_state_in_one_run_or_in_all_that_go(app: Flask, audience: Audience) -> None:
    event, first, second = two_runs()
    assert addresses(audience, event, first) == sorted(f"{state.value}@first.example" for state in STATES[audience])
    both = sorted(f"{state.value}@{place}.example" for state in STATES[audience] for place in ("first", "second"))
    assert addresses(audience, event) == both
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == second.id).values(status=RunStatus.CANCELLED))
    assert addresses(audience, event) == addresses(audience, event, first)


def test_no_two_audiences_of_registrations_are_the_same_and_none_is_all(app: Flask) -> None:
    assert len({frozenset(states) for states in STATES.values()}) == len(STATES)
    assert all(0 < len(states) < len(State) for states in STATES.values())


def test_the_one_whom_a_change_concerns_is_no_audience(app: Flask) -> None:
    with pytest.raises(ValueError, match="concerned is nobody by itself"):
        select_recipients(Audience.CONCERNED, event_id=1, run_id=None, on=TODAY)


@pytest.mark.parametrize("audience", OF_EVENTS)
def test_an_event_that_nobody_is_at_and_nobody_is_invited_to_has_no_audience(app: Flask, audience: Audience) -> None:
    two_runs()
    with transaction() as session:
        rows.add_organisation(session, "Vinje", email="post@vinje.example")
        empty = rows.add_event(session, rows.add_organiser(session, slug="another", rules=False))
    assert addresses(audience, empty) == []


def test_who_has_been_erased_is_nobody(app: Flask) -> None:
    with transaction() as session:
        event = rows.add_event(session, rows.add_organiser(session, rules=False))
        rows.register(session, rows.add_run(session, event), email="")
    assert addresses(Audience.CONFIRMED, event) == []


# --- organisations --------------------------------------------------------------------------------------------------------


def test_invited_organisations_with_nobody_signed_up_are_nudged_at_their_official_address(app: Flask) -> None:
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False, language="en")
        event, other = rows.add_event(session, organiser), rows.add_event(session, organiser)
        runs = [rows.add_run(session, event), rows.add_run(session, event), rows.add_run(session, other)]
        made = {
            name: rows.add_organisation(session, name, email=f"Post@{name}.example", **more)
            for name, more in {
                "vinje": {"form": LanguageForm.NYNORSK},
                "oslo": {"form": LanguageForm.NEUTRAL},
                "came": {},
                "left": {},
                "elsewhere": {},
                "merged": {"valid_to": date(2008, 8, 17)},
                "coming": {"valid_from": date(2008, 8, 19)},
                "union": {"kind": OrganisationKind.UNION},
            }.items()
        }
        made["silent"] = rows.add_organisation(session, "silent")
        made["blank"] = rows.add_organisation(session, "blank", email=" ")
        for organisation in made.values():
            rows.invite(session, event, organisation)
        rows.add_organisation(session, "uninvited", email="post@uninvited.example")
        rows.register(session, runs[1], organisation=made["came"], state=State.WAITING)
        rows.register(session, runs[0], organisation=made["left"], state=State.CANCELLED)
        rows.register(session, runs[2], organisation=made["elsewhere"])
    found = select_recipients(Audience.ORGANISATIONS_WITHOUT, event_id=event.id, run_id=runs[0].id, on=TODAY)
    assert sorted(tuple(row) for row in db.session.execute(found)) == sorted(
        (organiser.id, f"Post@{name}.example", f"post@{name}.example", name, language, None, made[name].id, None, None)
        for name, language in (("elsewhere", "en"), ("left", "en"), ("oslo", "en"), ("vinje", "nn"))
    )


def test_a_delegation_lacks_a_side_as_long_as_one_of_three_is_missing(app: Flask) -> None:
    three = (Side.POLITICIAN, Side.ADMINISTRATION, Side.EMPLOYEE_REPRESENTATIVE)
    delegations = {"whole": three, "two": three[:2], "same": three[:1] * 3, "others": (Side.OTHER,), "none": ()}
    with transaction() as session:
        event = rows.add_event(session, rows.add_organiser(session, rules=False))
        run = rows.add_run(session, event)
        for name, sides in delegations.items():
            organisation = rows.add_organisation(session, name, email=f"post@{name}.example")
            rows.invite(session, event, organisation)
            for side in sides:
                rows.register(session, run, organisation=organisation, side=side)
    assert addresses(Audience.ORGANISATIONS_LACKING, event) == [
        "post@others.example", "post@same.example", "post@two.example",
    ]  # fmt: skip
    assert addresses(Audience.ORGANISATIONS_WITHOUT, event) == ["post@none.example"]


def test_organisations_are_invited_exactly_as_the_events_page_says(app: Flask) -> None:
    """The condition is asked two subqueries down: one that saw too few tables would be true of everybody."""
    with transaction() as session:
        organiser = rows.add_organiser(session, rules=False)
        programme = programmes.add_programme(session, organiser_id=organiser.id, slug="p", name={"nb": "P"})
        cohorts = [
            programmes.add_cohort(session, programme_id=programme.id, slug=f"c{n}", ordinal=n, name={"nb": f"C{n}"}).id
            for n in (1, 2)
        ]
        events = [rows.add_event(session, organiser) for _cohort in cohorts]
        for event, cohort in zip(events, cohorts, strict=True):
            session.add(EventClause(event_id=event.id, kind=ClauseKind.COHORT, cohort_id=cohort))
        made = [rows.add_organisation(session, f"m{n}", email=f"m{n}@kommune.example") for n in range(6)]
        for place, organisation in enumerate(made[:5]):
            if place < 4:
                programmes.place_in_cohort(
                    session, cohort_id=cohorts[place % 2], organisation_id=organisation.id, from_on=date(2008, 1, 1)
                )
        rows.invite(session, events[0], made[4])
    for event in events:
        invited = [one.email for one in made if is_for(db.session(), event.id, one.id, TODAY)]
        assert addresses(Audience.ORGANISATIONS_WITHOUT, event) == invited
    assert addresses(Audience.ORGANISATIONS_WITHOUT, events[0]) == [f"m{n}@kommune.example" for n in (0, 2, 4)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 6


# --- organisers -----------------------------------------------------------------------------------------------------------


def test_the_organisers_are_the_accounts_that_work_for_the_events_organiser(app: Flask) -> None:
    with transaction() as session:
        ours, theirs = rows.add_organiser(session, rules=False), rows.add_organiser(session, slug="unio", rules=False)
        event = rows.add_event(session, ours)
        rows.add_account(session, ours, "Kari@sekretariatet.example", language="nn")
        rows.add_account(session, ours, "left@sekretariatet.example", disabled_at=MORNING)
        rows.add_account(session, theirs, "ola@unio.example")
    found = select_recipients(Audience.ORGANISERS, event_id=event.id, run_id=None, on=TODAY)
    assert [tuple(row) for row in db.session.execute(found)] == [
        (ours.id, "Kari@sekretariatet.example", "kari@sekretariatet.example", "Ansatt", "nn", None, None, None, None)
    ]
