"""Every address of the site, walked as each role of each organiser: nothing of the other organiser's is found."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.programmes.advisers.actions import set_adviser
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.intake import actions
from eventsys.programmes.models import Application, Assessor, Call, Network, Programme
from eventsys.programmes.projects.actions import By, add_project
from eventsys.programmes.projects.rules import ProjectFacts
from eventsys.web import SIGNED_IN, declared_access
from tests.guards.intake_visits import OF_APPLICATION, OF_DECIDED, OF_LETTER
from tests.guards.test_roles import is_open, list_own, sign_in_as
from tests.guards.test_routes import EVERYBODYS
from tests.guards.visits import Party, Site, Visitor, addresses_of, list_rules
from tests.guards.walks import find_leaks, other_statuses, read_rows, walk
from tests.world import NOW

NOT_THERE = (403, 404, 410)


@dataclass(frozen=True)
class Ways:
    """All addresses of what is one organiser's, as they were before anything was posted, by endpoint."""

    gets: dict[str, str]
    posts: dict[str, str]
    own_gets: dict[str, str]
    """Of something that is its own, and for who has a right."""
    own_posts: dict[str, str]


def list_ways(app: Flask, party: Party) -> Ways:
    gets, posts = (list_rules(app, method=method) for method in ("GET", "POST"))
    wanted = (gets, of_rights(app, posts), of_something(app, gets), of_something(app, posts))
    return Ways(*(addresses_of(app, rules, party) for rules in wanted))


@pytest.mark.parametrize("role", list(MemberRole))
def test_a_role_finds_nothing_of_the_other_organiser(app: Flask, site: Site, role: MemberRole) -> None:
    a, b = ((party, list_ways(app, party), sign_in_as(app, role, party)) for party in (site.a, site.b))
    for (_party, _ways, client), (other, theirs, _client) in ((a, b), (b, a)):
        is_shut_out(client, theirs, other.secrets)
    for (party, ways, client), (other, _theirs, _client) in ((a, b), (b, a)):
        is_let_in(app, client, ways, role, party, other)
    for (_party, ways, client), (other, _theirs, _client) in ((a, b), (b, a)):
        before = read_rows(organiser_id=other.event.organiser_id)
        found = walk(client, ways.posts, "POST")
        assert other_statuses(found, range(200, 500)) == {}
        assert find_leaks(found, other.secrets) == set()
        assert read_rows(organiser_id=other.event.organiser_id) == before


def is_shut_out(client: Visitor, theirs: Ways, secrets: list[str]) -> None:
    """What is another's is not there, and nothing is done to it."""
    before = read_rows()
    for method, addresses in (("GET", theirs.own_gets), ("POST", theirs.own_posts)):
        found = walk(client, addresses, method)
        assert other_statuses(found, NOT_THERE) == {}
        assert find_leaks(found, secrets) == set()
    assert read_rows() == before


def is_let_in(app: Flask, client: Visitor, ways: Ways, role: MemberRole, party: Party, other: Party) -> None:
    """What is one's own opens as the route says to the role, and holds nothing of another."""
    found = walk(client, ways.gets)
    rules = {rule.endpoint: is_open(app, rule, role) for rule in list_own(app, "GET")}
    assert other_statuses({name: found[name] for name, opens in rules.items() if opens}, (200, 302, 303)) == {}
    assert other_statuses({name: found[name] for name, opens in rules.items() if not opens}, (403,)) == {}
    assert find_leaks(found, other.secrets) == set()
    own = {name: found[name] for name in rules}
    assert find_leaks(own, party.unread) == set()
    if role is MemberRole.OWNER:
        wanted = {f"{party.marker}-{what}" for what in ("kladd", "person", "konto", "prosjekt", "søknad")}
        assert {secret for _name, secret in find_leaks(own, wanted)} == wanted


def of_rights(app: Flask, rules: list[Rule]) -> list[Rule]:
    return [rule for rule in rules if declared_access(app, rule.endpoint) in SIGNED_IN]


