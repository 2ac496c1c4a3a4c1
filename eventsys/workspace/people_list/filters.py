"""The list's filters as they stand in its address: read into what is wanted, and offered as choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from eventsys import texts
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.registrations.labels import SIDES, STATES
from eventsys.registrations.rules import Side, State
from eventsys.web import language
from eventsys.workspace.people_list.columns import list_answer_options
from eventsys.workspace.people_list.queries import Choices, Counts
from eventsys.workspace.people_list.rules import ORDER, Wanted

NAMES = ("q", "run", "state", "side", "organisation", "cohort", "answer", "unnamed", "mail")
NOT_DELIVERED = "none"
LONGEST = 200

Option = tuple[str, str]


class Filters(NamedTuple):
    """What is wanted, and the same as the address has it: only what means something, without what is empty."""

    wanted: Wanted
    kept: dict[str, str]


def read(typed: Mapping[str, str], event: Event, choices: Choices) -> Filters:
    """What the address asks for; what means nothing at this event is as if it were not there."""
    asked = {name: typed.get(name, "").replace("\0", "").strip()[:LONGEST] for name in NAMES}
    runs = {str(run.uid): run.id for run in event.runs}
    organisations = {str(row.id): int(row.id) for row in choices.organisations}
    cohorts = {row.slug: row.id for row in choices.cohorts}
    answers = {f"{one.public_id}:{key}": (one.id, key) for one in choices.questions for key in one.keys}
    meant: dict[str, Any] = {
        "q": asked["q"],
        "run": runs.get(asked["run"]),
        "state": State(asked["state"]) if asked["state"] in set(State) else None,
        "side": Side(asked["side"]) if asked["side"] in set(Side) else None,
        "organisation": organisations.get(asked["organisation"]),
        "cohort": cohorts.get(asked["cohort"]),
        "answer": answers.get(asked["answer"]),
        "unnamed": asked["unnamed"] == "1",
        "mail": asked["mail"] == NOT_DELIVERED,
    }
    wanted = Wanted(
        search=meant["q"], run_id=meant["run"], state=meant["state"], side=meant["side"],
        organisation_id=meant["organisation"], cohort_id=meant["cohort"], answer=meant["answer"],
        unnamed=meant["unnamed"], undelivered=meant["mail"],
    )  # fmt: skip
    return Filters(wanted, {name: asked[name] for name in NAMES if meant[name]})


class Offered(NamedTuple):
    """The choices of each filter; of answers, by question."""

    runs: list[Option]
    states: list[Option]
    sides: list[Option]
    organisations: list[Option]
    cohorts: list[Option]
    answers: list[tuple[str, list[Option]]]


def offer(event: Event, choices: Choices, counts: Counts) -> Offered:
    every = ("", _("All"))
    by_state: dict[State, int] = {}
    for (_run, state), how_many in counts.everybody.items():
        by_state[state] = by_state.get(state, 0) + how_many
    return Offered(
        runs=[("", _("All dates")), *((str(run.uid), name_run(run, year=False)) for run in event.runs)],
        states=[
            every,
            *((state.value, f"{STATES[state]} ({by_state[state]})") for state in ORDER if state in by_state),
        ],
        sides=[every, *((side.value, str(name)) for side, name in SIDES.items())],
        organisations=[every, *((str(row.id), row.label) for row in choices.organisations)],
        cohorts=[every, *((row.slug, texts.read(row.name, language()).value) for row in choices.cohorts)],
        answers=list_answer_options(choices.questions),
    )
