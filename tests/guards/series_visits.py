"""A series of each organiser's, and the addresses of series and of forms that are kept as drafts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.models import Series
from eventsys.events.series import actions
from eventsys.extensions import db
from tests.world import NOW

OF_SERIES = (
    "series", "edit_series", "update_series", "join_series", "next_in_series", "new_series_copy", "copy_series",
)  # fmt: skip


def add_series_things(session: Session, organiser_id: int, marker: str) -> None:
    actions.add_series(session, organiser_id=organiser_id, name={"nb": f"{marker}-kladd"}, now=NOW)


def series_values(organiser_id: int, slug: str) -> dict[str, dict[str, Any]]:
    """What the addresses hold, by endpoint; `slug` is of the organiser's event."""
    series = db.session.scalar(sa.select(Series.slug).where(Series.organiser_id == organiser_id))
    form = {"slug": slug, "form": f"event.{slug}"}
    return {
        **{
            f"workspace.{name}": {"slug": series}
            for name in OF_SERIES
        },
        **{
            f"workspace.{verb}_{kind}draft": form for verb in ("keep", "remove") for kind in ("", "event_")
        },
        "workspace.preview_markdown": {"field": "description_nb"},
    }  # fmt: skip
