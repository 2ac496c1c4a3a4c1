"""Reads about applications: whose link it is, what one says now, what was sent, who writes it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import AnyRow
from eventsys.files import StoredFile
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications.rules import (
    ApplicationFacts,
    ApplicationState,
    Area,
    AttachedFile,
    Confirmation,
    ConfirmingSide,
    FileKind,
    Goal,
    Supplement,
)
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.models import (
    Application,
    ApplicationArea,
    ApplicationConfirmation,
    ApplicationDraft,
    ApplicationFile,
    ApplicationGoal,
    ApplicationMember,
    ApplicationVersion,
    Call,
    CallRecipient,
    CaseChange,
    Programme,
)
from eventsys.tokens import LinkIsRevoked, Purpose, check, public_id_of

CHANGED = CaseAct.EDITED
"""Somebody changed what an application says: the facts name the fields."""
TOLD = (
    CaseAct.BEGUN, CHANGED, CaseAct.INVITED_COLLEAGUE, CaseAct.REMOVED_COLLEAGUE, CaseAct.SENT, CaseAct.WITHDRAWN,
    CaseAct.ASKED_TO_SUPPLEMENT, CaseAct.SUPPLEMENTED,
)  # fmt: skip
"""What those who write it are told of its history."""


class HasEnded(LinkIsRevoked):
    """The link was a member's who takes part no more."""


def find_by_token(session: Session, token: str) -> ApplicationMember | None:
    """The member whose link it is. Raises `HasEnded` and `LinkIsRevoked`."""
    public_id = public_id_of(token)
    if public_id is None:
        return None
    member = session.scalar(sa.select(ApplicationMember).filter_by(public_id=public_id))
    if member is None or not check(token, Purpose.APPLICATION, member.public_id, member.link_version):
        return None
    if member.ended_at is not None:
        raise HasEnded
    return member


class Own(NamedTuple):
    """What a member's link opens."""

    member: ApplicationMember
    application: Application
    call: Call


def find_own(session: Session, token: str) -> Own | None:
    """What the link opens, as it is now. Raises `HasEnded` and `LinkIsRevoked`."""
    member = find_by_token(session, token)
    if member is None:
        return None
    application = session.get_one(Application, member.application_id, populate_existing=True)
    return Own(member, application, session.get_one(Call, application.call_id))


def read_facts(session: Session, application: Application) -> ApplicationFacts:
    """What the application says now. What was sent is in its versions."""
    mine = {"application_id": application.id}
    organisation, call, programme = session.execute(
        sa.select(Organisation.label, Call.title, Programme.name)
        .select_from(Call)
        .join(Programme, Programme.id == Call.programme_id)
        .join(Organisation, Organisation.id == application.organisation_id)
        .where(Call.id == application.call_id)
    ).one()
    areas = set(session.scalars(sa.select(ApplicationArea.area).filter_by(**mine)))
    goals = session.scalars(
        sa.select(ApplicationGoal).filter_by(**mine).order_by(ApplicationGoal.position, ApplicationGoal.id)
    )
    confirmed = {one.side: one for one in session.scalars(sa.select(ApplicationConfirmation).filter_by(**mine))}
    return ApplicationFacts(
        organisation=organisation,
        call=call,
        programme=programme,
        language=application.language,
        areas=tuple(area for area in Area if area in areas),
        own_area=application.own_area,
        way_of_working=application.way_of_working,
        involvement=application.involvement,
        timetable=application.timetable,
        goals=tuple(map(_read_goal, goals)),
        treated_by=application.treated_by,
        treated_on=application.treated_on,
        cooperation=application.cooperation,
        confirmations=tuple(_read_confirmation(confirmed[side]) for side in ConfirmingSide if side in confirmed),
        files=tuple(list_files(session, application.id)),
        supplements=tuple(_list_supplements(session, application.id)),
    )


def _read_goal(row: ApplicationGoal) -> Goal:
    return Goal(
        str(row.public_id), row.area, row.goal, row.is_measurable, row.unit, row.start_value, row.target_value,
        row.target_on,
    )  # fmt: skip


def _read_confirmation(row: ApplicationConfirmation) -> Confirmation:
    return Confirmation(row.side, row.name, row.title, row.confirmed_on)


def list_files(session: Session, application_id: int) -> list[AttachedFile]:
    """Its files: the council's paper, then attachments, then what came later."""
    kinds = list(FileKind)
    rows = session.execute(
        sa.select(ApplicationFile.public_id, StoredFile.name, ApplicationFile.kind, StoredFile.size)
        .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
        .where(ApplicationFile.application_id == application_id)
        .order_by(ApplicationFile.position, ApplicationFile.id)
    )
    found = [AttachedFile(str(row.public_id), row.name, row.kind, row.size) for row in rows]
    return sorted(found, key=lambda file: (file.kind is not FileKind.COUNCIL, kinds.index(file.kind)))


def _list_supplements(session: Session, application_id: int) -> list[Supplement]:
    said = sa.select(CaseChange.words, CaseChange.at).where(
        CaseChange.application_id == application_id, CaseChange.act == CaseAct.SUPPLEMENTED, CaseChange.words != ""
    )
    return [Supplement(row.words, row.at) for row in session.execute(said.order_by(CaseChange.id))]


def name_organisation(session: Session, application: Application) -> str:
    return session.scalars(sa.select(Organisation.label).filter_by(id=application.organisation_id)).one()


def find_asked(session: Session, application_id: int) -> str:
    """In what words a supplement was asked for last."""
    asked = sa.select(CaseChange.words).filter_by(application_id=application_id, act=CaseAct.ASKED_TO_SUPPLEMENT)
    return session.scalar(asked.order_by(CaseChange.id.desc()).limit(1)) or ""