def of_something(app: Flask, rules: list[Rule]) -> list[Rule]:
    """The addresses that ask for a right and are of something that is somebody's own."""
    return [rule for rule in of_rights(app, rules) if rule.arguments and rule.endpoint not in EVERYBODYS]


# --- what no organiser reads but an assessor ---------------------------------------------------------------------------


def disqualify_all(organiser_id: int) -> None:
    """Every assessor, from every application."""
    with transaction() as session:
        for application in session.scalars(sa.select(Application).filter_by(organiser_id=organiser_id)):
            call = session.get_one(Call, application.call_id)
            for assessor in session.scalars(sa.select(Assessor).filter_by(call_id=call.id)).all():
                account_id = assessor.account_id
                actions.disqualify(
                    session, call, application, account_id, why="Bur der", by_account_id=account_id, now=NOW
                )  # fmt: skip


def pages_of(app: Flask, party: Party) -> dict[str, str]:
    """What asks for a right, each mail that was sent, and what a search finds."""
    rules = list_own(app, "GET")
    mails = db.session.scalars(sa.select(OutboxMessage.public_id).filter_by(organiser_id=party.event.organiser_id))
    return {
        **addresses_of(app, rules, party),
        **{f"mail {mail}": f"/manage/mail/{mail}" for mail in mails},
        **{f"body of {mail}": f"/manage/mail/{mail}/body" for mail in mails},
        **{
            f"{place}?q": f"/manage/{place}?q={party.marker}" for place in ("search", "mail", "people", "organisations")
        },
    }


@pytest.mark.parametrize("role", [MemberRole.OWNER, MemberRole.HELPER, MemberRole.DOOR, MemberRole.READER])
def test_who_is_no_assessor_finds_nothing_of_an_application(app: Flask, site: Site, role: MemberRole) -> None:
    party = site.a
    pages = pages_of(app, party)
    found = walk(sign_in_as(app, role, party, assesses=False), pages)
    assert find_leaks(found, [*party.assessed, *party.unread]) == set()
    closed = {f"workspace.{name}" for name in (*OF_APPLICATION, *OF_DECIDED, *OF_LETTER)} & pages.keys()
    assert len(closed) == 9
    assert other_statuses({name: found[name] for name in closed}, (403, 404)) == {}


def test_who_is_disqualified_finds_nothing_of_an_application(app: Flask, site: Site) -> None:
    party = site.a
    client, pages = sign_in_as(app, MemberRole.OWNER, party), pages_of(app, party)
    assert find_leaks(walk(client, pages), party.assessed) != set()
    disqualify_all(party.event.organiser_id)
    found = walk(client, pages)
    assert find_leaks(found, party.assessed) == set()
    assert {found[f"workspace.{name}"].status for name in ("application", "application_document", "case_document")} == {
        404
    }


# --- who advises a network --------------------------------------------------------------------------------------------


def test_an_adviser_reads_the_projects_of_its_network_and_nothing_else(app: Flask, site: Site) -> None:
    """And what the members of it have promised, in the words of who runs the programme."""
    ways = list_ways(app, site.b)
    advised, elsewhere = f"{site.a.marker}-prosjekt", f"{site.a.marker}-annet"
    client = sign_in_as(app, MemberRole.OWNER, site.b)
    with transaction() as session:
        network = session.scalars(sa.select(Network).filter_by(name=f"{site.a.marker}-nett")).one()
        programme = session.get_one(Programme, network.programme_id)
        outside = session.scalars(sa.select(Organisation).filter_by(number="1119")).one()
        add_project(session, outside, programme, ProjectFacts(elsewhere, Area.HEALTH_CARE), by=By(), now=NOW)
        set_adviser(session, network, site.b.event.organiser_id)
    found = walk(client, {rule.endpoint: ways.gets[rule.endpoint] for rule in list_own(app, "GET")})
    secrets = [secret for secret in site.a.secrets if secret != advised]
    assert find_leaks(found, [*secrets, elsewhere]) == {("workspace.obligations", f"{site.a.marker}-kladd")}
    assert ("workspace.projects", advised) in find_leaks(found, [advised])
