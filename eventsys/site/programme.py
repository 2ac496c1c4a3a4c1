"""What the public pages say of an event's programme and its papers, and the talks of events that are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from eventsys import clock, dates, texts
from eventsys.events.labels import name_run
from eventsys.events.materials.labels import describe_material
from eventsys.events.materials.queries import count_closed, list_out, list_talks
from eventsys.events.materials.rules import OPENS, Reader
from eventsys.events.models import Event, EventSession, Run
from eventsys.events.programme import queries
from eventsys.events.programme.labels import describe, list_days, list_rooms_of_days
from eventsys.events.rules import RunStatus
from eventsys.web import language

Papers = dict[int | None, list[dict[str, Any]]]
"""What everybody may open, by the id of its session; of the event itself under None."""


def describe_programme(
    session: Session, event: Event, *, has_sessions: bool = True, has_materials: bool = True, by_room: bool = False
) -> dict[str, Any]:
    """The programme of each run that is on, by time or by room, and the papers; a statement for each that there is."""
    sessions = queries.list_programme(session, event.id) if has_sessions else []
    out = list_out(session, event.id, now=clock.now()) if has_materials else []
    papers: Papers = defaultdict(list)
    for material in out:
        if Reader.ANYBODY in OPENS[material.access]:
            papers[material.session_id].append(describe_material(material))
    runs = [run for run in event.runs if run.status is RunStatus.PLANNED] or event.runs
    programmes = [
        _describe_run(run, [one for one in sessions if one.run_id == run.id], papers, by_room=by_room) for run in runs
    ]
    return {
        "programme": [one for one in programmes if one["days"]],
        "papers": [paper for found in papers.values() for paper in found],
        "papers_of_event": papers.get(None, []),
        "closed_papers": count_closed(out, Reader.ANYBODY),
    }


def _describe_run(run: Run, sessions: Sequence[EventSession], papers: Papers, *, by_room: bool) -> dict[str, Any]:
    def tell(one: EventSession) -> dict[str, Any]:
        return {**describe(one, run), "papers": papers.get(one.id, [])}

    days = list_rooms_of_days(sessions, run, tell) if by_room else list_days(sessions, tell)
    return {"uid": run.uid, "name": name_run(run), "days": days}


def describe_talks(session: Session) -> list[dict[str, Any]]:
    """By event, newest first, the slides that everybody may open."""
    now = clock.now()
    events: dict[int, dict[str, Any]] = {}
    for talk in list_talks(session, today=dates.to_local(now, dates.TIMEZONE).date(), now=now):
        title = texts.read(talk.event.title, language())
        on = dates.format_day(talk.on, language()) if talk.on else ""
        event = events.setdefault(talk.event.id, {"title": title, "slug": talk.event.slug, "on": on, "talks": []})
        speakers = [speaker.name for speaker in talk.session.speakers] if talk.session else []
        of = texts.read(talk.session.title, language()) if talk.session else None
        event["talks"].append({**describe_material(talk.material), "session": of, "speakers": ", ".join(speakers)})
    return list(events.values())
