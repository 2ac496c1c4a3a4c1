"""The letter about a decision as it went, and what may stand in one that is edited by itself."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.models import OutboxMessage
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.pdf import LetterFacts
from eventsys.programmes.models import CaseChange, DecisionLetter
from eventsys.workflows.cases.previews import render_letter
from eventsys.workflows.models import CaseCause
from eventsys.workflows.texts.checks import KNOWN_OF_CASES, check
from eventsys.workspace.texts.wording import tell_fault


def read_letter_text(session: Session, letter: DecisionLetter) -> LetterFacts:
    """As the first of its mails went; before that, and when the mail is kept no more, as it would be written now. Raises
    `LookupError` and `BadText`."""
    went = session.execute(
        sa.select(OutboxMessage.subject, OutboxMessage.text)
        .join(CaseCause, CaseCause.outbox_id == OutboxMessage.id)
        .join(CaseChange, CaseChange.id == CaseCause.change_id)
        .where(CaseChange.letter_id == letter.id, CaseChange.act == CaseAct.LETTER_SENT)
        .where(CaseCause.is_copy.is_(False), OutboxMessage.text.is_not(None), OutboxMessage.subject.is_not(None))
        .order_by(OutboxMessage.id)
        .limit(1)
    ).one_or_none()
    if went is not None:
        return LetterFacts(went.subject or "", went.text or "", letter.sent_at)
    rendered = render_letter(session, letter)
    return LetterFacts(rendered.subject, rendered.text, letter.sent_at)


def check_text(source: str, language: str) -> dict[str, str]:
    """What is wrong with its `subject` and its `body`, in words; nothing where it can be sent."""
    faults = check({language: source}, known=KNOWN_OF_CASES)
    return {part: tell_fault(fault) for (_code, part), fault in faults.items()}
