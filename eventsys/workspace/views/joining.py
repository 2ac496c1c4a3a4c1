"""What the mailed link of an invitation into a team opens: what it is about, and the button that says yes."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.actions import sign_in
from eventsys.accounts.browser import begin_session
from eventsys.accounts.labels import MEANINGS, ROLES
from eventsys.accounts.log.actions import note
from eventsys.accounts.log.rules import find_differences
from eventsys.accounts.models import AccountInvitation
from eventsys.accounts.queries import COOKIE_ORGANISER, find_signed_in
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.accounts.team import actions, queries
from eventsys.events.helpers.actions import add_helped
from eventsys.events.helpers.queries import list_helped
from eventsys.events.models import Event
from eventsys.events.queries import find_own_event
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.web import Access, access
from eventsys.workflows.retention.periods import erased_on
from eventsys.workspace.views.frame import blueprint, name_event


@blueprint.get("/team/join/<token>", endpoint="join_team")
@access(Access.TOKEN)
def show(token: str) -> str | tuple[str, int]:
    session = db.session()
    row = queries.find_invitation_of(session, token, now=clock.real_now())
    if row is None:
        return too_late()
    event = find_event(session, row)
    return render_template(
        "workspace/join_team.html",
        token=token,
        invitation=row,
        organiser=session.get_one(Organiser, row.organiser_id),
        role=ROLES[row.role],
        meaning=MEANINGS[row.role],
        is_known=queries.works_already(session, row.email_key),
        event=name_event(event) if event else None,
    )


def knows_invited(session: Session, token: str) -> bool:
    """Whether who is asked works for somebody already."""
    row = queries.find_invitation_of(session, token, now=clock.real_now())
    return row is not None and queries.works_already(session, row.email_key)


def too_late() -> tuple[str, int]:
    return render_template("workspace/join_team_over.html"), 410


def find_event(session: Session, row: AccountInvitation) -> Event | None:
    """The event that a helper is asked for."""
    if row.role is not MemberRole.HELPER or row.event_slug is None:
        return None
    return find_own_event(session, row.event_slug, organiser_id=row.organiser_id)


@blueprint.post("/team/join/<token>", endpoint="join_team_now")
@access(Access.TOKEN)
def accept(token: str) -> Response | tuple[str, int]:
    """Says yes, and signs in whom it opens nothing else for. Who works for somebody already signs in as always: a link
    that lives for two weeks and is passed on in a mail must not open what they have there."""
    now, mine, signed_in = clock.real_now(), find_signed_in(list_helped), None
    with transaction() as session:
        is_known = knows_invited(session, token)
        joined = actions.accept(session, token, now=now)
        if joined is not None:
            person, row = joined
            event = find_event(session, row)
            if event is not None:
                add_helped(session, person.id, row.organiser_id, event.id)
            organiser = session.get_one(Organiser, row.organiser_id)
            note(
                session, organiser_id=organiser.id, account_id=person.id, verb=LogVerb.ADDED, object="team",
                key=str(person.id), name=person.name, facts=find_differences(None, {"role": row.role}),
                erase_on=erased_on(organiser, clock.now().date()), now=clock.now(),
            )  # fmt: skip
            slug = organiser.slug
            if not is_known:
                signed_in = sign_in(session, person, real_now=now)
    if joined is None:
        return too_late()
    if signed_in is None and (mine is None or mine.id != person.id):
        flash(_("You are in. Sign in with your address, as you always do."), "success")
        return redirect(url_for("accounts.new"), 303)
    if signed_in is not None:
        begin_session(signed_in)
    cookie[COOKIE_ORGANISER] = slug
    flash(_("Welcome. From now on you sign in with your address; you need no password."), "success")
    return redirect(url_for(".index"), 303)
