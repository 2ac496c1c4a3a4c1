"""Keeping what somebody types until they save it, and the sign that they have the form open. Times are real."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import FormDraft
from eventsys.mailing.outbox import insert_into

MOST_CHARACTERS = 200_000
LIVES = timedelta(days=30)
SEEN_FOR = timedelta(minutes=2)
Fields = Sequence[tuple[str, str]]


class TooMuch(ValueError):
    """More was typed than a draft may hold."""


def save(
    session: Session, *, account_id: int, organiser_id: int, form: str, edition: int, fields: Fields, now: datetime
) -> None:
    """Keeps what is typed in the form now, in place of what was kept before; drafts that nobody came back to go.

    Raises `TooMuch`.
    """
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        raise TooMuch
    kept = [{"name": name, "value": value} for name, value in fields]
    _put(session, account_id, organiser_id, form, now, {"edition": edition, "fields": kept, "saved_at": now})
    session.execute(sa.delete(FormDraft).where(FormDraft.seen_at < now - LIVES))


def note_seen(session: Session, *, account_id: int, organiser_id: int, form: str, edition: int, now: datetime) -> None:
    """That the account has the form open now; what it typed there is left as it is."""
    _put(session, account_id, organiser_id, form, now, {}, {"edition": edition, "fields": [], "saved_at": now})


def note_left(session: Session, *, account_id: int, form: str, now: datetime) -> None:
    """That the account has closed the form; what it typed there is kept."""
    mine = (FormDraft.account_id == account_id, FormDraft.form == form)
    draft = session.scalar(sa.select(FormDraft).where(*mine).with_for_update())
    if draft is None:
        return
    if draft.fields:
        draft.seen_at = now - SEEN_FOR
    else:
        session.delete(draft)
    session.flush()


def forget(session: Session, *, account_id: int, form: str) -> bool:
    """Throws away what the account typed in the form: it has been saved, or is not wanted. False if there was nothing."""
    gone = sa.delete(FormDraft).where(FormDraft.account_id == account_id, FormDraft.form == form)
    return bool(session.execute(gone.returning(FormDraft.account_id)).first())


def _put(
    session: Session,
    account_id: int,
    organiser_id: int,
    form: str,
    now: datetime,
    changes: dict[str, Any],
    first: dict[str, Any] | None = None,
) -> None:
    """Two windows of one account may do it at once: one row comes of it."""
    key = {"account_id": account_id, "form": form}
    kept = {"organiser_id": organiser_id, "seen_at": now, **changes}
    row = insert_into(session, FormDraft).values({**key, **kept, **(first or {})})
    session.execute(row.on_conflict_do_update(index_elements=["account_id", "form"], set_=kept))
