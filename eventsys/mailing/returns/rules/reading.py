"""What a returned mail says, read from its bytes (RFC 3464, 3463, 3834, 6047). Pure; whatever the bytes, it never raises."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parseaddr

from eventsys.mailing.returns.rules.keeping import (
    BLANK_LINE,
    MOST_WORDS,
    from_html,
    keep_beginning,
    make_key,
    tidy,
    to_plain,
)
from eventsys.mailing.rules import ReturnKind

MOST_READ = 128 * 1024
"""Bytes of a returned mail that are looked at: what matters stands before the copy of ours."""
MOST_PARTS = 40
"""A mail that declares more parts than this is taken apart by nobody."""
MOST_TEXT = 8192
MOST_FATES = 50

OUTCOMES = {"failed": ReturnKind.SOFT_BOUNCE, "delayed": ReturnKind.DELAY}
GRAVEST = (ReturnKind.HARD_BOUNCE, ReturnKind.SOFT_BOUNCE, ReturnKind.DELAY)
ABOUT_ADDRESS = frozenset("5.1.0 5.1.1 5.1.2 5.1.3 5.1.4 5.1.6 5.1.10 5.2.1 5.4.4".split())
"""What says that the address itself takes no mail: unknown, moved, closed, its domain not there or without mail."""
ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
MESSAGE_ID = re.compile(r"<([^<>\s]{3,200})>")
COPIED_ID = re.compile(r"(?im)^[> \t]*Message-ID:\s{0,80}<([^<>\s]{3,200})>")
NAMED = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,255})>:")
DAEMONS = frozenset({"mailer-daemon", "postmaster"})
REPLY_SUBJECT = re.compile(
    r"(automatic reply|auto(matic)?[ -]?(reply|response)|out of( the)? office|automatisk svar|autosvar|fraværsmelding"
    r"|fråværsmelding|fråversmelding|ikke til stede|ikkje til stades)\b",
    re.I,
)
REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoreply-from", "x-mail-autoreply")
REPLY_PRECEDENCE = ("auto_reply", "auto-reply", "autoreply")
ANSWERS = ("reply", "counter", "refresh", "declinecounter")


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report says became of the mail to one address; no address where the report names none."""

    recipient: str
    kind: ReturnKind
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back. `status` is an enhanced status code, or the answer to an invitation (`accepted`).

    `is_report` is false for a notice in free text: its `fates` are a guess, good only for a mail that it surely is about.
    `answered_uid` is the calendar entry that was answered. `raw` is the beginning, without our own mail's content.
    """

    kind: ReturnKind
    key: str
    raw: bytes
    sender: str = ""
    subject: str = ""
    status: str = ""
    words: str = ""
    fates: tuple[Fate, ...] = ()
    is_report: bool = True
    message_ids: tuple[str, ...] = ()
    public_id: uuid.UUID | None = None
    answered_uid: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(fate.recipient for fate in self.fates if fate.recipient)


@dataclass(slots=True)
class _Found:
    """The parts that say something."""

    report: Message | None = None
    copy: Message | None = None
    text: str = ""
    calendar: str = ""
    method: str = ""


def read(raw: bytes, *, bounce_address: str, envelope_to: str = "") -> Returned:
    """Says what the bytes are. Which of our mails they are about is told by `envelope_to`, else by their headers."""
    raw = raw[:MOST_READ]
    public_id = find_public_id([envelope_to], bounce_address)
    try:
        message = _parse(raw)
        public_id = public_id or find_public_id(_addressees(message), bounce_address)
        return _describe(message, raw, public_id)
    except Exception:  # the standard library's parser raises a dozen kinds of error on hostile bytes
        return Returned(ReturnKind.UNKNOWN, make_key(raw, public_id), keep_beginning(raw), public_id=public_id)


def find_public_id(addresses: Iterable[str], bounce_address: str) -> uuid.UUID | None:
    """The mail that an address of the form `bounce+<32 hex>@domain` stands for."""
    local, _at, domain = bounce_address.casefold().rpartition("@")
    for address in addresses:
        name, _at, where = address.strip(" <>").casefold().rpartition("@")
        head, plus, number = name.rpartition("+")
        if plus and (head, where) == (local, domain) and re.fullmatch("[0-9a-f]{32}", number):
            return uuid.UUID(number)
    return None


def _parse(raw: bytes) -> Message:
    """The message, only its head where it is made to keep a parser busy."""
    is_deep = raw.lower().count(b"content-type:") > MOST_PARTS
    return BytesParser(policy=compat32).parsebytes(raw, headersonly=is_deep)


def _describe(message: Message, raw: bytes, public_id: uuid.UUID | None) -> Returned:
    found = _take_apart(message)
    sender = tidy(parseaddr(_header(message, "From"))[1], 320)
    fates, is_report = tuple(_read_report(found.report)), True
    if not found.report and _is_daemon(message, sender):
        fates, is_report = tuple(_guess(found.text)), False
    kind, status, words = _sum_up(message, found, fates if is_report else ())
    return Returned(
        kind=kind,
        key=make_key(raw, public_id),
        raw=keep_beginning(raw),
        sender=sender,
        subject=tidy(_header(message, "Subject"), 300),
        status=status,
        words=words,
        fates=fates,
        is_report=is_report,
        message_ids=tuple(dict.fromkeys(_message_ids(message, found))),
        public_id=public_id,
        answered_uid=_calendar_value(found.calendar, "UID") if kind is ReturnKind.CALENDAR_ANSWER else "",
    )


def _sum_up(message: Message, found: _Found, fates: tuple[Fate, ...]) -> tuple[ReturnKind, str, str]:
    """Kind, status and words of the whole."""
    worst = min(fates, key=lambda fate: GRAVEST.index(fate.kind), default=None)
    if worst:
        return worst.kind, worst.status, worst.words
    said = to_plain(found.text)
    if message.get_content_type() == "multipart/report" and not _is_receipt(message):
        return ReturnKind.UNKNOWN, "", said
    if found.calendar and found.method in ANSWERS:
        answer = re.search(r"(?i)PARTSTAT=\"?([A-Z-]{1,20})", found.calendar)
        return ReturnKind.CALENDAR_ANSWER, answer[1].lower() if answer else "", said
    if _is_auto_reply(message):
        return ReturnKind.AUTO_REPLY, "", said
    return ReturnKind.UNKNOWN, "", said


def _take_apart(message: Message) -> _Found:
    """The first part of each kind. What stands inside a forwarded mail is not said by the sender, and not looked at."""
    found = _Found()
    is_report = message.get_content_type() == "multipart/report"
    for part, depth in _leaves(message):
        kind = part.get_content_type()
        if is_report and depth == 1 and kind in ("message/delivery-status", "message/global-delivery-status"):
            found.report = found.report or part
        elif kind in ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"):
            found.copy = found.copy or part
        elif kind == "text/calendar" and not found.calendar:
            found.calendar = _text(part).replace("\r\n", "\n").replace("\n ", "")
            found.method = str(part.get_param("method") or _calendar_value(found.calendar, "METHOD")).lower()
        elif kind == "text/plain" or (kind == "text/html" and not found.text):
            found.text = found.text or (_text(part) if kind == "text/plain" else from_html(_text(part)))
    return found


def _leaves(message: Message, depth: int = 0) -> Iterator[tuple[Message, int]]:
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)
    else:
        yield message, depth


def _read_report(report: Message | None) -> Iterator[Fate]:
    """The fate of each recipient that did not simply get the mail (RFC 3464 §2.3)."""
    payload = report.get_payload() if report else None
    blocks = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    if len(blocks) == 1 and isinstance(rest := blocks[0].get_payload(decode=True), bytes):
        # The internationalised form (RFC 6533) is parsed as a mail: the other blocks are its body.
        blocks += [BytesParser(policy=compat32).parsebytes(text) for text in BLANK_LINE.split(rest) if text.strip()]
    for block in blocks[:MOST_FATES]:
        if "Action" in block or "Status" in block:
            status, words = _status_of(block)
            kind = _kind_of(_header(block, "Action").strip().lower(), status)
            if kind:
                yield Fate(tidy(_typed(_header(block, "Final-Recipient")).strip(' \t<>"'), 320), kind, status, words)


def _status_of(block: Message) -> tuple[str, str]:
    """The status; where it says nothing (5.0.0) the one in the other server's words, which say more."""
    words = tidy(_typed(_header(block, "Diagnostic-Code")), MOST_WORDS)
    given = ENHANCED.search(_header(block, "Status"))
    heard = ENHANCED.search(words)
    if given and heard and given[0].endswith(".0.0") and heard[1] == given[1]:
        given = heard
    return (given[0] if given else ""), words


