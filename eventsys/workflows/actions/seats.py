"""Changes of seats made into mail: what one act did for one address and is told as the same is one mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.registrations.models import Delegation, Registration, RegistrationChange
from eventsys.registrations.rules import Actor, Change
from eventsys.workflows.actions.late import decide_late, find_late, mail_late
from eventsys.workflows.actions.letters import Letter, Reader, add_mail
from eventsys.workflows.actions.noticing import BATCH, Rules, alone, find_rules, was_on
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.audiences import mail_language
from eventsys.workflows.models import Rule
from eventsys.workflows.rulebook import whose_turn
from eventsys.workflows.rules import BY_TRIGGER, OWN_ACT, Trigger, Whom
from eventsys.workflows.telling import Happening, decide_triggers

OWN = (Actor.PARTICIPANT, Actor.REGISTRAR)
SAYS_YES = (Change.CANCELLED, Change.MOVED, Change.HANDED_OVER, Change.CHANGED)
"""What is done when an organiser says yes: that is told, and the answer with it."""
MOST_A_DAY = 100
A_DAY = timedelta(days=1)


class ChangedSeat(NamedTuple):
    """A change nobody has noticed, and around it; languages are those of the seat and of its registrar."""

    change: RegistrationChange
    registration: Registration
    organiser: Organiser
    delegation: Delegation | None
    language: str
    registrar_language: str


def notice_seats(session: Session, *, now: datetime) -> int:
    """Makes a batch of changes into mail by the rules in force, whole acts at a time; how many were noticed."""
    rows = _read_batch(session)
    rules = find_rules(session, [(row.registration.event_id, row.registration.organiser_id) for row in rows])
    late = find_late(session, rules, {row.registration.run_id for row in rows})
    done = {(row.registration.id, row.change.at) for row in rows if row.change.change in SAYS_YES}
    noticed = 0
    for act in _by_act(rows):
        with alone(session, act[0].change):
            for rule, reader, told in _list_mails(act, rules, done):
                _mail(session, rule, reader, told, now=now)
            for row in act:
                if occasion := decide_late(late, row.registration, row.change, now=now):
                    mail_late(session, row, occasion, now=now)
                row.change.noticed_at = now
            noticed += len(act)
    return noticed


def _read_batch(session: Session) -> list[ChangedSeat]:
    """The oldest changes, and all that was done in the same acts as they."""
    rows = _read(session, _unnoticed().limit(BATCH))
    acts = {row.change.act_id for row in rows if row.change.act_id is not None}
    if len(rows) < BATCH or not acts:
        return rows
    rest = _unnoticed().where(RegistrationChange.act_id.in_(acts), RegistrationChange.id > rows[-1].change.id)
    return [*rows, *_read(session, rest)]


def _read(session: Session, statement: sa.Select[*tuple[Any, ...]]) -> list[ChangedSeat]:
    return [ChangedSeat(*row) for row in session.execute(statement)]


def _unnoticed() -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        RegistrationChange,
        Registration,
        Organiser,
        Delegation,
        mail_language(),
        mail_language(Delegation),
    )
    return (
        sa.select(*columns)
        .join(Registration, Registration.id == RegistrationChange.registration_id)
        .join(Organiser, Organiser.id == Registration.organiser_id)
        .outerjoin(Delegation, Delegation.id == Registration.delegation_id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(RegistrationChange.noticed_at.is_(None))
        .order_by(RegistrationChange.id)
        .with_for_update(of=RegistrationChange, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _by_act(rows: Sequence[ChangedSeat]) -> list[list[ChangedSeat]]:
    acts: dict[Any, list[ChangedSeat]] = {}
    for row in rows:
        acts.setdefault(row.change.act_id or row.change.id, []).append(row)
    return list(acts.values())


# --- who is told what -----------------------------------------------------------------------------------------------

Mail = tuple[Rule, Reader, list[ChangedSeat]]


def _list_mails(act: Sequence[ChangedSeat], rules: Rules, done: Collection[tuple[int, datetime]]) -> Iterable[Mail]:
    """One for each rule and address, with the seats that it is about; `done` says what was done to which seats when."""
    found: dict[tuple[int, str], Mail] = {}
    for row in act:
        event_id, run_id = row.registration.event_id, row.registration.run_id
        is_told = row.change.change is Change.ANSWERED and (row.registration.id, row.change.at) in done
        for trigger in () if is_told else _decide(row):
            reader = _find_reader(row, BY_TRIGGER[trigger].whom)
            if reader is None:
                continue
            for rule in whose_turn(rules, event_id, trigger):
                if was_on(rule, row.change.at) and rule.run_id in (None, run_id, row.change.from_run_id):
                    found.setdefault((rule.id, email_key(reader.email)), (rule, reader, []))[2].append(row)
    return [_address_all(mail) for mail in found.values()]


def _decide(row: ChangedSeat) -> tuple[Trigger, ...]:
    change, delegation = row.change, row.delegation
    return decide_triggers(
        Happening(
            change=change.change,
            from_state=change.from_state,
            to_state=change.to_state,
            actor=change.actor,
            has_left_run=change.from_run_id is not None,
            is_of_delegation=delegation is not None,
            has_own_address=delegation is None or delegation.email_key != row.registration.email_key,
        )
    )


def _find_reader(row: ChangedSeat, whom: Whom) -> Reader | None:
    """Where such a mail goes; None where no address is left."""
    registration, organiser, delegation = row.registration, row.organiser, row.delegation
    reader: Reader | None = Reader(registration.email, registration.name, row.language)
    if whom is Whom.REGISTRAR:
        reader = Reader(delegation.email, delegation.name, row.registrar_language) if delegation else None
    elif whom is Whom.ORGANISER:
        reader = Reader(organiser.email, organiser.name, organiser.language)
    elif whom is Whom.FIRST:
        facts = row.change.facts
        reader = Reader(facts.get("to") or "", facts.get("name") or "", facts.get("language") or row.language)
    return reader if reader is not None and email_key(reader.email) else None


def _address_all(mail: Mail) -> Mail:
    """Who shares an address and reads different languages gets the organiser's, and no single name to be greeted by."""
    rule, reader, told = mail
    if BY_TRIGGER[rule.trigger].whom is not Whom.PERSON or len(told) == 1:
        return mail
    names, languages = {row.registration.name for row in told}, {row.language for row in told}
    name = reader.name if len(names) == 1 else ""
    language = reader.language if len(languages) == 1 else told[0].organiser.language
    return rule, Reader(reader.email, name, language), told


