"""Reads pasted announcements line by line: finds when, what, for whom and where, and remarks on all that is in doubt.

Every line that is not blank gives one announcement. Nothing is guessed without a remark, and nothing raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eventsys.events.announcements.clocks import find_clocks
from eventsys.events.announcements.dates import read_dates
from eventsys.events.announcements.labels import GATHERING, Labels, read_labels, type_and_title
from eventsys.events.announcements.line import Kind, Line, clean, has_control_characters
from eventsys.events.announcements.places import NAMED, leftovers, read_organiser, read_venue
from eventsys.events.announcements.shapes import Announcement, Remark
from eventsys.events.announcements.titles import title
from eventsys.events.announcements.words import CALLED_OFF, MOVED, is_nynorsk
from eventsys.events.rules import EventType, Role

LONGEST_LINE = 500

_FOR_THEIR_MEMBERS = frozenset({EventType.STEERING_GROUP, EventType.POLITICAL_CONTACT})


def read(text: str, *, year: int) -> list[Announcement]:
    """One announcement for each line that is not blank. `year` is meant where the line names none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [_read_line(line, number, year) for number, line in enumerate(lines, 1) if line.strip()]


def _read_line(text: str, number: int, year: int) -> Announcement:
    if len(text) > LONGEST_LINE:
        return _too_long(text, number)
    line = Line.of(clean(text))
    changes = _changes(line)
    find_clocks(line)
    labels = read_labels(line)
    spans, on_dates = read_dates(line, year, labels.year)
    what = _what(line, labels)
    venue = read_venue(line, labels.last_place)
    refused = what.kind is None or not spans
    remarks = [
        *([Remark("control_characters")] if has_control_characters(text) else []),
        *on_dates,
        *_on_labels(labels, what),
        *([] if what.has_audience or refused else [Remark("no_audience")]),
        *([] if venue or refused else [Remark("no_venue")]),
        *_misprints(line),
        *changes,
        *_leftover(line),
    ]
    return Announcement(
        line=number,
        text=text,
        spans=spans,
        type=what.kind,
        ordinal=what.ordinal,
        cohorts=what.cohorts,
        networks=what.networks,
        role=None if what.representatives else what.role,
        organiser=what.organiser,
        representatives=what.representatives,
        venue=venue,
        title=what.title,
        remarks=tuple(remarks),
        refused=refused,
    )


@dataclass(frozen=True, slots=True)
class _What:
    """What the event is and for whom. `role` is kept for the organiser's own representatives too."""

    kind: EventType | None
    title: str
    ordinal: int | None
    cohorts: tuple[int, ...]
    networks: bool
    roles: tuple[Role, ...]
    organiser: str | None
    has_audience: bool

    @property
    def role(self) -> Role | None:
        return self.roles[0] if len(self.roles) == 1 else None

    @property
    def representatives(self) -> bool:
        return self.role is Role.EMPLOYEE_REPRESENTATIVE and self.organiser is not None


def _what(line: Line, labels: Labels) -> _What:
    """The labels put together; takes the organiser in the line."""
    organiser = read_organiser(line)
    nynorsk = is_nynorsk([token.word or token.as_written for token in line.tokens if token.kind is Kind.WORD])
    kind, word = type_and_title(labels, nynorsk=nynorsk)
    if kind is None:
        _give_back(line, GATHERING)
    roles = _roles(labels, kind)
    cohorts = tuple(sorted(set(labels.cohorts)))
    networks = labels.networks or (kind is EventType.NETWORK_GATHERING and not cohorts and not roles)
    what = _What(
        kind=kind,
        title="",
        ordinal=labels.ordinals[0] if len(set(labels.ordinals)) == 1 else None,
        cohorts=cohorts,
        networks=networks,
        roles=roles,
        organiser=organiser,
        has_audience=bool(cohorts or networks or roles or labels.all_cohorts) or kind in _FOR_THEIR_MEMBERS,
    )
    return replace(what, title=_title(what, labels, word, nynorsk=nynorsk))


def _title(what: _What, labels: Labels, word: str, *, nynorsk: bool) -> str:
    if what.kind is None:
        return ""
    return title(
        what.kind,
        word,
        adjective=labels.adjective if what.kind is EventType.NETWORK_GATHERING else "",
        ordinal=what.ordinal,
        cohorts=what.cohorts,
        role=what.role,
        organiser=what.organiser,
        nynorsk=nynorsk,
    )


def _too_long(text: str, number: int) -> Announcement:
    remark = Remark("too_long", (str(len(text)), str(LONGEST_LINE)))
    return Announcement(
        line=number,
        text=text[:LONGEST_LINE],
        spans=(),
        type=None,
        ordinal=None,
        cohorts=(),
        networks=False,
        role=None,
        organiser=None,
        representatives=False,
        venue=None,
        title="",
        remarks=(remark,),
        refused=True,
    )


def _changes(line: Line) -> list[Remark]:
    """That the event is called off or moved; the words are taken."""
    found: list[Remark] = []
    for place in range(len(line.tokens)):
        for code, words in (("called_off", CALLED_OFF), ("moved", MOVED)):
            if line.as_written(place) in words:
                found.append(Remark(code, (line.tokens[place].text,)))
                line.claim(place, place + 1, "change")
    return found


def _roles(labels: Labels, kind: EventType | None) -> tuple[Role, ...]:
    always = [Role.PROJECT_LEADER] if kind is EventType.PROJECT_LEADERS else []
    return tuple(dict.fromkeys([*always, *labels.roles]))


def _on_labels(labels: Labels, what: _What) -> Iterator[Remark]:
    if what.kind is None and labels.types:
        yield Remark("two_types", tuple(dict.fromkeys(str(named) for named, _ in labels.types)))
    elif what.kind is None:
        yield Remark("no_type")
    if len(set(labels.ordinals)) > 1:
        yield Remark("several_ordinals", tuple(str(ordinal) for ordinal in labels.ordinals))
    for number in labels.ambiguous:
        yield Remark("ambiguous_number", (number,))
    if labels.all_cohorts and not labels.cohorts:
        yield Remark("all_cohorts")
    if len(what.roles) > 1:
        yield Remark("several_roles", tuple(str(role) for role in what.roles))


def _give_back(line: Line, mark: str) -> None:
    """Makes what was taken as `mark` free again, so that it is left over."""
    line.marks = ["" if taken == mark else taken for taken in line.marks]


def _misprints(line: Line) -> list[Remark]:
    """Words that were understood as another spelling of themselves."""
    understood = [token for token, mark in zip(line.tokens, line.marks, strict=True) if mark not in {"", NAMED}]
    wrong = [token for token in understood if token.word and token.word != token.as_written]
    return [Remark("misspelt", (token.text, token.word)) for token in wrong]


def _leftover(line: Line) -> list[Remark]:
    words = leftovers(line)
    return [Remark("leftover", words)] if words else []
