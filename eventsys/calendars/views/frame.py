"""What the pages and feeds of calendars share: the blueprint, and a feed as a page offers it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, current_app

blueprint = Blueprint("calendars", __name__)


class Offer(NamedTuple):
    """One feed on a page: what it is called, what it holds, its address and one link for each calendar program."""

    name: str
    holds: str
    path: str
    address: str
    webcal: str
    google: str
    outlook: str
    outlook_home: str
    help: str


def offer(name: str, holds: str, path: str, help: str = "") -> Offer:
    """`path` is the feed's, with its query, `help` the page that says what each program does with it."""
    address = current_app.config["BASE_URL"].rstrip("/") + path
    webcal = "webcal://" + address.split("://", 1)[1]
    from_web = "calendar/0/addfromweb?" + urlencode(
        {"url": address, "name": f"{current_app.config['SITE_NAME']}: {name}"}
    )
    return Offer(
        name=name,
        holds=holds,
        path=path,
        address=address,
        webcal=webcal,
        google="https://calendar.google.com/calendar/render?" + urlencode({"cid": webcal}),
        outlook=f"https://outlook.office.com/{from_web}",
        outlook_home=f"https://outlook.live.com/{from_web}",
        help=help,
    )
