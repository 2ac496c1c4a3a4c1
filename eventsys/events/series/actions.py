"""The verbs of series: made, called something else, joined. An event joins one when it is made or edited, too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsys import texts
from eventsys.events import rules
from eventsys.events.actions.keeping import record
from eventsys.events.models import Event, Series
from eventsys.events.rules import ChangeKind
from eventsys.events.series.queries import list_slugs_like
from eventsys.extensions import Translated


def add_series(
    session: Session,
    *,
    organiser_id: int,
    name: Translated,
    programme_id: int | None = None,
    cohort_id: int | None = None,
    group_id: int | None = None,
    now: datetime,
) -> Series:
    """A series without events yet, with an address of its own."""
    slug = rules.make_slug([texts.read(name, "nb").value], fallback="series")
    row = Series(
        organiser_id=organiser_id,
        slug=rules.first_free(slug, {*list_slugs_like(session, slug), "new"}),
        name=name,
        programme_id=programme_id,
        cohort_id=cohort_id,
        group_id=group_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def rename(session: Session, series: Series, name: Translated) -> bool:
    """Calls it something else; False if it is called so already. Its address stays."""
    if series.name == name:
        return False
    series.name = name
    session.flush()
    return True


def join(session: Session, event: Event, series: Series, *, account_id: int | None = None, now: datetime) -> bool:
    """Puts an event of the same organiser that is in no series into this one; False if it is in one."""
    if event.series_id is not None or event.organiser_id != series.organiser_id:
        return False
    event.series_id, event.revised_at = series.id, now
    record(session, event, ChangeKind.EDITED, facts={"fields": ["series_id"]}, account_id=account_id, now=now)
    session.flush()
    return True
