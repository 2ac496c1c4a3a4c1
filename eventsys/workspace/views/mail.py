"""An event's mail on a line of time: what went, what will go to how many, what waits, and what to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from eventsys import clock, dates
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import AnyRow, db
from eventsys.web import Access, access, language
from eventsys.workflows import pauses
from eventsys.workflows.rules import Trigger
from eventsys.workflows.texts.queries import find_sources
from eventsys.workspace.mail import occasions
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail.lines import Known, kind_of, name_line, tell_change, tell_line, tell_result, upper_first
from eventsys.workspace.mail.occasions import OccasionLine
from eventsys.workspace.mail.timeline import Point, Stretch, draw
from eventsys.workspace.mail_rules.labels import LANGUAGES
from eventsys.workspace.views.frame import account, blueprint, name_event, name_moment, own_event, tabs, today
from eventsys.workspace.views.outbox import describe_mails, describe_outbox
from eventsys.workspace.views.previews import WHOLE_EVENT


@blueprint.get("/events/<slug>/mail", endpoint="event_mail")
@access(Access.ORGANISER)
def timeline(slug: str) -> str:
    session, now = db.session(), clock.now()
    event = own_event(session, slug)
    changes = occasions.list_changes(session, event)
    lines = occasions.list_lines(session, event, now=now)
    known = learn(session, event, lines)
    upcoming = next((line for line in lines if line.is_planned and known.count(line)), None)
    sentences = [describe_change(row, known) for row in changes]
    sentences += [describe_occasion(event, line, known, is_next=line is upcoming) for line in lines]
    failed = sum(row.failed for row in changes) + sum(line.failed for line in lines)
    return render_template(
        "workspace/event_mail.html",
        event=event,
        event_title=name_event(event),
        picture=draw(list_points(changes, lines, known), list_stretches(event), now) if sentences else None,
        sentences=sorted(sentences, key=lambda line: line["due_at"]),
        warnings=[*warn_of_texts(lines, known), *warn_of_failures(session, event, failed)],
        drafts=describe_drafts(session, event),
        stopped_here=any(pause.event_id == event.id for pause in known.pauses),
        is_draft=event.status is EventStatus.DRAFT,
        tabs=tabs(event, "event_mail"),
        **describe_outbox(session, event),
    )


def learn(session: Session, event: Event, lines: Sequence[OccasionLine]) -> Known:
    """Everything that the lines are told from, in three statements however many lines there are."""
    coming = [line for line in lines if line.is_planned]
    keys = {line.rule.template for line in coming}
    sources = find_sources(session, [(event.organiser_id, key) for key in sorted(keys)])
    return Known(
        readers=occasions.count_readers(session, event, {line.meant: None for line in coming}, on=today()),
        written={key: list(texts) for (_organiser, key), texts in sources.items()},
        pauses=pauses.list_pauses(session, event.organiser_id),
        event_id=event.id,
    )


# --- the picture ----------------------------------------------------------------------------------------------------


def list_points(changes: Sequence[AnyRow], lines: Sequence[OccasionLine], known: Known) -> list[Point]:
    """A point for each moment and text; two runs' reminders at the same moment are one."""
    points = [Point(row.first_at, "sent" if row.sent else "due", name_template(row.template)) for row in changes] + [
        Point(line.occasion.due_at, kind_of(line, known), name_line(line)) for line in lines
    ]
    return list({(point.at, point.label): point for point in points}.values())


def list_stretches(event: Event) -> list[Stretch]:
    found = []
    for run in event.runs:
        if run.first_on is None or run.last_on is None or run.status is RunStatus.CANCELLED:
            continue
        starts = dates.to_utc(datetime.combine(run.first_on, time()), run.timezone)
        ends = dates.to_utc(datetime.combine(run.last_on + timedelta(days=1), time()), run.timezone)
        found.append(Stretch(starts, ends, name_run(run, year=False)))
    return found


# --- the sentences --------------------------------------------------------------------------------------------------


