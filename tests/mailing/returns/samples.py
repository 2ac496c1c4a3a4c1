"""Returned mails as programs write them: reports, delays, automatic replies, calendar answers, notices in free text."""

from __future__ import annotations

import uuid

BOUNCE = "bounce@program.example"
PUBLIC_ID = uuid.UUID("00112233-4455-4677-8899-aabbccddeeff")
VERP = f"bounce+{PUBLIC_ID.hex}@program.example"
KARI = "kari@kommune.example"
MESSAGE_ID = "outbox-5f1d@program.example"
TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
UNKNOWN_USER = "550 5.1.1 <kari@kommune.example>: user unknown"


def message(*lines: str) -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n"


def report(
    *,
    to: str = VERP,
    recipient: str | None = KARI,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = UNKNOWN_USER,
    original: str = MESSAGE_ID,
    more: tuple[str, ...] = (),
) -> bytes:
    """A delivery status notification (RFC 3464) with the head and content of our mail."""
    final = [f"Final-Recipient: rfc822; {recipient}"] if recipient is not None else []
    return message(
        "Return-Path: <>",
        "Received: from mx.kommune.example (localhost [127.0.0.1])",
        "\tby mail.program.example; Mon, 18 Aug 2008 08:00:01 +0200",
        "Date: Mon, 18 Aug 2008 08:00:00 +0200",
        "From: Mail Delivery System <MAILER-DAEMON@mx.kommune.example>",
        "Subject: Undelivered Mail Returned to Sender",
        f"To: {to}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
        "",
        "--b1",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I could not deliver your mail.",
        "",
        "--b1",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.kommune.example",
        "",
        *final,
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {words}",
        *more,
        "",
        "--b1",
        "Content-Type: message/rfc822",
        "",
        f"Message-ID: <{original}>",
        f"List-Unsubscribe: <https://events.example/unsubscribe/{TOKEN}>",
        "Subject: Velkommen",
        "",
        "The content of our own mail",
        "",
        "--b1--",
    )


AUTO_REPLY = message(
    "From: Kari Nordmann <kari@kommune.example>",
    f"To: {VERP}",
    "Subject: =?utf-8?q?Automatisk_svar=3A_P=C3=A5minnelse?=",
    "Auto-Submitted: auto-replied (vacation)",
    f"In-Reply-To: <{MESSAGE_ID}>",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    "SmVnIGVyIHDDpSBmZXJpZSB0aWwgMS4gc2VwdGVtYmVyLg==",
)

CALENDAR_ANSWER = message(
    "From: kari@kommune.example",
    "To: bounce@program.example",
    "Subject: Avslag: Læringsseminar 2",
    "MIME-Version: 1.0",
    'Content-Type: multipart/alternative; boundary="b2"',
    "",
    "--b2",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Kari takker nei",
    "--b2",
    "Content-Type: text/calendar; method=REPLY; charset=utf-8",
    "",
    "BEGIN:VCALENDAR",
    "METHOD:REPLY",
    "BEGIN:VEVENT",
    "UID:6f9619ff-8b86-4011-b42d-00c04fc964ff@",
    " events.example",
    "ATTENDEE;PARTSTAT=DECLINED:mailto:kari@kommune.example",
    "END:VEVENT",
    "END:VCALENDAR",
    "--b2--",
)

FREE_TEXT = message(
    "From: MAILER-DAEMON@mx.kommune.example",
    f"To: {VERP}",
    "Subject: failure notice",
    "",
    "Hi. I could not deliver your mail to these addresses.",
    "",
    "<kari@kommune.example>:",
    "Sorry, no mailbox here by that name. (#5.1.1)",
    "",
    "--- Below this line is a copy of the message.",
    "",
    f"Message-ID: <{MESSAGE_ID}>",
)

LETTER = message(
    "From: Kari Nordmann <kari@kommune.example>",
    "To: bounce@program.example",
    "Subject: Hei",
    "",
    "Kommer det mat?",
)
