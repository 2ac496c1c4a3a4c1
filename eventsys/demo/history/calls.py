"""The calls: written, sent to every municipality, applied to by some, decided, answered by letter."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys import dates
from eventsys.audiences.rules import Clause, Condition, Kind, Reach, keep_clauses
from eventsys.demo.history import story
from eventsys.demo.people import make_address, make_name, to_weekday
from eventsys.events.rules import TIMEZONE
from eventsys.extensions import Translated
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import OrganisationKind, language_of
from eventsys.programmes.applications import actions as applications
from eventsys.programmes.applications.queries import read_facts
from eventsys.programmes.applications.rules import Confirmation, ConfirmingSide, FileKind, Goal
from eventsys.programmes.calls.actions import add_paper, create_call
from eventsys.programmes.calls.rules import CallFacts, IntakeFacts
from eventsys.programmes.intake import actions as intake_actions
from eventsys.programmes.intake.rules import LetterState, Outcome, Ruling
from eventsys.programmes.models import (
    Application,
    ApplicationMember,
    Call,
    CallRecipient,
    DecisionLetter,
    Intake,
    Programme,
)
from eventsys.workflows import copies, enclosures
from eventsys.workflows.cases.sending import send_call
from eventsys.workflows.cases.texts import own_template, write_letter

EVERY_MUNICIPALITY = keep_clauses(
    [
        Clause(
            conditions=(Condition(kind=Kind.ORGANISATION_KIND, words=(OrganisationKind.MUNICIPALITY.value,)),),
            reach=Reach.MAILBOXES,
        )
    ]
)
COUNCIL = b"Utskrift av moteboka.\n\nKommunestyret sluttar seg til soknaden. Oppdikta for demoen.\n"
WORDS = {
    "nb": (
        "Vi arbeider i små grupper på hver arbeidsplass, og ledelsen møter dem hver måned.",
        "Tillitsvalgte, ledere og gruppelederne i kommunestyret sitter i styringsgruppa.",
        "Kartlegging våren 2007, tiltak fra høsten, måling hvert halvår.",
        "Formannskapet, rådmannen og de hovedtillitsvalgte skrev søknaden sammen.",
    ),
    "nn": (
        "Vi arbeider i små grupper på kvar arbeidsplass, og leiinga møter dei kvar månad.",
        "Tillitsvalde, leiarar og gruppeleiarane i kommunestyret sit i styringsgruppa.",
        "Kartlegging våren 2007, tiltak frå hausten, måling kvart halvår.",
        "Formannskapet, rådmannen og dei hovudtillitsvalde skreiv søknaden saman.",
    ),
}


@dataclass(frozen=True)
class By:
    """Who works with the calls: the organiser's account, which decides, and those of the advisers, who assess."""

    programme: Programme
    account_id: int
    adviser_ids: Sequence[int] = ()


def send(
    session: Session,
    by: By,
    intakes: Sequence[IntakeFacts],
    *,
    title: Translated,
    case_number: str,
    closes_local: datetime,
    now: datetime,
) -> Call:
    """The letter with its two attachments, to every municipality's mailbox in its form of the language, and its copies."""
    facts = CallFacts(title, closes_local, story.BODY, case_number=case_number, intakes=intakes)
    call = create_call(session, by.programme, facts, clauses=EVERY_MUNICIPALITY, now=now)
    write_letter(session, call, "letter", story.LETTER, account_id=by.account_id, now=now)
    letter = own_template(session, call, "letter")
    assert letter is not None
    for name, text in story.PAPERS:
        add_paper(session, call, public_id=uuid.uuid4(), name=name, content=text.encode(), now=now)
        enclosures.add_file(session, letter, name=name, content=text.encode(), now=now)
    for name, email in story.COPIES:
        copies.add_partner(session, letter, name=name, email=email)
    intake_actions.appoint(session, call_id=call.id, account_id=by.account_id, may_decide=True)
    send_call(session, call, on=dates.to_local(now, TIMEZONE).date(), account_id=by.account_id, now=now)
    return call


