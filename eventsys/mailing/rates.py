"""How many mails may go in a minute, over all workers: times reserved in the claim's own transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventsys.mailing.models import MailRate, OutboxMessage
from eventsys.mailing.rules import BULK

OVERALL = ""
AHEAD = timedelta(seconds=1)
"""So much earlier than its time a mail may go: workers look about once a second."""
ROUNDS = 10
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rates:
    """Mails a minute over all (0 is no limit) and by domain; `*` is each domain that is not named."""

    overall: float
    domains: dict[str, float]

    @classmethod
    def read(cls, overall: float, domains: str) -> Rates | None:
        """From the settings, as `gmail.com=60 *=600`; none where there is no limit at all."""
        pairs = [word.partition("=") for word in domains.casefold().split()]
        by_domain = {name: float(rate) for name, _is, rate in pairs if float(rate) > 0}
        return cls(overall, by_domain) if overall or by_domain else None

    def scopes_of(self, domain: str) -> Iterator[tuple[str, timedelta]]:
        """The scopes that a mail to the domain counts in, and the time from one mail of a scope to the next."""
        rate = self.domains.get(domain, self.domains.get("*"))
        if rate is not None:
            yield domain, MINUTE / rate
        if self.overall:
            yield OVERALL, MINUTE / self.overall


def reserve(
    session: Session, due: sa.Select[*tuple[Any, ...]], rates: Rates, *, batch: int, now: datetime, real_now: datetime
) -> list[int]:
    """The ids of up to `batch` due messages that may go at once; each has its time reserved.

    One above its domain's rate is due later, at a time of its own, and holds up nobody. Claims of other workers wait:
    the row of the overall scope is locked, whether that has a limit or not.
    """
    paces = _Paces(session, real_now)
    chosen: list[int] = []
    for _round in range(ROUNDS):
        rows = session.execute(due.where(OutboxMessage.id.not_in(chosen)).limit(batch - len(chosen))).all()
        later = list(_share_out(rows, rates, paces, chosen, real_now))
        for message_id, wait in later:
            is_it = OutboxMessage.id == message_id
            moved = sa.update(OutboxMessage).where(is_it).values(next_try_at=now + wait)
            session.execute(moved.execution_options(synchronize_session=False))
        if not later or len(chosen) >= batch:
            break
    paces.keep()
    return chosen


def _share_out(
    rows: Sequence[Any], rates: Rates, paces: _Paces, chosen: list[int], real_now: datetime
) -> Iterator[tuple[int, timedelta]]:
    """Adds who may go to `chosen`; gives the others of too busy domains, and how long each waits."""
    for row in rows:
        domain = row.email_key.rpartition("@")[2]
        scopes = dict(rates.scopes_of(domain))
        if OVERALL in scopes and paces.is_too_early(OVERALL):
            return
        if domain in scopes and paces.is_too_early(domain):
            yield row.id, paces.queue(domain, scopes[domain], is_bulk=row.priority >= BULK) - real_now
            continue
        for scope, interval in scopes.items():
            paces.take(scope, interval)
        chosen.append(row.id)


@dataclass(slots=True)
class _Paces:
    """When each scope's next mail may go, as kept in the database."""

    session: Session
    real_now: datetime
    free_at: dict[str, datetime] = field(default_factory=dict)
    urgent: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.execute(_put(self.session, OVERALL, self.real_now).on_conflict_do_nothing())
        locked = sa.select(MailRate.free_at).where(MailRate.scope == OVERALL).with_for_update()
        self.free_at[OVERALL] = self.session.scalars(locked).one()

    def find(self, scope: str) -> datetime:
        """When the scope is free, never in the past."""
        if scope not in self.free_at:
            kept = self.session.scalar(sa.select(MailRate.free_at).where(MailRate.scope == scope))
            self.free_at[scope] = kept or self.real_now
        return max(self.free_at[scope], self.real_now)

    def is_too_early(self, scope: str) -> bool:
        return self.find(scope) > self.real_now + AHEAD

    def take(self, scope: str, interval: timedelta) -> datetime:
        """The next time of the scope, which is then another's no more."""
        time = self.find(scope)
        self.free_at[scope] = time + interval
        return time

    def queue(self, domain: str, interval: timedelta, *, is_bulk: bool) -> datetime:
        """When a mail above the rate is to be looked at again: one after the other, and bulk behind all that waits."""
        first = self.find(domain)
        if is_bulk:
            waiting = f"{domain} waiting"
            self.free_at[waiting] = max(first, self.find(waiting))
            return self.take(waiting, interval)
        time = self.urgent.get(domain, first)
        self.urgent[domain] = time + interval
        return time

    def keep(self) -> None:
        for scope, free_at in sorted(self.free_at.items()):
            put = _put(self.session, scope, free_at)
            changed = put.on_conflict_do_update(index_elements=["scope"], set_={"free_at": put.excluded.free_at})
            self.session.execute(changed)


def _put(session: Session, scope: str, free_at: datetime) -> Any:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(MailRate).values(scope=scope, free_at=free_at)
