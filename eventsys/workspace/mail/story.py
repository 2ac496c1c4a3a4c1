"""Why a mail was sent and what happened to it, line by line, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import texts
from eventsys.events.rules import ChangeKind
from eventsys.invitations.labels import ACTS
from eventsys.mailing.models import OutboxMessage, ReturnedMail, Worker
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.programmes.calls.rules import CaseAct
from eventsys.registrations.labels import CHANGES
from eventsys.web import language
from eventsys.workflows.actions.switching import describe
from eventsys.workflows.rules import TIMED, Trigger
from eventsys.workspace.mail.case_causes import CaseRow
from eventsys.workspace.mail.labels import name_template, tell_reason
from eventsys.workspace.mail.returned import COLORS
from eventsys.workspace.mail_rules.labels import tell_rule

NAMED = 5
EVENT_CHANGES = {
    ChangeKind.RUN_CHANGED: _l("The time or the place was changed"),
    ChangeKind.RUN_CANCELLED: _l("One of the dates was cancelled"),
    ChangeKind.CANCELLED: _l("The event was cancelled"),
    ChangeKind.PROGRAMME_CHANGED: _l("The programme was changed"),
    ChangeKind.MATERIALS_PUBLISHED: _l("Papers were published"),
}
CASE_ACTS = {
    CaseAct.CALLED: _l("The call was sent"),
    CaseAct.NUDGED: _l("The call has a reminder"),
    CaseAct.BEGUN: _l("Somebody began the application"),
    CaseAct.INVITED_COLLEAGUE: _l("A colleague was invited to write"),
    CaseAct.ASKED_FOR_LINK: _l("Somebody asked for the link to the application"),
    CaseAct.SENT: _l("The application was sent"),
    CaseAct.WITHDRAWN: _l("The application was withdrawn"),
    CaseAct.ASKED_TO_SUPPLEMENT: _l("More was asked for"),
    CaseAct.SUPPLEMENTED: _l("What was asked for came"),
    CaseAct.LETTER_SENT: _l("The letter about the decision was sent"),
}
RETURNED = {
    ReturnKind.HARD_BOUNCE: _l("It came back: the address does not take mail"),
    ReturnKind.SOFT_BOUNCE: _l("It came back: it could not be delivered for now"),
    ReturnKind.DELAY: _l("The reader’s mail server says that it is delayed"),
    ReturnKind.AUTO_REPLY: _l("An automatic reply came"),
    ReturnKind.CALENDAR_ANSWER: _l("An answer to the calendar entry came"),
    ReturnKind.UNKNOWN: _l("Something came back"),
}


class Line(NamedTuple):
    """One thing that happened; `at` is empty where no moment is known, `words` what a server or a reader said."""

    text: str
    at: datetime | None = None
    words: str = ""
    kind: str = "neutral"


def tell_why(causes: Sequence[Any], names: Mapping[str, str]) -> str:
    """Why a mail exists, in one line: the first of what made it, and how many more; empty for one made by the machine.

    `names` are what the organiser calls its own texts, by their keys.
    """
    if not causes:
        return ""
    whys = list(dict.fromkeys(_tell_cause(row, names) for row in causes))
    if len(whys) > 1:
        return _("%(why)s, and %(more)d more", why=whys[0], more=len(whys) - 1)
    return whys[0]


def _tell_cause(row: Any, names: Mapping[str, str]) -> str:
    if isinstance(row, CaseRow):
        return _tell_act(row)
    if row.change is not None:
        return f"{row.name}: {CHANGES[row.change]}" if row.name else str(CHANGES[row.change])
    if row.event_change is not None:
        return str(EVENT_CHANGES.get(row.event_change, EVENT_CHANGES[ChangeKind.RUN_CHANGED]))
    if row.invitation_act is not None:
        return f"{row.name}: {ACTS[row.invitation_act]}" if row.name else str(ACTS[row.invitation_act])
    rule = row.Rule
    if rule is None or rule.trigger not in TIMED:
        return _("An organiser wrote it")
    if rule.trigger is Trigger.ABSOLUTE and row.due_at is None:
        return _("A partner’s copy of a letter")
    return tell_rule(describe(rule), names.get(rule.template) or name_template(rule.template))


def _tell_act(row: CaseRow) -> str:
    """A copy of a call is about all whom it went to, and names none of them."""
    if row.is_copy and row.act is CaseAct.CALLED:
        return _("A partner’s copy of a letter")
    act = f"{row.organisation}: {CASE_ACTS[row.act]}" if row.organisation else str(CASE_ACTS[row.act])
    return _("A copy: %(why)s", why=act) if row.is_copy else act


def name_about(causes: Sequence[Any]) -> list[str]:
    """Whom the mail is about, a few of them by name."""
    rows = [row for row in causes if not isinstance(row, CaseRow) or not row.is_copy]
    found = list(dict.fromkeys(row.name or row.organisation for row in rows if row.name or row.organisation))
    more = len(found) - NAMED
    return [*found[:NAMED], _("%(more)d more", more=more)] if more > 0 else found


def name_event(causes: Sequence[Any]) -> tuple[str, texts.Text] | None:
    """The event that the mail is about: its address and its title."""
    events = (row for row in causes if not isinstance(row, CaseRow))
    return next(((row.slug, texts.read(row.event_title, language())) for row in events), None)


def name_call(causes: Sequence[Any]) -> tuple[str, texts.Text] | None:
    """The call that the mail is about, or whose applications: its address and its title."""
    calls = (row for row in causes if isinstance(row, CaseRow))
    return next(((row.call, texts.read(row.call_title, language())) for row in calls), None)


def tell_story(
    mail: OutboxMessage,
    causes: Sequence[Any],
    returned: Sequence[ReturnedMail],
    *,
    names: Mapping[str, str],
    ordered_by: str = "",
    worker: Worker | None = None,
) -> list[Line]:
    """What happened, in its order: made, due, taken, handed over, answered, come back."""
    return [
        *_tell_made(mail, causes, names, ordered_by),
        *_tell_journey(mail, worker),
        *_tell_now(mail),
        *(
            Line(str(RETURNED[one.kind]), one.received_at, one.words or one.subject, COLORS[one.kind])
            for one in returned
        ),
    ]


def _tell_made(mail: OutboxMessage, causes: Sequence[Any], names: Mapping[str, str], ordered_by: str) -> list[Line]:
    changed_at, due_at = _find_moments(causes[0]) if causes else (None, None)
    lines = []
    if why := tell_why(causes, names):
        lines.append(Line(why, changed_at or due_at))
    if ordered_by:
        lines.append(Line(_("%(name)s asked for it to be sent again", name=ordered_by), mail.created_at))
    elif mail.created_at != changed_at:
        lines.append(Line(_("The mail was made"), mail.created_at))
    if mail.due_at > mail.created_at:
        lines.append(Line(_("Not to be sent before"), mail.due_at))
    return lines


def _find_moments(row: Any) -> tuple[datetime | None, datetime | None]:
    """When what made the mail was done, and when time made it due."""
    if isinstance(row, CaseRow):
        return row.acted_at, None
    moments = (row.changed_at, row.event_changed_at, row.invitation_acted_at)
    return next((moment for moment in moments if moment is not None), None), row.due_at


def _tell_journey(mail: OutboxMessage, worker: Worker | None) -> list[Line]:
    lines = []
    if mail.dated_at is not None:
        taken = _("Taken by the worker on %(host)s", host=worker.host) if worker else _("Taken by a worker")
        lines.append(Line(taken, mail.dated_at))
    if mail.began_at is not None:
        lines.append(Line(_("Handed over to the mail server"), mail.began_at))
    return lines


def _tell_now(mail: OutboxMessage) -> list[Line]:
    said = tell_reason(mail.answer)
    if mail.state is MailState.SENT:
        return [Line(_("The mail server took it"), mail.sent_at, mail.answer or "", "success")]
    if mail.state is MailState.DEFERRED:
        return [
            Line(_("It could not be delivered for now"), None, said, "warning"),
            Line(_("It is tried again"), mail.next_try_at, "", "info"),
        ]
    told = {
        MailState.QUEUED: (_("It waits to be sent"), "info"),
        MailState.SENDING: (_("It is being sent"), "info"),
        MailState.FAILED: (_("It could not be delivered"), "danger"),
        MailState.CANCELLED: (_("It is not sent"), "neutral"),
        MailState.SUPPRESSED: (_("It is not sent: the address is blocked"), "neutral"),
        MailState.UNCERTAIN: (_("It was perhaps sent: the worker ended before it had heard the answer"), "warning"),
    }
    text, kind = told[mail.state]
    return [Line(text, None, said, kind)]
