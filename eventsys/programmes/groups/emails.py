"""What members of a group are told: the link to its pages, and that there are minutes to read. The organiser's own mails."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app
from sqlalchemy.orm import Session

from eventsys import dates, texts
from eventsys.extensions import Translated
from eventsys.mailing import outbox, templates
from eventsys.organisers.models import Organiser
from eventsys.programmes.groups.links import group_path
from eventsys.programmes.models import Group, GroupMembership


def send_link(session: Session, member: GroupMembership, group: Group, *, now: datetime) -> bool:
    """The link to the group's pages, due at once; one an hour at most, however often it is asked for."""
    reason = f"group-link/{member.public_id}/{member.link_version}/{now:%Y%m%d%H}"
    return _send(session, member, group, "group_link", reason, group.name, group_path(member), now)


def send_minutes(
    session: Session, member: GroupMembership, group: Group, *, event_id: int, slug: str, title: Translated,
    held_on: date | None, edition: int, now: datetime,
) -> bool:  # fmt: skip
    """That the minutes of the meeting of that day can be read; once for each edition of them."""
    reason = f"group-minutes/{event_id}/{edition}/{member.public_id}"
    path = f"{group_path(member)}/meetings/{slug}"
    return _send(session, member, group, "group_minutes", reason, _with_day(title, held_on), path, now)


def _with_day(title: Translated, on: date | None) -> Translated:
    """A group's meetings have one title, so the day tells them apart."""
    return {code: f"{text}, {dates.format_day(on, code)}" for code, text in title.items() if text} if on else title


def _send(
    session: Session, member: GroupMembership, group: Group, template: str, reason: str, about: Translated, path: str,
    now: datetime,
) -> bool:  # fmt: skip
    organiser = session.get_one(Organiser, group.organiser_id)
    language, base_url = member.language or organiser.language, current_app.config["BASE_URL"]
    values = {
        "event": texts.read(about, language).value,
        "organiser": f"{organiser.name} ({organiser.email})",
        "site": current_app.config["SITE_NAME"],
        "site_link": f"{base_url}/",
        "link": f"{base_url}{path}",
    }
    made = outbox.enqueue(
        session,
        organiser_id=organiser.id,
        reason_key=reason,
        template=template,
        email=member.email,
        name=member.name,
        language=language,
        due_at=now,
        now=now,
        content=templates.render(template, language, values),
    )
    return made is not None
