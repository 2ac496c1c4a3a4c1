"""Rows of a case's history made into mail, each once: by the reader of each act, never by an address alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.mailing.addresses import email_key
from eventsys.mailing.rules import BULK
from eventsys.organisations.models import Organisation
from eventsys.organisers.models import Organiser
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.models import (
    Application,
    ApplicationMember,
    Call,
    CallNudge,
    CallRecipient,
    CaseChange,
    Decision,
    DecisionLetter,
)
from eventsys.workflows.actions.noticing import BATCH, alone
from eventsys.workflows.actions.occasions import wait_out_quiet
from eventsys.workflows.cases.copying import list_copied, make_copies
from eventsys.workflows.cases.facts import join_case
from eventsys.workflows.cases.labels import NUDGES, TEXTS
from eventsys.workflows.cases.mails import CaseMail, add_case_mails
from eventsys.workflows.cases.texts import key_of, key_of_outcome
from eventsys.workflows.texts import find_sources

OF_ONE_MEMBER = (CaseAct.BEGUN, CaseAct.ASKED_FOR_LINK, CaseAct.INVITED_COLLEAGUE)
OF_ALL = (CaseAct.SENT, CaseAct.WITHDRAWN, CaseAct.ASKED_TO_SUPPLEMENT, CaseAct.LETTER_SENT)
OWN_ACTS = (*OF_ONE_MEMBER, CaseAct.SENT, CaseAct.WITHDRAWN)
"""What somebody did themselves: told at once, by night too."""
Members = Mapping[int, Sequence[ApplicationMember]]
Sources = Mapping[tuple[int, str], Mapping[str, str]]


class Act(NamedTuple):
    """An act that nobody has noticed, and around it."""

    change: CaseChange
    call: Call
    organiser: Organiser
    organisation: Organisation | None
    recipient: CallRecipient | None
    nudge: CallNudge | None
    application: Application | None
    letter: DecisionLetter | None
    decision: Decision | None

    @property
    def template(self) -> str | None:
        """The text that tells of it; None where there is nothing to tell."""
        act = self.change.act
        if act is CaseAct.CALLED:
            return key_of(self.call, "letter")
        if act is CaseAct.NUDGED:
            return NUDGES[self.nudge.whom] if self.nudge is not None else None
        if act is CaseAct.LETTER_SENT:
            return key_of_outcome(self.call, self.decision.outcome) if self.decision is not None else None
        return TEXTS.get(act)

    @property
    def language(self) -> str:
        """The organisation's, in which a decision is written to everybody."""
        if self.letter is not None:
            return self.letter.language
        if self.recipient is not None:
            return self.recipient.language
        return self.application.language if self.application is not None else self.organiser.language


class Reader(NamedTuple):
    email: str
    name: str
    language: str
    member_id: int | None = None


def has_unnoticed_case(session: Session) -> bool:
    """Whether there is anything to notice: a read, so that an idle worker takes no lock."""
    return session.scalar(sa.select(CaseChange.id).where(CaseChange.noticed_at.is_(None)).limit(1)) is not None


def notice_cases(session: Session, *, now: datetime) -> int:
    """Makes a batch of acts into mail; how many were noticed. All at once; only when that fails each act alone, so that
    one cannot stop the others."""
    acts = [Act(*row) for row in session.execute(_unnoticed())]
    if not acts:
        return 0
    members = _find_members(session, [act.application.id for act in acts if act.application is not None])
    sources = find_sources(session, {(act.call.organiser_id, act.template) for act in acts if act.template})
    noticed = _mail(session, acts, members, sources, now)
    for act in acts if not noticed else ():
        noticed += _mail(session, [act], members, sources, now)
    return noticed


def _mail(session: Session, acts: Sequence[Act], members: Members, sources: Sources, now: datetime) -> int:
    """How many were told: all of them, or none where anything went wrong."""
    told: list[Act] = []
    with alone(session, acts[0].change):
        add_case_mails(
            session, [mail for act in acts for mail in _make_mails(session, act, members, sources, now)], now=now
        )
        ids = [act.change.id for act in acts]
        session.execute(sa.update(CaseChange).where(CaseChange.id.in_(ids)).values(noticed_at=now))
        told.extend(acts)
    return len(told)


