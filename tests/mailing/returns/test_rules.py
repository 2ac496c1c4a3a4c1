"""What a returned mail says, from its bytes: each kind is known, and no bytes at all are too strange to be read."""

from __future__ import annotations

import random
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.mailing.returns.rules import MOST_KEPT, Fate, Returned, find_public_id, read
from eventsys.mailing.rules import ReturnKind
from tests.mailing.returns import samples
from tests.mailing.returns.samples import (
    BOUNCE,
    KARI,
    MESSAGE_ID,
    PUBLIC_ID,
    TOKEN,
    UNKNOWN_USER,
    VERP,
    message,
    report,
)


def look(raw: bytes, envelope_to: str = "") -> Returned:
    return read(raw, bounce_address=BOUNCE, envelope_to=envelope_to)


def facts(raw: bytes) -> tuple[str, str, str]:
    found = look(raw)
    return found.kind.value, found.status, found.words


def test_a_report_says_who_did_not_get_which_mail_and_why() -> None:
    found = look(report())
    assert (found.kind, found.fates) == (
        ReturnKind.HARD_BOUNCE,
        (Fate(KARI, ReturnKind.HARD_BOUNCE, "5.1.1", UNKNOWN_USER),),
    )
    assert (found.sender, found.subject, found.message_ids, found.public_id, found.is_report) == (
        "MAILER-DAEMON@mx.kommune.example",
        "Undelivered Mail Returned to Sender",
        (MESSAGE_ID,),
        PUBLIC_ID,
        True,
    )


