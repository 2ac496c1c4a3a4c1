"""Why a rule cannot be on, said to its organiser with the way to mend it."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from eventsys.workflows.actions.switching import AudienceIsGone, CannotBeOn, NobodyHasCome, TextIsMissing
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail_rules.labels import AUDIENCE_IS_GONE, NOBODY_CAME, NOBODY_INVITED, tell_missing
from eventsys.workspace.mail_rules.queries import find_names
from eventsys.workspace.views.frame import account


def tell_refusal(session: Session, template: str, error: CannotBeOn) -> dict[str, str]:
    """The sentence, the field of the form that it belongs to, and the address of the text where that is what to mend."""
    if isinstance(error, TextIsMissing):
        name = find_names(session, account().organiser.id).get(template) or name_template(template)
        return {"text": tell_missing(name, error.languages), "field": "text", "url": text_url(template)}
    if isinstance(error, AudienceIsGone):
        return {"text": str(AUDIENCE_IS_GONE), "field": "audience", "url": ""}
    text = NOBODY_CAME if isinstance(error, NobodyHasCome) else NOBODY_INVITED
    return {"text": str(text), "field": "audience", "url": ""}


def text_url(template: str) -> str:
    return url_for(".text", key=template)
