"""The letter of a call that is thrown away before anybody got it. The caller owns the transaction."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.models import Call
from eventsys.workflows.copies import remove_partners
from eventsys.workflows.enclosures import remove_files
from eventsys.workflows.models import MailTemplate, MailTemplateVersion


def remove_letters(session: Session, call: Call) -> None:
    """Every text that was written for the draft, with its versions, files and copies."""
    ids = session.scalars(sa.select(MailTemplate.id).filter_by(call_id=call.id)).all()
    theirs = sa.select(MailTemplate.id).where(MailTemplate.id.in_(ids))
    remove_partners(session, theirs)
    remove_files(session, theirs)
    for gone in (
        sa.delete(MailTemplateVersion).where(MailTemplateVersion.template_id.in_(ids)),
        sa.delete(MailTemplate).where(MailTemplate.id.in_(ids)),
    ):
        session.execute(gone.execution_options(synchronize_session=False))
