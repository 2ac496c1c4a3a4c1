"""What is typed about somebody who came without being signed up, turned into values or errors beside the field."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from eventsys.registrations.rules import Side
from eventsys.workspace.forms import Reader


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who came; `organisation` is the words, to be looked up."""

    name: str
    email: str
    organisation: str
    side: Side | None
    form_token: str


def read_walk_in(reader: Reader) -> WalkIn:
    """Raises nothing: what is wrong stands in `reader.errors`."""
    side = reader.typed.get("side", "")
    return WalkIn(
        name=reader.text("name", most=200, required=_("Write the name")),
        email=reader.email("email", required=_("Write the e-mail address")),
        organisation=reader.text("organisation", most=200, required=_("Write which municipality they come from")),
        side=Side(side) if side in set(Side) else None,
        form_token=reader.text("form_token", most=64),
    )


def read_absent(values: list[str]) -> list[int]:
    """The numbers of those who did not come; what is no number was not sent by the page."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 12]
