"""One line of an announcement cut into tokens, and a note of which tokens have been understood as what."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass, field
from datetime import time

from eventsys.events.announcements.words import MONTHS, TYPES, read_as, type_of
from eventsys.events.rules import EventType


class Kind(enum.Enum):
    WORD = enum.auto()
    NUMBER = enum.auto()
    DOT = enum.auto()
    COMMA = enum.auto()
    COLON = enum.auto()
    SEMICOLON = enum.auto()
    DASH = enum.auto()
    SLASH = enum.auto()
    OPEN = enum.auto()
    CLOSE = enum.auto()
    BAR = enum.auto()
    OTHER = enum.auto()


_SIGNS = {
    ".": Kind.DOT,
    ",": Kind.COMMA,
    ":": Kind.COLON,
    ";": Kind.SEMICOLON,
    "/": Kind.SLASH,
    **dict.fromkeys("-‐‑‒–—―−﹣-", Kind.DASH),
    **dict.fromkeys("([{", Kind.OPEN),
    **dict.fromkeys(")]}", Kind.CLOSE),
    **dict.fromkeys("|•·*▪◦‣►>", Kind.BAR),
}


class Gap(enum.IntEnum):
    """The room before a token. A tab, several spaces and the start of the line part what stands on either side."""

    NONE = 0
    SPACE = 1
    WIDE = 2


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is the lower-case word as known (a misprint put right), "" if unknown; `as_written` is lower case too."""

    kind: Kind
    text: str
    start: int
    end: int
    gap: Gap
    as_written: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """«kl. 10–15» at the tokens from `start` up to `end`; `bad` holds the times that no clock shows."""

    start: int
    end: int
    starts: time | None
    ends: time | None
    bad: tuple[str, ...] = ()


def clean(text: str) -> str:
    """The text with letters composed, invisible marks taken out and control characters made spaces; tabs stay."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(_visible(char) for char in composed)


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Cs", "Zl", "Zp"} and char != "\t" else char


def has_control_characters(text: str) -> bool:
    return any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\r" for char in text)


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char).startswith("M")


def _end_of(text: str, start: int) -> tuple[Kind, int]:
    for kind, belongs in ((Kind.NUMBER, _is_digit), (Kind.WORD, _is_letter)):
        end = start
        while end < len(text) and belongs(text[end]):
            end += 1
        if end > start:
            return kind, end
    return _SIGNS.get(text[start], Kind.OTHER), start + 1


def _gap(space: str) -> Gap:
    if not space:
        return Gap.NONE
    return Gap.WIDE if len(space) > 1 or space == "\t" else Gap.SPACE


def tokens_of(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(text):
        start = place
        while start < len(text) and text[start].isspace():
            start += 1
        if start == len(text):
            break
        kind, end = _end_of(text, start)
        lower = text[start:end].lower() if kind is Kind.WORD else ""
        gap = _gap(text[place:start]) if found else Gap.WIDE
        found.append(Token(kind, text[start:end], start, end, gap, lower, read_as(lower) if lower else ""))
        place = end
    return _joined(found)


def _joined(tokens: list[Token]) -> list[Token]:
    """Puts together a type written as two words («kick-off», «lærings seminar»)."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        whole, length = _two_words(tokens, place)
        found.append(whole)
        place += length
    return found


def _two_words(tokens: list[Token], place: int) -> tuple[Token, int]:
    first = tokens[place]
    second = place + 1
    hyphen = ""
    if second < len(tokens) and tokens[second].kind is Kind.DASH and tokens[second].gap is Gap.NONE:
        hyphen, second = "-", second + 1
    if second >= len(tokens) or first.kind is not Kind.WORD or tokens[second].kind is not Kind.WORD:
        return first, 1
    last = tokens[second]
    word = first.as_written + last.as_written
    if last.gap > (Gap.NONE if hyphen else Gap.SPACE) or first.word in MONTHS or not _is_split_type(first, word):
        return first, 1
    text = first.text + (hyphen or " ") + last.text
    spelling = word if word == "kickoff" else first.as_written + (hyphen or " ") + last.as_written
    return Token(Kind.WORD, text, first.start, last.end, first.gap, spelling, word), second - place + 1


