"""Makes the title that is offered for an event, of what was understood and in the language form of the line."""

from __future__ import annotations

from collections.abc import Sequence

from eventsys.events.announcements.labels import ROMAN
from eventsys.events.announcements.words import ROLE_TITLES
from eventsys.events.rules import EventType, Role

_NUMERALS = {number: text.upper() for text, number in ROMAN.items()}
_NAMED_BY_ORGANISER = frozenset({EventType.CONFERENCE, EventType.MEETING})
_NAMED_AFTER_ROLE = {EventType.PROJECT_LEADERS: Role.PROJECT_LEADER}


def title(
    kind: EventType,
    word: str,
    *,
    adjective: str,
    ordinal: int | None,
    cohorts: Sequence[int],
    role: Role | None,
    organiser: str | None,
    nynorsk: bool,
) -> str:
    """«Oppstart for pulje III», «Læringsseminar 2», «Lokale nettverkssamlinger», «Unios konferanse for tillitsvalgte».

    `word` is the type as the line names it; an organiser stands in the genitive before a conference or a meeting.
    """
    words = f"{adjective} {word}".strip()
    parts = [f"{_genitive(organiser)} {words}" if organiser and kind in _NAMED_BY_ORGANISER else words]
    parts += [str(ordinal)] if ordinal is not None else []
    if kind is EventType.KICKOFF and cohorts:
        parts.append(f"for {_cohorts(cohorts, nynorsk=nynorsk)}")
    elif role is not None and _NAMED_AFTER_ROLE.get(kind) is not role:
        parts.append(f"for {ROLE_TITLES[role][nynorsk]}")
    whole = " ".join(parts)
    return whole[:1].upper() + whole[1:]


def _genitive(name: str) -> str:
    return f"{name}’" if name[-1:].lower() in {"s", "x", "z"} else f"{name}s"


def _cohorts(cohorts: Sequence[int], *, nynorsk: bool) -> str:
    numerals = [_NUMERALS.get(cohort, str(cohort)) for cohort in cohorts]
    if len(numerals) == 1:
        return f"pulje {numerals[0]}"
    return f"{'puljane' if nynorsk else 'puljene'} {', '.join(numerals[:-1])} og {numerals[-1]}"
