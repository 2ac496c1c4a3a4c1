"""Reads the folder of caught mails: the list, newest first, and one mail with its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from icalendar import Calendar

from eventsys.extensions import ROOT

NAME = re.compile(r"[0-9]{1,30}-[0-9]{1,12}")
# Enough of a file for every header of a mail, and no more, for the list.
HEAD = 16 * 1024


@dataclass(frozen=True)
class Listed:
    """A mail in the list: `name` is the file's name, `date` what its header says."""

    name: str
    subject: str
    to: str
    date: datetime | None


@dataclass(frozen=True)
class Mail:
    """One mail as a reader wants it; `calendar` is the calendar part as sent, empty if there is none."""

    listed: Listed
    headers: list[tuple[str, str]]
    text: str
    html: str
    calendar: str


def mail_folder(database_url: str) -> Path:
    """Where the mails are: beside an SQLite file, in `var/` otherwise."""
    url = sa.make_url(database_url)
    beside = Path(url.database).parent if url.drivername.startswith("sqlite") and url.database else ROOT / "var"
    return beside / "mail"


def list_mails(folder: Path, *, address: str = "", limit: int = 200) -> list[Listed]:
    """The newest mails, of those whose recipient holds `address`."""
    wanted = address.strip().casefold()
    found = (_listed(path) for path in sorted(folder.glob("*.eml"), reverse=True))
    return list(islice((mail for mail in found if wanted in mail.to.casefold()), limit))


def read_mail(folder: Path, name: str) -> Mail | None:
    """The mail of this name; None if there is none."""
    path = folder / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    message = _parse(path.read_bytes())
    headers = [(key, str(value)) for key, value in message.items()]
    parts = {kind: _part(message, kind) for kind in ("text/plain", "text/html", "text/calendar")}
    return Mail(_list(name, message), headers, parts["text/plain"], parts["text/html"], parts["text/calendar"])


def describe_calendar(calendar: str) -> list[tuple[str, str]]:
    """The facts of a calendar part as (property, value), for people to read."""
    parsed = Calendar.from_ical(calendar)
    facts = [("METHOD", str(parsed.get("METHOD", "")))]
    for entry in parsed.walk("VEVENT"):
        names = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "STATUS", "SEQUENCE", "UID", "ORGANIZER", "ATTENDEE")
        facts += [(name, _value(entry[name])) for name in names if name in entry]
    return facts


def _value(value: object) -> str:
    moment = getattr(value, "dt", None)
    return moment.isoformat(" ") if isinstance(moment, datetime) else str(moment if isinstance(moment, date) else value)


def _parse(content: bytes) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)


def _listed(path: Path) -> Listed:
    with path.open("rb") as file:
        head = re.split(rb"\r?\n\r?\n", file.read(HEAD), maxsplit=1)[0]
    return _list(path.stem, _parse(head + b"\r\n\r\n"))


def _list(name: str, message: EmailMessage) -> Listed:
    sent = getattr(message["Date"], "datetime", None)
    return Listed(name, str(message["Subject"] or ""), str(message["To"] or ""), sent)


def _part(message: EmailMessage, kind: str) -> str:
    return next((str(part.get_content()) for part in _leaves(message) if part.get_content_type() == kind), "")


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part
