"""What happened to an application, as its assessors read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.accounts.models import Account
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.labels import OUTCOMES
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import Application, ApplicationMember, CaseChange
from eventsys.web import language

ACTS = {
    CaseAct.SENT: _l("Sent"),
    CaseAct.WITHDRAWN: _l("Withdrawn"),
    CaseAct.ASKED_TO_SUPPLEMENT: _l("Asked to supplement"),
    CaseAct.SUPPLEMENTED: _l("Supplemented"),
    CaseAct.ASSESSED: _l("Assessed"),
    CaseAct.SHORTLISTED: _l("Put on a shortlist"),
    CaseAct.NOT_SHORTLISTED: _l("Taken off the shortlist"),
    CaseAct.DISQUALIFIED: _l("Somebody is disqualified"),
    CaseAct.NOT_DISQUALIFIED: _l("Somebody is disqualified no more"),
    CaseAct.DECIDED: _l("Decided on"),
    CaseAct.REVERSED: _l("The decision is taken back"),
    CaseAct.LETTER_READY: _l("The letter is ready to be sent"),
    CaseAct.LETTER_SENT: _l("The letter is sent"),
}
"""From when it was sent: what comes before is its writers'."""


@dataclass(frozen=True, slots=True)
class Told:
    at: str
    act: str
    who: str
    words: str


def list_story(session: Session, application: Application, *, timezone: str) -> list[Told]:
    """The newest first."""
    rows = session.execute(
        sa.select(CaseChange, Account.name.label("account"), ApplicationMember.name.label("member"))
        .outerjoin(Account, Account.id == CaseChange.account_id)
        .outerjoin(ApplicationMember, ApplicationMember.id == CaseChange.member_id)
        .where(CaseChange.application_id == application.id, CaseChange.act.in_(list(ACTS)))
        .order_by(CaseChange.id.desc())
        .limit(100)
    )
    return [
        Told(
            dates.format_short_moment(dates.to_local(row.CaseChange.at, timezone), language()),
            _name(row.CaseChange.act, row.CaseChange.facts), row.account or row.member or "", row.CaseChange.words,
        )
        for row in rows
    ]  # fmt: skip


def _name(act: CaseAct, facts: dict[str, Any]) -> str:
    to = facts.get("to", "")
    if act is CaseAct.DECIDED and to in set(Outcome):
        return _("Decided on: %(outcome)s", outcome=OUTCOMES[Outcome(to)])
    if act is CaseAct.LETTER_READY and facts.get("is_ready") is False:
        return _("The letter is a draft again")
    return str(ACTS[act])
