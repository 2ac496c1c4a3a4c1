"""Saves versions of mail texts, and removes texts. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.templates import read_shipped
from eventsys.organisers.models import Organiser
from eventsys.venues.rules import slug_of
from eventsys.workflows.enclosures import remove_files
from eventsys.workflows.models import MailTemplate, MailTemplateVersion
from eventsys.workflows.texts.checks import check, known_of
from eventsys.workflows.texts.queries import is_used
from eventsys.workflows.texts.rules import BadTexts, ChangedMeanwhile, TextIsUsed

LONGEST_KEY = 40


def new_text(
    session: Session,
    *,
    organiser_id: int,
    name: str,
    texts: Mapping[str, str],
    event_id: int | None = None,
    call_id: int | None = None,
    account_id: int | None,
    now: datetime,
) -> MailTemplate:
    """A text under a key of the organiser's own; with `event_id` or `call_id` for that event or call alone. Raises
    `BadTexts`."""
    _check(texts, known_of("", call_id))
    _lock(session, organiser_id)
    key = _free_key(session, organiser_id, name)
    template = MailTemplate(organiser_id=organiser_id, event_id=event_id, call_id=call_id, key=key, name=name)
    session.add(template)
    session.flush()
    _add_version(session, template, 1, texts, account_id=account_id, now=now)
    return template


def save_version(
    session: Session,
    *,
    organiser_id: int,
    key: str,
    texts: Mapping[str, str],
    opened_at: int,
    account_id: int | None,
    now: datetime,
    name: str | None = None,
) -> int:
    """Saves the text of a shipped key or of one's own as a new version, and answers the number of the one in force.

    What is as it was makes no version; what is as shipped makes one without texts. `opened_at` is the number of the version
    that the writer saw (0: none). Raises `BadTexts`, `ChangedMeanwhile` where another was saved since, and `LookupError`
    for a key that is neither shipped nor the organiser's own.
    """
    _check(texts, _known_of(session, organiser_id, key))
    template = _open(session, organiser_id, key, opened_at)
    if name:
        template.name = name
    shipped = read_shipped(key)
    wanted = {} if dict(texts) == dict(shipped) else dict(texts)
    newest = _newest(session, template)
    if (newest.texts if newest else {}) == wanted:
        return newest.number if newest else 0
    return _add_version(session, template, opened_at + 1, wanted, account_id=account_id, now=now)


def use_shipped(
    session: Session, *, organiser_id: int, key: str, opened_at: int, account_id: int | None, now: datetime
) -> int:
    """The shipped text counts again, from a new version on. Raises as `save_version` does."""
    shipped = read_shipped(key)
    if not shipped:
        raise LookupError(key)
    return save_version(
        session,
        organiser_id=organiser_id,
        key=key,
        texts=shipped,
        opened_at=opened_at,
        account_id=account_id,
        now=now,
    )


def restore_version(
    session: Session, *, organiser_id: int, key: str, number: int, opened_at: int, account_id: int | None, now: datetime
) -> int:
    """An old version counts again, as a new one. Raises as `save_version` does; `LookupError` for one that is not there."""
    texts = session.scalar(
        sa.select(MailTemplateVersion.texts)
        .join(MailTemplate, MailTemplate.id == MailTemplateVersion.template_id)
        .where(MailTemplate.organiser_id == organiser_id, MailTemplate.key == key, MailTemplateVersion.number == number)
    )
    if texts is None:
        raise LookupError(f"{key} {number}")
    return save_version(
        session,
        organiser_id=organiser_id,
        key=key,
        texts=texts or read_shipped(key),
        opened_at=opened_at,
        account_id=account_id,
        now=now,
    )


def own_template(session: Session, *, organiser_id: int, key: str) -> MailTemplate:
    """The row of the organiser's text, to put files on, made where it is a shipped one that it has not touched; a text
    without versions is the shipped one. Raises `LookupError` for a key that is neither shipped nor the organiser's own."""
    _lock(session, organiser_id)
    return _find_or_make(session, organiser_id, key)


def remove_text(session: Session, *, organiser_id: int, key: str) -> None:
    """Takes away a text under a key of the organiser's own, with its versions and files; mails that went out keep theirs.

    Raises `TextIsUsed`, and `LookupError` for one that is shipped, written for one event or call, or not the organiser's.
    """
    _lock(session, organiser_id)
    mine = (MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
    anywhere = (MailTemplate.event_id.is_(None), MailTemplate.call_id.is_(None))
    template = session.scalars(sa.select(MailTemplate).where(*mine, *anywhere)).one_or_none()
    if template is None or read_shipped(key):
        raise LookupError(key)
    if is_used(session, organiser_id, key):
        raise TextIsUsed(key)
    remove_files(session, sa.select(MailTemplate.id).where(MailTemplate.id == template.id))
    session.execute(sa.delete(MailTemplateVersion).where(MailTemplateVersion.template_id == template.id))
    session.delete(template)
    session.flush()


def _known_of(session: Session, organiser_id: int, key: str) -> Collection[str]:
    mine = (MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
    return known_of(key, session.scalar(sa.select(MailTemplate.call_id).where(*mine)))


def _check(texts: Mapping[str, str], known: Collection[str]) -> None:
    faults = check(texts, known)
    if faults:
        raise BadTexts(faults)


def _lock(session: Session, organiser_id: int) -> None:
    """Two who save at once take turns, so that the second is told of the first."""
    session.execute(sa.select(Organiser.id).where(Organiser.id == organiser_id).with_for_update(key_share=True))


def _open(session: Session, organiser_id: int, key: str, opened_at: int) -> MailTemplate:
    """The organiser's text of that key, made where it is a shipped one that it has not touched."""
    _lock(session, organiser_id)
    template = _find_or_make(session, organiser_id, key)
    newest = _newest(session, template)
    if (newest.number if newest else 0) != opened_at:
        raise ChangedMeanwhile(newest.number if newest else 0)
    return template


def _find_or_make(session: Session, organiser_id: int, key: str) -> MailTemplate:
    mine = (MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
    template = session.scalars(sa.select(MailTemplate).where(*mine)).one_or_none()
    if template is None:
        if not read_shipped(key):
            raise LookupError(key)
        template = MailTemplate(organiser_id=organiser_id, key=key)
        session.add(template)
        session.flush()
    return template


def _newest(session: Session, template: MailTemplate) -> MailTemplateVersion | None:
    return session.scalars(
        sa.select(MailTemplateVersion)
        .where(MailTemplateVersion.template_id == template.id)
        .order_by(MailTemplateVersion.number.desc())
        .limit(1)
    ).first()


def _add_version(
    session: Session,
    template: MailTemplate,
    number: int,
    texts: Mapping[str, str],
    *,
    account_id: int | None,
    now: datetime,
) -> int:
    session.add(
        MailTemplateVersion(template_id=template.id, number=number, texts=dict(texts), at=now, account_id=account_id)
    )
    session.flush()
    return number


def _free_key(session: Session, organiser_id: int, name: str) -> str:
    """«own-» and the name, with a number where it is taken; no shipped key begins so."""
    taken = set(session.scalars(sa.select(MailTemplate.key).where(MailTemplate.organiser_id == organiser_id)))
    stem = f"own-{slug_of(name)}"[: LONGEST_KEY - 4].rstrip("-")
    keys = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(taken) + 2))
    return next(key for key in keys if key not in taken)
