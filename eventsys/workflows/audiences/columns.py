"""What every audience's rows are made of: their columns, and the language that a reader reads."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eventsys.organisations.models import Organisation
from eventsys.organisations.queries import by_form
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, Registration

NONE = sa.cast(sa.null(), sa.Integer())
NOT_OTHERWISE = tuple(NONE.label(name) for name in ("organisation_id", "invitation_id", "person_id"))
"""What else a row might be about; of the four at most one is given."""
Recipients = sa.Select[*tuple[Any, ...]]


def mail_language(
    of: type[Registration] | type[Delegation] = Registration, organisation: Any = Organisation
) -> sa.ColumnElement[str]:
    """The language of a mail about a registration, or to a delegation's registrar: chosen by the person, else the
    organisation's, else the organiser's.

    The statement joins `Organiser` and, outer, the organisation.
    """
    return sa.func.coalesce(sa.func.nullif(of.language, ""), by_form(organisation), Organiser.language)