def describe_change(row: AnyRow, known: Known) -> dict[str, Any]:
    """A line for what goes to each as it happens: confirmations, cancellations."""
    first_on = dates.to_local(row.first_at, account().organiser.timezone).date()
    return {
        "due_at": row.first_at,
        "at": _("from %(moment)s", moment=dates.format_day(first_on, language(), year=False)),
        "text": _("%(template)s, to each as it happens", template=name_template(row.template)),
        "result": tell_change(row, known),
        "failed": bool(row.failed),
        "next": False,
    }


def describe_occasion(event: Event, line: OccasionLine, known: Known, *, is_next: bool) -> dict[str, Any]:
    """A line for what time makes due: when, what in a sentence, and how it went."""
    run = next((run for run in event.runs if run.id == line.occasion.run_id), None)
    where: dict[str, Any] = {
        "slug": event.slug,
        "key": line.rule.key,
        "when": str(run.uid) if run else WHOLE_EVENT,
        "generation": line.occasion.generation,
    }
    found = {
        "due_at": line.occasion.due_at,
        "at": name_moment(line.occasion.due_at),
        "text": tell_line(line, known, name_run(run, year=False) if run else ""),
        "result": tell_result(line, known),
        "failed": bool(line.failed),
        "next": is_next,
    }
    if line.is_planned:
        found["preview"] = url_for(".preview_occasion", **where)
        found["test"] = url_for(".test_occasion", **where)
    elif line.mails:
        found["who"] = url_for(".mail", event=event.slug, rule=line.rule.id)
    if line.rule.trigger is Trigger.ABSOLUTE and line.name:
        found["mailing"] = url_for(".mailing", slug=event.slug, mailing=line.rule.key)
    elif line.is_planned and not known.is_stopped(line.rule):
        found["stop"] = url_for(".confirm_pause_rule", slug=event.slug, key=line.rule.key)
    return found


def describe_drafts(session: Session, event: Event) -> list[tuple[str, str]]:
    """One-off mails that are written and not sent: name and address."""
    return [
        (row.name, url_for(".mailing", slug=event.slug, mailing=row.key))
        for row in occasions.list_drafts(session, event)
    ]


# --- what to look at first ------------------------------------------------------------------------------------------


def warn_of_texts(lines: Sequence[OccasionLine], known: Known) -> list[dict[str, str]]:
    """«Nynorsk mangler»: once for each text and language, with the most that any one mail of it is meant for."""
    found: dict[tuple[str, str], tuple[OccasionLine, int]] = {}
    for line in lines:
        for code, how_many in known.needed(line).items():
            kept = found.get((line.rule.template, code))
            if kept is None or kept[1] < how_many:
                found[line.rule.template, code] = (line, how_many)
    return [
        {
            "title": _("%(language)s is missing", language=upper_first(str(LANGUAGES[code]))),
            "text": ngettext(
                "“%(text)s” is for %(num)d who reads %(language)s.",
                "“%(text)s” is for %(num)d who read %(language)s.",
                how_many,
                text=name_line(line),
                language=LANGUAGES[code],
            ),
            "url": url_of_text(line),
            "label": _("Write the text"),
        }
        for (_key, code), (line, how_many) in found.items()
    ]


def url_of_text(line: OccasionLine) -> str:
    return url_for(".text", key=line.rule.template)


def warn_of_failures(session: Session, event: Event, how_many: int) -> list[dict[str, str]]:
    """«1 e-post kom ikke fram»: who and why of the newest; the link leads to the one, or to them all."""
    if not how_many:
        return []
    mails = occasions.list_not_arrived(session, event)
    rows = describe_mails(session, mails, is_search=False)
    said = "; ".join(f"{row['email'] or row['name']}: {row['answer']}".removesuffix(": ") for row in rows)
    one = mails[0] if len(mails) == 1 else None
    everyone = url_for(".event_mail", slug=event.slug, state="failed", _anchor="mails")
    return [
        {
            "title": ngettext("%(num)d mail did not arrive", "%(num)d mails did not arrive", how_many),
            "text": said if len(mails) == how_many else f"{said} …",
            "url": url_for(".show_mail", public_id=one.public_id) if one else everyone,
            "label": _("See it and mend the address") if one else _("See why"),
            "kind": "danger",
        }
    ]