@pytest.mark.parametrize(
    "action, status, kind",
    [
        ("failed", "5.1.1", "hard_bounce"),
        ("failed", "5.1.2", "hard_bounce"),
        ("failed", "5.1.3", "hard_bounce"),
        ("failed", "5.1.6", "hard_bounce"),
        ("failed", "5.1.10", "hard_bounce"),
        ("Failed ", "5.2.1", "hard_bounce"),
        ("failed", "5.4.4", "hard_bounce"),
        ("failed", "5.1.8", "soft_bounce"),
        ("failed", "5.2.2", "soft_bounce"),
        ("failed", "5.3.4", "soft_bounce"),
        ("failed", "5.4.1", "soft_bounce"),
        ("failed", "5.6.1", "soft_bounce"),
        ("failed", "5.7.1", "soft_bounce"),
        ("failed", "5.7.26", "soft_bounce"),
        ("failed", "4.4.7", "soft_bounce"),
        ("failed", "4.2.2", "soft_bounce"),
        ("failed", "", "soft_bounce"),
        ("delayed", "4.4.1", "delay"),
        ("delayed", "5.1.1", "delay"),
        ("", "5.1.1", "hard_bounce"),
        ("", "4.2.2", "delay"),
        ("delivered", "2.0.0", "unknown"),
        ("relayed", "2.0.0", "unknown"),
        ("expanded", "2.0.0", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_only_what_is_about_the_address_is_a_hard_bounce(action: str, status: str, kind: str) -> None:
    assert look(report(action=action, status=status, words="")).kind.value == kind


def test_a_status_that_says_nothing_gives_way_to_the_one_in_the_servers_words() -> None:
    assert facts(report(status="5.0.0")) == ("hard_bounce", "5.1.1", UNKNOWN_USER)
    assert facts(report(status="5.0.0", words="550 no")) == ("soft_bounce", "5.0.0", "550 no")
    assert facts(report(status="4.0.0", action="delayed"))[:2] == ("delay", "4.0.0")
    assert facts(report(status="5.7.1"))[:2] == ("soft_bounce", "5.7.1")


def test_the_gravest_of_several_recipients_stands_for_the_whole_and_all_are_kept() -> None:
    full = ("", "Final-Recipient: rfc822;per@kommune.example", "Action: failed", "Status: 5.2.2")
    delivered = ("", "Final-Recipient: rfc822;ola@kommune.example", "Action: relayed", "Status: 2.1.9")
    found = look(report(more=(*delivered, *full)))
    assert (found.kind.value, found.recipients) == ("hard_bounce", (KARI, "per@kommune.example"))


def test_an_internationalised_report_is_read_too() -> None:
    raw = report().replace(b"message/delivery-status", b"message/global-delivery-status")
    raw = raw.replace(b"rfc822; kari@", "utf-8; kåre@".encode()).replace(b"message/rfc822", b"message/global")
    found = look(raw)
    assert (found.kind.value, found.status, found.recipients) == ("hard_bounce", "5.1.1", ("kåre@kommune.example",))


def test_a_report_that_names_nobody_or_only_returns_the_head_is_a_report() -> None:
    assert look(report(recipient=None)).fates == (Fate("", ReturnKind.HARD_BOUNCE, "5.1.1", UNKNOWN_USER),)
    headers = report().replace(b"message/rfc822", b"text/rfc822-headers")
    assert (look(headers).message_ids, look(headers).kind.value) == ((MESSAGE_ID,), "hard_bounce")


def test_a_report_inside_a_forwarded_mail_is_not_the_senders() -> None:
    head = b"From: kari@kommune.example\r\nContent-Type: message/rfc822\r\n\r\n"
    assert look(head + report()).kind is ReturnKind.UNKNOWN
    mixed = report().replace(b"multipart/report", b"multipart/mixed").replace(b"Auto-Submitted", b"X-Was")
    assert look(mixed).kind is ReturnKind.UNKNOWN


def test_an_automatic_reply_is_known_and_read() -> None:
    found = look(samples.AUTO_REPLY)
    assert (found.kind.value, found.subject, found.words, found.message_ids) == (
        "auto_reply",
        "Automatisk svar: Påminnelse",
        "Jeg er på ferie til 1. september.",
        (MESSAGE_ID,),
    )


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        'Auto-Submitted: auto-generated; owner-email="x@kommune.example"',
        "X-Autoreply: yes",
        "X-Autorespond: yes",
        "Precedence: auto_reply",
        "Subject: Automatic reply: Velkommen",
        "Subject: Out of Office: Velkommen",
        "Subject: Autosvar: Velkommen",
        "Subject: Fraværsmelding",
        "Subject: Automatisk svar",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ],
)
def test_what_programs_write_on_their_own_is_an_automatic_reply(line: str) -> None:
    assert look(message("From: kari@kommune.example", line, "", "Hei")).kind is ReturnKind.AUTO_REPLY


@pytest.mark.parametrize("line", ["Auto-Submitted: no", "Subject: Vi er ute av office", "Precedence: bulk", "To: x"])
def test_what_a_person_wrote_is_no_automatic_reply(line: str) -> None:
    assert look(message("From: kari@kommune.example", line, "", "Hei")).kind is ReturnKind.UNKNOWN
    assert facts(samples.LETTER) == ("unknown", "", "Kommer det mat?")


def test_a_calendar_answer_says_what_was_answered_to_which_entry() -> None:
    found = look(samples.CALENDAR_ANSWER)
    assert (found.kind.value, found.status, found.words, found.answered_uid) == (
        "calendar_answer",
        "declined",
        "Kari takker nei",
        "6f9619ff-8b86-4011-b42d-00c04fc964ff@events.example",
    )


def test_an_invitation_that_somebody_sends_is_no_answer() -> None:
    assert look(samples.CALENDAR_ANSWER.replace(b"REPLY", b"REQUEST")).kind is ReturnKind.UNKNOWN


def test_a_notice_in_free_text_is_unknown_with_a_guess_of_what_it_means() -> None:
    found = look(samples.FREE_TEXT)
    assert (found.kind.value, found.is_report, found.message_ids) == ("unknown", False, (MESSAGE_ID,))
    assert [(fate.recipient, fate.kind.value, fate.status) for fate in found.fates] == [(KARI, "hard_bounce", "5.1.1")]
    from_person = samples.FREE_TEXT.replace(b"MAILER-DAEMON", b"kari")
    assert look(from_person).fates == ()


@pytest.mark.parametrize(
    "address, found",
    [
        (VERP, True),
        (VERP.upper(), True),
        (f"<{VERP}>", True),
        ("bounce@program.example", False),
        (VERP.replace("bounce+", "other+"), False),
        (VERP.replace("program", "other"), False),
        (VERP.replace("+0", "+"), False),
        (VERP.replace("+0", "+g"), False),
        ("", False),
    ],
)
def test_the_mail_is_named_by_the_address_that_it_came_back_to(address: str, found: bool) -> None:
    assert find_public_id([address], BOUNCE) == (PUBLIC_ID if found else None)


def test_the_envelope_goes_before_the_headers_and_any_of_these_headers_will_do() -> None:
    plain = report(to="Undisclosed <nobody@program.example>")
    assert look(plain).public_id is None
    assert look(plain, VERP).public_id == PUBLIC_ID
    for name in ("Delivered-To", "X-Original-To", "Envelope-To"):
        assert look(f"{name}: {VERP}\r\n".encode() + plain).public_id == PUBLIC_ID
    other = VERP.replace("0", "1")
    assert look(report(to=other), VERP).public_id == PUBLIC_ID


def test_the_same_mail_has_the_same_key_by_whatever_way_it_came() -> None:
    raw = report()
    again = b"Delivered-To: bounce@program.example\nReceived: from elsewhere\n\tby here\n" + raw.replace(b"\r\n", b"\n")
    assert look(raw).key == look(again).key
    assert look(raw).key != look(report(status="5.2.1")).key
    assert look(samples.LETTER, VERP).key != look(samples.LETTER).key


def test_our_own_mails_content_and_personal_links_are_not_kept() -> None:
    kept = look(report()).raw.decode()
    assert "The content of our own mail" not in kept
    assert TOKEN not in kept
    assert f"Message-ID: <{MESSAGE_ID}>" in kept
    assert "List-Unsubscribe: <https://events.example/unsubscribe/…>" in kept


def test_personal_links_in_a_quoted_text_are_masked_however_it_is_coded() -> None:
    link = f"https://events.example/registrations/{TOKEN}"
    broken = f"https://events.example/registrations/{TOKEN[:20]}=\r\n{TOKEN[20:]}"
    head = ("From: kari@kommune.example", "Auto-Submitted: auto-replied")
    coded = b64encode(f"Jeg er borte. {link}\n".encode() * 3)
    lines = b"\r\n".join(coded[start : start + 76] for start in range(0, len(coded), 76))
    mails = [
        message(*head, "", f"Jeg er borte. {link} x"),
        message(*head, "Content-Transfer-Encoding: quoted-printable", "", f"Jeg er borte. {broken} x"),
        message(*head, "Content-Transfer-Encoding: base64", "", lines.decode()),
    ]
    for found in map(look, mails):
        assert found.words.startswith("Jeg er borte. https://events.example/registrations/… ")
        assert TOKEN not in found.words
        assert TOKEN not in found.raw.decode().replace("=\r\n", "")
    assert b"[...]" in look(mails[2]).raw


def test_a_page_of_html_is_read_as_text() -> None:
    head = ("From: kari@kommune.example", "Auto-Submitted: auto-replied", "Content-Type: text/html")
    raw = message(*head, "", "<style>p {color: red}</style><p>Jeg er <b>borte</b> &amp; ute<script>x</script></p>")
    assert look(raw).words == "Jeg er borte & ute"


def test_signs_that_no_database_holds_become_spaces() -> None:
    raw = message("From: a\0b@kommune.example", "Subject: =?utf-8?q?a=00b=0d=0aBcc=3A_x?=", "", "a\0b")
    found = look(raw)
    assert (found.subject, found.words) == ("a b Bcc: x", "a b")
    assert "\0" not in found.sender


HOSTILE = {
    "deep": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number) for number in range(5000)
    ),
    "many lines": b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + b"--b\r\n" * 20_000,
    "addresses": b"To: " + b"a@b.example, " * 9000 + b"\r\n\r\n",
    "angles": b"From: mailer-daemon\r\n\r\n" + b"<a@b>:" * 20_000,
    "styles": b"Content-Type: text/html\r\n\r\n" + b"<style>" * 18_000,
    "code": b"\r\n\r\n" + b"A" * 120_000,
    "slashes": b"\r\n\r\n" + b"/a" * 60_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?=ff?= " * 8000 + b"\r\n\r\n",
    "odd charsets": b"Subject: =?nope?q?a?=\r\nContent-Type: text/plain; charset=nope\r\n\r\nHei",
    "bad base64": b"Subject: =?utf-8?b?a?=\r\nContent-Transfer-Encoding: base64\r\n\r\nabc",
    "blank lines": report() + b"\r\n" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_keep_a_reader_busy_is_read_quickly(name: str) -> None:
    began = time.process_time()
    found = look(HOSTILE[name])
    assert time.process_time() - began < 2
    assert len(found.raw) <= MOST_KEPT


