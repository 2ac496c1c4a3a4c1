"""Two who write one application lose nothing: what only one touched is that one's, what both touched is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventsys.extensions import db, transaction
from eventsys.merging import Typed, mark
from eventsys.programmes.applications import actions, forms
from eventsys.programmes.applications.joining import Joined, is_outrun, join, remember
from eventsys.programmes.applications.labels import describe_fields
from eventsys.programmes.applications.queries import read_facts
from eventsys.programmes.applications.rules import ApplicationFacts, Area, ConfirmingSide
from tests.programmes.applications.whole import GOAL, application_of, begin, new_id
from tests.world import NOW, World

GIVEN = ApplicationFacts("Bø", {}, {}, "nb", goals=(GOAL,), timetable="Først")
NEW_GOAL = "0b1c2d3e-0000-4000-8000-00000000000a"
FIELDS = (
    "timetable", "own_area", "treated_on", forms.goal_field(GOAL.public_id, "goal"),
    forms.goal_field(GOAL.public_id, "target_value"), forms.goal_field(NEW_GOAL, "goal"),
    forms.side_field(ConfirmingSide.EMPLOYEES, "name"),
)  # fmt: skip
VALUES = {name: ["1.2.2009", "2009-03-01", ""] for name in FIELDS if "_on" in name} | {
    name: ["5", "4,50", "4.5"] for name in FIELDS if "value" in name
}


class Writer:
    """Somebody's page: what its fields say, how they were, and what the server remembers of it."""

    def __init__(self, facts: ApplicationFacts, name: str) -> None:
        self.typed = forms.to_typed(facts)
        self.typed["was"] = mark(self.typed, describe_fields(forms.list_goal_ids(self.typed)))
        self.typed["page"] = name
        self.kept: list[tuple[str, str]] = []
        self.touched: set[str] = set()

    def send(self, facts: ApplicationFacts) -> Joined:
        """An autosave whose answer never comes back: the page goes on with the marks it was opened with."""
        joined = join(self.typed, facts, kept=self.kept)
        self.kept = remember(self.typed, joined)
        return joined


@pytest.fixture(scope="module")
def words(sqlite_app: Flask) -> Flask:
    return sqlite_app


STEPS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(FIELDS), st.integers(0, 2)), max_size=12)


@given(steps=STEPS)
def test_whatever_two_type_nothing_is_lost(words: Flask, steps: list[tuple[int, str, int]]) -> None:
    with words.test_request_context():
        facts, writers = GIVEN, (Writer(GIVEN, "a"), Writer(GIVEN, "b"))
        for who, name, number in steps:
            writer, before = writers[who], forms.to_typed(facts)
            value = VALUES.get(name, ["Ett", "To", "Tre\r\nlinjer"])[number]
            was = forms.tidy(writer.typed).get(name, "")
            writer.typed[name] = value
            writer.touched.add(name)
            joined = writer.send(facts)
            facts, after = joined.facts, forms.to_typed(joined.facts)
            mine = forms.tidy(Typed([(name, value)]))[name]
            clashing = {clash.name for clash in joined.clashes}
            assert was == mine or after.get(name, "") == mine or (name in clashing and joined.typed[name] == mine)
            assert {one: after.get(one, "") for one in FIELDS if one not in writer.touched} == {
                one: before.get(one, "") for one in FIELDS if one not in writer.touched
            }
            assert clashing <= writer.touched & writers[1 - who].touched


def test_one_alone_never_clashes_with_oneself(words: Flask) -> None:
    with words.test_request_context():
        facts, writer = GIVEN, Writer(GIVEN, "a")
        for text in ("F", "Fi", "Fir", "Fi", "Først"):
            writer.typed["timetable"] = text
            joined = writer.send(facts)
            facts = joined.facts
            assert (joined.clashes, joined.taken, facts.timetable) == ([], [], text)


def test_two_goals_added_at_once_are_two(words: Flask) -> None:
    with words.test_request_context():
        one, other = Writer(GIVEN, "a"), Writer(GIVEN, "b")
        one.typed[forms.goal_field(new_id(), "goal")] = "Flere faste stillinger"
        other.typed[forms.goal_field(new_id(), "goal")] = "Færre på deltid"
        joined = other.send(one.send(GIVEN).facts)
        assert joined.clashes == []
        assert [goal.goal for goal in joined.facts.goals] == [
            "Lavere sykefravær", "Flere faste stillinger", "Færre på deltid",
        ]  # fmt: skip


