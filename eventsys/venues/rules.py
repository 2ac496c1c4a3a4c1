"""What is said of venues and rooms, how their names become addresses, and where they are on a map. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit

from eventsys.organisations.rules import search_words

SLUG_LENGTH = 70
MAP = "https://www.openstreetmap.org"


class Layout(enum.StrEnum):
    """How chairs and tables of a room stand."""

    THEATRE = "theatre"
    CLASSROOM = "classroom"
    U_SHAPE = "u_shape"
    BOARDROOM = "boardroom"
    GROUPS = "groups"
    BANQUET = "banquet"
    STANDING = "standing"


class NameIsTaken(Exception):
    """Another venue in the register, or another room of the venue, has this name."""


Position = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class VenueFacts:
    """What is said of a venue; `position` None where it is not known."""

    name: str
    address: str = ""
    capacity: int | None = None
    position: Position | None = None
    access: str = ""
    equipment: str = ""
    notes: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True)
class RoomFacts:
    """What is said of a room; `layouts` is how many it takes in each that it can be set up in."""

    name: str
    capacity: int | None = None
    floor: str = ""
    equipment: str = ""
    access: str = ""
    layouts: Mapping[Layout, int] = field(default_factory=dict)


def slug_of(name: str) -> str:
    """«Radisson SAS Plaza Oslo» gives radisson-sas-plaza-oslo; a name without letters or digits gives venue."""
    words = [word for word in search_words(name) if word.isascii()]
    return "-".join(words)[:SLUG_LENGTH].strip("-") or "venue"


_PAIR = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;/ ]\s*(-?\d{1,3}(?:\.\d+)?)")
_HASH = re.compile(r"map=[\d.]+/(-?[\d.]+)/(-?[\d.]+)")


def read_position(text: str) -> Position | None:
    """«59.9127, 10.7461», or the address of a map at OpenStreetMap; None if it is empty. Raises `ValueError`."""
    text = text.strip()
    if not text:
        return None
    found = _read_map(text) if "://" in text else _PAIR.fullmatch(text)
    if found is None:
        raise ValueError(text)
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError(text)
    return round(latitude, 6), round(longitude, 6)


def _read_map(text: str) -> re.Match[str] | None:
    """The pin of a map if it has one, else its middle."""
    address = urlsplit(text)
    pin = parse_qs(address.query)
    if "mlat" in pin and "mlon" in pin:
        return _PAIR.fullmatch(f"{pin['mlat'][0]},{pin['mlon'][0]}")
    return _HASH.search(address.fragment)


def write_position(position: Position | None) -> str:
    return ", ".join(f"{number:.6f}".rstrip("0").rstrip(".") for number in position) if position else ""


def map_link(position: Position | None, address: str) -> str:
    """The address of a map with a pin, else of a search for the street; empty where neither is known."""
    if position is not None:
        latitude, longitude = (f"{number:.6f}".rstrip("0").rstrip(".") for number in position)
        return f"{MAP}/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    return f"{MAP}/search?query={quote(address, safe='')}" if address.strip() else ""
