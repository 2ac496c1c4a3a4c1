"""Every address of the site: declared, listed, open to whom it says, and showing nobody what is another's."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pytest
from flask import Flask, g
from werkzeug.routing import Rule

from eventsys import create_app
from eventsys.extensions import transaction
from eventsys.tokens import Purpose, capability
from eventsys.web import SIGNED_IN, Access, access, declared_access
from tests.conftest import settings
from tests.guards import visits
from tests.guards.place_visits import SHARED_PLACES
from tests.guards.register_visits import SHARED_REGISTER
from tests.guards.visits import (
    Party,
    Site,
    Visitor,
    address_of,
    addresses_of,
    list_rules,
    read_all_rows,
    sign_in,
    switched,
    visitor,
)
from tests.guards.walks import Found, find_leaks, walk

ROUTES = Path(__file__).with_name("routes.txt")
"""What there is: method, address, who. A route that comes, goes or opens up is written here on purpose."""
WITHOUT_CSRF_TOKEN = {"workflows.unsubscribed", "workflows.regret"}
"""One-click unsubscribing (RFC 8058) is posted by mail programs, which have no token; the link itself is the secret."""
EVERYBODYS = (
    SHARED_PLACES
    | SHARED_REGISTER
    | {
        f"workspace.{name}"
        for name in ("type_rules", "create_type_rule", "new_type_rule", "preview_type_rule", "type_rule_letter")
    }
)
EVERYBODYS |= {"workspace.confirm_contact", "workspace.end_contact", "workspace.preview_markdown"}
"""The registers of venues and of contacts are shared by all organisers, and every organiser may have events of each
type."""
BAD_TOKEN = dict.fromkeys(
    (
        "accounts.confirm", "accounts.use", "registrations.confirm_own_pages", "registrations.open_own_pages",
        "workspace.join_team", "workspace.join_team_now", "registrations.renew_own_pages",
        "registrations.confirm_contact", "registrations.answer_contact",
    ),
    410,
)  # fmt: skip
"""A one-time link that is unknown is answered like one that was used, so that it tells nothing. Others: 404."""


def describe_routes(app: Flask) -> list[str]:
    return sorted(
        f"{method:<5} {rule.rule} {declared_access(app, rule.endpoint)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def test_the_routes_are_these(sqlite_app: Flask) -> None:
    assert describe_routes(sqlite_app) == ROUTES.read_text().splitlines()


def test_every_route_says_who_may_see_it(sqlite_app: Flask) -> None:
    assert [line for line in describe_routes(sqlite_app) if line.endswith(" None")] == []


@pytest.fixture
def planted(tmp_path: Path) -> Flask:
    """An app with three routes more: one undeclared, one for organisers, one for development."""
    app = create_app(settings(f"sqlite:///{tmp_path}/planted.db"))
    app.add_url_rule("/planted", "planted", lambda: "seen", methods=["GET", "POST"])
    app.add_url_rule("/planted/own", "own", access(Access.ORGANISER)(lambda: f"seen {g.account}"))
    app.add_url_rule("/planted/dev", "dev", access(Access.DEVELOPMENT)(lambda: "seen"))
    return app


def test_a_route_that_declares_nothing_is_closed_and_seen(planted: Flask) -> None:
    assert "GET   /planted None" in describe_routes(planted)
    with pytest.raises(RuntimeError, match="no access declared for planted"):
        planted.test_client().get("/planted")
    planted.testing = False
    answers = [planted.test_client().open("/planted", method=method) for method in ("GET", "POST")]
    assert [(answer.status_code, b"seen" in answer.data) for answer in answers] == [(500, False), (500, False)]


def test_a_planted_organisers_route_and_a_planted_development_route_are_closed(planted: Flask) -> None:
    own, dev = (planted.test_client().get(f"/planted/{name}") for name in ("own", "dev"))
    assert (own.status_code, own.location, dev.status_code) == (303, "/sign-in?next=/planted/own?", 404)


def test_every_post_needs_the_forms_token(app: Flask, site: Site) -> None:
    client = sign_in(app, site.a)
    with switched(app, WTF_CSRF_ENABLED=True, DEVELOPMENT=True):
        answers = {
            name: client.post(url).status_code
            for name, url in addresses_of(app, list_rules(app, method="POST"), site.a).items()
        }
    assert {name for name, status in answers.items() if status != 400} == WITHOUT_CSRF_TOKEN


def test_a_post_with_the_forms_token_is_taken(app: Flask, site: Site) -> None:
    client = visitor(app)
    with switched(app, WTF_CSRF_ENABLED=True):
        page = client.get("/sign-in").get_data(as_text=True)
        (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
        form = {"email": "nobody@program.example", "csrf_token": token}
        assert client.post("/sign-in", data=form).status_code == 303
        assert visitor(app).post("/sign-in", data=form).status_code == 400


def get_all(app: Flask, client: Visitor, party: Party) -> dict[str, Found]:
    """Every GET address with the organiser's arguments."""
    return walk(client, addresses_of(app, list_rules(app), party))


def of_endpoints(app: Flask, answers: dict[str, Found], who: Collection[Access]) -> dict[str, Found]:
    return {endpoint: answer for endpoint, answer in answers.items() if declared_access(app, endpoint) in who}


