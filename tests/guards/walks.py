"""What a walk over many addresses finds: every word of an answer, of whatever kind it is, and what in it is another's."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

import sqlalchemy as sa
from pypdf import PdfReader
from werkzeug.test import TestResponse

from eventsys.extensions import Base, db
from tests.guards.visits import Visitor

ZIPPED = b"PK\x03\x04"
PDF = b"%PDF"
FOLD = re.compile(r"\r?\n[ \t]")
"""How a long line of iCalendar goes on."""
SIGNS_OF_LIFE = {"sessions", "feed_fetches"}
"""Rows that a page may write by being looked at."""


class Found(NamedTuple):
    """One answer: its status and all that can be read in it and in its headers."""

    status: int
    text: str


def read_words(body: bytes) -> str:
    """All that stands in a body: sheets are unpacked, papers read, what is escaped is plain, no line is folded."""
    if body.startswith(ZIPPED):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return " ".join(read_words(packed.read(name)) for name in packed.namelist())
    if body.startswith(PDF):
        paper = PdfReader(io.BytesIO(body))
        # A long word is broken between two lines of a narrow column.
        return f"{paper.metadata} " + " ".join("".join(page.extract_text().split()) for page in paper.pages)
    text = body.decode(errors="replace")
    try:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        text = FOLD.sub("", text)
    return html.unescape(text)


def read_answer(answer: TestResponse, address: str) -> Found:
    """The address itself, which the answer may repeat, is no find."""
    words = f"{read_words(answer.get_data())}\n{unquote(str(answer.headers))}"
    plain = unquote(address).split("?")[0]
    return Found(answer.status_code, words.replace(address.split("?")[0], "").replace(plain, ""))


def walk(
    client: Visitor, addresses: Mapping[str, str], method: str = "GET", form: Mapping[str, str] | None = None
) -> dict[str, Found]:
    return {name: read_answer(client.open(url, method=method, data=form), url) for name, url in addresses.items()}


def find_leaks(found: Mapping[str, Found], secrets: Iterable[str]) -> set[tuple[str, str]]:
    """Where a secret was read, and which."""
    wanted = [(secret, secret.casefold()) for secret in secrets]
    leaks = set()
    for name, one in found.items():
        text = one.text.casefold()
        leaks |= {(name, secret) for secret, folded in wanted if folded in text}
    return leaks


def other_statuses(found: Mapping[str, Found], expected: Collection[int]) -> dict[str, int]:
    return {name: one.status for name, one in found.items() if one.status not in expected}


def read_rows(**of: Any) -> dict[str, list[str]]:
    """Everything but signs of life; with `of`, the rows of those tables alone that have the column, where it is that."""
    rows = {}
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in SIGNS_OF_LIFE and of.keys() <= set(table.columns.keys()):
                found = connection.execute(sa.select(table).filter_by(**of))
                rows[table.name] = sorted(map(repr, found.all()))
    return rows
