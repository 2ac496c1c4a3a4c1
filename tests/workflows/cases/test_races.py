"""Several workers at once, and two organisers who send at once, make each letter once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import sqlalchemy as sa

from eventsys.extensions import db, transaction
from eventsys.programmes.calls.rules import CaseAct, Nudged
from eventsys.programmes.models import CallNudge, CallRecipient, CaseChange
from eventsys.workflows.cases.noticing import notice_cases
from eventsys.workflows.cases.nudges import nudge
from eventsys.workflows.models import CaseCause
from tests.workflows.cases.given import Case, list_mails
from tests.world import NOW

WORKERS = 4


def at_once(case: Case, deed: Callable[[], int]) -> list[int]:
    """The same by several, each in a thread of its own."""
    ready = threading.Barrier(WORKERS)

    def work(_number: int) -> int:
        with case.app.app_context():
            ready.wait()
            try:
                return deed()
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def notice() -> int:
    with transaction() as session:
        return notice_cases(session, now=NOW)


def remind() -> int:
    with transaction() as session:
        return nudge(session, now=NOW)


def count(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


def test_several_workers_make_one_letter_of_each_row(case: Case) -> None:
    case.send()
    assert sum(at_once(case, notice)) == 4
    assert (len(list_mails()), count(CaseCause)) == (4, 4)


def test_several_who_send_at_once_send_to_each_once(case: Case) -> None:
    assert sorted(at_once(case, case.send)) == [0, 0, 0, 4]
    assert (count(CallRecipient), count(CaseChange, CaseChange.act == CaseAct.CALLED)) == (4, 4)
    assert count(CaseChange, CaseChange.act == CaseAct.OPENED_CALL) == 1


def test_several_workers_remind_once(case: Case) -> None:
    case.send()
    with transaction() as session:
        local = datetime(2008, 8, 18, 8)
        session.add(CallNudge(call_id=case.call_id, whom=Nudged.NOT_BEGUN, at_local=local, due_at=NOW))
    assert sum(at_once(case, remind)) == 1
    assert count(CaseChange, CaseChange.act == CaseAct.NUDGED) == 4
