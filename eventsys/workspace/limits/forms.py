"""Terms, quotas, held places and rooms as organisers type them, turned into values or errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from eventsys.registrations.limits.terms import Part, Terms
from eventsys.registrations.rules import Side
from eventsys.workspace.forms import MOST_PEOPLE, Reader, Typed, write_day

MOST_HOURS = 24 * 60
MOST_ORGANISATIONS = 200
MOST_NIGHTS = 30
DEADLINES = ("names_by", "change_by", "cancel_by", "hand_over_by")


def read_terms(reader: Reader) -> Terms | None:
    """The terms that were typed; None if something is wrong with them."""
    days = {name: reader.day(name) for name in DEADLINES}
    offers = reader.typed.get("mode") == "offer"
    offer_hours = reader.number("offer_hours", most=MOST_HOURS) if offers else None
    if offers and offer_hours is None and "offer_hours" not in reader.errors:
        reader.errors["offer_hours"] = _("Write how many hours they have to answer.")
    stops = read_whole(reader, "promotion_stops_hours", most=MOST_HOURS)
    if stops is None and "promotion_stops_hours" not in reader.errors:
        reader.errors["promotion_stops_hours"] = _("Write how many hours; 0 for until it begins.")
    if reader.errors or stops is None:
        return None
    return Terms("asks_approval" in reader.typed, **days, offer_hours=offer_hours, promotion_stops_hours=stops)


def type_terms(terms: Terms) -> Typed:
    """The form as if somebody had typed the terms as they are."""
    typed = Typed({name: write_day(getattr(terms, name)) for name in DEADLINES})
    typed["mode"] = "offer" if terms.offer_hours else "at_once"
    typed["offer_hours"] = str(terms.offer_hours or "")
    typed["promotion_stops_hours"] = str(terms.promotion_stops_hours)
    if terms.asks_approval:
        typed["asks_approval"] = "1"
    return typed


def read_whole(reader: Reader, name: str, *, most: int) -> int | None:
    """A whole number from 0; None where nothing is typed, or something wrong is."""
    text = reader.typed.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        reader.errors[name] = _("Write a whole number from 0 to %(most)s.", most=most)
        return None
    return int(text)


@dataclass(frozen=True)
class QuotaEntry:
    part: Part
    free_seats: int | None
    most_seats: int | None


def part_key(part: Part) -> str:
    """What a part is called in forms: «each», «each-3», «all-3», «side-politician»."""
    if part.side is not None:
        return f"side-{part.side}"
    if part.cohort_id is None:
        return "each"
    return f"each-{part.cohort_id}" if part.per_organisation else f"all-{part.cohort_id}"


def list_parts(cohort_ids: list[int]) -> list[Part]:
    """All that a quota can be of."""
    each = [Part(True, cohort_id) for cohort_id in cohort_ids]
    together = [Part(False, cohort_id) for cohort_id in cohort_ids]
    return [Part(), *each, *together, *(Part(False, None, side) for side in Side)]


def read_quota(reader: Reader, parts: list[Part]) -> QuotaEntry | None:
    """The quota that was typed; None if something is wrong with it."""
    part = next((part for part in parts if part_key(part) == reader.typed.get("part")), None)
    free, most = read_whole(reader, "free_seats", most=MOST_PEOPLE), read_whole(reader, "most_seats", most=MOST_PEOPLE)
    if part is None:
        reader.errors["part"] = _("Choose whose places it is about.")
    elif free is not None and not part.per_organisation:
        reader.errors["free_seats"] = _("Places without cost are for single organisations only. Leave it empty.")
    if free is None and most is None and not reader.errors:
        reader.errors["most_seats"] = _("Write how many.")
    if free is not None and most is not None and free > most:
        reader.errors["free_seats"] = _("More cannot be without cost than there may be.")
    return QuotaEntry(part, free, most) if part is not None and not reader.errors else None


@dataclass(frozen=True)
class HoldEntry:
    """`names` are what was typed of the organisations, a line for each."""

    names: tuple[str, ...]
    places: int
    held_until: date


def read_hold(reader: Reader, *, today: date) -> HoldEntry | None:
    """The places to hold; None if something is wrong with them."""
    lines = reader.prose("organisations", most=10_000).splitlines()
    names = tuple(dict.fromkeys(name for line in lines if (name := " ".join(line.split()))))
    if not names:
        reader.errors["organisations"] = _("Write whom the places are for.")
    if len(names) > MOST_ORGANISATIONS:
        reader.errors["organisations"] = _("At most %(most)s at a time.", most=MOST_ORGANISATIONS)
    places = reader.number("places", most=MOST_PEOPLE)
    if places is None and "places" not in reader.errors:
        reader.errors["places"] = _("Write how many.")
    until = reader.day("held_until", required=_("Write until when."))
    if until is not None and until < today:
        reader.errors["held_until"] = _("That day has passed.")
    if reader.errors or places is None or until is None:
        return None
    return HoldEntry(names, places, until)


def list_nights(first_on: date | None, last_on: date | None) -> list[date]:
    """The nights that those who come can need: the one before the first day to the one after the last."""
    if first_on is None or last_on is None:
        return []
    before = first_on - timedelta(days=1)
    return [before + timedelta(days=place) for place in range(min((last_on - before).days + 1, MOST_NIGHTS))]


def read_rooms(reader: Reader, nights: list[date]) -> dict[date, int | None]:
    """How many rooms there are in each of the nights; None: no limit."""
    return {on: read_whole(reader, f"rooms-{on}", most=MOST_PEOPLE) for on in nights}
