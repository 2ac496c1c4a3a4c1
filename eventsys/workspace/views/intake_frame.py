"""What the pages of the intake share: the call with its assessor or nothing, its places, finding what they may read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import abort, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.accounts.rules import MemberRole
from eventsys.organisations.models import Organisation
from eventsys.programmes.calls.labels import name_call
from eventsys.programmes.intake import queries
from eventsys.programmes.models import Application, Assessor, Call, Intake
from eventsys.web import language
from eventsys.workspace.views.call_frame import own_call
from eventsys.workspace.views.frame import account, opens


class Assessed(NamedTuple):
    """A call, and as what the account of this request assesses its applications."""

    call: Call
    assessor: Assessor


def assessed_call(session: Session, slug: str) -> Assessed:
    """The call, for its assessors alone: to everybody else its applications are not there."""
    call = own_call(session, slug)
    return Assessed(call, queries.find_assessor(session, call_id=call.id, account_id=account().id) or abort(404))


def deciding_call(session: Session, slug: str) -> Call:
    """The call, for those of its assessors who may decide."""
    call, assessor = assessed_call(session, slug)
    return call if assessor.may_decide else abort(403)


def open_application(
    session: Session, slug: str, public_id: uuid.UUID, *, for_update: bool = False
) -> tuple[Assessed, Application, Organisation]:
    """An application that the account may read; what it may not is not there."""
    found = assessed_call(session, slug)
    application = queries.find_open(
        session, public_id, call_id=found.call.id, account_id=account().id, for_update=for_update
    )
    if application is None:
        abort(404)
    return found, application, session.get_one(Organisation, application.organisation_id)


def own_intake(session: Session, call: Call, number: int) -> Intake:
    return next((one for one in queries.list_intakes(session, call.id) if one.ordinal == number), None) or abort(404)


def file_url(slug: str, public_id: uuid.UUID) -> Callable[[str], str]:
    """From the id of a file of the application to its address."""
    return lambda file: url_for(".application_file", slug=slug, public_id=public_id, file=file)


def name_intake(intake: Intake) -> str:
    return texts.read(intake.name, language()).value or _("Intake %(number)d", number=intake.ordinal)


def name_mean(mean: float | None) -> str | None:
    """«11,7», as the page's language writes it."""
    return None if mean is None else format_decimal(mean, format="0.0")


def tabs(session: Session, call: Call, assessor: Assessor | None, here: str) -> list[tuple[str, str, bool]]:
    """The places of an intake; those of the applications are for assessors."""
    intakes = queries.list_intakes(session, call.id) if assessor else []
    places: list[tuple[str, str, dict[str, Any]]] = []
    if assessor:
        places.append(("applications", _("Applications"), {}))
        places += [("intake", name_intake(one), {"number": one.ordinal}) for one in intakes]
        places += [("decisions", _("Decisions"), {}), ("decision_letters", _("Letters"), {})]
    places += [("criteria", _("Criteria"), {}), ("assessors", _("Assessors"), {})]
    return [
        (url_for(f".{name}", slug=call.slug, **more), label, f"{name}{more.get('number', '')}" == here)
        for name, label, more in places
        if opens(name)
    ]


def is_owner() -> bool:
    return account().role is MemberRole.OWNER


def show_frame(session: Session, call: Call, assessor: Assessor | None, here: str) -> dict[str, Any]:
    """What every page of the intake begins with."""
    return {
        "call": call,
        "call_title": name_call(call),
        "tabs": tabs(session, call, assessor, here),
        "may_decide": assessor is not None and assessor.may_decide,
        "is_owner": is_owner(),
    }
