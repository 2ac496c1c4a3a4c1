"""What visitors do, as generators of requests that check every answer: reading a page, signing up."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import NamedTuple
from urllib.parse import urlencode

from bench.load import Answer, Ask, Visit, WrongAnswer

COOKIE = re.compile(rb"(?i)\r\nset-cookie: *(session=[^;]+)")
LOCATION = re.compile(rb"(?i)\r\nlocation: *([^\r]+)")
ETAG = re.compile(rb"(?i)\r\netag: *([^\r]+)")
HIDDEN = re.compile(rb'name="(csrf_token|nonce)" value="([^"]+)"')


class Person(NamedTuple):
    """A made-up person; `municipality` is a label as people choose it."""

    number: int
    municipality: str

    @property
    def name(self) -> str:
        return f"Person Nummer{self.number:07}"

    @property
    def email(self) -> str:
        return f"person{self.number:07}@kommune.example"


class Place(NamedTuple):
    """Where to sign up: an event's slug and the uid of one of its runs."""

    slug: str
    run: str

    @property
    def address(self) -> str:
        return f"/events/{self.slug}/registrations"


class Opened(NamedTuple):
    """A form as one browser got it."""

    cookie: str
    hidden: dict[str, str]


def require(answer: Answer, status: int, marker: bytes) -> None:
    """Raises `WrongAnswer` for another status, or a body without the marker."""
    if answer.status != status or marker not in answer.body:
        begins = answer.body[:300].decode("utf-8", "replace")
        raise WrongAnswer(f"wanted {status} with {marker!r}, got {answer.status}: {begins}")


def read(path: str, marker: bytes, *, tag: str = "") -> Visit:
    """One page or feed; with its tag, one that the visitor has already."""
    if not tag:
        answer = yield Ask(path)
        require(answer, 200, marker)
        return
    answer = yield Ask(path, (f"If-None-Match: {tag}",))
    require(answer, 304, b"")
    if answer.body:
        raise WrongAnswer(f"304 with a body at {path}")


def tag_of(answer: Answer) -> str:
    found = ETAG.search(answer.head)
    if not found:
        raise WrongAnswer("an answer without an ETag")
    return found[1].decode()


def sign_up(place: Place, person: Person) -> Visit:
    """A whole registration: the form, its post, the page of one's own that it leads to."""
    opened = yield from open_form(place)
    yield from send_form(place, person, opened)


def open_form(place: Place) -> Generator[Ask, Answer, Opened]:
    answer = yield Ask(f"{place.address}/new?run={place.run}")
    require(answer, 200, b'name="organisation"')
    hidden = {name.decode(): value.decode() for name, value in HIDDEN.findall(answer.body)}
    if len(hidden) != 2:
        raise WrongAnswer("a form without its hidden fields")
    return Opened(_cookie(answer), hidden)


def send_form(place: Place, person: Person, opened: Opened) -> Visit:
    typed = {
        "name": person.name,
        "email": person.email,
        "organisation": person.municipality,
        "side": "administration",
        "run": place.run,
    }
    cookie = f"Cookie: {opened.cookie}"
    answer = yield Ask(place.address, (cookie,), urlencode({**opened.hidden, **typed}))
    require(answer, 303, b"")
    found = LOCATION.search(answer.head)
    own = yield Ask(found[1].decode() if found else "", (cookie,))
    require(own, 200, person.email.encode())


def _cookie(answer: Answer) -> str:
    found = COOKIE.search(answer.head)
    if not found:
        raise WrongAnswer("a form without a session")
    return found[1].decode()
