"""Letters about decisions: drafted for each, edited, found good, and sent once by a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.actions import About, note_each
from eventsys.programmes.intake import queries
from eventsys.programmes.intake.actions.assessing import set_case_number
from eventsys.programmes.intake.rules import LetterState, Outcome, suggest_case_number
from eventsys.programmes.models import Application, Assessor, Call, Decision, DecisionLetter


class EditedMeanwhile(Exception):
    """Somebody else has changed the letter since it was opened."""


def prepare_letters(session: Session, call: Call, *, account_id: int, now: datetime) -> list[DecisionLetter]:
    """A draft for each decision that stands and has none, in its reader's form of the language; a case without a number
    gets the next one. Of what the account may read alone."""
    has = sa.exists().where(DecisionLetter.decision_id == Decision.id)
    statement = (
        sa.select(Decision, Application)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.call_id == call.id, Decision.reversed_at.is_(None), ~has, queries.is_open_to(account_id))
        .order_by(Application.id)
        .with_for_update(of=Application)
    )
    rows = list(session.execute(statement))
    languages = queries.find_languages(session, call, [row.Application.id for row in rows])
    number_cases(session, call, [row.Application for row in rows])
    letters = [
        DecisionLetter(
            organiser_id=call.organiser_id, application_id=row.Application.id, decision_id=row.Decision.id,
            language=languages[row.Application.id],
        )
        for row in rows
    ]  # fmt: skip
    session.add_all(letters)
    session.flush()
    return letters


def number_cases(session: Session, call: Call, applications: Iterable[Application]) -> None:
    taken = queries.list_case_numbers(session, call.organiser_id)
    for application in applications:
        number = suggest_case_number(call.case_number, taken)
        if number and not application.case_number:
            set_case_number(session, application, number)
            taken.append(number)


def edit_letter(session: Session, letter: DecisionLetter, *, text: str | None, edition: int) -> None:
    """The text of this letter alone; None for the outcome's again. What was found good is to be found good anew. Raises
    `EditedMeanwhile`."""
    statement = (
        sa.update(DecisionLetter)
        .where(
            DecisionLetter.id == letter.id, DecisionLetter.edition == edition, DecisionLetter.state != LetterState.SENT
        )
        .values(text=text, edition=edition + 1, state=LetterState.DRAFT)
        .returning(DecisionLetter.id)
        .execution_options(synchronize_session="fetch")
    )
    if session.scalar(statement) is None:
        raise EditedMeanwhile


def set_ready(
    session: Session, call: Call, letter_ids: Collection[int], *, is_ready: bool, account_id: int, now: datetime
) -> int:
    """Says of letters that somebody has read them and found them good, or that they are drafts again; how many."""
    was, becomes = (LetterState.DRAFT, LetterState.READY) if is_ready else (LetterState.READY, LetterState.DRAFT)
    changed = _advance(session, letter_ids, was, becomes, account_id, now)
    about = About(account_id=account_id, facts={"is_ready": is_ready})
    rows = [(call, _about(letter, about)) for letter in changed]
    note_each(session, CaseAct.LETTER_READY, rows, now=now)
    return len(changed)


def send_letters(session: Session, letter_ids: Collection[int], *, account_id: int, now: datetime) -> int:
    """Sends those of them that are ready, once; how many. Of decisions that stand, by an assessor who may decide, and of
    what they may read."""
    sent = _advance(session, letter_ids, LetterState.READY, LetterState.SENT, account_id, now)
    of_them = Application.id.in_([application_id for _letter_id, application_id in sent])
    found = session.execute(sa.select(Application.id, Call).join(Call, Call.id == Application.call_id).where(of_them))
    calls: dict[int, Call] = {row.id: row.Call for row in found}
    rows = [(calls[letter[1]], _about(letter, About(account_id=account_id))) for letter in sent]
    note_each(session, CaseAct.LETTER_SENT, rows, now=now)
    return len(sent)


def _about(letter: tuple[int, int], more: About) -> About:
    letter_id, application_id = letter
    return About(**more, letter_id=letter_id, application_id=application_id)


def _advance(
    session: Session,
    letter_ids: Collection[int],
    was: LetterState,
    becomes: LetterState,
    account_id: int,
    now: datetime,
) -> list[tuple[int, int]]:
    """The letters, with their applications, that went from one state to the next just now; the applications locked, so that
    no decision is taken back meanwhile."""
    decides = sa.exists().where(
        Assessor.call_id == Application.call_id, Assessor.account_id == account_id, Assessor.may_decide
    )
    locked = (
        sa.select(Application.id)
        .join(DecisionLetter, DecisionLetter.application_id == Application.id)
        .where(DecisionLetter.id.in_(list(letter_ids)), queries.is_open_to(account_id), decides)
        .order_by(Application.id)
        .with_for_update(of=Application)
    )
    mine = list(dict.fromkeys(session.scalars(locked)))
    stands: sa.ColumnElement[bool] = sa.exists().where(
        Decision.id == DecisionLetter.decision_id, Decision.reversed_at.is_(None)
    )
    if becomes is not LetterState.DRAFT:
        stands = sa.and_(stands, _has_grounds())
    is_sent = becomes is LetterState.SENT
    statement = (
        sa.update(DecisionLetter)
        .where(DecisionLetter.id.in_(list(letter_ids)), DecisionLetter.application_id.in_(mine))
        .where(DecisionLetter.state == was, stands)
        .values(state=becomes, account_id=account_id, sent_at=now if is_sent else None)
        .returning(DecisionLetter.id, DecisionLetter.application_id)
        .execution_options(synchronize_session="fetch")
    )
    return sorted((row.id, row.application_id) for row in session.execute(statement))


def _has_grounds() -> sa.ColumnElement[bool]:
    """Whether the letter's decision says why, in the letter's language, where it must."""
    code = DecisionLetter.language
    said = sa.case(
        (code == "nb", Decision.grounds["nb"].as_string()),
        (code == "nn", Decision.grounds["nn"].as_string()),
        else_=Decision.grounds["en"].as_string(),
    )
    return sa.exists().where(
        Decision.id == DecisionLetter.decision_id,
        sa.or_(Decision.outcome != Outcome.DECLINED, sa.func.coalesce(said, "") != ""),
    )
