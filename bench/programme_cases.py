"""A call to every municipality, the applications to it and all that came of them, for `bench.programme`."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.programme_world import Made, add_all
from bench.workspace import name_of
from bench.world import NOW, TEXT
from eventsys.demo.history.calls import EVERY_MUNICIPALITY
from eventsys.files import StoredFile
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.rules import MailState
from eventsys.organisations.rules import language_of
from eventsys.programmes.applications.rules import (
    ApplicationFacts,
    ApplicationState,
    Area,
    AttachedFile,
    Confirmation,
    ConfirmingSide,
    FileKind,
    Goal,
    to_json,
)
from eventsys.programmes.calls.actions import create_call
from eventsys.programmes.calls.rules import CallFacts, CallState, CaseAct, IntakeFacts
from eventsys.programmes.intake import actions as intake
from eventsys.programmes.intake.rules import LetterState, Outcome
from eventsys.programmes.models import (
    Application,
    ApplicationArea,
    ApplicationConfirmation,
    ApplicationFile,
    ApplicationGoal,
    ApplicationMember,
    ApplicationVersion,
    Assessment,
    AssessmentPoints,
    Call,
    CallRecipient,
    CaseChange,
    Criterion,
    Decision,
    DecisionLetter,
    Intake,
    Programme,
)
from eventsys.workflows.cases.mails import CaseMail, add_case_mails
from eventsys.workflows.cases.texts import write_letter

APPLICATIONS, DRAFTS, WITHDRAWN, DECIDED, CEILING = 340, 25, 10, 250, 120
SENT_AT = NOW - timedelta(days=90)
CLOSES = datetime(2008, 9, 15, 15)
AREAS = (Area.HEALTH_CARE, Area.CHILD_YOUTH, Area.SICKNESS_ABSENCE)
CRITERIA = ("Forankring", "Mål", "Gjennomføring", "Samarbeid")
COUNCIL = b"Utskrift av moteboka.\n"
LETTER = "Subject: Til {organisation}\n\nHilsen {programme}"
TREATED = date(2008, 7, 1)


def build_cases(session: Session, made: Made) -> Call:
    """The caller commits."""
    programme = session.get_one(Programme, made.programme_id)
    facts = CallFacts({"nb": "Søk om å bli med", "nn": "Søk om å bli med"}, CLOSES, {"nb": TEXT, "nn": TEXT}, intakes=[
        IntakeFacts(n, {"nb": f"Opptak {n}"}, CEILING, 0, made.cohort_ids[n - 1], date(2008, 8, n), date(2008, 9, 1))
        for n in (1, 2)
    ])  # fmt: skip
    call = create_call(session, programme, facts, clauses=EVERY_MUNICIPALITY, now=SENT_AT)
    for which in ("letter", "admitted", "waiting", "declined"):
        write_letter(session, call, which, {"nb": LETTER, "nn": LETTER}, account_id=made.account_ids[0], now=SENT_AT)
    call.state, call.sent_at = CallState.OPEN, SENT_AT
    for account in made.account_ids:
        intake.appoint(session, call_id=call.id, account_id=account, may_decide=True)
    session.flush()
    recipients = _send(session, made, call)
    applications = _apply(session, made, call, recipients)
    _assess(session, made, call, applications)
    _decide(session, made, call, applications)
    return call


def _note(made: Made, call: Call, act: CaseAct, **more: Any) -> dict[str, Any]:
    nobody = dict.fromkeys(("recipient_id", "application_id", "member_id", "letter_id", "account_id"))
    return {
        **nobody, "organiser_id": made.organiser_id, "call_id": call.id, "act": act, "at": SENT_AT, "noticed_at": NOW, **more
    }  # fmt: skip


def _mail(made: Made, reason: str, template: str, email: str, change_id: int) -> CaseMail:
    return CaseMail(
        organiser_id=made.organiser_id, reason=reason, template=template, email=email, name="Postmottaket",
        language="nb", due_at=SENT_AT, next_try_at=SENT_AT, priority=1, change_id=change_id, member_id=None,
    )  # fmt: skip


def _send(session: Session, made: Made, call: Call) -> list[int]:
    """To all; some mails failed, some are queued, some have opened it and some said no."""
    rows = [
        {
            "organiser_id": made.organiser_id, "call_id": call.id, "organisation_id": one.id, "email": one.email,
            "email_key": one.email, "language": language_of(one.language_form, "nb"), "form": one.language_form,
            "opened_at": NOW if n % 3 else None, "declined_at": NOW if n > APPLICATIONS and n % 3 == 1 else None,
            "created_at": SENT_AT,
        }
        for n, one in enumerate(made.members)
    ]  # fmt: skip
    recipients = add_all(session, CallRecipient, rows)
    changes = add_all(session, CaseChange, [_note(made, call, CaseAct.CALLED, recipient_id=one) for one in recipients])
    read = [_note(made, call, CaseAct.READ, recipient_id=one) for n, one in enumerate(recipients) if n % 3]
    session.execute(sa.insert(CaseChange), read)
    add_case_mails(session, [
        _mail(made, f"case/{change}", "call", str(one.email), change)
        for change, one in zip(changes, made.members, strict=True)
    ], now=SENT_AT)  # fmt: skip
    state = sa.case(
        (OutboxMessage.id % 20 == 0, MailState.FAILED.value), (OutboxMessage.id % 20 == 1, MailState.QUEUED.value),
        else_=MailState.SENT.value,
    )  # fmt: skip
    session.execute(sa.update(OutboxMessage).values(state=state, sent_at=SENT_AT, subject="Søk", text="Hei"))
    return recipients


def _state(n: int) -> ApplicationState:
    if n < DECIDED:
        return (ApplicationState.ADMITTED, ApplicationState.WAITING, ApplicationState.DECLINED)[n % 3]
    if n < APPLICATIONS - DRAFTS - WITHDRAWN:
        return ApplicationState.SUPPLEMENT if n % 20 == 0 else ApplicationState.SENT
    return ApplicationState.WITHDRAWN if n < APPLICATIONS - DRAFTS else ApplicationState.DRAFT


def _apply(session: Session, made: Made, call: Call, recipients: list[int]) -> list[int]:
    """Whole applications, each with what it said when it was sent, by two who wrote it."""
    rows = [
        {
            "organiser_id": made.organiser_id, "call_id": call.id, "organisation_id": made.members[n].id, "edition": 4,
            "recipient_id": recipients[n], "state": _state(n), "language": "nb", "way_of_working": TEXT,
            "involvement": TEXT, "timetable": TEXT, "cooperation": TEXT, "treated_by": "Kommunestyret",
            "treated_on": TREATED, "created_at": SENT_AT, "changed_at": NOW,
            "case_number": f"2008/{1000 + n}" if n < DECIDED else "",
            "sent_at": None if _state(n) is ApplicationState.DRAFT else NOW - timedelta(hours=n),
        }
        for n in range(APPLICATIONS)
    ]  # fmt: skip
    ids = add_all(session, Application, rows)
    session.execute(sa.insert(ApplicationArea), [
        {"application_id": one, "area": AREAS[(n + turn) % 3]} for n, one in enumerate(ids) for turn in (0, 1)
    ])  # fmt: skip
    session.execute(sa.insert(ApplicationConfirmation), [
        {"application_id": one, "side": side, "name": name_of(n), "confirmed_on": TREATED}
        for n, one in enumerate(ids)
        for side in ConfirmingSide
    ])  # fmt: skip
    session.execute(sa.insert(ApplicationGoal), [
        {
            "application_id": one, "position": place, "area": AREAS[place], "goal": "Sykefraværet skal ned",
            "is_measurable": True, "unit": "prosent", "start_value": 9.0, "target_value": 7.0, "target_on": CLOSES.date(),
        }
        for one in ids
        for place in range(3)
    ])  # fmt: skip
    kept = [
        {"name": "utskrift.txt", "media_type": "text/plain", "size": len(COUNCIL), "created_at": NOW} for _one in ids
    ]
    files = add_all(session, StoredFile, [{**one, "content": COUNCIL} for one in kept])
    papers = [uuid.uuid4() for _one in ids]
    session.execute(sa.insert(ApplicationFile), [
        {"public_id": paper, "application_id": one, "file_id": file, "kind": FileKind.COUNCIL, "added_at": NOW}
        for one, file, paper in zip(ids, files, papers, strict=True)
    ])  # fmt: skip
    session.execute(sa.insert(ApplicationVersion), [
        {"application_id": one, "number": 1, "facts": _facts(made, n, papers[n]), "at": NOW}
        for n, one in enumerate(ids)
        if _state(n) is not ApplicationState.DRAFT
    ])  # fmt: skip
    _add_writers(session, made, call, ids)
    return ids


def _facts(made: Made, n: int, paper: uuid.UUID) -> dict[str, Any]:
    goals = tuple(
        Goal(str(uuid.uuid4()), area, "Sykefraværet skal ned", True, "prosent", 9.0, 7.0, CLOSES.date())
        for area in AREAS
    )
    return to_json(ApplicationFacts(
        made.members[n].label, {"nb": "Søk om å bli med"}, {"nb": "Programmet"}, "nb", areas=(AREAS[n % 3],),
        way_of_working=TEXT, involvement=TEXT, timetable=TEXT, goals=goals, treated_by="Kommunestyret",
        treated_on=TREATED, cooperation=TEXT,
        confirmations=tuple(Confirmation(side, name_of(n), "", TREATED) for side in ConfirmingSide),
        files=(AttachedFile(str(paper), "utskrift.txt", FileKind.COUNCIL, len(COUNCIL)),),
    ))  # fmt: skip


def _add_writers(session: Session, made: Made, call: Call, ids: list[int]) -> None:
    rows = [
        {
            "application_id": one, "is_contact": turn == 0, "name": name, "email": email, "email_key": email,
            "language": "nb", "created_at": SENT_AT,
        }
        for n, one in enumerate(ids)
        for turn, (_person, name, email) in enumerate(made.people[4 * n : 4 * n + 2])
    ]  # fmt: skip
    members = add_all(session, ApplicationMember, rows)
    acts = [(CaseAct.BEGUN, {}), *[(CaseAct.EDITED, {"fields": ["goals"]})] * 3, (CaseAct.SENT, {})]
    session.execute(sa.insert(CaseChange), [
        {**_note(made, call, act, application_id=one, member_id=members[2 * n], at=SENT_AT), "facts": facts}
        for n, one in enumerate(ids)
        for act, facts in acts
        if act is not CaseAct.SENT or _state(n) is not ApplicationState.DRAFT
    ])  # fmt: skip


def _assess(session: Session, made: Made, call: Call, ids: list[int]) -> None:
    criteria = add_all(session, Criterion, [
        {"call_id": call.id, "position": n, "name": {"nb": name}, "most_points": 5} for n, name in enumerate(CRITERIA)
    ])  # fmt: skip
    given = [(one, account) for one in ids[: APPLICATIONS - DRAFTS] for account in made.account_ids]
    assessments = add_all(session, Assessment, [
        {"application_id": one, "account_id": account, "notes": "God forankring, tydelige mål.", "at": NOW}
        for one, account in given
    ])  # fmt: skip
    session.execute(sa.insert(AssessmentPoints), [
        {"assessment_id": one, "criterion_id": criterion, "points": (one + criterion) % 6}
        for one in assessments
        for criterion in criteria
    ])  # fmt: skip


def _decide(session: Session, made: Made, call: Call, ids: list[int]) -> None:
    """On most of them, and letters of each kind and state."""
    outcomes = (Outcome.ADMITTED, Outcome.WAITING, Outcome.DECLINED)
    intakes = list(session.scalars(sa.select(Intake.id).where(Intake.call_id == call.id).order_by(Intake.ordinal)))
    of_all = {"account_id": made.account_ids[0], "decided_at": NOW, "batch": uuid.uuid4()}
    decisions = add_all(session, Decision, [
        {
            "application_id": one, "outcome": outcomes[n % 3], "intake_id": intakes[1 if n % 3 == 1 else 0],
            "grounds": {"nb": "Ikke forankret."} if n % 3 == 2 else {}, **of_all,
        }
        for n, one in enumerate(ids[:DECIDED])
    ])  # fmt: skip
    states = [
        LetterState.SENT if n % 2 else (LetterState.DRAFT if n % 4 else LetterState.READY) for n in range(DECIDED)
    ]
    letters = add_all(session, DecisionLetter, [
        {
            "organiser_id": made.organiser_id, "application_id": ids[n], "decision_id": decision, "language": "nb",
            "state": states[n], "sent_at": NOW if n % 2 else None, "account_id": made.account_ids[0],
            "text": f"Subject: Svar\n\n{TEXT}" if n % 2 else None,
        }
        for n, decision in enumerate(decisions)
    ])  # fmt: skip
    sent = [n for n in range(DECIDED) if n % 2]
    changes = add_all(session, CaseChange, [
        _note(made, call, CaseAct.LETTER_SENT, application_id=ids[n], letter_id=letters[n]) for n in sent
    ])  # fmt: skip
    add_case_mails(session, [
        _mail(made, f"letter/{change}", outcomes[n % 3].value, str(made.members[n].email), change)
        for n, change in zip(sent, changes, strict=True)
    ], now=NOW)  # fmt: skip
