"""The page of the mails that somebody got: by the link to one's own place, to a delegation, or to an application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.extensions import AnyRow, db
from eventsys.mailing.rules import MailState
from eventsys.programmes.applications.queries import HasEnded, find_own
from eventsys.registrations import links
from eventsys.registrations.own.queries import find_delegation
from eventsys.registrations.queries import find_registration
from eventsys.site.mails import queries
from eventsys.tokens import public_id_of
from eventsys.web import language


def show_own_mails(token: str) -> str:
    """The mails that the address of the place got about it since the place is its owner's. Who only typed the form, and
    came by no mail, reads none."""
    public_id = public_id_of(token) or abort(404)
    row = find_registration(db.session(), public_id)
    if row is None or not links.check_registration(token, row.Registration):
        abort(404)
    found: list[AnyRow] = []
    proved = links.was_mailed(token, row.Registration)
    if proved:
        found = queries.list_mails(
            db.session(), organiser_id=row.Registration.organiser_id, email_key=row.Registration.email_key,
            registration_ids=[row.Registration.id], since=queries.find_handed_over(db.session(), row.Registration.id),
        )  # fmt: skip
    back = (url_for("registrations.show", token=token), _("My registration"))
    return _show(row, found, email=row.Registration.email, back=back, proved=proved)


def show_delegation_mails(token: str) -> str:
    """The mails that the registrar got about the seats of the delegation."""
    public_id = public_id_of(token) or abort(404)
    row = find_delegation(db.session(), public_id)
    if row is None or not links.check_delegation(token, row.Delegation):
        abort(404)
    tx, delegation = db.session(), row.Delegation
    ids = queries.list_seat_ids(tx, delegation.id)
    found = queries.list_mails(
        tx, organiser_id=delegation.organiser_id, email_key=delegation.email_key, registration_ids=ids,
        since=delegation.created_at,
    )  # fmt: skip
    back = (url_for("registrations.delegation", token=token), _("Those you have signed up"))
    return _show(row, found, email=delegation.email, back=back, proved=True)


def show_application_mails(token: str) -> str:
    """The mails that somebody got about the application that they write. The link came by mail; one that has ended opens
    nothing."""
    try:
        own = find_own(db.session(), token) or abort(404)
    except HasEnded:
        abort(410)
    found = queries.list_case_mails(db.session(), own.member)
    back = (url_for("programmes.application", token=token), _("The application"))
    return _show_list(own.call.title, own.call.timezone, found, email=own.member.email, back=back, proved=True)


def _show(row: AnyRow, found: Sequence[AnyRow], *, email: str, back: tuple[str, str], proved: bool) -> str:
    return _show_list(row.Event.title, row.Organiser.timezone, found, email=email, back=back, proved=proved)


def _show_list(
    title: dict[str, str], timezone: str, found: Sequence[AnyRow], *, email: str, back: tuple[str, str], proved: bool
) -> str:
    return render_template(
        "site/own_mails.html",
        title=texts.read(title, language()),
        mails=[_describe(one, timezone=timezone) for one in found],
        email=email,
        back=back,
        proved=proved,
    )


def _describe(row: AnyRow, *, timezone: str) -> dict[str, Any]:
    """A mail as its reader sees it. One that is about others too keeps its text: they have not shown it to this page."""
    mail = row.OutboxMessage
    at = mail.sent_at or mail.due_at
    return {
        "subject": mail.subject or _("A mail that is not written yet"),
        "when": dates.format_moment(dates.to_local(at, timezone), language()),
        "state": _tell_state(mail.state),
        "text": "" if row.others else mail.text or "",
        "others": row.others,
        "language": mail.language,
    }


def _tell_state(state: MailState) -> str:
    if state is MailState.SENT:
        return ""
    return _("could not be delivered") if state is MailState.FAILED else _("on its way")
