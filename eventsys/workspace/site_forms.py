"""What organisers type about the site: news, documents, contact people; nothing here reads the database."""

from __future__ import annotations

from datetime import date, datetime, time

from flask_babel import gettext as _

from eventsys import dates
from eventsys.site.rules import ContactFacts, DocumentFacts, DocumentKind, NewsFacts
from eventsys.workspace.forms import LANGUAGES, Reader, Typed, write_day

LONGEST_TEXT = 20_000
MOST_COPIES = 10_000


def read_news(reader: Reader, *, timezone: str, now: datetime, was: datetime | None = None) -> NewsFacts:
    """`was` is when it came out, which stays where the day is not changed."""
    return NewsFacts(
        title=read_languages(reader, "title", most=200, required=_("Give it a title in one language or more.")),
        text=read_languages(reader, "text", most=LONGEST_TEXT),
        published_at=read_publication(reader, timezone=timezone, now=now, was=was),
    )


def read_document(reader: Reader, *, timezone: str, now: datetime, was: datetime | None = None) -> DocumentFacts:
    kind = reader.typed.get("kind", "")
    return DocumentFacts(
        kind=DocumentKind(kind) if kind in set(DocumentKind) else DocumentKind.DOCUMENT,
        title=read_languages(reader, "title", most=200, required=_("Give it a title in one language or more.")),
        summary=read_languages(reader, "summary", most=2000),
        on_paper=bool(reader.typed.get("on_paper")),
        most_copies=reader.number("most_copies", most=MOST_COPIES) or 100,
        published_at=read_publication(reader, timezone=timezone, now=now, was=was),
    )


def read_contact(reader: Reader) -> ContactFacts:
    email = reader.email("email")
    return ContactFacts(
        name=reader.text("name", most=200, required=_("Write the name.")),
        title=read_languages(reader, "title", most=200),
        email=email,
        phone=reader.text("phone", most=40),
    )


def read_languages(reader: Reader, name: str, *, most: int, required: str = "") -> dict[str, str]:
    """A text in the languages that it was written in; `required` where there is none."""
    found = {code: reader.prose(f"{name}_{code}", most=most) for code in LANGUAGES}
    written = {code: text for code, text in found.items() if text}
    if required and not written:
        reader.errors[f"{name}_nb"] = required
    return written


def type_languages(name: str, text: dict[str, str]) -> dict[str, str]:
    """The fields of a text in each language, as they are typed."""
    return {f"{name}_{code}": text.get(code, "") for code in LANGUAGES}


def read_publication(reader: Reader, *, timezone: str, now: datetime, was: datetime | None) -> datetime | None:
    """None where it is not to be seen; else from the beginning of a day at the organiser's, at once where it is today."""
    if not reader.typed.get("published"):
        return None
    day = reader.day("published_on") or local_day(now, timezone)
    if was is not None and local_day(was, timezone) == day:
        return was
    begins = dates.to_utc(datetime.combine(day, time()), timezone)
    return now if day == local_day(now, timezone) else begins


def type_publication(published_at: datetime | None, timezone: str) -> dict[str, str]:
    if published_at is None:
        return {}
    return {"published": "1", "published_on": write_day(local_day(published_at, timezone))}


def local_day(moment: datetime, timezone: str) -> date:
    return dates.to_local(moment, timezone).date()


def read_edition(typed: Typed) -> int:
    """Which edition of the thing the form was opened with; 0, which none has, where that cannot be read."""
    text = typed.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
