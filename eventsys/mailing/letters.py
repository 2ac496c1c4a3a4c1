"""Outbox messages made into letters, a batch at a time: what is done alike in a row takes half the time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from flask import current_app

from eventsys import clock
from eventsys.extensions import db
from eventsys.mailing.addresses import wire_address
from eventsys.mailing.message import Dropped, Email, Fields, Unwritten, build
from eventsys.mailing.outbox import Claimed, mask_links
from eventsys.mailing.rules import MailState, bounce_address
from eventsys.mailing.smtp import Letter

Composed = Email | Unwritten | Dropped | Exception
"""A mail, what it is to be written with, why it is not to be sent, or what went wrong with it."""
Compose = Callable[[list[Claimed]], Mapping[int, Composed]]
FindFiles = Callable[[Collection[tuple[int, str]]], Mapping[tuple[int, str], tuple[bytes, ...]]]
"""The files that go with texts, by organiser and text: parts of a message, ready for any number of mails."""
NOTHING_LEFT = Dropped("there is nothing left to write about")
CANNOT = "the mail could not be written"
log = structlog.get_logger()


def compose_each(compose: Compose, messages: list[Claimed]) -> dict[int, Composed]:
    """The whole batch in a few statements; only when that raises, each message alone, so that one cannot stop others."""
    given = {m.id: _as_given(m) for m in messages if m.text is not None}
    rest = [message for message in messages if message.id not in given]
    composed: dict[int, Composed] = {**given}
    try:
        composed.update(compose(rest) if rest else {})
    except Exception:
        for message in rest:
            try:
                db.session.rollback()
                composed.update(compose([message]))
            except Exception as error:
                log.error("a mail could not be composed", outbox_id=message.id, exc_info=error)
                composed[message.id] = error
    finally:
        db.session.rollback()  # no transaction stays open while the server thinks
    return composed


def add_files(
    find_files: FindFiles, messages: Sequence[Claimed], composed: Mapping[int, Composed]
) -> dict[int, Composed]:
    """The mails with their files, each file read once for the whole batch. Where a text's cannot be read, its mails fail
    and no other."""
    having = [message for message in messages if getattr(composed.get(message.id), "has_files", False)]
    keys = [*dict.fromkeys((message.organiser_id, message.template) for message in having)]
    found = _find_each(find_files, keys) if keys else {}
    whole = dict(composed)
    for message in having:
        mail, files = whole[message.id], found.get((message.organiser_id, message.template), ())
        if isinstance(files, Exception):
            whole[message.id] = files
        elif files and isinstance(mail, Email | Unwritten):
            whole[message.id] = replace(mail, parts=files)
    return whole


def _find_each(find_files: FindFiles, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    """The files of each text, or what went wrong: all at once, and only when that raises each text's alone."""
    try:
        return dict(find_files(keys))
    except Exception as error:
        log.error("the files of mails could not be read", exc_info=error)
        db.session.rollback()
        return dict.fromkeys(keys, error) if len(keys) == 1 else _join(find_files, keys)
    finally:
        db.session.rollback()  # no transaction stays open while the server thinks


def _join(find_files: FindFiles, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    found: dict[tuple[int, str], Any] = {}
    for key in keys:
        found |= _find_each(find_files, [key])
    return found


def _as_given(message: Claimed) -> Email:
    """A mail that was put in the outbox with its content; the files of its text, if there are any, go with it."""
    return Email(
        subject=message.subject or "",
        text=message.text or "",
        html=message.html or "",
        from_name=current_app.config["SITE_NAME"],
        has_files=True,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A message ready to go, and what of its mail is kept once it has gone: without the tokens of personal links."""

    message: Claimed
    letter: Letter
    subject: str
    text: str
    html: str
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is not to be sent: what it comes to, and why."""

    message: Claimed
    state: MailState
    why: str


def write_each(
    messages: Sequence[Claimed], composed: Mapping[int, Composed], suppressed: Collection[tuple[str, str]]
) -> Iterator[Written | Refused]:
    """The mails as the server gets them, each when it is asked for; `suppressed` are addresses and the kinds of mail that
    they get none of."""
    fields = Fields()
    for message in messages:
        yield _write(message, composed.get(message.id, NOTHING_LEFT), suppressed, fields)


def _write(
    message: Claimed, mail: Composed, suppressed: Collection[tuple[str, str]], fields: Fields
) -> Written | Refused:
    if isinstance(mail, Unwritten):
        mail = write_out(message, mail)
    if isinstance(mail, Dropped):
        return Refused(message, MailState.CANCELLED, mail.why)
    if isinstance(mail, Exception):
        return Refused(message, MailState.FAILED, f"{CANNOT}: {type(mail).__name__}: {mail}")
    if suppressed and any((message.email_key, kind) in suppressed for kind in ("", mail.category)):
        return Refused(message, MailState.SUPPRESSED, "the address gets no mail of this kind")
    try:
        letter = _write_letter(message, mail, fields)
    except ValueError as error:
        return Refused(message, MailState.FAILED, f"{CANNOT}: {error}")
    calendar = mail.calendar.decode() if mail.calendar is not None else None
    return Written(message, letter, mail.subject, mask_links(mail.text), mask_links(mail.html), calendar)


def write_out(message: Claimed, mail: Unwritten) -> Email | Exception:
    """The mail, or what went wrong with it; without the database."""
    try:
        email = mail.write()
    except Exception as error:
        log.warning("a mail could not be written", outbox_id=message.id, exc_info=error)
        return error
    return replace(email, parts=mail.parts) if mail.parts else email


def _write_letter(message: Claimed, mail: Email, fields: Fields) -> Letter:
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    content = build(
        mail,
        sender=sender,
        to_name=message.name,
        to_address=message.email,
        message_id=message.message_id,
        date=message.dated_at or clock.now(),
        language=message.language,
        fields=fields,
    )
    envelope_from = bounce_address(current_app.config["MAIL_BOUNCE_ADDRESS"], message.public_id) or sender
    return Letter(wire_address(envelope_from), wire_address(message.email), content)