def apply(
    session: Session, random: Random, call: Call, municipalities: Sequence[Organisation], *, since: datetime
) -> list[Application]:
    """Each writes its application over some days and sends it, all before the deadline."""
    recipients = find_recipients(session, call)
    days = (call.closes_at - since).days
    sent = []
    for one in municipalities:
        begun = since + timedelta(
            days=random.randrange(2, days - 8), hours=random.randrange(8), minutes=random.randrange(60)
        )
        sent.append(_apply(session, random, call, one, recipients[one.id], begun))
    return sent


def find_recipients(session: Session, call: Call) -> dict[int, CallRecipient]:
    """Who got the call, by organisation."""
    rows = sa.select(CallRecipient).where(CallRecipient.call_id == call.id).order_by(CallRecipient.id)
    return {row.organisation_id: row for row in session.scalars(rows)}


def _apply(
    session: Session, random: Random, call: Call, municipality: Organisation, recipient: CallRecipient, begun: datetime
) -> Application:
    name, language = make_name(random), language_of(municipality.language_form, "nb")
    email = make_address(name, municipality.label)
    member = applications.begin(
        session, call, municipality.id, recipient=recipient, name=name, email=email, language=language, now=begun
    )
    application = session.get_one(Application, member.application_id)
    written = to_weekday(begun + timedelta(days=random.randrange(1, 7)))
    write(session, random, application, member, written)
    applications.send(session, application, member, now=written + timedelta(hours=1))
    return application


def write(session: Session, random: Random, application: Application, member: ApplicationMember, now: datetime) -> None:
    language = application.language if application.language in WORDS else "nb"
    way, involvement, timetable, cooperation = WORDS[language]
    goals = _goals(random, language, now.date())
    treated = now.date() - timedelta(days=random.randrange(3, 40))
    applications.add_file(session, application, kind=FileKind.COUNCIL, name="utskrift.txt", content=COUNCIL, now=now)
    facts = replace(
        read_facts(session, application),
        areas=tuple(one.area for one in goals if one.area),
        way_of_working=way, involvement=involvement, timetable=timetable, cooperation=cooperation,
        goals=tuple(goals), treated_by="Kommunestyret", treated_on=treated,
        confirmations=tuple(Confirmation(side, make_name(random), "", treated) for side in ConfirmingSide),
    )  # fmt: skip
    applications.write(session, application, facts, member=member, now=now)


def _goals(random: Random, language: str, on: date) -> list[Goal]:
    """Sickness absence among them, as the letter asks."""
    first, *others = story.GOALS
    chosen = (first, random.choice(others))
    return [
        Goal(
            str(uuid.UUID(int=random.getrandbits(128), version=4)), area, goal[language], is_measurable=True,
            unit=unit[language], start_value=start + round(random.uniform(-0.8, 0.8), 1), target_value=target,
            target_on=on.replace(year=2009, month=12, day=31),
        )
        for area, goal, unit, start, target in chosen
    ]  # fmt: skip


def decide(
    session: Session, by: By, intake: Intake, rulings: Mapping[int, tuple[Outcome, Intake | None]], *, on: date
) -> None:
    """In one batch on that day, and the letters the day after."""
    now = datetime.combine(on, time(9), ZoneInfo(TIMEZONE)).astimezone(UTC)
    states = dict(
        session.execute(sa.select(Application.id, Application.state).where(Application.id.in_(rulings))).all()
    )
    outcomes = {
        number: Ruling(
            outcome, states[number], story.GROUNDS if outcome is Outcome.DECLINED else {}, later.id if later else None
        )
        for number, (outcome, later) in rulings.items()
    }
    intake_actions.decide(session, intake, outcomes, account_id=by.account_id, now=now)
    call = session.get_one(Call, intake.call_id)
    send_letters(session, by, call, now=now + timedelta(days=1))


def send_letters(session: Session, by: By, call: Call, *, now: datetime) -> None:
    """Each in its reader's form of the language."""
    intake_actions.prepare_letters(session, call, account_id=by.account_id, now=now)
    of_call = sa.select(Application.id).where(Application.call_id == call.id)
    drafts = list(
        session.scalars(
            sa.select(DecisionLetter.id).where(
                DecisionLetter.state == LetterState.DRAFT, DecisionLetter.application_id.in_(of_call)
            )
        )
    )
    intake_actions.set_ready(session, call, drafts, is_ready=True, account_id=by.account_id, now=now)
    intake_actions.send_letters(session, drafts, account_id=by.account_id, now=now)
