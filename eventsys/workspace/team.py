"""What owners type about their colleagues, turned into values or errors beside the field; no database."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from eventsys.accounts.rules import MemberRole
from eventsys.mailing.addresses import email_key
from eventsys.workspace.forms import LANGUAGES, Reader


@dataclass(frozen=True, slots=True)
class ColleagueEntry:
    """Who is asked to join, as what, and for a helper with which event (its slug)."""

    name: str
    email: str
    key: str
    language: str
    role: MemberRole
    event_slug: str | None


def read_colleague(reader: Reader, slugs: list[str]) -> ColleagueEntry | None:
    """The entry, or None with what is wrong in `reader`; `slugs` are the events that one may help with."""
    name = reader.text("name", most=200, required=_("Write what the person is called."))
    email = reader.email("email", required=_("Write an e-mail address, such as name@municipality.example."))
    role = read_role(reader)
    language = reader.typed.get("language", "")
    slug = read_event(reader, slugs) if role is MemberRole.HELPER else None
    if role is None or reader.errors:
        return None
    return ColleagueEntry(name, email, email_key(email), language if language in LANGUAGES else "nb", role, slug)


def read_role(reader: Reader) -> MemberRole | None:
    value = reader.typed.get("role", "")
    if value in set(MemberRole):
        return MemberRole(value)
    reader.errors["role"] = _("Choose what the person may do.")
    return None


def read_event(reader: Reader, slugs: list[str]) -> str | None:
    slug = reader.typed.get("event", "")
    if slug in slugs:
        return slug
    reader.errors["event"] = _("Choose the event that a helper helps with.")
    return None


def read_helped(reader: Reader, slugs: list[str], role: MemberRole | None) -> list[str]:
    """The events that a helper is to help with, of those that there are."""
    chosen = [slug for slug in slugs if slug in reader.typed.getlist("events")]
    if role is MemberRole.HELPER and not chosen:
        reader.errors["events"] = _("Choose the events that a helper helps with.")
    return chosen