def find_again(session: Session, own: Own) -> ApplicationMember | None:
    """The same person as a member of the application that came after a withdrawn one."""
    live = find_live(session, own.call.id, own.application.organisation_id)
    mine = sa.select(ApplicationMember).filter_by(email_key=own.member.email_key, ended_at=None)
    return session.scalar(mine.filter_by(application_id=live.id)) if live else None


def list_versions(session: Session, application_id: int) -> list[ApplicationVersion]:
    """What was sent, and sent again with a supplement, the first first."""
    versions = sa.select(ApplicationVersion).filter_by(application_id=application_id)
    return list(session.scalars(versions.order_by(ApplicationVersion.number)))


def list_members(session: Session, application_id: int) -> list[ApplicationMember]:
    """Who writes it, the first first."""
    members = sa.select(ApplicationMember).filter_by(application_id=application_id, ended_at=None)
    return list(session.scalars(members.order_by(ApplicationMember.id)))


def find_member(session: Session, application_id: int, public_id: object) -> ApplicationMember | None:
    mine = sa.select(ApplicationMember).filter_by(application_id=application_id)
    return session.scalar(mine.filter_by(public_id=public_id))


def find_live(session: Session, call_id: int, organisation_id: int) -> Application | None:
    """The organisation's application to the call that is not withdrawn."""
    return session.scalar(
        sa.select(Application).where(
            Application.call_id == call_id,
            Application.organisation_id == organisation_id,
            Application.state != ApplicationState.WITHDRAWN,
        )
    )


def list_calls_of(session: Session, organisation_id: int, *, email_key: str, now: datetime) -> list[AnyRow]:
    """The calls that the organisation got and that are open now, or that it applies to, the latest first: with the live
    application and the member of it with that address, or None."""
    live = sa.and_(
        Application.call_id == CallRecipient.call_id,
        Application.organisation_id == CallRecipient.organisation_id,
        Application.state != ApplicationState.WITHDRAWN,
    )
    own = sa.and_(
        ApplicationMember.application_id == Application.id,
        ApplicationMember.email_key == email_key,
        ApplicationMember.ended_at.is_(None),
    )
    is_open = sa.and_(Call.state == CallState.OPEN, Call.closes_at > now)
    statement = (
        sa.select(Call, CallRecipient, Application, ApplicationMember)
        .join(CallRecipient, CallRecipient.call_id == Call.id)
        .outerjoin(Application, live)
        .outerjoin(ApplicationMember, own)
        .where(CallRecipient.organisation_id == organisation_id, sa.or_(is_open, Application.id.is_not(None)))
    )
    return list(session.execute(statement.order_by(Call.closes_at.desc(), Call.id)))


def find_file(session: Session, application_id: int, public_id: object) -> AnyRow | None:
    """The row of a file of the application and its stored file."""
    return session.execute(
        sa.select(ApplicationFile, StoredFile)
        .join(StoredFile, StoredFile.id == ApplicationFile.file_id)
        .where(ApplicationFile.application_id == application_id, ApplicationFile.public_id == public_id)
    ).one_or_none()


def find_draft(session: Session, member: ApplicationMember) -> ApplicationDraft | None:
    return session.get(ApplicationDraft, (member.application_id, member.id), populate_existing=True)


def list_others(session: Session, member: ApplicationMember, *, since: datetime) -> list[str]:
    """The names of the other members who have had it open since then, in real time."""
    names = (
        sa.select(ApplicationMember.name)
        .join(ApplicationDraft, ApplicationDraft.member_id == ApplicationMember.id)
        .where(
            ApplicationDraft.application_id == member.application_id,
            ApplicationDraft.member_id != member.id,
            ApplicationDraft.seen_at > since,
            ApplicationMember.ended_at.is_(None),
        )
    )
    return list(session.scalars(names.order_by(ApplicationMember.name)))


def read_draft(session: Session, member: ApplicationMember) -> list[tuple[str, str]]:
    """What the member's draft holds, field by field."""
    draft = find_draft(session, member)
    return [(field["name"], field["value"]) for field in draft.fields] if draft else []


def find_last_writer(session: Session, member: ApplicationMember) -> str:
    """Who of the others changed it last; empty if nobody did."""
    changes = (
        sa.select(ApplicationMember.name)
        .join(CaseChange, CaseChange.member_id == ApplicationMember.id)
        .where(
            CaseChange.application_id == member.application_id,
            CaseChange.act == CHANGED,
            CaseChange.member_id != member.id,
        )
    )
    return session.scalar(changes.order_by(CaseChange.id.desc()).limit(1)) or ""


def count_invited(session: Session, application_id: int, *, since: datetime) -> int:
    """How many colleagues were asked since then, those who have left among them."""
    asked = sa.select(sa.func.count()).select_from(CaseChange)
    asked = asked.where(CaseChange.application_id == application_id, CaseChange.act == CaseAct.INVITED_COLLEAGUE)
    return session.scalar(asked.where(CaseChange.at > since)) or 0


def list_changes(session: Session, application_id: int, *, most: int = 100) -> list[AnyRow]:
    """What happened to it and who did it, the latest first: (CaseChange, name of a member or None)."""
    statement = (
        sa.select(CaseChange, ApplicationMember.name)
        .outerjoin(ApplicationMember, ApplicationMember.id == CaseChange.member_id)
        .where(CaseChange.application_id == application_id, CaseChange.act.in_(TOLD))
        .order_by(CaseChange.id.desc())
    )
    return list(session.execute(statement.limit(most)))