def _kind_of(action: str, status: str) -> ReturnKind | None:
    if not action:
        action = {"5": "failed", "4": "delayed"}.get(status[:1], "")
    if action == "failed" and status in ABOUT_ADDRESS:
        return ReturnKind.HARD_BOUNCE
    return OUTCOMES.get(action)


def _guess(text: str) -> Iterator[Fate]:
    """Fates from a notice in free text that names addresses as `<…>:` and a status code after each."""
    names = list(NAMED.finditer(text))[:MOST_FATES]
    for place, name in enumerate(names):
        said = text[name.end() : names[place + 1].start() if place + 1 < len(names) else name.end() + MOST_WORDS]
        status = ENHANCED.search(said)
        if status and (kind := _kind_of("", status[0])):
            yield Fate(name[1], kind, status[0], tidy(said, MOST_WORDS))


def _is_daemon(message: Message, sender: str) -> bool:
    return sender.casefold().partition("@")[0] in DAEMONS or _header(message, "Return-Path").strip() == "<>"


def _is_receipt(message: Message) -> bool:
    """Whether it says that the mail was shown or deleted (RFC 8098)."""
    return str(message.get_param("report-type")).lower() == "disposition-notification"


def _is_auto_reply(message: Message) -> bool:
    """RFC 3834, and what programs sent before it or beside it."""
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _is_receipt(message)
        or any(name in message for name in REPLY_HEADERS)
        or _header(message, "Precedence").strip().lower() in REPLY_PRECEDENCE
        or REPLY_SUBJECT.match(_header(message, "Subject").strip()) is not None
    )


