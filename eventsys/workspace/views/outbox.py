"""The outbox: every mail of the organiser, searched and filtered as the address says, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock, texts
from eventsys.events.models import Event
from eventsys.events.queries import find_own_event
from eventsys.extensions import db
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.web import Access, access, language
from eventsys.workflows.models import Rule
from eventsys.workspace.mail import queries
from eventsys.workspace.mail.case_causes import list_closed
from eventsys.workspace.mail.causes import list_restricted
from eventsys.workspace.mail.labels import STATE_KINDS, STATES, name_template, tell_reason
from eventsys.workspace.mail.queries import MOST_COUNTED, Wanted
from eventsys.workspace.views.frame import account, blueprint, name_moment
from eventsys.workspace.views.frame import words as search_words

FIGURES = (MailState.FAILED, MailState.UNCERTAIN, MailState.DEFERRED, MailState.QUEUED)


@blueprint.get("/mail", endpoint="mail")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser_id = db.session(), account().organiser.id
    asked = read_asked(session)
    return render_template(
        "workspace/mail.html",
        figures=list_figures(session, organiser_id),
        has_any=queries.has_any(session, organiser_id),
        extra=list_filters(session, organiser_id, asked),
        only_rule=name_template(asked.rule.template) if asked.rule else "",
        may_retry_all=asked.event is not None and asked.wanted.state is MailState.FAILED,
        **describe_page(session, asked),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; an event, a rule or a state that is none of ours is as if it were not said."""

    wanted: Wanted
    event: Event | None
    rule: Rule | None


def read_asked(session: Session, event: Event | None = None) -> Asked:
    organiser_id = account().organiser.id
    if event is None and search_words("event"):
        event = find_own_event(session, search_words("event"), organiser_id=organiser_id)
    rule = _read_rule(session, organiser_id)
    state = search_words("state")
    wanted = Wanted(
        state=MailState(state) if state in set(MailState) else None,
        search=search_words("q"),
        template=search_words("text"),
        event_id=event.id if event else None,
        rule_id=rule.id if rule else None,
        before=request.args.get("before", "").replace("\0", "")[:400],
    )
    return Asked(wanted, event, rule)


def _read_rule(session: Session, organiser_id: int) -> Rule | None:
    number = search_words("rule")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return queries.find_rule(session, organiser_id, int(number))


def list_figures(session: Session, organiser_id: int) -> list[tuple[str, str, str]]:
    """What must be looked at, what waits, and that mail goes out: label, number, address."""
    counts = queries.count_states(session, organiser_id, FIGURES)
    sent = queries.count_since(session, organiser_id, MailState.SENT, clock.now() - queries.DAY)
    figures = [
        (str(STATES[state]), name_count(count), url_for(".mail", state=state.value) if count else "")
        for state, count in counts.items()
        if count or state in (MailState.FAILED, MailState.QUEUED)
    ]
    return [*figures, (_("Sent in the last day"), name_count(sent), url_for(".mail", state=MailState.SENT.value))]


def name_count(count: int) -> str:
    """A number, counted no further than people look."""
    return _("over %(count)s", count=MOST_COUNTED - 1) if count >= MOST_COUNTED else str(count)


def list_filters(session: Session, organiser_id: int, asked: Asked) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What one can choose besides words and state: name in the address, label, options."""
    events = [(row.slug, texts.read(row.title, language()).value) for row in queries.list_events(session, organiser_id)]
    if asked.event is not None and asked.event.slug not in dict(events):
        events.append((asked.event.slug, texts.read(asked.event.title, language()).value))
    keys = {*queries.list_templates(session, organiser_id), *filter(None, [asked.wanted.template])}
    names = sorted(((key, name_template(key)) for key in keys), key=lambda pair: pair[1].casefold())
    return [
        ("event", _("Event"), [("", _("All")), *events]),
        ("text", _("Text"), [("", _("All")), *names]),
    ]


def describe_outbox(session: Session, event: Event | None) -> dict[str, Any]:
    """A page of mails, filtered as the address says: of one event, or of all."""
    return describe_page(session, read_asked(session, event))


def describe_page(session: Session, asked: Asked) -> dict[str, Any]:
    wanted = asked.wanted
    found = queries.list_mails(session, account().organiser.id, wanted)
    return {
        "mails": describe_mails(session, found.mails, is_search=bool(wanted.search)),
        "page": wanted.before,
        "has_next": found.after,
        "chosen": {
            "q": wanted.search,
            "state": wanted.state.value if wanted.state else "",
            "event": asked.event.slug if asked.event else "",
            "text": wanted.template,
            "rule": str(asked.rule.id) if asked.rule else "",
        },
        "state_options": [("", _("All"))] + [(state.value, str(label)) for state, label in STATES.items()],
    }


def describe_mails(session: Session, mails: Sequence[OutboxMessage], *, is_search: bool) -> list[dict[str, Any]]:
    """The rows of a list. Who was asked as a union's representative is not named, and a search for somebody does not
    find what they were sent: their names are read where that is noted. Mail about an application stands in no list of
    those who may not read it."""
    ids = [mail.id for mail in mails]
    closed, hidden = list_restricted(session, ids), list_closed(session, ids, account().id)
    shown = [mail for mail in mails if mail.id not in hidden and not (is_search and mail.id in closed)]
    return [describe_mail(mail, is_closed=mail.id in closed) for mail in shown]


def describe_mail(mail: OutboxMessage, *, is_closed: bool = False) -> dict[str, Any]:
    return {
        "public_id": mail.public_id,
        "email": "" if is_closed else mail.email,
        "name": _("An elected representative") if is_closed else mail.name,
        "what": mail.subject or name_template(mail.template),
        "state": STATES[mail.state],
        "kind": STATE_KINDS[mail.state],
        "at": name_moment(mail.sent_at or mail.due_at),
        "answer": tell_reason(mail.answer) if mail.state is not MailState.SENT and not is_closed else "",
    }
