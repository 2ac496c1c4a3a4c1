"""What the pages of an application have in common: the link, the frame, and how one is read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, dates, texts
from eventsys.extensions import db
from eventsys.programmes.applications import labels, queries
from eventsys.programmes.applications.actions.sending import ends_at
from eventsys.programmes.applications.queries import HasEnded, Own
from eventsys.programmes.applications.rules import (
    MAY_WITHDRAW,
    ApplicationFacts,
    ApplicationState,
    from_json,
    is_in_time,
)
from eventsys.programmes.applications.shown import describe, name_day, tell_second
from eventsys.programmes.applications.told import list_told
from eventsys.programmes.calls.rules import CallState
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.intake.rules import DECIDED
from eventsys.programmes.views.frame import blueprint
from eventsys.web import language

Page = Response | tuple[str, int]
SEEN_FOR = timedelta(minutes=2)


@blueprint.errorhandler(HasEnded)
def ended(_error: HasEnded) -> tuple[str, int]:
    """The link of somebody who takes part no more."""
    return render_template("programmes/application_ended.html"), 410


def open_own(session: Session, token: str) -> Own:
    """What the link opens; 404 for none, 410 for one that has ended."""
    return queries.find_own(session, token) or abort(404)


def describe_frame(token: str, own: Own) -> dict[str, Any]:
    """What every page of an application shows."""
    now, call = clock.now(), own.call
    state = list_told(db.session(), [own.application])[own.application.id]
    return {
        "token": token,
        "member": own.member,
        "application": own.application,
        "organisation": queries.name_organisation(db.session(), own.application),
        "title": texts.read(call.title, language()),
        "deadline": dates.format_moment(call.closes_local, language()),
        "is_open": call.state is CallState.OPEN and is_in_time(now, call.closes_at),
        "state": labels.name_state(state),
        "is_answered": state in DECIDED,
        "kind": labels.KINDS[state],
        "url_of_file": lambda public_id: url_for(".application_file", token=token, public_id=public_id),
    }


def read_sent_facts(session: Session, own: Own) -> ApplicationFacts:
    """What was sent last; what it says now while nothing was."""
    versions = queries.list_versions(session, own.application.id)
    return from_json(versions[-1].facts) if versions else queries.read_facts(session, own.application)


def show_read(
    token: str, own: Own, *, words: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> tuple[str, int]:
    """What was sent, its receipt, and what can be done with it."""
    session, application, call = db.session(), own.application, own.call
    is_asked = application.state is ApplicationState.SUPPLEMENT
    page = render_template(
        "programmes/application_sent.html",
        **describe_frame(token, own),
        said=describe(read_sent_facts(session, own), language(), timezone=call.timezone),
        sent=tell_second(application.sent_at, call.timezone, language()) if application.sent_at else "",
        versions=[
            (version.number, tell_second(version.at, call.timezone, language()))
            for version in queries.list_versions(session, application.id)
        ],
        may_withdraw=application.state in MAY_WITHDRAW,
        is_asked=is_asked,
        asked=queries.find_asked(session, application.id) if is_asked else "",
        supplement_by=name_day(application.supplement_by, language()),
        is_late=is_asked and clock.now() >= ends_at(application, call),
        is_withdrawn=application.state is ApplicationState.WITHDRAWN,
        again=find_path_again(session, own),
        words=words,
        errors=errors or {},
        summary=list((errors or {}).items()),
    )
    return page, status


def find_path_again(session: Session, own: Own) -> str:
    """Where the same person writes the application that came after a withdrawn one."""
    is_withdrawn = own.application.state is ApplicationState.WITHDRAWN
    again = queries.find_again(session, own) if is_withdrawn else None
    return application_path(again) if again else ""


def name_clock(at: datetime, call: Any) -> str:
    return dates.format_clock(dates.to_local(at, call.timezone), language())


def tell_late(at: datetime, closes_at: datetime, call: Any) -> str:
    """To the second, so that nobody wonders."""
    said = {name: tell_second(one, call.timezone, language()) for name, one in (("at", at), ("closes", closes_at))}
    if at < closes_at:
        return _("The call takes no more applications. Everything that is written is kept.")
    return _("It came %(at)s. What comes before %(closes)s is in time. Everything that is written is kept.", **said)
