"""The bytes of a mail: its header fields, its parts, and what a value may not do to them."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.mailing.addresses import BadAddress, email_key, needs_smtputf8, wire_address
from eventsys.mailing.message import Email, Fields, build, one_line

CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Læringsseminar\r\nEND:VCALENDAR\r\n".encode()
ONCE = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
}  # fmt: skip
TRICKY = st.text() | st.text(alphabet='abcå =?,"\\<>@:;()_\r\n\t 中😀\x00\x1b\u2028', max_size=300)


def written(mail: Email, **more: Any) -> bytes:
    values = {
        "sender": "arrangement@eventsys.example",
        "to_name": "Kari Nordmann",
        "to_address": "kari@kommune.example",
        "message_id": "outbox-1@eventsys.example",
        "date": datetime(2008, 8, 18, 6, tzinfo=UTC),
        "language": "nb",
        **more,
    }
    return build(mail, **values)


def read(raw: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def name_in(raw: bytes, field: str) -> tuple[str, str]:
    """The display name and address of a field, as RFC 2047 reads adjacent words."""
    name, address = parseaddr(str(email.message_from_bytes(raw)[field]).replace("\r\n", ""))
    return str(make_header(decode_header(name))), address


def test_a_mail_has_each_field_once() -> None:
    raw = written(
        Email("Læringsseminar 2", "Hei", "<p>Hei</p>", from_name="Sekretariatet", reply_to="post@kkp.example")
    )
    message = read(raw)
    assert sorted(message.keys()) == sorted(ONCE)
    head = raw.split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert head[:10] == [
        "From: Sekretariatet",
        " <arrangement@eventsys.example>",
        "To: Kari Nordmann",
        " <kari@kommune.example>",
        "Reply-To: Sekretariatet",
        " <post@kkp.example>",
        "Subject: =?utf-8?q?L=C3=A6ringsseminar_2?=",
        "Date: Mon, 18 Aug 2008 06:00:00 +0000",
        "Message-ID: <outbox-1@eventsys.example>",
        "Content-Language: nb",
    ]


def test_a_mail_without_a_calendar_is_text_and_html() -> None:
    message = read(written(Email("s", "Blåbær\n", "<p>Blåbær</p>\n")))
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    contents = [part.get_content() for part in message.iter_parts()]
    assert contents == ["Blåbær\r\n", "<p>Blåbær</p>\r\n"]


def test_the_calendar_is_the_last_alternative_and_the_same_bytes_as_a_file() -> None:
    mail = Email("s", "t\n", "<p>h</p>\n", calendar=CALENDAR, calendar_method="REQUEST")
    message = read(written(mail))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    inner, file = (part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics"))
    assert (inner.get_param("method"), inner.get_param("charset")) == ("REQUEST", "utf-8")
    assert inner.get_content_disposition() is None
    assert (file.get_content_disposition(), file.get_filename()) == ("attachment", "invite.ics")
    assert inner.get_payload(decode=True) == file.get_payload(decode=True) == CALENDAR
    assert {part["Content-Transfer-Encoding"] for part in (inner, file)} == {"base64"}


def test_a_long_machine_readable_field_is_never_put_in_encoded_words() -> None:
    link = "<https://arrangement.kvalitetskommuneprogrammet.example/unsubscribe/" + "A" * 43 + ">"
    fields = {"List-Unsubscribe": link, "In-Reply-To": f"<outbox-{'0' * 32}-123456@{'long.' * 12}example>"}
    raw = written(Email("s", "t", "h", headers=fields)).decode("ascii")
    for name, value in fields.items():
        assert f"\r\n{name}: {value}\r\n" in raw


@given(TRICKY, TRICKY, TRICKY)
def test_no_value_makes_a_header_or_a_long_line_and_each_comes_out_as_itself(subject: str, name: str, to: str) -> None:
    raw = written(Email(subject, "t", "h", from_name=name, reply_to="post@kkp.example"), to_name=to)
    message = read(raw)
    assert sorted(message.keys()) == sorted(ONCE)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert message["Subject"] == one_line(subject)[:250]
    assert name_in(raw, "From") == (one_line(name)[:120].strip(), "arrangement@eventsys.example")
    assert name_in(raw, "To") == (one_line(to)[:120].strip(), "kari@kommune.example")


@given(st.text())
def test_no_text_breaks_the_lines_of_a_mail(text: str) -> None:
    raw = written(Email("s", text, text))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()


LINES = st.text() | st.text(alphabet="aå.=\t \r\n-_中😀", max_size=400)


@given(LINES, LINES, st.none() | LINES)
def test_what_is_written_is_read_back_by_the_standard_library_as_it_was(
    text: str, html: str, event: str | None
) -> None:
    calendar = None if event is None else event.encode()
    message = read(written(Email("s", text, html, calendar=calendar, calendar_method="REQUEST")))
    assert [defect for part in message.walk() for defect in part.defects] == []
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and rich is not None  # noqa: PT018
    assert [part.get_payload(decode=True) for part in (plain, rich)] == [lines_of(text), lines_of(html)]
    files = [part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    assert [part.get_payload(decode=True) for part in files] == ([] if calendar is None else [calendar, calendar])


def lines_of(text: str) -> bytes:
    """The text with CRLF at the end of each line and of the last."""
    return b"".join(
        line + b"\r\n"
        for line in text.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    )


def test_fields_that_mails_of_a_batch_share_are_the_same_as_alone() -> None:
    mails = [
        Email(subject, "t", "h", from_name=name, reply_to=reply)
        for subject in ("Læring", "Tale") for name in ("Kari Å", "KKP") for reply in ("", "a@kommune.example")
    ]  # fmt: skip
    fields = Fields()
    assert [written(mail, fields=fields) for mail in mails * 2] == [written(mail) for mail in mails * 2]


@given(st.sampled_from(["List-Id", "Content-Language", "Message-ID"]), TRICKY)
def test_a_machine_readable_field_is_one_line_or_refused(field: str, value: str) -> None:
    more = {"Content-Language": {"language": value}, "Message-ID": {"message_id": value}}.get(field, {})
    headers = {field: value} if not more else {}
    try:
        raw = written(Email("s", "t", "h", headers=headers), **more)
    except ValueError:
        return
    assert set(read(raw).keys()) <= ONCE | {"List-Id"}


def test_a_domain_is_written_by_idna_2008() -> None:
    assert wire_address("kari@blåbær.example") == "kari@xn--blbr-roah.example"
    assert wire_address("kari@straße.example") == "kari@xn--strae-oqa.example"
    assert email_key("Kari@BLÅBÆR.example") == "kari@xn--blbr-roah.example"


def test_letters_before_the_at_stay_and_make_an_internationalised_message() -> None:
    assert needs_smtputf8("åse@kommune.example")
    raw = written(Email("s", "t", "h"), to_name="Åse", to_address="åse@blåbær.example")
    assert "\r\nTo: =?utf-8?q?=C3=85se?=\r\n <åse@xn--blbr-roah.example>\r\n".encode() in raw


@pytest.mark.parametrize(
    "address",
    ["", "kari", "@kommune.example", "kari@", "kari nordmann@kommune.example", "kari@kommune.example\r\nBcc: x@y.example",
     "kari\x00@kommune.example", "a@b@kommune.example", "<kari@kommune.example>", ".kari@kommune.example",
     "kari@-kommune.example", "kari@kommune..example", "k" * 65 + "@kommune.example", "kari@" + "k" * 64 + ".example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(BadAddress):
        written(Email("s", "t", "h"), to_address=address)
