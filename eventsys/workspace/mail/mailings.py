"""One-off mail: written by hand for one event, kept as a draft, sent by the same rules as every other mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.events.models import Event
from eventsys.workflows.actions import planning
from eventsys.workflows.actions.switching import add_rule, change_rule, remove_rule
from eventsys.workflows.audiences import keep_list
from eventsys.workflows.copies import remove_partners
from eventsys.workflows.enclosures import remove_files
from eventsys.workflows.models import MailTemplate, MailTemplateVersion, Occasion, Rule
from eventsys.workflows.rulefacts import RuleFacts, Scope
from eventsys.workflows.rules import Audience, OccasionState, Trigger
from eventsys.workflows.texts.actions import new_text, save_version
from eventsys.workflows.texts.rules import LANGUAGES, Written, split

PRESSED_TWICE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written: to whom, of one run or of all, when by the organiser's clock (None: at once), and the texts.

    `audience_id` is that of a saved audience.
    """

    audience: Audience
    run_id: int | None
    at_local: datetime | None
    texts: Mapping[str, str]
    name: str
    audience_id: int | None = None


@dataclass(frozen=True, slots=True)
class Mailing:
    """A one-off mail as it stands. `occasion` is there once it was switched on; `number` is its text's newest version."""

    rule: Rule
    occasion: Occasion | None
    name: str
    texts: Mapping[str, str]
    number: int
    template_id: int

    @property
    def key(self) -> str:
        return self.rule.key

    @property
    def is_draft(self) -> bool:
        return self.rule.enabled_at is None and self.rule.removed_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether it was ordered and its moment has not come."""
        return (
            self.rule.enabled_at is not None
            and self.occasion is not None
            and self.occasion.state is OccasionState.PLANNED
        )

    def written(self) -> dict[str, Written]:
        return {language: split(self.texts[language]) for language in LANGUAGES if language in self.texts}


def find_mailing(session: Session, event: Event, key: str) -> Mailing | None:
    """The event's own one-off mail of that key, thrown away or not."""
    row = session.execute(
        sa.select(Rule, MailTemplate, MailTemplateVersion)
        .join(MailTemplate, sa.and_(MailTemplate.organiser_id == Rule.organiser_id, MailTemplate.key == Rule.template))
        .join(MailTemplateVersion, MailTemplateVersion.template_id == MailTemplate.id)
        .where(
            Rule.organiser_id == event.organiser_id,
            Rule.event_id == event.id,
            Rule.key == key,
            Rule.trigger == Trigger.ABSOLUTE,
            MailTemplate.event_id == event.id,
        )
        .order_by(Rule.id.desc(), MailTemplateVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    rule, template, version = row
    newest = sa.select(Occasion).where(Occasion.rule_id == rule.id).order_by(Occasion.generation.desc()).limit(1)
    occasion = session.scalar(newest.execution_options(populate_existing=True))
    return Mailing(rule, occasion, template.name, version.texts, version.number, template.id)


def find_template(session: Session, mailing: Mailing) -> MailTemplate:
    """The letter's text, locked, so that what goes with it does not change while it is ordered."""
    return session.scalars(
        sa.select(MailTemplate).where(MailTemplate.id == mailing.template_id).with_for_update()
    ).one()


def save_draft(session: Session, event: Event, letter: Letter, *, account_id: int, timezone: str, now: datetime) -> str:
    """A new draft; its key. The same one saved twice within a minute is one. Raises `BadTexts`
    and `AudienceIsGone`."""
    made = _find_just_made(session, event, letter, now)
    if made is not None:
        return made
    text = new_text(
        session,
        organiser_id=event.organiser_id,
        event_id=event.id,
        name=letter.name,
        texts=letter.texts,
        account_id=account_id,
        now=now,
    )
    scope = Scope(event.organiser_id, event_id=event.id)
    facts = _facts(letter, text.key, timezone, now)
    add_rule(session, scope, facts, key=text.key, on=False, account_id=account_id, now=now)
    return text.key


def change_draft(
    session: Session, mailing: Mailing, letter: Letter, *, opened_at: int, account_id: int, timezone: str, now: datetime
) -> bool:
    """Writes the draft anew; False if it is none any more. Raises `BadTexts`, and `ChangedMeanwhile` where another did."""
    if not mailing.is_draft:
        return False
    save_version(
        session,
        organiser_id=mailing.rule.organiser_id,
        key=mailing.rule.template,
        texts=letter.texts,
        opened_at=opened_at,
        account_id=account_id,
        now=now,
        name=letter.name,
    )
    facts = _facts(letter, mailing.rule.template, timezone, now)
    change_rule(session, mailing.rule, facts, account_id=account_id, now=now)
    return True


def _facts(letter: Letter, template: str, timezone: str, now: datetime) -> RuleFacts:
    return RuleFacts(
        Trigger.ABSOLUTE,
        template,
        audience=letter.audience,
        at_local=letter.at_local or dates.to_local(now, timezone).replace(tzinfo=None),
        run_id=letter.run_id,
        audience_id=letter.audience_id,
    )


def _find_just_made(session: Session, event: Event, letter: Letter, now: datetime) -> str | None:
    rows = session.execute(
        sa.select(MailTemplate.key, MailTemplateVersion.texts)
        .join(MailTemplateVersion, MailTemplateVersion.template_id == MailTemplate.id)
        .where(
            MailTemplate.organiser_id == event.organiser_id,
            MailTemplate.event_id == event.id,
            MailTemplateVersion.at > now - PRESSED_TWICE,
        )
        .order_by(MailTemplate.id)
    )
    return next((row.key for row in rows if row.texts == dict(letter.texts)), None)


def goes_at(mailing: Mailing, *, timezone: str, now: datetime) -> datetime | None:
    """The moment that the draft is to go, or None for at once, which is what a moment that has passed means too."""
    assert mailing.rule.at_local is not None
    moment = dates.to_utc(mailing.rule.at_local, timezone)
    return moment if moment > now else None


def send(session: Session, event: Event, mailing: Mailing, *, account_id: int, timezone: str, now: datetime) -> bool:
    """Orders the draft, at once or at its time; False when it was ordered already, or thrown away.

    An UPDATE with a condition, so that of two who press at once one wins. What a saved audience meant is kept with it.
    """
    find_template(session, mailing)
    moment = goes_at(mailing, timezone=timezone, now=now)
    values = {"enabled_at": now, "account_id": account_id}
    if moment is None:
        local = dates.to_local(now, timezone).replace(tzinfo=None)
        # In the hour that comes twice a year the local time means the first of the two, before now.
        values.update(at_local=local, enabled_at=min(now, dates.to_utc(local, timezone)))
    ordered = session.scalar(
        sa.update(Rule)
        .where(Rule.id == mailing.rule.id, Rule.enabled_at.is_(None), Rule.removed_at.is_(None))
        .values(**values)
        .returning(Rule.id)
        .execution_options(synchronize_session=False)
    )
    if ordered is None:
        return False
    session.refresh(mailing.rule)
    keep_list(session, mailing.rule)
    planning.plan_event(session, event.id, now=now)
    return True


def throw_away(session: Session, mailing: Mailing, *, account_id: int, now: datetime) -> bool:
    """A draft, or one whose moment has not come, is never sent, and what was to go with it is gone; False when it is too
    late for that."""
    session.refresh(mailing.rule, with_for_update=True)
    if mailing.occasion is not None:
        session.refresh(mailing.occasion, with_for_update=True)
    if not (mailing.is_draft or mailing.is_waiting):
        return False
    letter = sa.select(MailTemplate.id).where(MailTemplate.id == mailing.template_id)
    remove_files(session, letter)
    remove_partners(session, letter)
    return remove_rule(session, mailing.rule, account_id=account_id, now=now)


def list_needed(readers: Mapping[str, int], written: Collection[str]) -> dict[str, int]:
    """The languages in which the letter is not written, with how many read it in each."""
    return {language: readers[language] for language in LANGUAGES if readers.get(language) and language not in written}
