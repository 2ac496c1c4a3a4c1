"""Figures pasted from anywhere, a line for each day, month, quarter or year: read line by line, nothing written. Pure."""

from __future__ import annotations

import calendar
import enum
import math
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from eventsys import dates
from eventsys.programmes.projects.rules import Figure

MOST_LINES = 400
MOST = 1e12
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}.*")
_YEAR = re.compile(r"(\d{4})")
_MONTHS = (
    re.compile(r"(?P<month>\d{1,2})\s*[./-]\s*(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})\s*[-/.]\s*(?P<month>\d{1,2})"),
)
_NAMED = re.compile(r"(?P<name>[^\W\d_]{3,9})\.?\s*(?P<year>\d{4})")
_QUARTERS = (
    re.compile(r"(?P<quarter>[1-4])\s*\.?\s*kv(?:artal|\.)?,?\s*(?P<year>\d{4})", re.I),
    re.compile(r"[kq](?P<quarter>[1-4])\s*(?P<year>\d{4})", re.I),
    re.compile(r"(?P<year>\d{4})\s*-?[kq](?P<quarter>[1-4])", re.I),
)
_NAMES = {name[:3].lower(): place for names in dates.MONTHS.values() for place, name in enumerate(names, 1)}


class Wrong(enum.StrEnum):
    """What is wrong with a line."""

    NO_DAY = "no_day"
    NO_NUMBER = "no_number"
    TWICE = "twice"


class Line(NamedTuple):
    """A line as it was pasted, and the figure that it was read as; or what is wrong with it."""

    number: int
    text: str
    figure: Figure | None = None
    wrong: Wrong | None = None


def read_lines(text: str) -> list[Line]:
    """Every line that says something; a first one without a digit is a heading. Two for one day are told, unless they
    say the same."""
    found: list[Line] = []
    seen: dict[date, float] = {}
    for number, words in _list_lines(text):
        if not found and not any(char.isdigit() for char in words):
            continue
        line = _read_line(number, words)
        if line.figure is not None and seen.setdefault(line.figure.on, line.figure.value) != line.figure.value:
            line = Line(number, words, wrong=Wrong.TWICE)
        found.append(line)
    return found[:MOST_LINES]


def _list_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        words = "".join(char if char.isprintable() or char == "\t" else " " for char in line).strip()
        if words:
            yield number, words


def _read_line(number: int, words: str) -> Line:
    """The shortest beginning that is a day, and behind it a number."""
    has_day = False
    for day_text, number_text in _list_splits(words):
        on = read_when(day_text)
        if on is None:
            continue
        has_day = True
        try:
            value = read_number(number_text)
        except ValueError:
            continue
        if value is not None:
            return Line(number, words, Figure(on, value))
    return Line(number, words, wrong=Wrong.NO_NUMBER if has_day or read_when(words) else Wrong.NO_DAY)


def _list_splits(words: str) -> Iterator[tuple[str, str]]:
    for sign in ("\t", ";", ":", "=", r"\s", ","):
        for found in re.finditer(sign, words):
            yield words[: found.start()].strip(" \t;:=,'\""), words[found.end() :].strip(" \t;:=,'\"")


def read_when(text: str) -> date | None:
    """The day that a figure stands at: of a month, a quarter or a year it is the last. None for what is none of these."""
    text = _TIME.sub("", text.strip())
    try:
        if found := _YEAR.fullmatch(text):
            return _end_of(int(found[1]), 12)
        for shape in _QUARTERS:
            if found := shape.fullmatch(text):
                return _end_of(int(found["year"]), 3 * int(found["quarter"]))
        for shape in _MONTHS:
            if found := shape.fullmatch(text):
                return _end_of(int(found["year"]), int(found["month"]))
        if (found := _NAMED.fullmatch(text)) and (month := _NAMES.get(found["name"][:3].lower())):
            return _end_of(int(found["year"]), month)
        return dates.read_day(text, takes_months=False)
    except ValueError:
        return None


def _end_of(year: int, month: int) -> date:
    if not (dates.FIRST_YEAR <= year <= dates.LAST_YEAR and 1 <= month <= 12):
        raise ValueError(year, month)
    return date(year, month, calendar.monthrange(year, month)[1])


def read_number(text: str) -> float | None:
    """«9,5», «9.5», «1 200», «−3», «9,5 %»; None for nothing. Raises `ValueError`."""
    plain = "".join(text.split()).replace("\u2212", "-").replace(",", ".").removesuffix("%")
    if not plain:
        return None
    if not re.fullmatch(r"-?\d{1,13}(\.\d+)?", plain, re.ASCII):
        raise ValueError(text)
    number = round(float(plain), 4)
    if not math.isfinite(number) or abs(number) > MOST:
        raise ValueError(text)
    return number + 0.0
