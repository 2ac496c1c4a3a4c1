"""What came back: bounces, automatic replies, calendar answers; and the addresses that are blocked because of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Suppression
from eventsys.mailing.returns import actions, queries
from eventsys.mailing.rules import ReturnKind
from eventsys.web import Access, access
from eventsys.workspace.mail.case_causes import list_closed
from eventsys.workspace.mail.causes import list_restricted
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail.returned import COLORS, KINDS, MEANINGS, tell_block, tell_status
from eventsys.workspace.views.frame import account, blueprint, log, name_moment, page_number, words
from eventsys.workspace.views.one_mail import note_read

SHOWN = 16 * 1024
CONTROLS = dict.fromkeys((*range(9), *range(11, 32), 127), "\N{REPLACEMENT CHARACTER}")


@blueprint.get("/mail/returned/", endpoint="returned_mails")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    asked = words("kind")
    kinds = [ReturnKind(asked)] if asked in set(ReturnKind) else []
    page = page_number()
    rows = queries.list_returned(session, organiser_id, kinds=kinds, page=page)
    ids = [mail.id for _returned, mail in rows if mail is not None]
    closed, hidden = list_restricted(session, ids), list_closed(session, ids, account().id)
    shown = [
        describe(returned, mail, is_closed=mail is not None and mail.id in closed)
        for returned, mail in rows[: queries.A_PAGE]
        if mail is None or mail.id not in hidden
    ]
    return render_template(
        "workspace/returned.html",
        rows=shown,
        newest=next((row["public_id"] for row in shown if row["is_new"]), None),
        unseen=queries.count_unseen(session, organiser_id),
        page=page,
        has_next=len(rows) > queries.A_PAGE,
        kind=asked if kinds else "",
        kind_options=[("", _("All")), *((kind.value, str(label)) for kind, label in KINDS.items())],
        blocked=[describe_block(block) for block in queries.list_blocked(session, organiser_id)],
    )


def describe(returned: ReturnedMail, mail: OutboxMessage | None, *, is_closed: bool = False) -> dict[str, Any]:
    """One that came back as a row: who it is about, what it is, which mail, when. Who was asked as a union's
    representative is not named in the list."""
    who = (mail.email if mail else "") or returned.sender or _("somebody unknown")
    return {
        "public_id": returned.public_id,
        "who": _("An elected representative") if is_closed else who,
        "name": mail.name if mail and not is_closed else "",
        "kind": str(KINDS[returned.kind]),
        "color": COLORS[returned.kind],
        "status": tell_status(returned.status),
        "mail": mail.public_id if mail else None,
        "about": (mail.subject or name_template(mail.template)) if mail else returned.subject or _("without a subject"),
        "at": name_moment(returned.received_at),
        "is_new": returned.seen_at is None,
    }


def describe_block(block: Suppression) -> dict[str, Any]:
    return {
        "public_id": block.public_id,
        "email": block.email_key,
        "why": tell_block(block.why),
        "since": name_moment(block.created_at),
    }


@blueprint.get("/mail/returned/<uuid:public_id>", endpoint="show_returned")
@access(Access.ORGANISER)
def show(public_id: uuid.UUID) -> str:
    session = db.session()
    about = queries.find_mail(session, find(session, public_id))
    if about is not None:
        note_read(about.public_id)
    returned = find(session, public_id)
    mail = queries.find_mail(session, returned)
    return render_template(
        "workspace/returned_mail.html",
        returned=returned,
        mail=mail,
        row=describe(returned, mail),
        meaning=MEANINGS[returned.kind],
        beginning=returned.raw[:SHOWN].decode("utf-8", "replace").replace("\r\n", "\n").translate(CONTROLS),
        seen=name_moment(returned.seen_at),
        block=queries.find_block_of(session, mail) if mail else None,
    )


@blueprint.post("/mail/returned/<uuid:public_id>/seen", endpoint="see_returned")
@access(Access.ORGANISER)
def see(public_id: uuid.UUID) -> Response:
    """Takes it, or with it all that came before it, off the list of what must be looked at."""
    with transaction() as session:
        actions.see(session, find(session, public_id), and_older="and_older" in request.form, now=clock.now())
        log(session, LogVerb.READ, "returned", str(public_id))
    return redirect(url_for(".returned_mails"), 303)


@blueprint.post("/mail/returned/blocked/<uuid:public_id>/lift", endpoint="lift_block")
@access(Access.ORGANISER)
def lift(public_id: uuid.UUID) -> Response:
    with transaction() as session:
        block = queries.find_blocked(session, public_id, organiser_id=account().organiser.id) or abort(404)
        address = block.email_key
        actions.lift(session, block)
        log(session, LogVerb.REMOVED, "block", str(public_id), address, about_people=True)
    flash(_("New mail goes to %(address)s again.", address=address), "success")
    return redirect(url_for(".returned_mails", _anchor="blocked"), 303)


def find(session: Session, public_id: uuid.UUID) -> ReturnedMail:
    """What came back to the organiser itself, or 404."""
    return queries.find_returned(session, public_id, organiser_id=account().organiser.id) or abort(404)
