"""Materials as organisers type them: what they are, for whom, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from eventsys import dates
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.rules import MaterialAccess, MaterialKind
from eventsys.workspace.forms import LANGUAGES, Reader, Typed, write_day
from eventsys.workspace.programme.forms import write_clock

NOW, LATER, NOT_YET = "now", "later", "not_yet"


@dataclass(frozen=True)
class MaterialEntry:
    """What was typed of one or several materials: an empty title is the file's own name. `at` is the moment of those that
    come out later."""

    facts: MaterialFacts
    url: str | None
    when: str
    at: datetime | None
    tells: bool


def read_material(
    reader: Reader, *, sessions: Mapping[str, int], accesses: list[MaterialAccess], timezone: str, now: datetime
) -> MaterialEntry | None:
    """None if something is wrong. `sessions` are the event's by what the form calls them."""
    kind = next((one for one in MaterialKind if one == reader.typed.get("kind")), MaterialKind.OTHER)
    access = next((one for one in accesses if one == reader.typed.get("access")), None)
    if access is None:
        reader.errors["access"] = _("Choose who may open it.")
    language = reader.typed.get("language", "")
    url = _read_url(reader)
    when = reader.typed.get("when", NOT_YET)
    at = _read_moment(reader, timezone, now) if when == LATER else None
    title = reader.text("title", most=200)
    if reader.errors or access is None:
        return None
    facts = MaterialFacts(
        title, kind, access, language if language in LANGUAGES else None, sessions.get(reader.typed.get("session", ""))
    )
    return MaterialEntry(facts, url, when, at, "tells" in reader.typed)


def _read_url(reader: Reader) -> str | None:
    url = reader.text("url", most=500)
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url:
        reader.errors["url"] = _("Write a web address, beginning with https://.")
    return url


def _read_moment(reader: Reader, timezone: str, now: datetime) -> datetime | None:
    day = reader.day("publish_on", required=_("Write the day."))
    clock = reader.clock("publish_at", required=_("Write a time such as 10.00."))
    if day is None or clock is None:
        return None
    at = dates.to_utc(datetime.combine(day, clock), timezone)
    if at <= now:
        reader.errors["publish_on"] = _("That moment has passed. Choose «now» or a later one.")
    return at


def type_material(
    facts: MaterialFacts, *, url: str, session: str, published_at: datetime | None, timezone: str, now: datetime
) -> Typed:
    """The form as if somebody had typed the material as it is."""
    local = dates.to_local(published_at, timezone) if published_at else None
    is_later = published_at is not None and published_at > now
    return Typed(
        {
            "title": facts.title,
            "kind": facts.kind.value,
            "access": facts.access.value,
            "language": facts.language or "",
            "session": session,
            "url": url,
            "when": LATER if is_later else NOW if published_at else NOT_YET,
            "publish_on": write_day(local.date()) if local and is_later else "",
            "publish_at": write_clock(local) if is_later else "",
        }
    )
