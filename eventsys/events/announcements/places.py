"""Reads what has a name of its own and is kept as written: the organiser and the venue; then what is left over."""

from __future__ import annotations

from eventsys.events.announcements.line import Gap, Kind, Line
from eventsys.events.announcements.periods import to_come
from eventsys.events.announcements.words import (
    ARRANGED_BY,
    ARRANGES,
    FILLERS,
    ORGANISER,
    ORGANISER_NAMES,
    ROLES,
    VENUE,
    VENUE_ENDINGS,
    VENUE_MARKS,
)
from eventsys.events.rules import Role

Piece = tuple[int, int]
# Marks of what is a name as written, in which no misprints are looked for.
NAMED = "name"


def read_organiser(line: Line) -> str | None:
    """«Unio arrangerer …», «arrangør: Unio», «arrangeres av Unio», «Unios konferanse»."""
    found: str | None = None
    for place in range(len(line.tokens)):
        piece: Piece | None = None
        if line.word(place) in ARRANGES:
            piece = _around_verb(line, place)
            line.claim(place, place + 1, "organiser")
        elif line.word(place) in ORGANISER:
            piece = _after_label(line, place)
        elif line.word(place) in ARRANGED_BY and line.as_written(place + 1) == "av":
            piece = _capitals(line, place + 2)
        elif line.marks[place] == "type" and found is None:
            found = _genitive(line, place - 1)
        if piece is not None and found is None:
            found = line.slice(*piece)
            line.claim(*piece, NAMED)
    return found


def _around_verb(line: Line, verb: int) -> Piece | None:
    start = verb
    while not line.parts_before(start):
        start -= 1
    start, end = _trimmed(line, (start, verb))
    if start < end:
        return (start, end) if _is_capital(line, start) else None
    return _capitals(line, verb + 1)


def _after_label(line: Line, label: int) -> Piece | None:
    colon = line.kind(label + 1) is Kind.COLON
    line.claim(label, label + 1 + colon, "organiser")
    if not colon:
        return _capitals(line, label + 1)
    return next((piece for piece in pieces(line) if piece[0] == label + 2), None)


def _capitals(line: Line, start: int) -> Piece | None:
    """The words with capitals that stand here in a row, «og» between them or not."""
    end = start
    while _is_capital(line, end) or (end > start and line.as_written(end) == "og" and _is_capital(line, end + 1)):
        if end > start and line.parts_before(end):
            break
        end += 1
    return (start, end) if start < end else None


def _genitive(line: Line, place: int) -> str | None:
    name = line.tokens[place].text[:-1] if _is_capital(line, place) and line.as_written(place).endswith("s") else ""
    if not name.lower().endswith(ORGANISER_NAMES):
        return None
    line.claim(place, place + 1, NAMED)
    return name


def pieces(line: Line) -> list[Piece]:
    """The stretches of the line that nobody has taken, parted by separators and by what is taken."""
    found: list[Piece] = []
    place = 0
    while place < len(line.tokens):
        start = place
        place += 1
        if not line.free(start) or line.separates(start):
            continue
        while place < len(line.tokens) and not line.parts_before(place):
            place += 1
        found.append((start, place))
    return found


def read_venue(line: Line, after: int) -> str | None:
    """The venue, if the line names one: after «sted:», after «på», or last. `after` is where the type stands."""
    _claim_to_come(line)
    piece = _labelled(line) or _marked(line, at_start=True) or _last(line, after) or _marked(line, at_start=False)
    if piece is None:
        return None
    line.claim(*piece, NAMED)
    return line.slice(*piece)


def _claim_to_come(line: Line) -> None:
    """Takes «sted kommer» and «stad ikkje fastsett»: they say that there is no venue yet."""
    for place in range(len(line.tokens)):
        if line.as_written(place) in VENUE:
            end = to_come(line, place + 1 + (line.kind(place + 1) is Kind.COLON))
            line.claim(place, end or place, "venue")


def _labelled(line: Line) -> Piece | None:
    for place in range(len(line.tokens)):
        if line.as_written(place) in VENUE and line.kind(place + 1) is Kind.COLON:
            line.claim(place, place + 2, "venue")
            found = [piece for piece in pieces(line) if piece[0] == place + 2]
            return _extended(line, _trimmed(line, found[0])) if found else None
    return None


def _marked(line: Line, *, at_start: bool) -> Piece | None:
    """What follows «på», «ved» or «i» and looks like a place."""
    for start, end in pieces(line):
        for place in (start,) if at_start else range(start, end):
            marked = line.as_written(place) in VENUE_MARKS and not _is_of_members(line, place)
            if marked and _is_place(line, (place + 1, end)):
                return _extended(line, _trimmed(line, (place + 1, end)))
    return None


def _is_of_members(line: Line, place: int) -> bool:
    """«tillitsvalgte i Unio» names whose members they are and no place."""
    before = line.tokens[place - 1].word if place else ""
    return line.as_written(place) == "i" and ROLES.get(before) is Role.EMPLOYEE_REPRESENTATIVE


def _last(line: Line, after: int) -> Piece | None:
    """The last piece that can be a venue, with the pieces right before it that can be the beginning of it."""
    eligible = [piece for piece in pieces(line) if _can_be_venue(line, piece, after)]
    if not eligible:
        return None
    start, end = eligible[-1]
    for earlier in reversed(eligible[:-1]):
        if earlier[1] != start - 1 or line.kind(start - 1) is not Kind.COMMA:
            break
        start = earlier[0]
    return _trimmed(line, (start, end))


def _can_be_venue(line: Line, piece: Piece, after: int) -> bool:
    if _names_a_building(line, piece):
        return _is_place(line, piece)
    parted = line.tokens[piece[0]].gap is Gap.WIDE or (piece[0] > 0 and line.separates(piece[0] - 1))
    return 0 <= after < piece[0] and parted and _is_place(line, piece)


def _extended(line: Line, piece: Piece) -> Piece:
    """The piece with those that follow it after commas and begin with a capital («Thon Hotel, Oslo»)."""
    start, end = piece
    for following in pieces(line):
        if following[0] == end + 1 and line.kind(end) is Kind.COMMA and _is_place(line, following):
            end = _trimmed(line, following)[1]
    return start, end


def _is_place(line: Line, piece: Piece) -> bool:
    start, end = piece
    if start >= end:
        return False
    numbered = line.kind(start) is Kind.NUMBER and start + 1 < end and _is_capital(line, start + 1)
    return numbered or _is_capital(line, start) or _names_a_building(line, piece)


def _names_a_building(line: Line, piece: Piece) -> bool:
    return any(line.as_written(place).endswith(VENUE_ENDINGS) for place in range(*piece))


def _is_capital(line: Line, place: int) -> bool:
    return line.kind(place) is Kind.WORD and line.tokens[place].text[0].isupper()


def _trimmed(line: Line, piece: Piece) -> Piece:
    """The piece without small words and signs at its ends."""
    start, end = piece
    while start < end and _says_nothing(line, start):
        start += 1
    while start < end and _says_nothing(line, end - 1):
        end -= 1
    return start, end


def _says_nothing(line: Line, place: int) -> bool:
    if line.kind(place) is Kind.WORD:
        return line.as_written(place) in FILLERS
    return line.kind(place) is not Kind.NUMBER


def leftovers(line: Line) -> tuple[str, ...]:
    """The words and numbers that were not understood, as written."""
    trimmed = [_trimmed(line, piece) for piece in pieces(line)]
    return tuple(line.slice(start, end) for start, end in trimmed if start < end)
