"""The shape of an audience: what is a clause, what is none, and that it comes back as it was kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eventsys.audiences.rules import (
    OF_WORDS,
    Audience,
    Clause,
    Condition,
    Kind,
    Reach,
    asks_for_union,
    can_be,
    keep_clauses,
    read_clauses,
)

COHORT = {"kind": "cohort", "ids": [2]}
ROLE = {"kind": "role", "words": ["project_leader"]}
UNION = {"kind": "union", "ids": [7]}


@pytest.mark.parametrize(
    "kept",
    [
        [],
        [{"conditions": []}],
        [{"conditions": [{"kind": "cohort"}]}],
        [{"conditions": [{"kind": "cohort", "words": ["project_leader"]}]}],
        [{"conditions": [{"kind": "cohort", "ids": [0]}]}],
        [{"conditions": [{"kind": "role", "words": ["king"]}]}],
        [{"conditions": [{"kind": "role", "ids": [1]}]}],
        [{"conditions": [{"kind": "planet", "ids": [1]}]}],
        [{"conditions": [{**COHORT, "more": 1}]}],
        [{"conditions": [{**COHORT, "negated": True}]}],
        [{"conditions": [COHORT, UNION], "reach": "mailboxes"}],
        [{"conditions": [COHORT, ROLE], "reach": "mailboxes"}],
        [{"conditions": [ROLE], "reach": "people_or_mailbox"}],
        [{"conditions": [COHORT]}] * 13,
    ],
)
def test_what_says_nothing_or_too_much_is_no_audience(kept: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        read_clauses(kept)


def test_what_is_kept_is_only_what_was_said() -> None:
    kept: list[dict[str, Any]] = [
        {"conditions": [COHORT, {**ROLE, "negated": True}]},
        {"conditions": [COHORT, ROLE], "reach": "people_or_mailbox"},
        {"conditions": [COHORT], "reach": "mailboxes"},
    ]
    assert keep_clauses(read_clauses(kept)) == kept


def conditions() -> st.SearchStrategy[Condition]:
    def make(kind: Kind) -> st.SearchStrategy[Condition]:
        if kind in OF_WORDS:
            words = st.lists(st.sampled_from(sorted(OF_WORDS[kind])), min_size=1, max_size=3).map(tuple)
            return st.builds(Condition, kind=st.just(kind), words=words, negated=st.booleans())
        ids = st.lists(st.integers(1, 2**31 - 1), min_size=1, max_size=3).map(tuple)
        return st.builds(Condition, kind=st.just(kind), ids=ids, negated=st.booleans())

    return st.sampled_from(Kind).flatmap(make)


@given(st.lists(st.tuples(st.lists(conditions(), min_size=1, max_size=4), st.sampled_from(Reach)), max_size=5))
def test_every_audience_comes_back_as_it_was_kept(drawn: list[tuple[list[Condition], Reach]]) -> None:
    clauses = tuple(Clause(conditions=tuple(many), reach=reach) for many, reach in drawn if can_be(many, reach))
    if clauses:
        assert read_clauses(keep_clauses(Audience(clauses=clauses).clauses)) == clauses


def test_a_clause_that_names_a_union_in_any_way_is_restricted() -> None:
    plain = read_clauses([{"conditions": [COHORT, ROLE]}])
    union = read_clauses([{"conditions": [COHORT]}, {"conditions": [COHORT, {**UNION, "negated": True}]}])
    assert (asks_for_union(plain), asks_for_union(union)) == (False, True)
