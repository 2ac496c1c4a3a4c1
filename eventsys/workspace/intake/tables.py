"""The list of applications as a sheet, in two grades: in full for assessors; in public who applied and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from eventsys import dates
from eventsys.programmes.intake.labels import AREAS, OUTCOMES, STATES
from eventsys.programmes.intake.lists import Listed
from eventsys.programmes.intake.rules import DECIDED, Outcome
from eventsys.workspace.people_list.sheets import Table


def list_in_full(rows: Sequence[Listed], intakes: Mapping[int, str], *, timezone: str) -> Table:
    heading = [
        _("Organisation"), _("Number"), _("Case number"), _("State"), _("Sent"), _("Focus areas"), _("Shortlist"),
        _("Your points"), _("Points of all"), _("Assessed by"),
    ]  # fmt: skip
    return Table(_("Applications"), heading, [_in_full(row, intakes, timezone) for row in rows])


def _in_full(row: Listed, intakes: Mapping[int, str], timezone: str) -> list[str]:
    return [
        row.label,
        row.number,
        row.case_number,
        str(STATES[row.state]),
        f"{dates.to_local(row.sent_at, timezone):%Y-%m-%d %H:%M:%S}" if row.sent_at else "",
        ", ".join(str(AREAS[area]) for area in row.areas),
        intakes.get(row.shortlisted or 0, ""),
        "" if row.mine is None else str(row.mine),
        "" if row.mean is None else str(row.mean),
        str(row.assessed),
    ]


def list_in_public(rows: Sequence[Listed]) -> Table:
    """Those that are decided on: organisation and outcome, nothing of what anybody thought or wrote."""
    heading = [_("Organisation"), _("Number"), _("Outcome")]
    decided = [row for row in rows if row.state in DECIDED]
    return Table(_("Applications"), heading, [[one.label, one.number, _outcome(one)] for one in decided])


def _outcome(row: Listed) -> str:
    return str(OUTCOMES[Outcome(row.state.value)])
