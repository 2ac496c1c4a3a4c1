"""A programme of each organiser's with a cohort, a network and a partner, and the addresses of all of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from eventsys.programmes.actions import add_cohort, add_network, add_programme, place_in_cohort, place_in_network
from eventsys.programmes.models import Cohort, Network, Programme, ProgrammeParty
from eventsys.programmes.parties.actions import add_party
from eventsys.programmes.rules import PartyFacts, PartyKind, PartyRole
from tests.world import NOW

OF_PROGRAMME = (
    "show_programme", "update_programme", "edit_programme", "grants", "new_cohort", "create_cohort", "new_network",
    "create_network", "new_party", "create_party", "grant_programme", "withdraw_grant", "save_advisers",
    "confirm_remove_programme", "remove_programme",
)  # fmt: skip
OF_PARTY = ("edit_party", "update_party", "move_party", "confirm_remove_party", "remove_party")
OF_COHORT = (
    "cohort", "update_cohort", "edit_cohort", "paste_cohort", "check_cohort_list", "add_to_cohort", "cohort_member",
    "set_member_status", "confirm_remove_cohort", "remove_cohort",
)  # fmt: skip
OF_NETWORK = (
    "network", "update_network", "edit_network", "paste_network", "check_network_list", "add_to_network",
    "end_network_member", "confirm_remove_network", "remove_network",
)  # fmt: skip


def add_cohort_things(session: Session, organiser_id: int, marker: str) -> None:
    """In the organiser's own programme; one is made for who has none. The partner's address is nobody else's to read."""
    programme = session.scalars(
        sa.select(Programme).filter_by(organiser_id=organiser_id).order_by(Programme.id)
    ).first()
    if programme is None:
        programme = add_programme(
            session, organiser_id=organiser_id, slug=f"program-{organiser_id}", name={"nb": "Et program"}
        )
    cohort = add_cohort(
        session, programme_id=programme.id, slug=f"egen-pulje-{organiser_id}", ordinal=90, name={"nb": "Egen pulje"}
    )
    network = add_network(session, programme_id=programme.id, slug=f"eget-{organiser_id}", name="Eget nettverk")
    member = session.scalars(sa.select(Organisation.id).filter_by(number="1867")).one()
    place_in_cohort(session, cohort_id=cohort.id, organisation_id=member, from_on=NOW.date())
    place_in_network(session, network_id=network.id, organisation_id=member, from_on=NOW.date())
    partner = PartyFacts(PartyRole.PARTNER, PartyKind.OTHER, {"nb": "En partner"}, f"{marker}-person@partner.example")
    add_party(session, programme, partner)


def cohort_values(organiser_id: int) -> dict[str, dict[str, Any]]:
    """What the addresses hold, by endpoint."""
    session = db.session
    programme = session.scalars(
        sa.select(Programme).filter_by(organiser_id=organiser_id).order_by(Programme.id)
    ).first()
    if programme is None:
        return {}
    own = {"programme_id": programme.id}
    cohort = session.scalar(sa.select(Cohort.slug).filter_by(ordinal=90, **own))
    network = session.scalar(sa.select(Network.slug).filter_by(name="Eget nettverk", **own))
    party = session.scalar(sa.select(ProgrammeParty.public_id).filter_by(**own))
    member = {"kind": "municipality", "key": "1867"}
    return {
        **{f"workspace.{name}": {"slug": programme.slug} for name in OF_PROGRAMME},
        **{f"workspace.{name}": {"slug": programme.slug, "party": party} for name in OF_PARTY},
        **{f"workspace.{name}": {"cohort": cohort, **member} for name in OF_COHORT},
        **{f"workspace.{name}": {"network": network, **member} for name in OF_NETWORK},
    }
