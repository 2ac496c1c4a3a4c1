"""Reads what an event is and whom it is for: its type and number, the cohorts, networks and roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from eventsys.events.announcements.clocks import is_range_mark
from eventsys.events.announcements.days import begins_date, may_be_day_after_all, year_at
from eventsys.events.announcements.line import Kind, Line
from eventsys.events.announcements.words import (
    ADMINISTRATIVE,
    ALL,
    CLOCK,
    COHORT,
    FIRSTS,
    GATHERINGS,
    MONTHS,
    NETWORKS,
    POLITICAL,
    REGIONAL,
    ROLES,
    type_of,
)
from eventsys.events.rules import EventType, Role

MOST_COHORTS = 20
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN = {text: tens * 10 + ones for tens in range(3) for ones, one in enumerate(_ROMAN) if (text := "x" * tens + one)}
# The mark of «samling», which is a type only together with whom it is for.
GATHERING = "gathering"
_SHORT_ROMAN = frozenset({"i", "v", "x"})


@dataclass(slots=True)
class Labels:
    """`types` are the kinds named with the words a title uses; `adjective` stands before them («lokale»)."""

    types: list[tuple[EventType, str]] = field(default_factory=list)
    gathering: str = ""
    adjective: str = ""
    ordinals: list[int] = field(default_factory=list)
    cohorts: list[int] = field(default_factory=list)
    all_cohorts: bool = False
    networks: bool = False
    roles: list[Role] = field(default_factory=list)
    year: int | None = None
    ambiguous: list[str] = field(default_factory=list)
    last_place: int = -1


def read_labels(line: Line) -> Labels:
    labels = Labels()
    for place in range(len(line.tokens)):
        word = line.word(place)
        if word in COHORT:
            _cohorts(line, place, labels)
        elif word in ROLES:
            labels.roles.append(ROLES[word])
            line.claim(place, place + 1, "audience")
        elif word in NETWORKS:
            labels.networks = True
            line.claim(place - (line.word(place - 1) in REGIONAL), place + 1, "audience")
        elif word:
            _type(line, place, word, labels)
    return labels


def _type(line: Line, place: int, word: str, labels: Labels) -> None:
    named = type_of(word)
    if named is None and word not in GATHERINGS:
        return
    if named is not None and named[0] is EventType.KICKOFF and _starts_a_clock(line, place):
        # «oppstart kl. 10» says when, not what.
        line.claim(place, place + 1, "time")
        return
    start = place
    if named is None:
        labels.gathering = GATHERINGS[word]
    else:
        start = _named_type(line, place, named, labels)
    _numbers(line, start, place, labels)
    line.claim(start, place + 1, "type" if named else GATHERING)
    labels.last_place = max(labels.last_place, place)


def _starts_a_clock(line: Line, place: int) -> bool:
    after = place + 1 + (line.kind(place + 1) is Kind.COLON)
    return after in line.clocks or line.as_written(after) in CLOCK


def _named_type(line: Line, place: int, named: tuple[EventType, str], labels: Labels) -> int:
    """Notes the type and gives the place where its name begins, adjective and all."""
    kind, title = named
    before = line.word(place - 1)
    if before in POLITICAL and title in {"kontaktmøte", "kontaktmøter"}:
        labels.types.append((EventType.POLITICAL_CONTACT, f"{before} {title}"))
        return place - 1
    labels.types.append((kind, title))
    if kind is EventType.STEERING_GROUP and line.as_written(place - 1) in ADMINISTRATIVE:
        return place - 1
    if kind is EventType.NETWORK_GATHERING:
        return _with_adjective(line, place, labels)
    return place


def _with_adjective(line: Line, place: int, labels: Labels) -> int:
    if line.word(place - 1) not in REGIONAL:
        return place
    labels.adjective = line.word(place - 1)
    labels.networks = True
    return place - 1


def _numbers(line: Line, start: int, place: int, labels: Labels) -> None:
    """The number of a series before or after its name, and a year after it («kvalitetskonferansen 2009»)."""
    if (before := _ordinal_before(line, start)) is not None:
        labels.ordinals.append(before[0])
        line.claim(before[1], start, "ordinal")
    after = _after_number_word(line, place + 1)
    if (year := year_at(line, after)) is not None and not line.near_kind(after + 1, Kind.DASH):
        labels.year = year
        line.claim(place + 1, after + 1, "year")
        return
    label = _label(line, after, labels)
    while label is not None:
        labels.ordinals.append(label)
        line.claim(place + 1, after + 1, "ordinal")
        place, after = after, after + 2
        label = _label(line, after, labels) if line.as_written(after - 1) == "og" else None


def _ordinal_before(line: Line, place: int) -> tuple[int, int] | None:
    """«2. læringsseminar», «andre læringsseminar»: the number and where it begins."""
    if line.word(place - 1) in FIRSTS:
        return FIRSTS[line.word(place - 1)], place - 1
    number = line.number(place - 2)
    if number is not None and line.near_kind(place - 1, Kind.DOT):
        return number, place - 2
    return None


def _after_number_word(line: Line, place: int) -> int:
    return line.after_dot(place + 1) if line.as_written(place) in {"nr", "nummer"} else place


def _label(line: Line, place: int, labels: Labels) -> int | None:
    """The number here, in either kind of numerals, when it is a label and not a day."""
    roman = _roman(line, place)
    if roman is not None:
        return roman
    number = line.number(place)
    if number is None or number == 0 or _is_ordinal_of_next(line, place):
        return None
    if begins_date(line, place):
        if _may_be_label_after_all(line, place):
            labels.ambiguous.append(line.tokens[place].text)
        return None
    if may_be_day_after_all(line, place):
        labels.ambiguous.append(line.tokens[place].text)
    return number


def _may_be_label_after_all(line: Line, place: int) -> bool:
    """Whether a number taken for a day has neither a full stop nor a dash: «læringsseminar 2 oktober»."""
    return line.word(place + 1) in MONTHS or line.as_written(place + 1) in {"og", "eller"}


def _is_ordinal_of_next(line: Line, place: int) -> bool:
    word = line.word(place + 2)
    names = word in COHORT or word in GATHERINGS or type_of(word) is not None
    return names and line.near_kind(place + 1, Kind.DOT)


def _roman(line: Line, place: int) -> int | None:
    """A roman numeral; «i» and the like must be capitals, or «pulje i Oslo» would name a cohort."""
    if line.kind(place) is not Kind.WORD:
        return None
    text, written = line.tokens[place].text, line.as_written(place)
    if written not in ROMAN or (written in _SHORT_ROMAN and not text.isupper()):
        return None
    return ROMAN[written] if text in {text.upper(), text.lower()} else None


def _cohorts(line: Line, place: int, labels: Labels) -> None:
    """«pulje II», «puljene I, II og III», «pulje I–III», «2. pulje», «alle puljene»."""
    start, found = place, list[int]()
    if (before := _ordinal_before(line, place)) is not None:
        start, found = before[1], [before[0]]
    end = place + 1
    after = _after_number_word(line, end + (line.kind(end) is Kind.OPEN))
    while (label := _label(line, after, labels)) is not None and label <= MOST_COHORTS:
        found.append(label)
        end = after + 1
        found += (through := _through(line, end, label, labels))
        end += 2 if through else 0
        after = _after_join(line, end)
    if found:
        labels.cohorts += found
    elif (first := _all_before(line, place)) is not None:
        labels.all_cohorts = True
        start = first
    else:
        return
    line.claim(start, end, "cohort")


def _through(line: Line, place: int, first: int, labels: Labels) -> list[int]:
    """The rest of «I–III» after its first number."""

    if not is_range_mark(line, place):
        return []
    last = _label(line, place + 1, labels)
    return list(range(first + 1, last + 1)) if last is not None and first < last <= MOST_COHORTS else []


def _after_join(line: Line, place: int) -> int:
    start = place
    place += line.kind(place) in {Kind.COMMA, Kind.SLASH}
    is_sign = line.kind(place) is Kind.OTHER and line.tokens[place].text == "&"
    place += is_sign or line.as_written(place) in {"og", "samt"}
    if place == start:
        return len(line.tokens)
    again = line.word(place) in COHORT
    return place + again


def _all_before(line: Line, place: int) -> int | None:
    """Where «alle» or «alle tre» before the cohorts begins."""
    first = place - 2 if line.as_written(place - 1) in {"tre", "tri"} else place - 1
    return first if line.as_written(first) in ALL else None


def type_and_title(labels: Labels, *, nynorsk: bool) -> tuple[EventType | None, str]:
    """The one type the labels make, and the word for it in a title; None if they make none or several."""
    titles: dict[EventType, str] = {}
    for kind, title in labels.types:
        titles[kind] = max(titles.get(kind, ""), title, key=len)
    if titles.keys() & {EventType.STEERING_GROUP, EventType.POLITICAL_CONTACT}:
        titles.pop(EventType.MEETING, None)
    if not titles and labels.gathering:
        titles = _gathering(labels, nynorsk=nynorsk)
    return next(iter(titles.items())) if len(titles) == 1 else (None, "")


def _gathering(labels: Labels, *, nynorsk: bool) -> dict[EventType, str]:
    if Role.PROJECT_LEADER in labels.roles:
        return {EventType.PROJECT_LEADERS: ("prosjektleiar" if nynorsk else "prosjektleder") + labels.gathering}
    return {EventType.NETWORK_GATHERING: "nettverks" + labels.gathering} if labels.networks else {}