def _make_mails(session: Session, act: Act, members: Members, sources: Sources, now: datetime) -> Iterator[CaseMail]:
    template, change = act.template, act.change
    if template is None:
        return
    written = sources[act.call.organiser_id, template]
    theirs = members.get(act.application.id, ()) if act.application is not None else ()
    is_own = change.act in OWN_ACTS
    keys = set()
    for reader in _list_readers(act, theirs):
        key = email_key(reader.email)
        if key in keys:
            continue
        keys.add(key)
        yield CaseMail(
            organiser_id=act.organiser.id,
            reason=f"case/{change.id}" if change.act is CaseAct.CALLED else f"case/{change.id}/{key}",
            template=template,
            email=reader.email,
            name=reader.name,
            language=_choose_language(act, reader, written),
            due_at=change.at,
            next_try_at=change.at if is_own else wait_out_quiet(act.organiser, max(change.at, now), change.at),
            priority=0 if is_own or change.act is CaseAct.SUPPLEMENTED else BULK,
            change_id=change.id,
            member_id=reader.member_id,
        )
    if change.act is CaseAct.LETTER_SENT:
        partners = list_copied(session, act.organiser, act.call, template)
        yield from make_copies(
            act.organiser, partners, change, template=template, language=act.language, read_by=keys, now=now
        )


def _list_readers(act: Act, members: Sequence[ApplicationMember]) -> Iterator[Reader]:
    """Whom the act is told, members before the mailbox, so that who reads both gets the link of their own."""
    what = act.change.act
    if what is CaseAct.SUPPLEMENTED:
        yield Reader(act.organiser.email, act.organiser.name, act.organiser.language)
        return
    for member in members:
        if what in OF_ALL or what is CaseAct.NUDGED or (what in OF_ONE_MEMBER and member.id == act.change.member_id):
            yield Reader(member.email, member.name, act.language if act.letter else member.language, member.id)
    if what not in OF_ONE_MEMBER and (mailbox := _find_mailbox(act)):
        yield Reader(mailbox, act.organisation.label if act.organisation else "", act.language)


def _find_mailbox(act: Act) -> str:
    """Where the call went; of an application the organisation's as it is now, which may have come later."""
    sent_to = act.recipient.email if act.recipient is not None else ""
    current = (act.organisation.email or "").strip() if act.organisation is not None else ""
    return sent_to or current if act.application is None else current or sent_to


def _choose_language(act: Act, reader: Reader, written: Mapping[str, str]) -> str:
    """The reader's own where the text is written in it, else their organisation's: a letter need not be in English."""
    wanted = (reader.language, act.language, act.organiser.language)
    return next((code for code in wanted if code in written), reader.language)


def _unnoticed() -> sa.Select[*tuple[Any, ...]]:
    rows: tuple[Any, ...] = (
        CaseChange, Call, Organiser, Organisation, CallRecipient, CallNudge, Application, DecisionLetter, Decision,
    )  # fmt: skip
    return (
        join_case(sa.select(*rows).select_from(CaseChange))
        .join(Organiser, Organiser.id == CaseChange.organiser_id)
        .where(CaseChange.noticed_at.is_(None))
        .order_by(CaseChange.id)
        .limit(BATCH)
        .with_for_update(of=CaseChange, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _find_members(session: Session, application_ids: Sequence[int]) -> dict[int, list[ApplicationMember]]:
    """Those who take part now and have an address, by application."""
    found: dict[int, list[ApplicationMember]] = {}
    if application_ids:
        takes_part = (ApplicationMember.ended_at.is_(None), ApplicationMember.email_key != "")
        of_them = ApplicationMember.application_id.in_(set(application_ids))
        rows = session.scalars(sa.select(ApplicationMember).where(of_them, *takes_part).order_by(ApplicationMember.id))
        for member in rows:
            found.setdefault(member.application_id, []).append(member)
    return found
