"""Documents of a case: the letter by itself, and the application, decision and letter in one. What assessors thought is in
neither."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from eventsys import dates, texts
from eventsys.documents import make_pdf
from eventsys.extensions import Translated
from eventsys.programmes.applications.rules import ApplicationFacts
from eventsys.programmes.applications.shown import describe, name_size, tell_second
from eventsys.programmes.intake.labels import OUTCOMES
from eventsys.programmes.intake.rules import Outcome


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    outcome: Outcome
    intake: Translated
    grounds: str
    decided_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter as it went, or as it would; `text` is its plain text."""

    subject: str
    text: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """An attachment as it was sent; `sha256` tells whether a copy of it is the same."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Whole: what a case is made of. `number` is the application's version, `sent_at` when that was sent."""

    organiser: str
    timezone: str
    case_number: str
    application: ApplicationFacts
    number: int
    sent_at: datetime
    decision: DecisionFacts | None
    letter: LetterFacts | None
    files: Sequence[CaseFile]


def describe_file(name: str, content: bytes) -> CaseFile:
    return CaseFile(name, len(content), hashlib.sha256(content).hexdigest())


def make_letter(
    letter: LetterFacts,
    *,
    sender: str,
    address: Sequence[str],
    case_number: str,
    timezone: str,
    language: str,
    at: datetime,
) -> bytes:
    """One letter on paper. `at` is when it was sent, or the moment of a draft."""
    with force_locale(language):
        values = {
            "sender": sender,
            "address": [line for line in address if line],
            "case_number": case_number,
            "case_label": _("Our reference"),
            "moment": dates.format_day(dates.to_local(letter.sent_at or at, timezone).date(), language),
            "subject": letter.subject,
            "paragraphs": list_paragraphs(letter.text),
        }
    return make_pdf("letter", values, title=letter.subject, language=language, at=at)


def make_case(case: CaseFacts, *, language: str, at: datetime) -> bytes:
    """The whole case. The same bytes as long as nothing of it changes."""
    call = texts.read(case.application.call, language)
    with force_locale(language):
        title = _("Case of %(name)s", name=case.application.organisation)
        values: dict[str, Any] = {
            "sender": case.organiser,
            "organisation": case.application.organisation,
            "call": call.value,
            "call_language": call.language,
            "written_in": case.application.language,
            "facts": _list_facts(case, language),
            "application": _("The application"),
            "parts": [
                asdict(part)
                for part in describe(case.application, language, timezone=case.timezone)
                if not part.is_empty
            ],
            "decision_heading": _("The decision"),
            "decision": _list_decision(case, language),
            "grounds_heading": _("Grounds"),
            "grounds": case.decision.grounds if case.decision else "",
            "letter_heading": _("The letter"),
            "letter": _describe_letter(case, language),
            "files_heading": _("Attachments"),
            "files_note": _("The files are kept beside this document. The long number tells one copy from another."),
            "columns": [_("File and SHA-256"), _("Size")],
            "files": [(file.name, name_size(file.size, language), file.sha256) for file in case.files],
        }  # fmt: skip
    return make_pdf("case", values, title=title, language=language, at=at)


def _list_facts(case: CaseFacts, language: str) -> list[tuple[str, str]]:
    facts = [
        (_("Case number"), case.case_number),
        (_("Organiser"), case.organiser),
        (_("Sent"), tell_second(case.sent_at, case.timezone, language)),
        (_("Version"), str(case.number) if case.number > 1 else ""),
    ]
    return [fact for fact in facts if fact[1]]


def _list_decision(case: CaseFacts, language: str) -> list[tuple[str, str]]:
    if case.decision is None:
        return []
    facts = [
        (_("Outcome"), str(OUTCOMES[case.decision.outcome])),
        (_("Intake"), texts.read(case.decision.intake, language).value),
        (_("Decided"), tell_second(case.decision.decided_at, case.timezone, language)),
        (_("Decided by"), case.decision.by),
    ]
    return [fact for fact in facts if fact[1]]


def _describe_letter(case: CaseFacts, language: str) -> dict[str, Any] | None:
    letter = case.letter
    if letter is None:
        return None
    sent = _("Sent %(moment)s", moment=tell_second(letter.sent_at, case.timezone, language)) if letter.sent_at else ""
    return {
        "subject": letter.subject,
        "paragraphs": list_paragraphs(letter.text),
        "moment": sent or _("Not sent yet"),
    }


def list_paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph."""
    return [part.split("\n") for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