def _has_enough(session: Session, reader: Reader, *, now: datetime) -> bool:
    """Whether the address got so many mails of changes within a day that more are somebody's trick with it."""
    lately = sa.select(sa.func.count()).where(
        OutboxMessage.email_key == email_key(reader.email),
        OutboxMessage.created_at > now - A_DAY,
        OutboxMessage.reason_key.startswith("change/"),
    )
    return (session.scalar(lately) or 0) >= MOST_A_DAY


def _mail(session: Session, rule: Rule, reader: Reader, told: Sequence[ChangedSeat], *, now: datetime) -> None:
    """An answer to what its reader just did goes at once, whatever the hour. Of what anybody can do with any address no
    more than `MOST_A_DAY` go to it."""
    change, registration, organiser = told[0].change, told[0].registration, told[0].organiser
    is_anybodys = change.actor in OWN and BY_TRIGGER[rule.trigger].whom is not Whom.ORGANISER
    if is_anybodys and _has_enough(session, reader, now=now):
        return
    is_answer = change.actor in OWN and now - change.at <= OWN_ACT
    of_one = f"change/registration/{change.id}/{rule.key}"
    letter = Letter(
        organiser_id=registration.organiser_id,
        reason=f"change/act/{change.act_id}/{rule.key}" if change.act_id else of_one,
        template=rule.template,
        due_at=change.at,
        next_try_at=change.at if is_answer else wait_out_quiet(organiser, max(change.at, now), change.at),
    )
    causes = [
        {
            "registration_id": row.registration.id,
            "event_id": row.registration.event_id,
            "rule_id": rule.id,
            "registration_change_id": row.change.id,
        }
        for row in told
    ]
    add_mail(session, letter, reader, causes, now=now)
