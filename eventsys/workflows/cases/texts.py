"""The letters of a call: the call itself and the answers to applications, written for that call alone. The caller owns the
transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import texts as readings
from eventsys.mailing.templates import read_shipped
from eventsys.organisers.models import Organiser
from eventsys.programmes.intake.rules import Outcome
from eventsys.programmes.models import Call
from eventsys.workflows.models import MailTemplate
from eventsys.workflows.texts.actions import new_text, save_version
from eventsys.workflows.texts.queries import find_text

Which = Literal["letter", "admitted", "waiting", "declined"]
WHICH: tuple[Which, ...] = ("letter", "admitted", "waiting", "declined")
BY_LAW = ("nb", "nn")
"""An organisation is written to in the form of the language that it has chosen: a call needs both."""
SHIPPED = {
    "admitted": "application_admitted", "waiting": "application_waiting", "declined": "application_declined",
}  # fmt: skip
COLUMNS = {
    "letter": "template", "admitted": "admitted_template", "waiting": "waiting_template",
    "declined": "declined_template",
}  # fmt: skip
NAMES = {
    "letter": {"nb": "{}", "nn": "{}", "en": "{}"},
    "admitted": {"nb": "{}: opptak", "nn": "{}: opptak", "en": "{}: admission"},
    "waiting": {"nb": "{}: venteliste", "nn": "{}: venteliste", "en": "{}: waiting list"},
    "declined": {"nb": "{}: avslag", "nn": "{}: avslag", "en": "{}: refusal"},
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A text in force by language, as sources; `number` is its newest version, 0 where nothing was saved. Without a `key`
    it is not written, as the letter of a new call."""

    key: str | None
    number: int
    texts: Mapping[str, str]
    is_own: bool

    @property
    def missing(self) -> list[str]:
        """The languages without which it cannot be sent."""
        return [code for code in BY_LAW if code not in self.texts]


def key_of(call: Call, which: Which) -> str | None:
    """The key of the text that is in force; None for a letter that is not written."""
    own: str | None = getattr(call, COLUMNS[which])
    return own or SHIPPED.get(which)


def key_of_outcome(call: Call, outcome: Outcome) -> str:
    """The key of the letter about a decision."""
    own: str | None = getattr(call, COLUMNS[outcome.value])
    return own or SHIPPED[outcome.value]


def read_letter(session: Session, call: Call, which: Which) -> Letter:
    """The call's own text, else the organiser's or the shipped one of that kind."""
    key = key_of(call, which)
    entry = find_text(session, call.organiser_id, key) if key is not None else None
    if entry is None:
        return Letter(None, 0, {}, is_own=False)
    is_own = key == getattr(call, COLUMNS[which])
    return Letter(entry.key, entry.number if is_own else 0, entry.texts, is_own)


def write_letter(
    session: Session,
    call: Call,
    which: Which,
    texts: Mapping[str, str],
    *,
    account_id: int | None,
    now: datetime,
    opened_at: int | None = None,
) -> Letter:
    """Saves the sources by language as a new version of the call's own text; as it was, it makes none.

    `opened_at` is the number that `read_letter` gave the writer; without it nobody is asked. Raises `BadTexts`, and
    `ChangedMeanwhile` where another was saved since.
    """
    session.execute(sa.select(Call.id).where(Call.id == call.id).with_for_update())
    session.refresh(call, [COLUMNS[which]])
    before = read_letter(session, call, which)
    if not before.is_own:
        _begin(session, call, which, texts, account_id=account_id, now=now)
    else:
        save_version(
            session,
            organiser_id=call.organiser_id,
            key=before.key or "",
            texts=texts,
            opened_at=before.number if opened_at is None else opened_at,
            account_id=account_id,
            now=now,
        )
    return read_letter(session, call, which)


def own_template(session: Session, call: Call, which: Which) -> MailTemplate | None:
    """The row of the call's own text, to put files and partners on; None before it is written."""
    key: str | None = getattr(call, COLUMNS[which])
    mine = (MailTemplate.organiser_id == call.organiser_id, MailTemplate.key == key)
    return session.scalars(sa.select(MailTemplate).where(*mine)).one_or_none() if key else None


def _begin(
    session: Session, call: Call, which: Which, texts: Mapping[str, str], *, account_id: int | None, now: datetime
) -> None:
    shipped = read_shipped(SHIPPED.get(which, ""))
    if shipped and dict(texts) == dict(shipped):
        return
    language = session.scalars(sa.select(Organiser.language).where(Organiser.id == call.organiser_id)).one()
    name = NAMES[which][language].format(readings.read(call.title, language).value)
    made = new_text(
        session, organiser_id=call.organiser_id, call_id=call.id, name=name[:200], texts=texts, account_id=account_id,
        now=now,
    )  # fmt: skip
    setattr(call, COLUMNS[which], made.key)
    session.flush()
