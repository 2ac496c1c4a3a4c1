"""Verbs on language forms: keeping what was chosen when, and taking in the official list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.organisations.language.imports import FormRow
from eventsys.organisations.models import LanguageFormChange, Organisation
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.rules import LanguageForm, OrganisationKind

Facts = tuple[LanguageForm, str, date | None]
"""A form, where that is known from, and when it was decided."""


def note_forms(
    session: Session, organisations: Iterable[Organisation], *, account_id: int | None, today: date, now: datetime
) -> None:
    """Keeps the form that each has now, from the day it was decided, else from today; one that is kept already is not
    written again, and nothing is for one whose form is not known."""
    known = {one.id: one for one in organisations if one.language_form is not LanguageForm.UNKNOWN}
    there = sa.select(LanguageFormChange).where(LanguageFormChange.organisation_id.in_(known))
    newest: dict[int, LanguageFormChange] = {}
    by_day: dict[tuple[int, date], LanguageFormChange] = {}
    for row in session.scalars(there.order_by(LanguageFormChange.from_on)):
        newest[row.organisation_id] = by_day[row.organisation_id, row.from_on] = row
    for one in known.values():
        source = one.language_form_source or ""
        last = newest.get(one.id)
        if (
            last
            and (last.form, last.source) == (one.language_form, source)
            and one.language_form_on in (None, last.from_on)
        ):
            continue
        from_on = one.language_form_on or today
        row = by_day.get((one.id, from_on)) or LanguageFormChange(organisation_id=one.id, from_on=from_on)
        row.form, row.source, row.noted_at, row.account_id = one.language_form, source, now, account_id
        session.add(row)
    session.flush()


class Compared(NamedTuple):
    """The municipalities whose form is new or another with what it becomes, how many are as they were, and the numbers
    that no municipality has."""

    new: list[tuple[Organisation, Facts]]
    changed: list[tuple[Organisation, Facts]]
    unchanged: int
    unknown: list[str]


def compare_forms(session: Session, rows: Sequence[FormRow], *, source: str, decided_on: date | None) -> Compared:
    """What the list would do; `source` and `decided_on` are of the rows that say none. Writes nothing."""
    there = {one.number: one for one in list_organisations(session, OrganisationKind.MUNICIPALITY)}
    found = Compared([], [], 0, [row.number for row in rows if row.number not in there])
    for row in rows:
        if (one := there.get(row.number)) is None:
            continue
        facts = (row.form, row.source or source, row.decided_on or decided_on)
        if (one.language_form, one.language_form_source, one.language_form_on) == facts:
            found = found._replace(unchanged=found.unchanged + 1)
        elif one.language_form is LanguageForm.UNKNOWN:
            found.new.append((one, facts))
        else:
            found.changed.append((one, facts))
    return found


def take_forms(session: Session, compared: Compared, *, today: date, now: datetime) -> None:
    """Sets the forms that the list gives; a municipality that is not in it is left alone."""
    every = [*compared.new, *compared.changed]
    for one, (form, source, decided_on) in every:
        one.language_form, one.language_form_source, one.language_form_on = form, source, decided_on
    session.flush()
    note_forms(session, [one for one, _facts in every], account_id=None, today=today, now=now)
