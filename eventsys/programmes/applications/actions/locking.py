"""The lock of one application: whoever changes it waits here, and then reads it as it is. And its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.actions import note
from eventsys.programmes.models import Application, Call


def lock(session: Session, application_id: int) -> Application:
    mine = sa.select(Application).where(Application.id == application_id).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def note_act(
    session: Session,
    application: Application,
    act: CaseAct,
    *,
    member_id: int | None = None,
    account_id: int | None = None,
    recipient_id: int | None = None,
    words: str = "",
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """A row of the history of the application's case."""
    note(
        session, session.get_one(Call, application.call_id), act, application_id=application.id, member_id=member_id,
        account_id=account_id, recipient_id=recipient_id, words=words, facts=facts, now=now,
    )  # fmt: skip
