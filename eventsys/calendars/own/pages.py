"""What the three pages of secret calendars share: the list as a page shows it, and the acts behind its buttons."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.calendars.fetches import list_fetches
from eventsys.calendars.labels import tell_fetches
from eventsys.calendars.models import CalendarLink
from eventsys.calendars.own import actions
from eventsys.calendars.own.queries import Owner, list_own
from eventsys.calendars.own.serving import link_token, tell_holds
from eventsys.calendars.rules import MOST_LINKS, TooManyLinks
from eventsys.calendars.views.frame import offer
from eventsys.web import language

LONGEST_NAME = 60


def describe_all(session: Session, owner: Owner) -> dict[str, Any]:
    """What the template `_secret.html` takes."""
    links = list_own(session, owner)
    fetched = list_fetches(session, [str(link.public_id) for link in links])
    return {
        "links": [describe(link, fetched.get(str(link.public_id), {})) for link in links],
        "holds": tell_holds(owner.kind, language()),
        "may_add": len(links) < MOST_LINKS,
        "most": MOST_LINKS,
    }


def describe(link: CalendarLink, fetched: dict[Any, Any]) -> dict[str, Any]:
    path = url_for("calendars.personal", token=link_token(link))
    return {
        "public_id": link.public_id,
        "created_at": link.created_at,
        "feed": offer(link.name, "", path),
        "fetched": tell_fetches(fetched, real_now=clock.real_now()),
    }


def add(session: Session, owner: Owner) -> CalendarLink | None:
    """A new calendar with the name of the form, or the usual one; None if there are too many."""
    name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME] or _("My calendar")
    try:
        link = actions.add_link(session, owner, name=name, language=language(), now=clock.now())
    except TooManyLinks:
        flash(_("You have %(most)d calendars. Take one away first.", most=MOST_LINKS), "warning")
        return None
    flash(_("The calendar is made. Give its address to your calendar program."), "success")
    return link


def renew(session: Session, owner: Owner, public_id: uuid.UUID) -> CalendarLink:
    link = actions.renew_link(session, owner, public_id) or abort(404)
    flash(_("The calendar has a new address. The old one gives nothing any more."), "success")
    return link


def end(session: Session, owner: Owner, public_id: uuid.UUID) -> CalendarLink:
    link = actions.end_link(session, owner, public_id, now=clock.now()) or abort(404)
    flash(_("The calendar is taken away. Its address gives nothing any more."), "success")
    return link
