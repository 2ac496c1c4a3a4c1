"""What pages call the values of `rules`: names of types and audiences, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates, texts
from eventsys.events.models import EventClause, Run
from eventsys.events.rules import ClauseKind, EventStatus, EventType, Precision, Role, Stage
from eventsys.web import language

TYPES = {
    EventType.KICKOFF: _l("Kickoff"),
    EventType.LEARNING_SEMINAR: _l("Learning seminar"),
    EventType.PROJECT_LEADERS: _l("Project leaders' gathering"),
    EventType.NETWORK_GATHERING: _l("Network gathering"),
    EventType.CONFERENCE: _l("Conference"),
    EventType.STEERING_GROUP: _l("Administrative steering group"),
    EventType.POLITICAL_CONTACT: _l("Political contact meeting"),
    EventType.MEETING: _l("Meeting"),
}
STATUSES = {
    EventStatus.DRAFT: _l("Draft"),
    EventStatus.PUBLISHED: _l("Published"),
    EventStatus.CANCELLED: _l("Cancelled"),
}
STAGES = {
    Stage.DRAFT: _l("Draft"),
    Stage.PUBLISHED: _l("Published"),
    Stage.HELD: _l("Held"),
    Stage.CANCELLED: _l("Cancelled"),
}
PRECISIONS = {
    Precision.EXACT: _l("Days and times"),
    Precision.DAYS: _l("Days"),
    Precision.WEEK: _l("A week"),
    Precision.MONTH: _l("A month"),
    Precision.SEASON: _l("A season"),
    Precision.UNKNOWN: _l("Not known yet"),
}
ROLES = {
    Role.POLITICIAN: _l("Politicians"),
    Role.ADMINISTRATION: _l("Administration"),
    Role.EMPLOYEE_REPRESENTATIVE: _l("Elected representatives"),
    Role.PROJECT_LEADER: _l("Project leaders"),
}


def name_clauses(clauses: Sequence[EventClause]) -> list[tuple[str, str]]:
    """The tags of an audience as (text, colour): cohorts together («Pulje I, II og III»), roles once."""
    tags: list[tuple[str, str]] = []
    cohorts = sorted((row.cohort for row in clauses if row.cohort), key=lambda cohort: cohort.ordinal)
    if cohorts:
        tags.append((join_cohorts([texts.read(cohort.name, language()).value for cohort in cohorts]), "accent"))
    for row in clauses:
        if row.network is not None:
            tags.append((row.network.name, "accent"))
        elif row.group is not None:
            tags.append((texts.read(row.group.name, language()).value, "accent"))
        elif row.kind is ClauseKind.ANY_NETWORK:
            tags.append((_("The regional networks"), "accent"))
        elif row.organisation is not None and row.kind is ClauseKind.REPRESENTATIVES:
            tags.append(
                (_("Elected representatives in %(organisation)s", organisation=row.organisation.name), "brand2")
            )
        elif row.organisation is not None:
            tags.append((row.organisation.label, "accent"))
    roles = dict.fromkeys(row.role for row in clauses if row.role is not None)
    return tags + [(str(ROLES[role]), "neutral") for role in roles]


def join_cohorts(names: Sequence[str]) -> str:
    """«Pulje I, II og III»: the word that all share is said once."""
    first, _space, _rest = names[0].partition(" ")
    if len(names) > 1 and all(name.startswith(first + " ") for name in names):
        return f"{first} {join_words([name.removeprefix(first + ' ') for name in names])}"
    return join_words(names)


def join_words(words: Sequence[str], *, last: str | None = None) -> str:
    """«I, II og III»; `last` is the word before the last one, «og» by default."""
    if len(words) < 2:
        return "".join(words)
    between = last or _("and")
    return f"{', '.join(words[:-1])} {between} {words[-1]}"


def name_run(run: Run, *, year: bool = True) -> str:
    """«1.–2. september 2008», «oktober 2008»: the run's days in the reader's language."""
    return dates.format_span(run.precision, run.first_on, run.last_on, language(), year=year)


def name_times(run: Run) -> str:
    """«kl. 10.00–15.30» of an exact run on one day, both ends with their days on several; empty for the others."""
    if run.starts_local is None or run.ends_local is None:
        return ""
    code = language()
    if run.first_on == run.last_on:
        end = dates.format_clock(run.ends_local, "en" if code == "en" else "nb").removeprefix("kl. ")
        return f"{dates.format_clock(run.starts_local, code)}–{end}"
    names = dates.WEEKDAYS[code]
    start, end = (
        f"{names[moment.weekday()]} {dates.format_clock(moment, code)}" for moment in (run.starts_local, run.ends_local)
    )
    return _("%(start)s to %(end)s", start=start, end=end)
