"""What the invited do: open it, say yes by signing up, no with a word, or pass it on to a colleague."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from eventsys.invitations.actions.history import note_act
from eventsys.invitations.actions.releasing import release
from eventsys.invitations.models import Invitation
from eventsys.invitations.queries import find_of_person, list_signed_up, was_sent
from eventsys.invitations.rules import (
    LONGEST_WORDS,
    MAY_ANSWER,
    CannotBeAnswered,
    CannotBePassedOn,
    InvitationAct,
    InvitationState,
    may_sign_up,
)
from eventsys.mailing.addresses import email_key
from eventsys.organisations.actions import find_or_add_person
from eventsys.registrations.actions import (
    Registered,
    RegisteredDelegation,
    lock_event,
    register,
    register_delegation,
)
from eventsys.registrations.models import Registration
from eventsys.registrations.rules import Actor, NewDelegation, NewRegistration, OnlyByInvitation


def note_opened(session: Session, invitation: Invitation, *, now: datetime) -> bool:
    """The first sign that somebody has read it; False for a later one."""
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    if invitation.opened_at is not None or invitation.state is InvitationState.WITHDRAWN:
        return False
    invitation.opened_at = now
    note_act(session, [invitation], InvitationAct.OPENED, Actor.PARTICIPANT, now=now)
    return True


def accept(
    session: Session,
    invitation: Invitation,
    *,
    registration_id: int | None = None,
    delegation_id: int | None = None,
    actor: Actor = Actor.PARTICIPANT,
    now: datetime,
) -> None:
    """A yes, which is a seat or a delegation of the event; of a second one the newer counts. Raises `CannotBeAnswered`."""
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    has_answered = invitation.state is InvitationState.ACCEPTED
    if not has_answered:
        _require_answerable(invitation)
    invitation.registration_id, invitation.delegation_id = registration_id, delegation_id
    if has_answered:
        session.flush()
        return
    _answer(session, invitation, InvitationState.ACCEPTED, InvitationAct.ACCEPTED, actor, now=now)


def sign_up(session: Session, invitation_id: int, form: NewRegistration, *, now: datetime) -> Registered:
    """The seat and the yes, wherever the invited is from. Raises as `registrations.actions.register`, and
    `OnlyByInvitation` for an invitation that opens nothing any more."""
    invitation = _open(session, invitation_id, form.form_token)
    made = register(session, replace(form, invited=True), now=now)
    accept(session, invitation, registration_id=made.registration.id, now=now)
    return made


def sign_up_several(
    session: Session, invitation_id: int, form: NewDelegation, *, now: datetime
) -> RegisteredDelegation:
    """The same for a delegation, of which the invited may be one or not."""
    invitation = _open(session, invitation_id, form.form_token)
    made = register_delegation(session, replace(form, invited=True), actor=Actor.REGISTRAR, now=now)
    accept(session, invitation, delegation_id=made.delegation.id, now=now)
    return made


def _open(session: Session, invitation_id: int, form_token: str) -> Invitation:
    """An invitation signs up once; a form that is sent twice is one."""
    invitation = session.get_one(Invitation, invitation_id)
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    seat = session.get(Registration, invitation.registration_id) if invitation.registration_id else None
    if not may_sign_up(invitation.state, seat.state if seat else None) and not was_sent(session, form_token):
        raise OnlyByInvitation
    return invitation


def decline(session: Session, invitation: Invitation, *, words: str = "", now: datetime) -> None:
    """A no, with a word or without; what was held is given to others. Raises `CannotBeAnswered`."""
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    _require_answerable(invitation)
    invitation.words = words[:LONGEST_WORDS]
    _answer(session, invitation, InvitationState.DECLINED, InvitationAct.DECLINED, Actor.PARTICIPANT, now=now)


def pass_on(session: Session, invitation: Invitation, *, name: str, email: str, now: datetime) -> Invitation:
    """The invitation becomes a colleague's, from the same organisation; one who is invited already keeps theirs.

    Raises `CannotBeAnswered` and `CannotBePassedOn`.
    """
    lock_event(session, invitation.event_id)
    session.refresh(invitation)
    _require_answerable(invitation)
    person_id = find_or_add_person(session, email=email, name=name, now=now)
    if invitation.organisation_id is None or person_id == invitation.person_id:
        raise CannotBePassedOn
    there = find_of_person(session, invitation.event_id, person_id)
    colleague = there or _make_for(session, invitation, person_id, name, email, now=now)
    invitation.passed_to_id = colleague.id
    _answer(session, invitation, InvitationState.PASSED_ON, InvitationAct.PASSED_ON, Actor.PARTICIPANT, now=now)
    return colleague


def _make_for(
    session: Session, first: Invitation, person_id: int, name: str, email: str, *, now: datetime
) -> Invitation:
    """The colleague is asked in the language of who passed it on, who knows them better than we do."""
    colleague = Invitation(
        organiser_id=first.organiser_id,
        event_id=first.event_id,
        round_id=first.round_id,
        person_id=person_id,
        organisation_id=first.organisation_id,
        name=name,
        email=email,
        email_key=email_key(email),
        language=first.language,
        reasons=[{"passed_on_by": first.name}],
        is_restricted=first.is_restricted,
        state=InvitationState.ASKED,
        asked_at=now,
        created_at=now,
    )
    session.add(colleague)
    session.flush()
    note_act(session, [colleague], InvitationAct.ASKED, Actor.PARTICIPANT, now=now)
    return colleague


def note_answers(session: Session, event_id: int | None = None, *, now: datetime) -> int:
    """Who is invited and signed up another way, alone or by a colleague, has said yes; so has an organisation of which
    somebody comes. Of one event or all; says how many."""
    found = list_signed_up(session, event_id)
    for event in sorted({invitation.event_id for invitation, _seat, _delegation in found}):
        lock_event(session, event)
    for invitation, registration_id, delegation_id in found:
        session.refresh(invitation)
        if invitation.state in MAY_ANSWER:
            invitation.registration_id, invitation.delegation_id = registration_id, delegation_id
            _answer(session, invitation, InvitationState.ACCEPTED, InvitationAct.ACCEPTED, Actor.SYSTEM, now=now)
    return len(found)


def _require_answerable(invitation: Invitation) -> None:
    if invitation.state not in MAY_ANSWER:
        raise CannotBeAnswered


def _answer(
    session: Session,
    invitation: Invitation,
    state: InvitationState,
    act: InvitationAct,
    actor: Actor,
    *,
    now: datetime,
) -> None:
    """Whoever answers has read it."""
    invitation.state, invitation.answered_at = state, now
    if actor is Actor.PARTICIPANT:
        invitation.opened_at = invitation.opened_at or now
    session.flush()
    note_act(session, [invitation], act, actor, now=now)
    release(session, invitation, now=now)
