"""Mail that belongs to the installation, first of all the link that signs somebody in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from eventsys import tokens
from eventsys.accounts.models import Account, AccountInvitation
from eventsys.mailing import outbox, templates
from eventsys.mailing.markdown import Value
from eventsys.organisers.models import INSTALLATION, Organiser


def send_link(session: Session, account: Account, token: str, *, path: str, now: datetime) -> None:
    """Puts the link that signs somebody in in the outbox, due at once."""
    send_from_installation(
        session,
        template="sign_in",
        reason_key=f"sign-in/{tokens.digest(token).hex()}",
        email=account.email,
        name=account.name,
        language=account.language,
        path=path,
        now=now,
    )


def send_invitation(
    session: Session, invitation: AccountInvitation, token: str, *, organiser: str, who: str, path: str, now: datetime
) -> None:
    """Puts the mail that asks somebody to join an organiser in the outbox, due at once; `who` asks."""
    send_from_installation(
        session,
        template="team_invitation",
        reason_key=f"team/{tokens.digest(token).hex()}",
        email=invitation.email,
        name=invitation.name,
        language=invitation.language,
        path=path,
        values={"organiser": organiser, "who": who},
        now=now,
    )


def send_from_installation(
    session: Session,
    *,
    template: str,
    reason_key: str,
    email: str,
    name: str,
    language: str,
    path: str,
    values: Mapping[str, Value] | None = None,
    now: datetime,
) -> None:
    """Puts a mail with a link to `path` in the outbox. It belongs to the installation, so no organiser can read it."""
    settings = current_app.config
    base_url = settings["BASE_URL"]
    known = {
        "site": settings["SITE_NAME"],
        "site_link": f"{base_url}/",
        "organiser": settings["SITE_NAME"],
        "link": f"{base_url}{path}",
        **(values or {}),
    }
    outbox.enqueue(
        session,
        organiser_id=find_installation(session, name=settings["SITE_NAME"], email=settings["MAIL_DEFAULT_SENDER"]),
        reason_key=reason_key,
        template=template,
        email=email,
        name=name,
        language=language,
        due_at=now,
        now=now,
        content=templates.render(template, language, known),
    )


def find_installation(session: Session, *, name: str, email: str) -> int:
    """The organiser that owns what belongs to nobody in particular, made at the first need."""
    values = {"slug": INSTALLATION, "name": name, "email": email, "language": "nb", "timezone": "Europe/Oslo"}
    session.execute(outbox.insert_into(session, Organiser).values(values).on_conflict_do_nothing())
    return session.execute(sa.select(Organiser.id).where(Organiser.slug == INSTALLATION)).scalar_one()
