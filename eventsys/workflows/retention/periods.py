"""How long things are kept, and what erasing has in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

ORDINARY = timedelta(days=2 * 365)
SIGN_IN = timedelta(days=30)
STRAY = timedelta(days=90)
"""How long what nothing needs any more is kept, in case somebody asks what happened."""
ERASED = ""


def delete(session: Session, model: type[Any], condition: sa.ColumnElement[bool]) -> int:
    """How many rows went."""
    return count(session.execute(sa.delete(model).where(condition).execution_options(synchronize_session=False)))


def update(session: Session, model: type[Any], *conditions: sa.ColumnElement[bool], **values: Any) -> int:
    """How many rows lost what they had."""
    statement = sa.update(model).where(*conditions).values(**values)
    return count(session.execute(statement.execution_options(synchronize_session=False)))


def count(result: Any) -> int:
    return int(result.rowcount)
