"""What somebody of the team does with the applications of a call, and what it is called."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l


class Task(enum.StrEnum):
    NOTHING = "nothing"
    ASSESSES = "assesses"
    DECIDES = "decides"


TASKS = {
    Task.NOTHING: _l("Nothing"),
    Task.ASSESSES: _l("Reads and assesses"),
    Task.DECIDES: _l("Decides too"),
}