def _is_split_type(first: Token, word: str) -> bool:
    if word == "kickoff":
        return True
    # «vår konferanse» is not «vårkonferanse»: the common kinds are left as two words.
    named = TYPES.get(word)
    common = named is None or named[0] in {EventType.CONFERENCE, EventType.MEETING}
    return not common and type_of(first.as_written) is None


@dataclass(slots=True)
class Line:
    """The tokens of a line and what each has been taken for ("" as long as nobody has)."""

    text: str
    tokens: list[Token]
    marks: list[str]
    clocks: dict[int, Clock] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Line:
        tokens = tokens_of(text)
        line = cls(text, tokens, [""] * len(tokens))
        line._mark_bullets()
        return line

    def _mark_bullets(self) -> None:
        place = 0
        while True:
            if self.kind(place) in {Kind.BAR, Kind.DASH}:
                end = place + 1
            elif self.number(place) is not None and self.kind(place + 1) is Kind.CLOSE and self.near(place + 1):
                end = place + 2
            else:
                return
            self.claim(place, end, "bullet")
            place = end

    def free(self, place: int) -> bool:
        return 0 <= place < len(self.tokens) and not self.marks[place]

    def kind(self, place: int) -> Kind | None:
        """The kind of a token nobody has taken; None for a taken one and outside the line."""
        return self.tokens[place].kind if self.free(place) else None

    def word(self, place: int) -> str:
        return self.tokens[place].word if self.kind(place) is Kind.WORD else ""

    def as_written(self, place: int) -> str:
        return self.tokens[place].as_written if self.kind(place) is Kind.WORD else ""

    def exact(self, place: int) -> str:
        """The word if it is written as it should be."""
        word = self.word(place)
        return word if word and word == self.tokens[place].as_written else ""

    def number(self, place: int, digits: tuple[int, ...] = (1, 2)) -> int | None:
        if self.kind(place) is Kind.NUMBER and len(self.tokens[place].text) in digits:
            return int(self.tokens[place].text)
        return None

    def near(self, place: int) -> bool:
        """Whether nothing stands between this token and the one before."""
        return 0 <= place < len(self.tokens) and self.tokens[place].gap is Gap.NONE

    def near_kind(self, place: int, kind: Kind) -> bool:
        return self.kind(place) is kind and self.near(place)

    def after_dot(self, place: int) -> int:
        """The place after a full stop that follows directly, or the same place."""
        return place + 1 if self.near_kind(place, Kind.DOT) else place

    def claim(self, start: int, end: int, mark: str) -> None:
        for place in range(max(start, 0), min(end, len(self.tokens))):
            self.marks[place] = self.marks[place] or mark

    def slice(self, start: int, end: int) -> str:
        """The line as written from one token up to another."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def parts_before(self, place: int) -> bool:
        """Whether a separator stands between this token and the one before it, or something already understood."""
        if place <= 0 or not self.free(place) or not self.free(place - 1) or self.tokens[place].gap is Gap.WIDE:
            return True
        return self.separates(place) or self.separates(place - 1)

    def separates(self, place: int) -> bool:
        kind = self.tokens[place].kind
        if kind is Kind.DASH:
            return bool(self.tokens[place].gap) and place + 1 < len(self.tokens) and bool(self.tokens[place + 1].gap)
        if kind is Kind.DOT:
            return self._ends_sentence(place)
        return kind in {Kind.COMMA, Kind.COLON, Kind.SEMICOLON, Kind.OPEN, Kind.CLOSE, Kind.BAR}

    def _ends_sentence(self, place: int) -> bool:
        before = self.tokens[place - 1] if place else None
        last = place + 1 == len(self.tokens)
        return (
            before is not None
            and before.kind is Kind.WORD
            and len(before.text) > 3
            and (last or bool(self.tokens[place + 1].gap))
        )