def list_own_rules(app: Flask, method: str = "GET") -> list[Rule]:
    """The addresses that ask for a right."""
    return [rule for rule in list_rules(app, method=method) if declared_access(app, rule.endpoint) in SIGNED_IN]


def test_nobody_sees_what_is_an_organisers(app: Flask, site: Site) -> None:
    for party in (site.a, site.b):
        answers = get_all(app, visitor(app), party)
        token_pages = of_endpoints(app, answers, {Access.TOKEN})
        others = {name: answer for name, answer in answers.items() if name not in token_pages}
        own, dev = (of_endpoints(app, answers, who) for who in (SIGNED_IN, {Access.DEVELOPMENT}))
        assert {name: status for name, (status, _) in others.items() if status >= 400} == dict.fromkeys(dev, 404)
        assert {status for status, _text in own.values()} <= {303}
        assert all("Location: /sign-in" in text for _status, text in own.values())
        assert find_leaks(others, [*site.a.secrets, *site.b.secrets]) == set()
        assert find_leaks(token_pages, (site.b if party is site.a else site.a).secrets) == set()


def test_nobody_posts_to_an_organisers_page(app: Flask, site: Site) -> None:
    client = visitor(app)
    before = read_all_rows()
    rules = list_own_rules(app, "POST")
    answers = [client.post(url) for url in addresses_of(app, rules, site.a).values()]
    assert {(answer.status_code, (answer.location or "").split("?")[0]) for answer in answers} <= {(303, "/sign-in")}
    assert read_all_rows() == before


def test_a_disabled_account_sees_nothing_at_its_next_request(app: Flask, site: Site) -> None:
    client = sign_in(app, site.a)
    (rule, *_others) = [rule for rule in list_own_rules(app) if not rule.arguments]
    assert client.get(rule.rule).status_code == 200
    with transaction() as session:
        session.merge(site.a.account).disabled_at = visits.clock.real_now()
    assert client.get(rule.rule).status_code == 303


def test_development_pages_are_there_in_development_alone(app: Flask, site: Site) -> None:
    client = visitor(app)
    for method, alive in (("GET", {200}), ("POST", {303, 400, 404})):
        rules = list_rules(app, method=method, access=Access.DEVELOPMENT)
        addresses = addresses_of(app, rules, site.a).values()
        assert {client.open(address, method=method).status_code for address in addresses} == {404}
        with switched(app, DEVELOPMENT=True):
            assert {client.open(address, method=method).status_code for address in addresses} <= alive


def test_a_draft_is_nowhere_in_public(app: Flask, site: Site) -> None:
    rules = [rule.rule for rule in list_rules(app, access=Access.PUBLIC) if rule.rule.startswith("/events/<slug>")]
    for client in (visitor(app), sign_in(app, site.a)):
        answers = {rule: client.get(rule.replace("<slug>", site.a.draft.slug)).status_code for rule in rules}
        assert answers == dict.fromkeys(rules, 404)


def test_a_link_that_never_was_opens_nothing(app: Flask, site: Site) -> None:
    client, real = visitor(app), site.a.token(Purpose.REGISTRATION)
    tokens = [
        "x",
        "0" * 43,
        f"{real[:-1]}!",
        f"{real[:-2]}AA",
        f"{real}A",
        real.swapcase(),
        site.b.token(Purpose.REGISTRATION)[:22] + real[22:],
    ]
    for method in ("GET", "POST"):
        for rule in list_rules(app, method=method, access=Access.TOKEN):
            answers = [client.open(rule.rule.replace("<token>", token), method=method) for token in tokens]
            expected = BAD_TOKEN.get(rule.endpoint, 404)
            assert (rule.endpoint, {answer.status_code for answer in answers}) == (rule.endpoint, {expected})


def test_a_link_that_was_replaced_says_so(app: Flask, site: Site) -> None:
    with transaction() as session:
        session.merge(site.a.registration).link_version = 2
    replaced = site.a.token(Purpose.REGISTRATION)
    newest = capability(Purpose.REGISTRATION, site.a.registration.public_id, 2)
    rules = [
        (method, rule)
        for method in ("GET", "POST")
        for rule in list_rules(app, method=method, access=Access.TOKEN)
        if rule.rule.startswith("/registrations/<token>")
    ]
    client = visitor(app)
    before = read_all_rows()
    addresses = [(method, address_of(app, rule, site, site.a)) for method, rule in rules]
    assert all(replaced in address for _method, address in addresses)
    assert {client.open(address, method=method).status_code for method, address in addresses} == {410}
    assert read_all_rows() == before
    assert client.get(f"/registrations/{newest}").status_code == 200


def test_a_get_changes_nothing(app: Flask, site: Site) -> None:
    with switched(app, DEVELOPMENT=True):
        for client in (visitor(app), sign_in(app, site.a)):
            addresses = addresses_of(app, list_rules(app), site.a).values()
            before = read_all_rows()
            statuses = [client.get(address).status_code for address in addresses]
            assert max(statuses) < 400
            changed = {name for name, rows in read_all_rows().items() if rows != before[name]}
            # A session's last sign of life is written once a minute, and this may take longer; who fetched a feed, too.
            assert changed <= {"sessions", "feed_fetches"}
