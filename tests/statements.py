"""The SQL statements of a piece of code, counted or forbidden; what opens and closes transactions is not counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """A list that fills with the statements sent to `engine` while the body runs."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def forbid_within(function: Callable[..., Any], engine: sa.Engine) -> None:
    """From now on a statement that is sent to `engine` while `function` runs raises `AssertionError`."""
    code = function.__code__

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        frame = sys._getframe(1)
        while frame is not None:
            assert frame.f_code is not code, f"{function.__name__} used the database: {statement}"
            frame = frame.f_back  # type: ignore[assignment]

    sa.event.listen(engine, "before_cursor_execute", look)
