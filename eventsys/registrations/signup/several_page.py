"""The page for signing several up: what it shows of the event, of the lines of people, and of what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db
from eventsys.organisations.queries import Found
from eventsys.registrations import seat_lines
from eventsys.registrations.forms import DelegationForm
from eventsys.registrations.people.queries import Behind, find_behind
from eventsys.registrations.questions.rules import list_for_colleague
from eventsys.registrations.rules import NotEnoughPlaces
from eventsys.registrations.seat_lines import SeatLine
from eventsys.registrations.signup import sheet as sheets
from eventsys.registrations.signup.entrance import Entrance
from eventsys.registrations.signup.labels import list_ways, tell_short
from eventsys.registrations.signup.sheet import Sheet
from eventsys.tokens import LinkIsRevoked


class Told(NamedTuple):
    """What a page says beside what was typed: how a step went, why nothing was sent, what was made by the form before."""

    step: str = ""
    short: NotEnoughPlaces | None = None
    refused: Found | None = None
    already: str = ""


def load_sheet(entrance: Entrance) -> Sheet:
    """As the form for oneself, with the questions that a registrar may answer for others: none that is sensitive, no
    files, and nothing required, as each gets a link to answer by."""
    sheet = sheets.load_sheet(entrance)
    return replace(sheet, questions=list_for_colleague(sheet.questions))


def read_link(form: DelegationForm) -> Behind | None:
    """Whom the visitor's link stands for; a form that was opened by one that has been replaced since is kept."""
    try:
        return find_behind(db.session(), form.link.data, on=clock.today()) if form.link.data else None
    except LinkIsRevoked:
        return None


def show_several(
    sheet: Sheet,
    form: DelegationForm,
    lines: Sequence[SeatLine],
    *,
    behind: Behind | None = None,
    organisations: Sequence[Found] = (),
    told: Told | None = None,
    checked: bool = False,
    status: int = 200,
) -> Response:
    """The form with what was typed; `checked` says that it was sent, so that somebody must be in it."""
    told = told or Told()
    nobody = checked and all(line.is_blank for line in lines)
    lines = lines or seat_lines.add_blank([])
    page = render_template(
        "registrations/several.html",
        **sheets.show_sheet(sheet, form),
        lines=lines,
        parts_there=sheets.list_sides(),
        typed=request.form,
        behind=behind or read_link(form),
        organisation_choices=[(row.label, row.label) for row in organisations],
        **sheets.tell_eligibility(sheet, form.organisation_meant, refused=told.refused),
        told=told,
        short=tell_short(told.short) if told.short else "",
        ways=list_ways(told.short, sheet.described, form.run.data or "") if told.short else [],
        nobody=_("Write at least one person, or choose whom a place without a name is for") if nobody else "",
        errors=list_all_errors(form, lines, told, nobody=nobody),
    )
    answer = make_response(page, status)
    if form.link.data:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def list_all_errors(
    form: DelegationForm, lines: Sequence[SeatLine], told: Told, *, nobody: bool
) -> list[tuple[str, str]]:
    """What stands above the page: each error with the field that it is about."""
    errors: list[tuple[str, str]] = [("when_full", tell_short(told.short))] if told.short else []
    errors += form.list_errors()
    if nobody:
        errors.append((f"{lines[0].prefix}name", _("Write at least one person")))
    return errors + seat_lines.list_errors(lines)
