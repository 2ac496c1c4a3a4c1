"""A network by theme beside the regional ones, with an adviser who is an organiser of its own; made up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sqlalchemy.orm import Session

from eventsys.accounts.actions import add as add_account
from eventsys.accounts.rules import MemberRole
from eventsys.demo import programme as plan
from eventsys.demo.history import words
from eventsys.mailing.addresses import email_key
from eventsys.organisations.models import Organisation
from eventsys.organisers.actions import add as add_organiser
from eventsys.programmes import actions
from eventsys.programmes.advisers.actions import set_adviser
from eventsys.programmes.models import Programme
from eventsys.programmes.rules import NetworkFacts, NetworkKind
from eventsys.workflows.actions import add_default_rules


def add_by_theme(session: Session, random: Random, programme: Programme, members: Sequence[Organisation]) -> None:
    """With some of the members, drawn by lot, from all counties."""
    slug, name = words.NETWORK
    network = actions.add_network(session, programme_id=programme.id, slug=slug, name=name)
    actions.change_network(session, network, NetworkFacts(name, NetworkKind.THEME, words.NETWORK_ABOUT))
    for one in random.sample(list(members), words.IN_NETWORK):
        actions.place_in_network(session, network_id=network.id, organisation_id=one.id, from_on=words.NETWORK_FROM)
    slug, name, email = words.ADVISES
    adviser = add_organiser(session, slug=slug, name=name, email=email)
    add_default_rules(session, organiser_id=adviser.id, now=plan.SET_UP_AT)
    set_adviser(session, network, adviser.id)
    person, address = words.NETWORK_ADVISER
    add_account(
        session, email=address, key=email_key(address), name=person, organiser_id=adviser.id, role=MemberRole.OWNER,
        language="nb", now=plan.SET_UP_AT,
    )  # fmt: skip
