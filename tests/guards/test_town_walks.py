"""Every address that a link opens, walked by three municipalities: none finds another's, nor by mixing links and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eventsys.web import Access
from tests.guards.towns import Town, build_towns
from tests.guards.visits import Visitor, list_rules, visitor
from tests.guards.walks import Found, find_leaks, other_statuses, read_rows, walk
from tests.world import World, build

ORGANISERS_OWN = {"accounts.use", "accounts.confirm", "calendars.room", "workflows.mail_file"} | {
    f"workspace.{name}" for name in ("join_team", "join_team_now")
}
"""Links that go to organisers and hotels, and files that everybody got who got a mail."""
NOT_THERE = (404, 410)
LIKE_A_SECOND_PRESS = {"programmes.remove_application_file", "programmes.remove_goal"} | {
    "programmes.make_projects_of_application"
}
"""What is not there among one's own is answered as what was done already: by going back, and nothing is done."""
TYPED = {
    "name": "Ny Person", "email": "ny@kommune.example", "words": "Ord", "answer": "yes", "on": "2007-12-31", "edition": "1"
}  # fmt: skip
"""What would be taken if it came to where it belongs."""
OWN_PAGES = ("/me", "/me/data", "/me/data.json", "/me/calendars")


@pytest.fixture
def world(app: Flask) -> World:
    return build(capacity=None)


@pytest.fixture
def towns(world: World) -> list[Town]:
    return build_towns(world)


def list_of_towns(app: Flask, method: str) -> list[Rule]:
    rules = list_rules(app, method=method, access=Access.TOKEN)
    return [rule for rule in rules if rule.endpoint not in ORGANISERS_OWN]


def values_of(town: Town, rule: Rule) -> dict[str, Any]:
    """What stands under the longest beginning. A new address that a link opens gets its arguments in `towns`."""
    beginning = max((one for one in town.values if rule.rule.startswith(one)), key=len)
    return {name: town.values[beginning][name] for name in rule.arguments}


def url_of(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    with app.test_request_context():
        return app.url_map.bind("127.0.0.1").build(rule.endpoint, values)


def own_addresses(app: Flask, town: Town, method: str) -> dict[str, str]:
    return {rule.endpoint: url_of(app, rule, values_of(town, rule)) for rule in list_of_towns(app, method)}


def mixtures(own: dict[str, Any], others: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One's own values with some, and not all, of another's in their place."""
    differing = sorted(name for name in own if own[name] != others[name])
    for size in range(1, len(differing)):
        for names in combinations(differing, size):
            yield {**own, **{name: others[name] for name in names}}


def words_of(found: dict[str, Found], town: Town) -> set[tuple[str, str]]:
    """Where anything of the town's was read, and what."""
    own = re.compile(rf"{town.marker}-\w+")
    figures = (town.figure, town.figure.replace(".", ","))
    return {(name, word) for name, one in found.items() for word in own.findall(one.text)} | find_leaks(found, figures)


def test_a_municipality_finds_what_its_network_shares_and_nothing_else_of_another(
    app: Flask, towns: list[Town]
) -> None:
    for town in towns:
        found = walk(visitor(app), own_addresses(app, town, "GET")) | walk_own_pages(app, town)
        assert other_statuses(found, (200, 302, 303)) == {}
        shown = {word for _name, word in words_of(found, town)}
        assert {f"{town.marker}-{what}" for what in ("person", "tekst", "prosjekt", "ønske", "ord", "møte")} <= shown
        for other in (one for one in towns if one is not town):
            in_network = town in (towns[0], towns[2]) and other in (towns[0], towns[2])
            pages = ("programmes.network_project", "programmes.network_projects")
            assert words_of(found, other) == ({(page, other.shared) for page in pages} if in_network else set())


def walk_own_pages(app: Flask, town: Town) -> dict[str, Found]:
    """What somebody of the town sees who has opened the pages of an address."""
    client: Visitor = visitor(app)
    assert client.post(f"/me/{town.values['/me/']['token']}").status_code == 303
    return walk(client, {path: path for path in OWN_PAGES})


def test_no_link_opens_what_another_municipality_has(app: Flask, towns: list[Town]) -> None:
    """Whichever of the values in an address are another's."""
    client = visitor(app)
    before, answers = read_rows(), set()
    for town, other in zip(towns, [*towns[1:], towns[0]], strict=True):
        for method in ("GET", "POST"):
            for rule in list_of_towns(app, method):
                mixed = mixtures(values_of(town, rule), values_of(other, rule))
                urls = [url_of(app, rule, values) for values in mixed]
                found = walk(client, dict(zip(urls, urls, strict=True)), method, TYPED if method == "POST" else None)
                answers |= {(rule.endpoint, one.status) for one in found.values()}
                assert words_of(found, town) | words_of(found, other) == set()
    opened = {(name, status) for name, status in answers if status not in NOT_THERE}
    assert opened <= {(name, 303) for name in LIKE_A_SECOND_PRESS}
    assert len({name for name, _status in answers}) > 40
    assert read_rows() == before


def test_what_a_municipality_does_touches_nothing_of_another(app: Flask, towns: list[Town], world: World) -> None:
    for town in towns:
        others = [one for one in towns if one is not town]
        before = [read_rows(organisation_id=world.municipalities[one.number]) for one in others]
        found = walk(visitor(app), own_addresses(app, town, "POST"), "POST")
        assert other_statuses(found, range(200, 500)) == {}
        assert [words_of(found, one) for one in others] == [set(), set()]
        assert [read_rows(organisation_id=world.municipalities[one.number]) for one in others] == before


def test_every_link_is_a_municipalitys_or_known_to_be_none(app: Flask, towns: list[Town]) -> None:
    known = {rule.endpoint for method in ("GET", "POST") for rule in list_rules(app, method=method)}
    assert known >= ORGANISERS_OWN
    for rule in list_of_towns(app, "GET"):
        assert values_of(towns[0], rule).keys() == rule.arguments


def test_who_has_no_link_finds_nothing_of_any_municipality(app: Flask, towns: list[Town]) -> None:
    public = [rule for rule in list_rules(app, access=Access.PUBLIC) if not rule.arguments]
    found = walk(visitor(app), {rule.endpoint: rule.rule for rule in public})
    found |= walk(visitor(app), {town.number: f"/organisations/{town.number}" for town in towns})
    found |= walk(visitor(app), {f"{town.number}.ics": f"/calendars/organisations/{town.number}.ics" for town in towns})
    assert other_statuses({name: found[name] for name in found if name[0].isdigit()}, (200, 302, 303)) == {}
    assert [words_of(found, town) for town in towns] == [set(), set(), set()]