def test_a_goal_that_one_removes_and_the_other_leaves_is_gone(words: Flask) -> None:
    with words.test_request_context():
        one, other = Writer(GIVEN, "a"), Writer(GIVEN, "b")
        for part in forms.GOAL_PARTS:
            one.typed.poplist(forms.goal_field(GOAL.public_id, part))
        other.typed["timetable"] = "Senere"
        joined = other.send(one.send(GIVEN).facts)
        assert (joined.clashes, joined.facts.goals, joined.facts.timetable) == ([], (), "Senere")


def test_what_cannot_be_read_stays_as_it_was_and_the_rest_goes_in(words: Flask) -> None:
    with words.test_request_context():
        writer = Writer(GIVEN, "a")
        writer.typed[forms.goal_field(GOAL.public_id, "target_value")] = "mye lavere"
        writer.typed["timetable"] = "Senere"
        joined = writer.send(GIVEN)
        assert list(joined.errors) == [forms.goal_field(GOAL.public_id, "target_value")]
        assert (joined.facts.goals, joined.facts.timetable) == ((GOAL,), "Senere")
        assert dict(writer.kept)[forms.goal_field(GOAL.public_id, "target_value")] == "mye lavere"


def test_what_was_decided_counts_until_somebody_changes_it_again(words: Flask) -> None:
    with words.test_request_context():
        other = replace(GIVEN, timetable="Den andres")
        mine = Writer(GIVEN, "a").typed
        mine["timetable"], mine["was"] = "Min", mark(forms.to_typed(other), describe_fields([GOAL.public_id]))
        for keep, text in (("mine", "Min"), ("theirs", "Den andres"), ("both", "Den andres\n\nMin")):
            decided = Typed([*mine.items(multi=True), ("keep-timetable", keep)])
            assert join(decided, other).facts.timetable == text
            assert [clash.name for clash in join(decided, replace(other, timetable="Nytt")).clashes] == (
                [] if keep == "theirs" else ["timetable"]
            )


def test_a_request_that_was_overtaken_by_a_newer_one_of_its_page_is_let_be() -> None:
    kept = [("page", "a"), ("turn", "7")]
    sent = [Typed([("page", page), ("turn", turn)]) for page, turn in (("a", "6"), ("a", "7"), ("a", "8"), ("b", "1"))]
    assert [is_outrun(one, kept) for one in sent] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "number"),
    [("9,5", 9.5), ("9.50", 9.5), ("1 200", 1200.0), ("\u22123", -3.0), ("", None), ("0,00004", 0.0), ("-0", 0.0)],
)
def test_a_number_is_read_as_people_write_it(text: str, number: float | None) -> None:
    assert forms.read_number(text) == number
    assert forms.read_number(forms.write_number(number)) == number


@pytest.mark.parametrize("text", ["ni", "9,5 %", "1e9", "--3", "1,2,3", "٣", "9" * 20, "nan", "inf"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        forms.read_number(text)


def test_what_is_written_is_what_is_read_on_both_databases(world: World) -> None:
    _call, member = begin(world)
    with transaction() as session:
        application = application_of(session, member)
        facts = replace(
            read_facts(session, application), areas=(Area.HEALTH_CARE, Area.OWN), treated_on=date(2008, 2, 29),
            goals=(replace(GOAL, public_id=new_id()), GOAL), cooperation="Linje 1\nLinje 2",
        )  # fmt: skip
        changed = actions.write(session, application, facts, member=member, now=NOW)
        assert actions.write(session, application, facts, member=member, now=NOW) == []
    assert changed == ["areas", "goals", "treated_on", "cooperation"]
    assert read_facts(db.session(), application_of(db.session(), member)) == facts


def test_the_goal_of_another_application_is_not_taken_over(world: World) -> None:
    member, other = begin(world)[1], begin(world, number="1119")[1]
    with transaction() as session:
        for one in (member, other):
            application = application_of(session, one)
            facts = replace(read_facts(session, application), goals=(GOAL,))
            actions.write(session, application, facts, member=one, now=NOW)
    mine, theirs = (read_facts(db.session(), application_of(db.session(), one)).goals for one in (member, other))
    assert mine == (GOAL,)
    assert theirs == (replace(GOAL, public_id=theirs[0].public_id),)
    assert theirs[0].public_id != GOAL.public_id
