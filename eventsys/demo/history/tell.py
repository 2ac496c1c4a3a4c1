"""Tells the whole of it, in the order in which it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import story
from eventsys.demo.history.assessing import UNFINISHED, assess, leave_unfinished, read_by_all
from eventsys.demo.history.calls import By, apply, decide, send
from eventsys.demo.history.gatherings import hold, open_series, promise
from eventsys.demo.history.municipalities import merge
from eventsys.demo.history.projects import welcome
from eventsys.events.models import Event, Series
from eventsys.organisations.models import Organisation
from eventsys.programmes.calls.rules import IntakeFacts
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import Application, Call, CohortMembership, Intake

Members = dict[int, list[Organisation]]


@dataclass(frozen=True)
class Told:
    """Who is in each cohort by now, the series that go on, and the gatherings that were."""

    members: Members
    series: Mapping[int, Series]
    held: Sequence[Event]


def tell(
    session: Session,
    random: Random,
    by: By,
    *,
    chosen: Members,
    others: Sequence[Organisation],
    cohort_ids: Mapping[int, int],
    base_url: str,
) -> Told:
    """`chosen` are those who come in, by cohort; `others` those among whom the lot finds who is refused."""
    _first_call(session, random, by, chosen, others[: story.DECLINED], cohort_ids)
    left = others[story.DECLINED : story.DECLINED + UNFINISHED + 1]
    series = open_series(session, by, cohort_ids)
    promise(session, by, cohort_ids, series)
    where: dict[str, Any] = {"cohort_ids": cohort_ids, "series": series, "base_url": base_url}
    held = hold(session, random, by, members=chosen, years=(2007,), **where)
    successor = merge(session)
    members = {
        ordinal: [successor if one.successor_id == successor.id else one for one in ones]
        for ordinal, ones in chosen.items()
    }
    _second_call(session, random, by, chosen, left, cohort_ids)
    held += hold(session, random, by, members=members, years=(2008,), **where)
    _mark(session)
    return Told(members, series, held)


def _first_call(
    session: Session,
    random: Random,
    by: By,
    chosen: Members,
    refused: Sequence[Organisation],
    cohort_ids: Mapping[int, int],
) -> None:
    facts = [
        IntakeFacts(number, name, ceiling, beside, cohort_ids[cohort], on, on)
        for number, (name, ceiling, beside, cohort, on) in enumerate(story.INTAKES, 1)
    ]
    call = send(
        session,
        by,
        facts,
        title=story.TITLE,
        case_number=story.CASE,
        closes_local=story.CLOSES_LOCAL,
        now=story.SENT_AT,
    )
    first, second = _intakes(session, call)
    waiting = [*chosen[2], *refused]
    sent = apply(session, random, call, [*chosen[1], *waiting], since=story.SENT_AT)
    read_by_all(session, random, call, since=story.SENT_AT)
    assess(session, random, by, call, sent, on=story.CLOSES_LOCAL.date() + timedelta(days=1), days=38)
    of = {application.organisation_id: application.id for application in sent}
    rulings = {of[one.id]: (Outcome.ADMITTED, None) for one in chosen[1]}
    decide(
        session, by, first, rulings | {of[one.id]: (Outcome.WAITING, second) for one in waiting}, on=story.INTAKES[0][4]
    )
    _welcome(session, sent, on=story.INTAKES[0][4])
    later = {of[one.id]: (Outcome.ADMITTED, None) for one in chosen[2]}
    decide(
        session, by, second, later | {of[one.id]: (Outcome.DECLINED, None) for one in refused}, on=story.INTAKES[1][4]
    )
    _welcome(session, [one for one in sent if one.id in later], on=story.INTAKES[1][4])


def _welcome(session: Session, sent: Sequence[Application], *, on: date) -> None:
    welcome(session, sent, on=on, now=datetime.combine(on, time(10), UTC) + timedelta(days=1))


def _second_call(
    session: Session,
    random: Random,
    by: By,
    chosen: Members,
    left: Sequence[Organisation],
    cohort_ids: Mapping[int, int],
) -> None:
    """`left` are those who do not get as far as sending."""
    name, ceiling, beside, cohort, on = story.AGAIN_INTAKE
    call = send(
        session, by, [IntakeFacts(1, name, ceiling, beside, cohort_ids[cohort], on, on)], title=story.AGAIN_TITLE,
        case_number=story.AGAIN_CASE, closes_local=story.AGAIN_CLOSES_LOCAL, now=story.AGAIN_SENT_AT,
    )  # fmt: skip
    sent = apply(session, random, call, chosen[3], since=story.AGAIN_SENT_AT)
    leave_unfinished(session, random, call, left, since=story.AGAIN_SENT_AT)
    read_by_all(session, random, call, since=story.AGAIN_SENT_AT)
    assess(session, random, by, call, sent, on=story.AGAIN_CLOSES_LOCAL.date() + timedelta(days=1), days=38)
    (intake,) = _intakes(session, call)
    decide(session, by, intake, {application.id: (Outcome.ADMITTED, None) for application in sent}, on=on)
    _welcome(session, sent, on=on)


def _intakes(session: Session, call: Call) -> list[Intake]:
    return list(session.scalars(sa.select(Intake).where(Intake.call_id == call.id).order_by(Intake.ordinal)))


def _mark(session: Session) -> None:
    """That who is where was drawn by lot stands at each place."""
    session.execute(sa.update(CohortMembership).where(CohortMembership.reason == "").values(reason=story.MADE_UP))
