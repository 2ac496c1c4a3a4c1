"""Documents of a case: the application, the letter, and the whole of it as one PDF, or with its attachments as a ZIP."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from datetime import datetime

from flask import Response as Page
from flask import abort
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.models import Account
from eventsys.extensions import db
from eventsys.files import StoredFile
from eventsys.mailing.markdown import BadText
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.pdf import make_application
from eventsys.programmes.intake import queries
from eventsys.programmes.intake.pdf import (
    CaseFacts,
    DecisionFacts,
    LetterFacts,
    describe_file,
    make_case,
    make_letter,
)
from eventsys.programmes.models import Application, Decision, DecisionLetter, Intake
from eventsys.web import Access, access, language
from eventsys.workspace.intake.letters import read_letter_text
from eventsys.workspace.intake.reading import list_sent_files, read_sent
from eventsys.workspace.views.frame import account, blueprint
from eventsys.workspace.views.intake_frame import assessed_call, open_application
from eventsys.workspace.views.intake_letters import find

CANNOT_BE_WRITTEN = (BadText, LookupError, FileNotFoundError)
UNSAFE = re.compile(r"[^\w.\- ]+")


@blueprint.get("/calls/<slug>/applications/<uuid:public_id>/application.pdf", endpoint="application_document")
@access(Access.ORGANISER)
def show_application(slug: str, public_id: uuid.UUID) -> Page:
    """As it was sent, in its last version."""
    session = db.session()
    _found, application, _organisation = open_application(session, slug, public_id)
    sent = read_sent(session, application)
    body = make_application(sent.facts, language=language(), at=sent.at, timezone=account().organiser.timezone)
    return answer_pdf(body, "application")


@blueprint.get("/calls/<slug>/letters/<uuid:public_id>/letter.pdf", endpoint="decision_letter_document")
@access(Access.ORGANISER)
def show_letter(slug: str, public_id: uuid.UUID) -> Page:
    """To be printed for whom no mail reaches, and kept."""
    session = db.session()
    call, _assessor = assessed_call(session, slug)
    row = find(session, call, public_id)
    letter = read_or_none(session, row.letter) or abort(404)
    application = session.get_one(Application, row.application_id)
    organisation = session.get_one(Organisation, application.organisation_id)
    body = make_letter(
        letter,
        sender=account().organiser.name,
        address=[organisation.label, *(organisation.postal_address or "").split("\n")],
        case_number=row.case_number,
        timezone=account().organiser.timezone,
        language=row.letter.language,
        at=row.letter.sent_at or clock.now(),
    )
    return answer_pdf(body, "letter")


@blueprint.get("/calls/<slug>/applications/<uuid:public_id>/case.<any(pdf, zip):kind>", endpoint="case_document")
@access(Access.ORGANISER)
def show_case(slug: str, public_id: uuid.UUID, kind: str) -> Page:
    """The application as it was sent, the decision, the letter; as a ZIP with the attachments beside it."""
    session = db.session()
    _found, application, organisation = open_application(session, slug, public_id)
    files = list_sent_files(session, application)
    body = write_case(session, application, files)
    if kind == "pdf":
        return answer_pdf(body, "case")
    name = UNSAFE.sub("-", application.case_number or organisation.label)
    headers = {"Content-Disposition": 'attachment; filename="case.zip"'}
    return Page(pack(f"{name}.pdf", body, files), mimetype="application/zip", headers=headers)


def write_case(session: Session, application: Application, files: list[StoredFile]) -> bytes:
    decision = queries.find_decision(session, application.id)
    letter = queries.find_letter(session, decision.id) if decision else None
    sent = read_sent(session, application)
    written = letter.language if letter else application.language
    case = CaseFacts(
        organiser=account().organiser.name,
        timezone=account().organiser.timezone,
        case_number=application.case_number,
        application=sent.facts,
        number=sent.number,
        sent_at=sent.at,
        decision=describe_decision(session, decision, written) if decision else None,
        letter=read_or_none(session, letter) if letter else None,
        files=[describe_file(file.name, file.content) for file in files],
    )
    return make_case(case, language=written, at=last_moment(case))


def describe_decision(session: Session, decision: Decision, language: str) -> DecisionFacts:
    by = session.get(Account, decision.account_id) if decision.account_id else None
    return DecisionFacts(
        outcome=decision.outcome,
        intake=session.get_one(Intake, decision.intake_id).name,
        grounds=decision.grounds.get(language, ""),
        decided_at=decision.decided_at,
        by=by.name if by else "",
    )


def read_or_none(session: Session, letter: DecisionLetter) -> LetterFacts | None:
    """None for a letter whose text is not written."""
    try:
        return read_letter_text(session, letter)
    except CANNOT_BE_WRITTEN:
        return None


def last_moment(case: CaseFacts) -> datetime:
    """When the case came to be as it is, so that its document is the same each time."""
    moments = [case.sent_at, case.decision.decided_at if case.decision else None]
    return max(one for one in [*moments, case.letter.sent_at if case.letter else None] if one is not None)


def pack(name: str, body: bytes, files: list[StoredFile]) -> bytes:
    """The document and the attachments, numbered as it lists them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
        for number, file in enumerate(files, 1):
            archive.writestr(f"{number:02} {file.name}", file.content)
    return out.getvalue()


def answer_pdf(body: bytes, name: str) -> Page:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Page(body, mimetype="application/pdf", headers=headers)
