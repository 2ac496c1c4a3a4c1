"""Reads mail texts: what is in force under a key, where it is used, and its versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eventsys.accounts.models import Account
from eventsys.extensions import AnyRow
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.mailing.templates import list_keys, read_shipped
from eventsys.workflows.models import MailTemplate, MailTemplateVersion, Rule
from eventsys.workflows.rules import TEMPLATES
from eventsys.workflows.texts.checks import CASE_TEXTS, known_of
from eventsys.workflows.texts.rules import LANGUAGES, list_changed

NOT_ORGANISERS = (
    "sign_in",
    "team_invitation",
    "test",
    "own_pages",
    "contact",
    "contact_confirmed",
    "brochure_ordered",
    "brochure_sent",
    "brochure_declined",
    "contract_deadline",
    "network_draft",
    "group_link",
    "group_minutes",
    "visit_asked",
    "visit_offered",
    "visit_declined",
)
"""Shipped texts that belong to the installation, which no organiser writes."""
NOT_GONE = (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED, MailState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A text that an organiser can use. `number` is its newest version, 0 where it has none; `rules` how many rules that
    are on send it."""

    key: str
    name: str
    is_shipped: bool
    is_own: bool
    number: int
    texts: Mapping[str, str]
    rules: int
    event_id: int | None = None
    call_id: int | None = None

    @property
    def is_of_case(self) -> bool:
        """Whether it is about a call, an application or a decision; no rule sends it."""
        return self.key in CASE_TEXTS or self.call_id is not None

    @property
    def known(self) -> tuple[str, ...]:
        """The placeholders that it may have."""
        return known_of(self.key, self.call_id)

    @property
    def languages(self) -> list[str]:
        return [language for language in LANGUAGES if language in self.texts]


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version: who made it and when, and in which languages it differs from the one before."""

    number: int
    texts: Mapping[str, str]
    at: datetime
    by: str | None
    changed: Sequence[str]


def find_sources(session: Session, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], dict[str, str]]:
    """For each organiser's id and key the sources by language: its newest own version, else what is shipped.

    A language without a text is no key. One statement, however many are wanted.
    """
    if not wanted:
        return {}
    own = {
        (row.organiser_id, row.key): row.texts
        for row in session.execute(
            _newest().where(sa.tuple_(MailTemplate.organiser_id, MailTemplate.key).in_(list(wanted)))
        )
    }
    return {one: dict(own.get(one) or read_shipped(one[1])) for one in wanted}


def missing_languages(session: Session, organiser_id: int, key: str) -> list[str]:
    """Of bokmål, nynorsk and English those in which the text that is in force is not written."""
    sources = find_sources(session, [(organiser_id, key)])[organiser_id, key]
    return [language for language in LANGUAGES if language not in sources]


def list_texts(session: Session, organiser_id: int) -> list[TextEntry]:
    """All that an organiser can use anywhere: the shipped ones in their order, then its own by name."""
    own = {
        row.key: row
        for row in session.execute(
            _newest().where(
                MailTemplate.organiser_id == organiser_id,
                MailTemplate.event_id.is_(None),
                MailTemplate.call_id.is_(None),
            )
        )
    }
    rules = count_rules(session, organiser_id)
    shipped = list_shipped()
    mine = sorted(own.keys() - set(shipped), key=lambda key: (own[key].name.casefold(), key))
    return [_entry(key, own.get(key), rules.get(key, 0)) for key in (*shipped, *mine)]


def list_shipped() -> list[str]:
    """The keys of the shipped texts that organisers may write, as they follow each other in a person's way to an event."""
    keys = [key for key in list_keys() if key not in NOT_ORGANISERS]
    order = {key: place for place, key in enumerate((*TEMPLATES, *CASE_TEXTS))}
    return sorted(keys, key=lambda key: order.get(key, len(order)))


def find_text(session: Session, organiser_id: int, key: str) -> TextEntry | None:
    """One that the organiser can use, or has for one event or call; None if there is none of that key."""
    whose = (MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
    row = session.execute(_newest().where(*whose)).first()
    if row is None and (not read_shipped(key) or key in NOT_ORGANISERS):
        return None
    return _entry(key, row, count_rules(session, organiser_id).get(key, 0))


def count_rules(session: Session, organiser_id: int) -> dict[str, int]:
    """How many of the organiser's rules that are on send each text."""
    statement = (
        sa.select(Rule.template, sa.func.count().label("how_many"))
        .where(Rule.organiser_id == organiser_id, Rule.enabled_at.is_not(None), Rule.removed_at.is_(None))
        .group_by(Rule.template)
    )
    return {row.template: row.how_many for row in session.execute(statement)}


def is_used(session: Session, organiser_id: int, key: str) -> bool:
    """Whether a rule of the organiser's, on or off, has the text, or a mail with it has not gone out yet."""
    rules = sa.select(Rule.id).where(Rule.organiser_id == organiser_id, Rule.template == key, Rule.removed_at.is_(None))
    mails = sa.select(OutboxMessage.id).where(
        OutboxMessage.organiser_id == organiser_id, OutboxMessage.template == key, OutboxMessage.state.in_(NOT_GONE)
    )
    return session.scalar(rules.limit(1)) is not None or session.scalar(mails.limit(1)) is not None


def list_versions(session: Session, organiser_id: int, key: str) -> list[Version]:
    """Every saved version, newest first."""
    statement = (
        sa.select(MailTemplateVersion, Account.name)
        .join(MailTemplate, MailTemplate.id == MailTemplateVersion.template_id)
        .outerjoin(Account, Account.id == MailTemplateVersion.account_id)
        .where(MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
        .order_by(MailTemplateVersion.number)
    )
    shipped = read_shipped(key)
    found, before = [], shipped
    for version, name in session.execute(statement):
        now = version.texts or shipped
        found.append(Version(version.number, version.texts, version.at, name, list_changed(before, now)))
        before = now
    return found[::-1]


def _newest() -> sa.Select[int, str, str, int | None, int | None, int, dict[str, str]]:
    """Each own text with its newest version."""
    later = aliased(MailTemplateVersion)
    newest = sa.select(sa.func.max(later.number)).where(later.template_id == MailTemplate.id).scalar_subquery()
    return sa.select(
        MailTemplate.organiser_id,
        MailTemplate.key,
        MailTemplate.name,
        MailTemplate.event_id,
        MailTemplate.call_id,
        MailTemplateVersion.number,
        MailTemplateVersion.texts,
    ).join(
        MailTemplateVersion,
        sa.and_(MailTemplateVersion.template_id == MailTemplate.id, MailTemplateVersion.number == newest),
    )


def _entry(key: str, own: AnyRow | None, rules: int) -> TextEntry:
    shipped = read_shipped(key)
    return TextEntry(
        key=key,
        name=own.name if own else "",
        is_shipped=bool(shipped),
        is_own=bool(own and own.texts),
        number=own.number if own else 0,
        texts=(own.texts if own else None) or shipped,
        rules=rules,
        event_id=own.event_id if own else None,
        call_id=own.call_id if own else None,
    )
