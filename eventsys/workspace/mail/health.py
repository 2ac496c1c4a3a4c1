"""How mail stands, and how a test fares, in sentences: what happened, when, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.labels import tell_ago
from eventsys.mailing.health import Trouble, is_silent, is_stuck
from eventsys.mailing.models import OutboxMessage, Worker
from eventsys.mailing.rules import MailState

PATIENCE = timedelta(seconds=15)
"""A worker looks every second; it may be busy for a while."""
LOGIN_REFUSED = ("530", "534", "535", "538")
TROUBLES = {
    Trouble.NO_WORKER: (
        _l("No worker runs"),
        _l("No mail goes out until it runs again: eventsys worker. Nothing is lost meanwhile."),
    ),
    Trouble.ALL_SILENT: (
        _l("The worker has not been heard of for five minutes"),
        _l("No mail goes out until the worker runs again: eventsys worker. Nothing is lost meanwhile."),
    ),
    Trouble.ONE_SILENT: (
        _l("One of the workers has not been heard of for five minutes"),
        _l("The others send its mail. Start it again, or end it properly if it is no longer needed."),
    ),
    Trouble.STUCK: (
        _l("The worker has not been through with the mail for twenty minutes"),
        _l("It may be waiting for a mail server that does not answer. If it goes on, start the worker again."),
    ),
}


def describe_worker(worker: Worker, *, real_now: datetime) -> dict[str, str]:
    """A line about a worker: where it runs, its last sign of life, when it last was through with the mail."""
    state, kind = _("Works"), "success"
    if is_silent(worker, real_now=real_now):
        state, kind = _("Silent"), "danger"
    elif is_stuck(worker, real_now=real_now):
        state, kind = _("Hangs"), "warning"
    ticked = tell_ago(real_now - worker.ticked_at) if worker.ticked_at else _("not yet")
    return {
        "host": worker.host,
        "number": str(worker.pid),
        "beat": tell_ago(real_now - worker.beat_at),
        "ticked": ticked,
        "since": tell_ago(real_now - worker.started_at),
        "state": state,
        "kind": kind,
    }


# --- a test mail on its way -----------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One thing that happened to a test, or went wrong; `at` is empty for what has not been."""

    text: str
    kind: str
    at: datetime | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a test's fate hangs on besides itself: the server it goes to, whether anything is sent, who works."""

    server: str
    is_suppressed: bool
    workers: Sequence[Worker]
    taken_by: Worker | None
    trouble: Trouble | None
    now: datetime


def list_steps(mail: OutboxMessage, around: Surroundings) -> list[Step]:
    """What happened so far, in its order; the last says what is being waited for, what went wrong, or that it is done."""
    steps = [Step(_("Put in the queue"), "success", mail.created_at)]
    if mail.dated_at is None:
        return [*steps, _tell_waiting(mail, around)]
    steps.append(Step(_tell_taken(around), "success", mail.dated_at))
    if mail.began_at is not None:
        steps.append(
            Step(_("Handed over to the mail server %(server)s", server=around.server), "success", mail.began_at)
        )
    return [*steps, _tell_end(mail, around)]


def is_over(mail: OutboxMessage) -> bool:
    """Whether nothing more happens to the test by itself."""
    return mail.state not in (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED, MailState.UNCERTAIN)


def _tell_waiting(mail: OutboxMessage, around: Surroundings) -> Step:
    if mail.state not in (MailState.QUEUED, MailState.DEFERRED, MailState.UNCERTAIN):
        return _tell_end(mail, around)
    if around.is_suppressed:
        advice = _("Whoever runs the site sets MAIL_SUPPRESS_SEND to false and starts the worker again.")
        return Step(_("Sending is switched off on this site, so it stays in the queue"), "danger", None, advice)
    if around.trouble in (Trouble.NO_WORKER, Trouble.ALL_SILENT):
        title, text = TROUBLES[around.trouble]
        return Step(str(title), "danger", None, str(text))
    if around.now - mail.created_at < PATIENCE:
        return Step(_("Waits for a worker to take it"), "info")
    advice = _("It may be busy with other mail, or rest for up to a minute because the mail server did not answer.")
    return Step(_("No worker has taken it yet"), "warning", None, advice)


def _tell_taken(around: Surroundings) -> str:
    hosts = sorted({worker.host for worker in ([around.taken_by] if around.taken_by else around.workers)})
    if len(hosts) == 1:
        return _("Taken by the worker on %(host)s", host=hosts[0])
    return _("Taken by one of the workers: %(hosts)s", hosts=", ".join(hosts)) if hosts else _("Taken by a worker")


def _tell_end(mail: OutboxMessage, around: Surroundings) -> Step:
    answer = mail.answer or ""
    if mail.state is MailState.SENT:
        advice = _(
            "Look in your mailbox, and among unwanted mail too. What happens behind the server, it does not tell us."
        )
        return Step(_("The server answered “%(answer)s”", answer=answer), "success", mail.sent_at, advice)
    if mail.state is MailState.SENDING:
        return Step(_("Waits for the answer of %(server)s", server=around.server), "info")
    if mail.state is MailState.UNCERTAIN:
        advice = _("It is sent once more by itself, or waits for you among the mails that were perhaps sent.")
        return Step(_("The worker ended before it had heard the server’s answer"), "warning", None, advice)
    if mail.state is MailState.SUPPRESSED:
        advice = _("Mail to it has come back. Let the address go under «What came back» if it works again.")
        return Step(_("Your address is blocked, so nothing is sent to it"), "danger", None, advice)
    if mail.state is MailState.CANCELLED:
        return Step(_("It was called off"), "neutral")
    return _tell_failure(mail, around, answer)


def _tell_failure(mail: OutboxMessage, around: Surroundings, answer: str) -> Step:
    """A refusal or a silence; what is tried again by itself is a warning."""
    kind = "danger" if mail.state is MailState.FAILED else "warning"
    code = answer[:3]
    if code in LOGIN_REFUSED:
        advice = _("Whoever runs the site looks at MAIL_USERNAME and MAIL_PASSWORD.")
        return Step(
            _("%(server)s refused our login: “%(answer)s”", server=around.server, answer=answer), kind, None, advice
        )
    if code.isdigit() and len(code) == 3:
        advice = _("These are the server’s own words; show them to whoever runs the site.")
        if code.startswith("5") and mail.state is MailState.FAILED:
            advice = _("The server takes no mail to this address. These are its own words; is the address right?")
        return Step(_("%(server)s said “%(answer)s”", server=around.server, answer=answer), kind, None, advice)
    advice = _(
        "It is tried again by itself. Whoever runs the site looks at MAIL_SERVER and MAIL_PORT, and if the server is up."
    )
    text = _("%(server)s does not answer: “%(answer)s”", server=around.server, answer=answer)
    return Step(text, kind, None, advice)
