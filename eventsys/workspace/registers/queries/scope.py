"""Which people an organiser sees, of which organisations it sees who is what, and which it may correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.accounts.models import Membership
from eventsys.accounts.queries import SignedInAccount
from eventsys.accounts.rules import MemberRole
from eventsys.invitations.models import Invitation
from eventsys.organisations.models import Organisation, Person, Position
from eventsys.organisations.positions.queries import is_contact
from eventsys.organisers.models import INSTALLATION, Organiser
from eventsys.programmes.models import CohortMembership, Group, GroupMembership
from eventsys.programmes.places.queries import select_advised_members, select_kept_members, select_members_of_others
from eventsys.programmes.queries import select_members_of
from eventsys.registrations.models import Delegation, Registration


def sees_everybody(account: SignedInAccount) -> bool:
    """Whether it is an owner of the installation itself, which keeps the registers of all organisers in order."""
    return account.organiser.slug == INSTALLATION and account.role is MemberRole.OWNER


def select_own_organisations(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of those in one's own programmes on a day, in networks that one advises, of oneself, and of what belongs to
    oneself (a confederation's unions): who is what in them is for the organiser to see."""
    return sa.select(Organisation.id).where(
        sa.or_(
            Organisation.id.in_(select_members_of(organiser_id, on=on)),
            Organisation.id.in_(select_advised_members(organiser_id, on=on)),
            _is_of_oneself(organiser_id),
        )
    )


def select_kept_organisations(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of those among them whose contacts, mailbox and people are the organiser's to say: oneself, what belongs to
    oneself, and the members of one's own programmes that no other organiser keeps.

    To place an organisation in a cohort opens nothing of one that another placed before, nor of one whose contact
    another organiser confirmed: there the official mailbox says yes, or who keeps the installation's registers.
    """
    return sa.select(Organisation.id).where(
        sa.or_(
            sa.and_(
                Organisation.id.in_(select_kept_members(organiser_id, on=on)),
                Organisation.id.not_in(_select_confirmed_by_others(organiser_id, on=on)),
            ),
            _is_of_oneself(organiser_id),
        )
    )


def select_kept_contacts(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the members of one's own programmes whose contacts one says."""
    kept = select_kept_organisations(organiser_id, on=on)
    return select_members_of(organiser_id, on=on).where(CohortMembership.organisation_id.in_(kept))


def _is_of_oneself(organiser_id: int) -> sa.ColumnElement[bool]:
    own = sa.select(Organisation.id).where(Organisation.organiser_id == organiser_id)
    return sa.or_(Organisation.organiser_id == organiser_id, Organisation.parent_id.in_(own))


def _select_confirmed_by_others(organiser_id: int, *, on: date) -> sa.Select[int]:
    """Organisations with a contact to whom somebody said yes who works for another organiser and not for this one."""
    own = sa.select(Membership.account_id).where(Membership.organiser_id == organiser_id)
    others = (
        sa.select(Membership.account_id)
        .join(Organiser, Organiser.id == Membership.organiser_id)
        .where(Membership.organiser_id != organiser_id, Organiser.slug != INSTALLATION)
    )
    return sa.select(Position.organisation_id).where(
        is_contact(on), Position.account_id.in_(others), Position.account_id.not_in(own)
    )


def list_ways(organiser_id: int, *, on: date) -> list[sa.Select[Any]]:
    """Each way to know a person, as a SELECT of the ids of people, from the organiser's own rows alone: its events, its
    groups, its invitations, the positions in its members. What is erased leads to nobody.

    Whom it knows by a union alone is not among them: that is read with a note of who did.
    """
    groups = sa.select(Group.id).where(Group.organiser_id == organiser_id)
    places = select_own_organisations(organiser_id, on=on)
    invited = (Invitation.organiser_id == organiser_id, Invitation.is_restricted.is_(False))
    return [
        _select_known(Registration, Registration.person_id).where(Registration.organiser_id == organiser_id),
        _select_known(Delegation, Delegation.registrar_id).where(Delegation.organiser_id == organiser_id),
        _select_known(GroupMembership, GroupMembership.person_id).where(GroupMembership.group_id.in_(groups)),
        _select_known(Invitation, Invitation.person_id).where(*invited),
        _select_known(Position, Position.person_id).where(Position.organisation_id.in_(places)),
    ]


def _select_known(model: Any, person_id: Any) -> sa.Select[Any]:
    return sa.select(person_id).where(person_id.is_not(None), model.email_key != "")


def select_seen_people(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of the people whom the organiser knows by an event, a group or an organisation of its own."""
    known = sa.union(*list_ways(organiser_id, on=on)).subquery()
    return sa.select(known.c[0])


def select_people(account: SignedInAccount, *, on: date) -> sa.Select[int]:
    """Everybody, for who keeps the installation in order; else whom the organiser sees."""
    if sees_everybody(account):
        return sa.select(Person.id).where(Person.email_key.is_not(None))
    return select_seen_people(account.organiser.id, on=on)


def select_kept_by_others(organiser_id: int, *, on: date) -> sa.Select[int]:
    """The ids of those that others keep: in their programmes on a day, themselves, or what belongs to them. Of these the
    register is not the organiser's to correct."""
    others = sa.select(Organisation.id).where(
        Organisation.organiser_id.is_not(None), Organisation.organiser_id != organiser_id
    )
    return sa.select(Organisation.id).where(
        sa.or_(
            Organisation.id.in_(select_members_of_others(organiser_id, on=on)),
            Organisation.id.in_(others),
            Organisation.parent_id.in_(others),
        ),
        Organisation.id.not_in(select_kept_organisations(organiser_id, on=on)),
    )


@dataclass(frozen=True, slots=True)
class Rights:
    """Of which organisations somebody may correct nothing, of which they say the mailbox and who is what, and of which
    they see it; None for all of them."""

    closed: frozenset[int]
    own: frozenset[int] | None
    seen: frozenset[int] | None = None

    def may_change(self, organisation_id: int) -> bool:
        return organisation_id not in self.closed

    def may_address(self, organisation_id: int) -> bool:
        """The mailbox says who a contact is, and a contact sees seats at everybody's events."""
        return self.own is None or organisation_id in self.own

    def may_see(self, organisation_id: int) -> bool:
        """Who is what in it: also who advises a network that it is in, and whose programme it came into later."""
        return self.own is None or organisation_id in (self.seen or self.own)

    def may_give(self, organisation_id: int, to: Organisation) -> bool:
        """Whether it may come to belong to, or go over into, the other: what an organiser is itself opens who is what in
        all that belongs to it, so nobody but the installation's owner gives it more than it has."""
        return self.may_address(organisation_id) or to.organiser_id is None


def find_rights(session: Session, account: SignedInAccount, *, on: date) -> Rights:
    if sees_everybody(account):
        return Rights(frozenset(), None)
    closed = session.scalars(select_kept_by_others(account.organiser.id, on=on))
    own = session.scalars(select_kept_organisations(account.organiser.id, on=on))
    seen = session.scalars(select_own_organisations(account.organiser.id, on=on))
    return Rights(frozenset(closed), frozenset(own), frozenset(seen))