def _message_ids(message: Message, found: _Found) -> Iterator[str]:
    """Of the mail that it is about, surest first."""
    copy = found.copy.get_payload() if found.copy else None
    if isinstance(copy, list) and copy and isinstance(copy[0], Message):
        yield from MESSAGE_ID.findall(_header(copy[0], "Message-ID"))[:1]
    elif isinstance(copy, str):
        yield from COPIED_ID.findall(copy[:MOST_TEXT])[:1]
    for name in ("In-Reply-To", "References"):
        yield from MESSAGE_ID.findall(_header(message, name))[-5:]
    yield from COPIED_ID.findall(found.text)[:1]


def _addressees(message: Message) -> Iterator[str]:
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To"):
        for _name, address in getaddresses([str(value)[:MOST_TEXT] for value in message.get_all(name, [])[:10]]):
            yield address


def _header(message: Message, name: str) -> str:
    """The first field of that name, decoded where that can be done."""
    found = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    value = str(found)[:MOST_TEXT].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, MessageError):
        return value


def _typed(value: str) -> str:
    """The value of a field that begins with its type: `rfc822; somebody@…`."""
    return value.partition(";")[2] if ";" in value else value


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload[:MOST_TEXT] if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _calendar_value(calendar: str, name: str) -> str:
    value = re.search(rf"(?im)^{name}(?:;[^:\n]*)?:([^\n]{{1,255}})", calendar)
    return tidy(value[1], 255) if value else ""
