"""What is looked up for the pages of invitations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.audiences.models import AudienceRecord
from eventsys.audiences.queries import Hit, find_saved, select_people
from eventsys.audiences.rules import Clause, Source, read_clauses
from eventsys.events.models import Event
from eventsys.invitations.queries import ListedInvitation, RoundLine, find_only_run, select_taken
from eventsys.programmes.models import Network
from eventsys.registrations.limits.queries import count_limits
from eventsys.registrations.limits.rules import Dimension
from eventsys.registrations.limits.rules import Kind as Limited
from eventsys.workspace.audiences.labels import list_named
from eventsys.workspace.audiences.reading import Asker
from eventsys.workspace.invitations.forms import OF_EVENT
from eventsys.workspace.invitations.meant import make_clauses


class Whom(NamedTuple):
    """Whom a round asks: the clauses, and the saved audience that they come from."""

    clauses: tuple[Clause, ...]
    audience: AudienceRecord | None


class Newcomers(NamedTuple):
    """Who would be asked: how many, of how many in the audience, how many in each language, how many organisations."""

    asked: int
    total: int
    languages: dict[str, int]
    organisations: int
    without: int


def find_whom(session: Session, event: Event, choice: str, asker: Asker, public_id: Any) -> Whom | None:
    """What the choice of a form means; None for nothing that is there."""
    if choice == OF_EVENT:
        clauses = list_meant(session, event)
        return Whom(clauses, None) if clauses else None
    row = find_saved(session, public_id, organiser_id=asker.organiser_id) if public_id else None
    return Whom(read_clauses(row.clauses), row) if row else None


def list_meant(session: Session, event: Event) -> tuple[Clause, ...]:
    """Whom the event says that it is for; nobody for one that is for everybody."""
    networks: dict[int, list[int]] = defaultdict(list)
    programmes = [row.programme_id for row in event.clauses if row.programme_id is not None]
    if programmes:
        statement = sa.select(Network.programme_id, Network.id).where(Network.programme_id.in_(programmes))
        for programme_id, network_id in session.execute(statement.order_by(Network.id)):
            networks[programme_id].append(network_id)
    return make_clauses(event.clauses, networks)


def count_newcomers(session: Session, event: Event, clauses: Sequence[Clause], asker: Asker) -> Newcomers:
    """In one statement, how many would be asked."""
    people = select_people(clauses, organiser_id=asker.organiser_id, on=asker.on).subquery()
    who = sa.func.coalesce(people.c.person_id, -people.c.organisation_id)
    is_new = who.not_in(select_taken(event.id))
    new = sa.case((is_new, 1), else_=0)
    rows = session.execute(
        sa.select(
            people.c.language, sa.func.count(), sa.func.sum(new),
            sa.func.sum(sa.case((sa.and_(is_new, people.c.organisation_id.is_(None)), 1), else_=0)),
        ).group_by(people.c.language)
    ).all()  # fmt: skip
    organisations = session.scalar(sa.select(sa.func.count(sa.distinct(people.c.organisation_id))).where(is_new))
    languages = {language: int(asked) for language, _total, asked, _alone in rows if asked}
    alone = sum(int(row[3] or 0) for row in rows)
    return Newcomers(sum(languages.values()), sum(row[1] for row in rows), languages, organisations or 0, alone)


def count_places_left(session: Session, event: Event, asker: Asker) -> int | None:
    """How many places of the event's only date are left and not held; None where nothing limits them."""
    run = find_only_run(session, event.id)
    if run is None:
        return None
    return count_limits(session, event.id, on=asker.on, kinds=[Limited.RUN])[Dimension(Limited.RUN, run.id)].left


def list_named_in(
    rows: Sequence[ListedInvitation], rounds: Sequence[RoundLine]
) -> tuple[list[Clause], list[tuple[Any, int]]]:
    """The clauses of rounds and reasons, and what the reasons name beside them: all that a page has to name."""
    clauses = [clause for line in rounds for clause in read_clauses(line.round.clauses)]
    more: list[tuple[Any, int]] = []
    for row in rows:
        for kept in row.invitation.reasons:
            if "clause" not in kept:
                continue
            (clause,) = read_clauses([kept["clause"]])
            clauses.append(clause)
            hit = Hit(0, Source(kept["source"]), "", kept.get("role", ""), kept.get("of"))
            more += list_named([hit], [clause])
    return clauses, more
