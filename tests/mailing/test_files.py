"""A file as a part of a message: its name comes out as itself, its bytes too."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.mailing.files import make_part, name_field
from eventsys.mailing.message import Email, build, one_line

ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def parse(email: Email) -> EmailMessage:
    content = build(
        email,
        sender="fra@program.example",
        to_name="",
        to_address="til@kommune.example",
        message_id="a@program.example",
        date=datetime(2008, 8, 18, tzinfo=UTC),
        language="nb",
    )
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[] for _part in message.walk()]
    return message


@pytest.mark.parametrize(
    "name",
    ["Avtale.pdf", "Avtale og notat.pdf", 'Ås "A/S".pdf', "back\\slash.pdf", "=?utf-8?q?x?=.pdf", "å" * 116 + ".pdf",
     "😀" * 100 + ".pdf", "a'b%20.pdf", "x" * 116 + ".pdf", "(a) [b] {c}; d=e, f.pdf"],
)  # fmt: skip
def test_a_name_comes_out_as_itself(name: str) -> None:
    part = make_part(name, "application/pdf", b"%PDF-")
    message = parse(Email("Emne", "Hei\n", "<p>Hei</p>\n", has_files=True, parts=(part,)))
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_disposition()) == (name, "attachment")


@given(st.text(min_size=1, max_size=120))
def test_no_name_begins_a_field(name: str) -> None:
    written = name_field(name)
    assert written.isascii()
    assert all(line.startswith(" ") for line in written.split("\r\n")[1:])
    assert "\n" not in written.replace("\r\n", "")
    read = message_from_bytes(f"Content-Disposition: attachment;\r\n {written}\r\n\r\n".encode(), policy=policy.default)
    said = one_line(name)
    if not any(0xD800 <= ord(sign) <= 0xDFFF for sign in said):
        assert (read.get_filename() or "").split() == (said or "file").split()


def test_files_stand_behind_the_calendar_and_its_copy() -> None:
    files = make_part("Avtale.pdf", "application/pdf", b"%PDF-"), make_part("b.txt", "text/plain; charset=utf-8", b"b")
    message = parse(
        Email("Emne", "Hei\n", "<p>Hei</p>\n", calendar=ICS, calendar_method="REQUEST", has_files=True, parts=files)
    )
    whole, *others = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in whole.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert [(part.get_content_type(), part.get_filename(), part.get_payload(decode=True)) for part in others] == [
        ("application/ics", "invite.ics", ICS),
        ("application/pdf", "Avtale.pdf", b"%PDF-"),
        ("text/plain", "b.txt", b"b"),
    ]
