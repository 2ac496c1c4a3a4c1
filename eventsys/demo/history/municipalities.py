"""The municipalities of 2006, each with a mailbox and a form of the language, and the merger of 2008."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import story
from eventsys.demo.people import make_address
from eventsys.organisations.actions import import_municipalities
from eventsys.organisations.imports import MunicipalityRow
from eventsys.organisations.language.actions import note_forms
from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import list_organisations
from eventsys.organisations.register.actions import OrganisationFacts
from eventsys.organisations.rules import OrganisationKind
from eventsys.workspace.registers.actions.succession import succeed


def add_those_of_2006(session: Session, random: Random, rows: Sequence[MunicipalityRow]) -> list[Organisation]:
    """The official list of 2008 as it was before the merger; mailboxes and forms are made up."""
    import_municipalities(session, list_of_2006(rows), valid_from=story.SINCE)
    everybody = list_organisations(session, OrganisationKind.MUNICIPALITY)
    forms = [form for form, weight in story.FORMS for _one in range(weight)]
    for one in everybody:
        one.email = make_address("post", one.label)
        one.language_form, one.language_form_source = random.choice(forms), story.MADE_UP
        one.language_form_on = story.SINCE
    session.flush()
    note_forms(session, everybody, account_id=None, today=story.SINCE, now=story.SENT_AT)
    return everybody


def list_of_2006(rows: Sequence[MunicipalityRow]) -> list[MunicipalityRow]:
    """431 rows: that of 1505 gives way to those of 1503 and 1556."""
    return sorted([*(row for row in rows if row.number != story.BECAME), *story.WERE], key=lambda row: row.number)


def merge(session: Session) -> Organisation:
    """1503 and 1556 become 1505 on 1 January 2008, and what was theirs is its."""
    numbers = [row.number for row in story.WERE]
    ending = list(
        session.scalars(
            sa.select(Organisation)
            .where(Organisation.number.in_(numbers), Organisation.kind == OrganisationKind.MUNICIPALITY)
            .order_by(Organisation.number)
        )
    )
    first = ending[0]
    facts = OrganisationFacts(
        first.name, story.BECAME, first.county, email=first.email, language_form=first.language_form,
        language_form_source=first.language_form_source, language_form_on=story.MERGED_ON,
    )  # fmt: skip
    return succeed(session, ending, facts, on=story.MERGED_ON, account_id=None, now=story.MERGED_AT).successor
