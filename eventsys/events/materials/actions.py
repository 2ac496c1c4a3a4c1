"""Verbs of materials: put up, changed, published now or later, told of once, copied, removed. The caller owns the
transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import files
from eventsys.events.materials.queries import MATERIALS, list_unannounced
from eventsys.events.materials.rules import MaterialFacts, is_out
from eventsys.events.models import Event, EventChange, Material
from eventsys.events.rules import ChangeKind, EventStatus
from eventsys.files import StoredFile


def add_material(
    session: Session,
    event: Event,
    facts: MaterialFacts,
    *,
    file: tuple[str, bytes] | None = None,
    url: str | None = None,
    published_at: datetime | None = None,
    account_id: int | None = None,
    now: datetime,
) -> Material:
    """A file (its name and bytes) or a link of the event. Raises a `files.FileIsRefused`. Nobody is told: see `announce`."""
    kept = files.keep(session, name=file[0], content=file[1], now=now) if file is not None else None
    last = session.scalar(sa.select(sa.func.max(Material.position)).where(Material.event_id == event.id))
    material = Material(
        organiser_id=event.organiser_id,
        event_id=event.id,
        file_id=kept.id if kept else None,
        url=url,
        published_at=published_at,
        position=(last or 0) + 1,
        created_at=now,
        account_id=account_id,
        **asdict(facts),
    )
    session.add(material)
    session.flush()
    return material


def change_material(
    session: Session, material: Material, facts: MaterialFacts, *, url: str | None = None
) -> dict[str, tuple[Any, Any]]:
    """From what to what, by field; empty where all is as before. A link of a material that is one is changed too."""
    wanted = asdict(facts)
    if material.file_id is None and url:
        wanted["url"] = url
    changed = {
        name: (getattr(material, name), value) for name, value in wanted.items() if getattr(material, name) != value
    }
    for name, (_before, value) in changed.items():
        setattr(material, name, value)
    session.flush()
    return changed


def replace_file(session: Session, material: Material, *, name: str, content: bytes, now: datetime) -> None:
    """Other bytes behind the same address; the old ones are gone. Raises a `files.FileIsRefused`."""
    before = material.file_id
    material.file_id = files.keep(session, name=name, content=content, now=now).id
    material.url = None
    session.flush()
    if before is not None:
        _forget(session, before)


def publish(
    session: Session,
    event: Event,
    materials: Sequence[Material],
    *,
    at: datetime | None = None,
    tells: bool = True,
    account_id: int | None = None,
    now: datetime,
) -> EventChange | None:
    """Shows the materials from `at` on, else now, and tells of those that are out by that; one that is out stays so."""
    for material in materials:
        if not is_out(material.published_at, now=now):
            material.published_at = max(at, now) if at else now
    session.flush()
    return announce(session, event, tells=tells, account_id=account_id, now=now)


def withdraw(session: Session, materials: Sequence[Material]) -> None:
    """Shows them to nobody; what was opened before was opened."""
    for material in materials:
        material.published_at = None
    session.flush()


def announce(
    session: Session, event: Event, *, tells: bool = True, account_id: int | None = None, now: datetime
) -> EventChange | None:
    """The row of the event's history that mail is made of, about all that has come out since the last one; none for a draft
    or where there is nothing. With `tells` False the row is there and nobody is mailed."""
    if event.status is not EventStatus.PUBLISHED:
        return None
    session.execute(sa.select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))
    found = list_unannounced(session, event.id, now=now)
    if not found:
        return None
    change = EventChange(
        event_id=event.id,
        kind=ChangeKind.MATERIALS_PUBLISHED,
        at=now,
        account_id=account_id,
        facts={MATERIALS: [str(one.public_id) for one in found], "titles": [one.title for one in found]},
        noticed_at=None if tells else now,
    )
    session.add(change)
    session.flush()
    return change


def remove_material(session: Session, material: Material) -> None:
    """Takes the material away, and its bytes with it where no copy of it is left."""
    file_id = material.file_id
    session.delete(material)
    session.flush()
    if file_id is not None:
        _forget(session, file_id)


def copy_materials(
    session: Session,
    event: Event,
    copy: Event,
    *,
    sessions: Mapping[int, int],
    only: Collection[int] | None = None,
    account_id: int | None = None,
    now: datetime,
) -> int:
    """The materials of an event for another, shown to nobody yet; `sessions` are the copied sessions' new ids by the old
    ones, one without leaves its material to the event. The bytes are shared. How many."""
    statement = sa.select(Material).where(Material.event_id == event.id).order_by(Material.id)
    rows = [row for row in session.scalars(statement) if only is None or row.id in only]
    for row in rows:
        session.add(
            Material(
                organiser_id=copy.organiser_id, event_id=copy.id, session_id=sessions.get(row.session_id or 0),
                kind=row.kind, title=row.title, language=row.language, access=row.access, file_id=row.file_id, url=row.url,
                position=row.position, created_at=now, account_id=account_id,
            )
        )  # fmt: skip
    session.flush()
    return len(rows)


def _forget(session: Session, file_id: int) -> None:
    """Removes the bytes that no material points at any more."""
    used = sa.exists().where(Material.file_id == file_id)
    session.execute(sa.delete(StoredFile).where(StoredFile.id == file_id, sa.not_(used)))
