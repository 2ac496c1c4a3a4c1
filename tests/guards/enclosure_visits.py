"""A file and a partner of each organiser's letter, a file of its text, and the addresses of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.workflows.copies import add_partner
from eventsys.workflows.enclosures import add_file
from eventsys.workflows.models import MailAttachment, MailTemplate
from tests.world import NOW

OF_LETTERS = (
    "mailing_enclosures", "add_mailing_file", "remove_mailing_file", "add_mailing_copy", "remove_mailing_copy",
)  # fmt: skip
OF_TEXTS = ("text_files", "add_text_file", "remove_text_file")


def add_enclosures(session: Session, organiser_id: int, keys: list[str], marker: str) -> None:
    """`keys` are those of a letter and of a text."""
    for key in keys:
        template = find(session, organiser_id, key)
        add_file(session, template, name=f"{marker}-kladd.txt", content=b"Avtale", now=NOW)
    add_partner(session, find(session, organiser_id, keys[0]), name=f"{marker}-person", email=f"{marker}@ks.example")


def find(session: Session, organiser_id: int, key: str) -> MailTemplate:
    mine = (MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
    return session.scalars(sa.select(MailTemplate).where(*mine)).one()


def enclosure_values(organiser_id: int, slug: str, mailing: str, text: str) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""

    def file_of(key: str) -> Any:
        mine = (MailTemplate.organiser_id == organiser_id, MailTemplate.key == key)
        rows = sa.select(MailAttachment.public_id).join(MailTemplate, MailTemplate.id == MailAttachment.template_id)
        return db.session.scalars(rows.where(*mine)).first()

    of_letter = {"slug": slug, "mailing": mailing, "public_id": file_of(mailing)}
    return {
        **{f"workspace.{name}": of_letter for name in OF_LETTERS},
        **{f"workspace.{name}": {"key": text, "public_id": file_of(text)} for name in OF_TEXTS},
        "workflows.mail_file": {"public_id": file_of(text)},
    }
