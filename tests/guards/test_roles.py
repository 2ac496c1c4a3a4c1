"""What each role may: every address that asks for a right, tried by everybody who has one of another kind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.rules import MemberRole
from eventsys.events.helpers.actions import set_helped
from eventsys.extensions import transaction
from eventsys.web import EVENT_PAGES, SIGNED_IN, Access, declared_access
from tests.guards.intake_visits import assess_all
from tests.guards.visits import Party, Site, Visitor, addresses_of, list_rules, read_all_rows, visitor

OPENS = {
    MemberRole.OWNER: {"member", "door", "reader", "helper", "organiser", "owner"},
    MemberRole.ORGANISER: {"member", "door", "reader", "helper", "organiser"},
    MemberRole.HELPER: {"member", "helper"},
    MemberRole.DOOR: {"member", "door"},
    MemberRole.READER: {"member", "helper", "reader"},
}
OPENS_AT_ITS_EVENTS = {MemberRole.HELPER: {"door", "reader", "organiser"}}
LINK_OR_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"|<a class="ds-button[^>]*href="([^"]+)"')


def is_open(app: Flask, rule: Rule, role: MemberRole) -> bool:
    """What the route's word says of the role."""
    word = str(declared_access(app, rule.endpoint))
    here = OPENS_AT_ITS_EVENTS.get(role, set()) if rule.rule.startswith(EVENT_PAGES) else set()
    return word in OPENS[role] | here


def sign_in_as(app: Flask, role: MemberRole, party: Party, *, helps: bool = True, assesses: bool = True) -> Visitor:
    email = f"{role}-{party.event.organiser_id}@program.example"
    with transaction() as session:
        account = accounts.add(
            session, email=email, key=email, name=role.title(), organiser_id=party.event.organiser_id, role=role,
            language="nb", now=clock.real_now(),
        )  # fmt: skip
        if assesses:
            assess_all(session, party.event.organiser_id, account.id)
        if helps:
            set_helped(session, account.id, party.event.organiser_id, [party.event.id])
        token = accounts.sign_in(session, account, real_now=clock.real_now())
    client = visitor(app)
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return client


def read_rows() -> dict[str, list[Any]]:
    """Everything but the sessions' signs of life, which a page may write."""
    return {name: rows for name, rows in read_all_rows().items() if name != "sessions"}


def list_own(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in list_rules(app, method=method) if declared_access(app, rule.endpoint) in SIGNED_IN]


@pytest.mark.parametrize("role", list(MemberRole))
def test_a_role_opens_nothing_but_what_the_route_says(app: Flask, site: Site, role: MemberRole) -> None:
    client = sign_in_as(app, role, site.a)
    for method in ("GET", "POST"):
        rules = list_own(app, method)
        refused = [rule for rule in rules if not is_open(app, rule, role)]
        before = read_rows()
        addresses = addresses_of(app, refused, site.a)
        answers = {name: client.open(url, method=method) for name, url in addresses.items()}
        assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 403} == {}
        assert read_rows() == before


def test_an_owner_may_all_and_each_other_role_is_refused_something() -> None:
    words = {str(word) for word in SIGNED_IN}
    assert OPENS[MemberRole.OWNER] == words
    assert [role for role in MemberRole if OPENS[role] == words] == [MemberRole.OWNER]


def test_a_helper_sees_no_other_event(app: Flask, site: Site) -> None:
    client = sign_in_as(app, MemberRole.HELPER, site.a, helps=False)
    before = read_rows()
    for method in ("GET", "POST"):
        rules = [rule for rule in list_own(app, method) if rule.rule.startswith(EVENT_PAGES)]
        addresses = addresses_of(app, rules, site.a)
        statuses = {name: client.open(address, method=method).status_code for name, address in addresses.items()}
        assert {name: status for name, status in statuses.items() if status != 404} == {}
    assert read_rows() == before
    for address in ("/manage/", "/manage/events"):
        assert site.a.event.slug not in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize("role", [MemberRole.HELPER, MemberRole.DOOR, MemberRole.READER])
def test_no_button_leads_where_the_role_is_refused(app: Flask, site: Site, role: MemberRole) -> None:
    client = sign_in_as(app, role, site.a)
    rules = [rule for rule in list_own(app, "GET") if is_open(app, rule, role)]
    dead = set()
    addresses = addresses_of(app, rules, site.a)
    for rule in rules:
        answer = client.get(addresses[rule.endpoint])
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        for form, link in LINK_OR_FORM.findall(page):
            target = find_rule(app, form or link, "POST" if form else "GET")
            if target is not None and declared_access(app, target.endpoint) in SIGNED_IN:
                dead |= set() if is_open(app, target, role) else {(rule.endpoint, target.endpoint)}
    assert sorted(dead) == []


def find_rule(app: Flask, address: str, method: str) -> Rule | None:
    path = address.split("?")[0].split("#")[0]
    if not path.startswith("/"):
        return None
    rule, _values = app.url_map.bind("127.0.0.1").match(path, method=method, return_rule=True)
    return rule


def test_a_role_is_read_at_each_request(app: Flask, site: Site) -> None:
    client = sign_in_as(app, MemberRole.ORGANISER, site.a)
    assert client.get("/manage/venues/new").status_code == 200
    sign_in_as(app, MemberRole.ORGANISER, site.a)
    email = f"organiser-{site.a.event.organiser_id}@program.example"
    with transaction() as session:
        accounts.add(
            session, email=email, key=email, name="", language="nb",
            organiser_id=site.a.event.organiser_id, role=MemberRole.READER, now=clock.real_now(),
        )  # fmt: skip
    assert client.get("/manage/venues/new").status_code == 403


def test_every_word_of_a_route_is_a_right_or_open(app: Flask) -> None:
    assert {*SIGNED_IN, Access.PUBLIC, Access.TOKEN, Access.DEVELOPMENT} == set(Access)
