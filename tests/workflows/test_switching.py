"""Rules made, changed, switched and removed: what is planned is right at once, and nothing goes out for what is past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventsys.events.models import EventClause
from eventsys.events.rules import EventType
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.registrations.actions import register
from eventsys.workflows.actions import expand, plan
from eventsys.workflows.actions.switching import (
    OWN_KEY,
    NobodyHasCome,
    NobodyIsInvited,
    TextIsMissing,
    add_rule,
    change_rule,
    copy_rules,
    describe,
    find_rule,
    make_key,
    remove_rule,
    switch_off,
    switch_on,
)
from eventsys.workflows.models import MailTemplate, MailTemplateVersion, Occasion, Rule
from eventsys.workflows.rulefacts import RuleFacts, Scope, is_too_early
from eventsys.workflows.rules import Anchor, Audience, OccasionState, Trigger, Unit
from tests.world import NOW, World, build, somebody

FIVE_DAYS = RuleFacts(
    Trigger.RELATIVE, "reminder", Audience.CONFIRMED, Anchor.START, -5, Unit.DAYS, clock_time=time(10)
)
DAY = timedelta(days=1)
KEY = "own-abcdefghij"


@pytest.fixture
def world(app: Flask) -> World:
    return build()


def at(day: int, hour: int, month: int = 8) -> datetime:
    """A moment of 2008 in UTC; Oslo is two hours ahead of it."""
    return datetime(2008, month, day, hour, tzinfo=UTC)


def planned(key: str, event_id: int) -> list[datetime]:
    """The moments at which rules of this key are to fire for the event."""
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(Occasion.due_at)
            .join(Rule, Rule.id == Occasion.rule_id)
            .where(Rule.key == key, Occasion.event_id == event_id, Occasion.state == OccasionState.PLANNED)
            .order_by(Occasion.due_at)
        )
    )


def at_event(world: World, name: str = "seminar") -> Scope:
    return Scope(world.secretariat, event_id=world.events[name].id)


def add(scope: Scope, facts: RuleFacts = FIVE_DAYS, *, key: str = KEY, on: bool = True, now: datetime = NOW) -> int:
    with transaction() as session:
        return add_rule(session, scope, facts, key=key, on=on, now=now).id


def get(rule_id: int) -> Rule:
    return db.session.get_one(Rule, rule_id, populate_existing=True)


def mails(template: str = "reminder") -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.template == template)) or 0


def fire(now: datetime) -> None:
    """What the worker does each second."""
    with transaction() as session:
        plan(session, now=now)
        expand(session, now=now)


def test_a_new_rule_is_planned_at_once_for_what_it_is_about(world: World) -> None:
    seminar, other = world.events["seminar"].id, world.events["seminar3"].id
    add(at_event(world))
    assert (planned(KEY, seminar), planned(KEY, other)) == ([at(27, 8), at(28, 8)], [])
    add(Scope(world.secretariat, EventType.LEARNING_SEMINAR), key="own-ofthistype")
    assert planned("own-ofthistype", other) == [at(3, 8, 9)]
    assert planned("own-ofthistype", world.events["conference"].id) == []
    add(Scope(world.secretariat), key="own-everything")
    assert len(planned("own-everything", world.events["conference"].id)) == 1
    assert planned("own-everything", world.events["unio"].id) == []


def test_the_same_rule_added_twice_is_one(world: World) -> None:
    assert add(at_event(world)) == add(at_event(world))
    assert len(planned(KEY, world.events["seminar"].id)) == 2


def test_a_new_rule_never_fires_for_a_moment_before_it(world: World) -> None:
    """Switched on ten minutes after its moment for the first run: only the second gets it."""
    with transaction() as session:
        register(session, somebody(world), now=NOW)
    late = at(27, 8) + timedelta(minutes=10)
    add(at_event(world), now=late)
    fire(late)
    assert (planned(KEY, world.events["seminar"].id), mails()) == ([at(28, 8)], 0)


def test_a_rule_switched_on_again_never_fires_for_what_passed_meanwhile(world: World) -> None:
    with transaction() as session:
        register(session, somebody(world), now=NOW)
    rule_id = add(at_event(world))
    with transaction() as session:
        assert switch_off(session, get(rule_id), now=at(26, 8))
        assert not switch_off(session, get(rule_id), now=at(26, 9))
    assert planned(KEY, world.events["seminar"].id) == []
    fire(at(27, 9))
    with transaction() as session:
        assert switch_on(session, get(rule_id), now=at(27, 9))
        assert not switch_on(session, get(rule_id), now=at(27, 10))
    fire(at(27, 9))
    assert (planned(KEY, world.events["seminar"].id), mails()) == ([at(28, 8)], 0)


def test_a_rule_changed_to_a_moment_that_is_past_sends_nothing(world: World) -> None:
    with transaction() as session:
        register(session, somebody(world), now=NOW)
    rule_id = add(at_event(world))
    with transaction() as session:
        assert change_rule(session, get(rule_id), replace(FIVE_DAYS, offset_units=-14), now=NOW + 2 * DAY)
    fire(NOW + 2 * DAY)
    assert (planned(KEY, world.events["seminar"].id), mails()) == ([], 0)


def test_a_changed_rule_is_planned_anew_at_once(world: World) -> None:
    rule_id = add(at_event(world))
    with transaction() as session:
        assert change_rule(session, get(rule_id), replace(FIVE_DAYS, offset_units=-4), now=NOW + DAY)
        assert not change_rule(session, get(rule_id), replace(FIVE_DAYS, offset_units=-4), now=NOW + 2 * DAY)
    assert planned(KEY, world.events["seminar"].id) == [at(28, 8), at(29, 8)]
    assert get(rule_id).enabled_at == NOW + DAY


def test_another_text_alone_leaves_the_rule_counting_as_it_did(world: World) -> None:
    rule_id = add(at_event(world))
    with transaction() as session:
        assert change_rule(session, get(rule_id), replace(FIVE_DAYS, template="practical"), now=NOW + DAY)
    rule = get(rule_id)
    assert (rule.template, rule.enabled_at) == ("practical", NOW)


def test_an_events_own_rule_takes_the_place_of_the_common_one(world: World) -> None:
    seminar, other = world.events["seminar"].id, world.events["seminar3"].id
    before = planned("reminder", other)
    rule_id = add(at_event(world), key="reminder")
    assert (planned("reminder", seminar), planned("reminder", other)) == ([at(27, 8), at(28, 8)], before)
    with transaction() as session:
        switch_off(session, get(rule_id), now=NOW)
    assert planned("reminder", seminar) == []


def test_the_common_rule_that_counts_again_sends_nothing_for_what_is_past(world: World) -> None:
    """The event's own was there from the beginning and is removed ten minutes after the common one's moment."""
    with transaction() as session:
        register(session, somebody(world), now=NOW)
    rule_id = add(at_event(world), key="reminder", on=False)
    late = at(25, 7) + timedelta(minutes=10)
    with transaction() as session:
        assert remove_rule(session, get(rule_id), now=late)
    fire(late)
    assert (planned("reminder", world.events["seminar"].id), mails()) == ([at(26, 7)], 0)


def test_a_removed_rule_is_gone_and_what_it_did_is_kept(world: World) -> None:
    with transaction() as session:
        register(session, somebody(world), now=NOW)
    rule_id = add(at_event(world))
    fire(at(27, 8))
    with transaction() as session:
        assert remove_rule(session, get(rule_id), now=at(27, 9))
        assert not remove_rule(session, get(rule_id), now=at(27, 10))
    rule = get(rule_id)
    assert (rule.enabled_at, rule.removed_at, mails()) == (None, at(27, 9), 1)
    states = db.session.scalars(sa.select(Occasion.state).where(Occasion.rule_id == rule_id).order_by(Occasion.due_at))
    assert list(states) == [OccasionState.FIRED, OccasionState.DROPPED]
    assert find_rule(db.session(), at_event(world), KEY) is None
    assert add(at_event(world), now=at(27, 9)) != rule_id


def write_text(world: World, texts: dict[str, str], *, key: str = "var-tekst") -> None:
    with transaction() as session:
        text = MailTemplate(organiser_id=world.secretariat, key=key, name="Vår tekst")
        session.add(text)
        session.flush()
        session.add(MailTemplateVersion(template_id=text.id, number=1, texts=texts, at=NOW))


SOURCE = "Subject: Hei\n\nVelkommen."


def test_a_rule_whose_text_lacks_a_language_may_be_kept_but_not_be_on(world: World) -> None:
    write_text(world, {"nb": SOURCE, "en": SOURCE})
    facts = replace(FIVE_DAYS, template="var-tekst")
    with pytest.raises(TextIsMissing) as refused:
        add(at_event(world), facts)
    assert refused.value.languages == ["nn"]
    rule_id = add(at_event(world), facts, on=False)
    with pytest.raises(TextIsMissing), transaction() as session:
        switch_on(session, get(rule_id), now=NOW)
    assert get(rule_id).enabled_at is None
    on_id = add(at_event(world), key="own-isonnow234")
    with pytest.raises(TextIsMissing), transaction() as session:
        change_rule(session, get(on_id), facts, now=NOW)
    assert describe(get(on_id)) == FIVE_DAYS


def test_languages_that_no_reader_has_may_be_missing_where_the_readers_are_known(world: World) -> None:
    write_text(world, {"nb": SOURCE})
    with transaction() as session:
        facts = replace(FIVE_DAYS, template="var-tekst")
        assert add_rule(session, at_event(world), facts, key=KEY, languages=["nb"], now=NOW).enabled_at == NOW


def test_a_rule_that_nobody_could_get_cannot_be_on(world: World) -> None:
    with pytest.raises(NobodyHasCome):
        add(at_event(world), replace(FIVE_DAYS, audience=Audience.ATTENDED))
    with transaction() as session:
        session.execute(sa.delete(EventClause).where(EventClause.event_id == world.events["seminar"].id))
    nudge = RuleFacts(
        Trigger.RELATIVE, "nudge", Audience.ORGANISATIONS_WITHOUT, Anchor.DEADLINE, -3, Unit.DAYS, time(9)
    )
    with pytest.raises(NobodyIsInvited):
        add(at_event(world), nudge)
    assert add(at_event(world, "seminar3"), nudge)
    assert add(Scope(world.secretariat), nudge, key="own-everything")


@given(st.sampled_from(Audience), st.sampled_from(Anchor), st.integers(-30, 30))
def test_only_who_came_cannot_be_asked_for_before_it_begins(audience: Audience, anchor: Anchor, offset: int) -> None:
    facts = RuleFacts(Trigger.RELATIVE, "reminder", audience, anchor, offset, Unit.DAYS, time(9))
    of_who_came = audience in (Audience.ATTENDED, Audience.ABSENT)
    assert is_too_early(facts) == (of_who_came and anchor is not Anchor.END and offset <= 0)


def test_copied_rules_count_from_now_and_bring_no_history(world: World) -> None:
    seminar, conference = world.events["seminar"].id, world.events["conference"].id
    on, off = add(at_event(world)), add(at_event(world), key="reminder", on=False)
    removed = add(at_event(world), key="own-removed234")
    add(
        at_event(world),
        RuleFacts(Trigger.ABSOLUTE, "practical", Audience.CONFIRMED, at_local=datetime(2008, 8, 20, 9)),
        key="own-oneday2345",
    )
    with transaction() as session:
        remove_rule(session, get(removed), now=NOW)
        assert copy_rules(session, seminar, conference, now=NOW + DAY) == 2
    rows = db.session.scalars(sa.select(Rule).where(Rule.event_id == conference).order_by(Rule.id)).all()
    assert [(row.key, describe(row), row.enabled_at) for row in rows] == [
        (KEY, describe(get(on)), NOW + DAY),
        ("reminder", describe(get(off)), None),
    ]
    assert (len(planned(KEY, conference)), planned("reminder", conference)) == (1, [])


def test_keys_of_ones_own_are_all_different_and_are_known_again() -> None:
    keys = {make_key() for _ in range(1000)}
    assert (len(keys), all(OWN_KEY.fullmatch(key) for key in keys)) == (1000, True)