def check(found: Returned) -> None:
    """Whatever came, what is kept fits the table's columns."""
    assert isinstance(found.kind, ReturnKind)
    assert len(found.key) == 64
    assert len(found.raw) <= MOST_KEPT
    assert (len(found.sender) <= 320, len(found.subject) <= 300, len(found.status) <= 20, len(found.words) <= 1000) == (
        True, True, True, True,
    )  # fmt: skip
    for text in (found.sender, found.subject, found.status, found.words, *found.recipients):
        assert "\0" not in text
        text.encode()


@given(st.binary(max_size=2000))
def test_no_bytes_are_too_strange_to_be_read(raw: bytes) -> None:
    check(look(raw))
    check(look(b"From: MAILER-DAEMON\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n" + raw))


PIECES = [
    b"\r\n", b"--b1\r\n", b"Content-Type: message/delivery-status\r\n\r\n", b"Content-Type: message/rfc822\r\n\r\n",
    b"Status: 5.1.1\r\n", b"Action: failed\r\n", b"\0", b"\xff\xfe", b"=?utf-8?b?", b"Final-Recipient: ;;;\r\n",
    b"Content-Type: text/calendar; method*0*=utf-8''RE\r\n\r\n", b"Content-Type: multipart/report; boundary=\"\"\r\n",
    b"From: \"\r\n", b"To: <<@>,(\r\n", b"charset=undecided", b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin\r\n",
]  # fmt: skip


@given(st.integers(min_value=0), st.sampled_from([report(), samples.AUTO_REPLY, samples.CALENDAR_ANSWER]))
def test_no_report_is_mangled_so_that_it_cannot_be_read(seed: int, raw: bytes) -> None:
    chance = random.Random(seed)
    changed = bytearray(raw)
    for _time in range(chance.randint(1, 12)):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice([0, 1, 5, 40, 400]))
        changed[start:end] = chance.choice([b"", chance.choice(PIECES), chance.randbytes(6)])
    check(look(bytes(changed)))
