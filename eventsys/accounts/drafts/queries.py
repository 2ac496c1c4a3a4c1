"""Reads about drafts of forms: one's own, and who else has the same form open."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Account, FormDraft


class Draft(NamedTuple):
    """What an account typed into a form that showed its object in that edition."""

    edition: int
    fields: list[tuple[str, str]]
    saved_at: datetime


def find(session: Session, *, account_id: int, form: str) -> Draft | None:
    """What the account typed and did not save; None if it typed nothing."""
    row = session.scalar(sa.select(FormDraft).filter_by(account_id=account_id, form=form))
    if row is None or not row.fields:
        return None
    return Draft(row.edition, [(field["name"], field["value"]) for field in row.fields], row.saved_at)


def list_others(session: Session, *, organiser_id: int, form: str, account_id: int, since: datetime) -> list[str]:
    """The names of the organiser's other people who have had the form open since then."""
    statement = (
        sa.select(Account.name)
        .join(FormDraft, FormDraft.account_id == Account.id)
        .where(
            FormDraft.organiser_id == organiser_id,
            FormDraft.form == form,
            FormDraft.account_id != account_id,
            FormDraft.seen_at > since,
        )
        .order_by(Account.name)
    )
    return list(session.scalars(statement))
