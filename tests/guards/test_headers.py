"""What goes with every answer: the strict policy, the cookies' flags, the language, what may be kept, error pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from eventsys import create_app
from eventsys.events import actions as events
from eventsys.extensions import db, transaction
from eventsys.web import SIGNED_IN
from tests.conftest import empty, settings
from tests.guards import visits
from tests.guards.pages import Page
from tests.guards.texts import read_catalogue
from tests.guards.visits import Site, Visitor, address_of, list_rules, sign_in, switched, visitor
from tests.world import BASE_URL, NOW, build

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
KINDS = ("", "type_", "event_")
"""Whose rules a page is about: the organiser's, a type's, an event's."""
KEPT_A_WHILE = {"calendars.room", "calendars.personal", "site.group_calendar"}
"""A calendar program asks again in five minutes; what others keep on the way is forbidden by `private`."""
OTHER_POLICIES = {
    "demo.one_mail": f"{POLICY}; frame-src 'self'",
    "workspace.show_mail": f"{POLICY}; frame-src 'self'",
    "workspace.text": f"{POLICY}; frame-src 'self'",
    "workspace.text_preview": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    **{f"workspace.{verb}_{kind}rule": f"{POLICY}; frame-src 'self'" for verb in ("new", "edit") for kind in KINDS},
    **{
        f"workspace.{kind}rule_letter": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        for kind in KINDS
    },
    "workspace.preview_call_letter": f"{POLICY}; frame-src 'self'",
    "workspace.preview_call_letter_body": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    ),
    "workspace.decision_letter": f"{POLICY}; frame-src 'self'",
    "workspace.decision_letter_body": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    **{f"workspace.{name}": f"{POLICY}; frame-src 'self'" for name in ("preview_occasion", "mailing")},
    **{
        f"workspace.{name}_body": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        for name in ("preview_occasion", "mailing")
    },
    "workspace.preview_invitation": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "workspace.mail_body": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "demo.mail_html": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}
"""A mail's own HTML is shown in a frame that may do nothing."""
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": None,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
WITH_CAMERA = {"workspace.check_in": {"Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}}
"""Tickets are read with the phone's camera at the door, and nowhere else."""


@pytest.fixture
def app(sqlite_app: Flask) -> Iterator[Flask]:
    """One database is enough: no header comes from it."""
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.remove()
        empty(db.engine)


def get_all(app: Flask, client: Visitor, site: Site) -> dict[str, TestResponse]:
    with switched(app, DEVELOPMENT=True):
        return {rule.endpoint: client.get(address_of(app, rule, site, site.a)) for rule in list_rules(app)}


def test_every_answer_has_the_strict_policy(app: Flask, site: Site) -> None:
    answers = get_all(app, sign_in(app, site.a), site)
    assert {name: answer.headers["Content-Security-Policy"] for name, answer in answers.items()} == {
        name: OTHER_POLICIES.get(name, POLICY) for name in answers
    }
    found = {name: {key: answer.headers.get(key) for key in EVERYWHERE} for name, answer in answers.items()}
    assert found == {name: {**EVERYWHERE, **WITH_CAMERA.get(name, {})} for name in answers}


def test_error_pages_and_answers_to_posts_have_the_strict_policy(client: Visitor) -> None:
    answers = [
        client.get("/nothing"),
        client.post("/"),
        client.get("/?a=%00"),
        client.post("/sign-in", data={"email": "x"}),
    ]
    assert [(answer.status_code, answer.headers["Content-Security-Policy"]) for answer in answers] == [
        (status, POLICY) for status in (404, 405, 404, 422)
    ]


def test_no_page_has_script_or_style_in_it_or_loads_from_elsewhere(app: Flask, site: Site) -> None:
    for client in (visitor(app), sign_in(app, site.a)):
        answers = get_all(app, client, site)
        pages = {name: answer for name, answer in answers.items() if answer.mimetype == "text/html"}
        pages = {name: answer for name, answer in pages.items() if "sandbox" not in OTHER_POLICIES.get(name, "")}
        faults = {name: Page(answer.get_data(as_text=True)).faults for name, answer in pages.items()}
        assert {name: found for name, found in faults.items() if found} == {}
        assert len(pages) > 15


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT type=module>x</SCRIPT>",
        "<script src='https://a.example/x.js'></script>",
        "<style>a{}</style>",
        "<p style='color:red'>",
        "<svg><g STYLE=x /></svg>",
        "<a onclick=x()>",
        "<div hx-on:click='x()'>",
        "<a href=' JavaScript:x()'>",
        "<img src='//a.example/pixel.gif'>",
        "<link rel=stylesheet href='https://a.example/x.css'>",
    ],
)
def test_a_planted_fault_in_a_page_is_seen(html: str) -> None:
    assert len(Page(f"<html lang=nb><body>{html}").faults) == 1


def test_what_the_policy_lets_through_is_no_fault() -> None:
    html = (
        "<html lang='nn'><link rel='canonical' href='https://a.example/'><script src='/static/app.js' defer></script>"
        "<script type='application/ld+json'>{}</script><a href='https://a.example/'>a</a><p class='one' data-style='x'>"
    )
    assert (Page(html).faults, Page(html).language) == ([], "nn")


def test_feeds_and_static_files_set_no_cookie_and_may_be_shared(app: Flask, site: Site) -> None:
    for client in (visitor(app), sign_in(app, site.a)):
        for rule in list_rules(app):
            if rule.endpoint != "static" and not rule.rule.endswith(".ics"):
                continue
            if rule.endpoint.startswith("demo."):
                continue
            answer = client.get(address_of(app, rule, site, site.a) + "?lang=nn")
            assert (rule.rule, answer.headers.getlist("Set-Cookie")) == (rule.rule, [])
            assert "Cookie" not in answer.vary
            is_secret = rule.endpoint in KEPT_A_WHILE
            assert ("private" in answer.headers["Cache-Control"]) == is_secret


@pytest.fixture
def secure_client(database_url: str) -> Iterator[Visitor]:
    """A browser of an installation whose people reach it by https."""
    app = create_app(settings(database_url, BASE_URL="https://arrangement.example"))
    yield visitor(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def cookies_of(answer: TestResponse) -> dict[str, set[str]]:
    """Each cookie's flags by its name, without its value and how long it lives."""
    lines = [line.split("; ") for line in answer.headers.getlist("Set-Cookie")]
    passing = ("Max-Age", "Expires")
    return {first.split("=")[0]: {flag for flag in flags if not flag.startswith(passing)} for first, *flags in lines}


FLAGS = {"HttpOnly", "SameSite=Lax", "Path=/"}


def test_cookies_over_https_are_secure_and_of_this_host(app: Flask, secure_client: Visitor) -> None:
    world = build()
    address = f"/events/{world.events['seminar'].slug}/registrations/new?lang=nn"
    answer = secure_client.get(address, base_url="https://arrangement.example")
    assert cookies_of(answer) == {"__Host-session": {"Secure", *FLAGS}, "language": {"Secure", *FLAGS}}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_over_http_are_for_this_machine(client: Visitor) -> None:
    world = build()
    answer = client.get(f"/events/{world.events['seminar'].slug}/registrations/new?lang=nn")
    assert cookies_of(answer) == {"session": FLAGS, "language": FLAGS}


def test_a_reader_of_public_pages_gets_no_cookie(client: Visitor) -> None:
    world = build()
    for address in (
        "/",
        "/events/",
        f"/events/{world.events['seminar'].slug}",
        "/programme",
        "/calendars/",
        "/privacy",
    ):
        assert (address, client.get(address).headers.getlist("Set-Cookie")) == (address, [])


def language_of(answer: TestResponse) -> str | None:
    return Page(answer.get_data(as_text=True)).language


@pytest.mark.parametrize(
    "accepted, language",
    [
        ("nn-NO,en", "nn"),
        ("no,en", "nb"),
        ("nb-NO,nb;q=0.9,en;q=0.5", "nb"),
        ("sv,en;q=0.5", "en"),
        ("en;q=0.2,nn;q=0.9", "nn"),
        ("en-GB", "en"),
        ("de", "nb"),
        ("*", "nb"),
        ("", "nb"),
        ("%%;;q=x", "nb"),
    ],
)
def test_the_browsers_language_is_understood(client: Visitor, accepted: str, language: str) -> None:
    assert language_of(client.get("/privacy", headers={"Accept-Language": accepted})) == language


def test_the_address_beats_the_switch_and_the_switch_beats_the_browser(client: Visitor) -> None:
    headers = {"Accept-Language": "nb"}
    asked = client.get("/privacy?lang=nn", headers=headers)
    switched_before = client.get("/privacy", headers=headers)
    asked_again = client.get("/privacy?lang=en", headers=headers)
    unknown = client.get("/privacy?lang=de", headers=headers)
    answers = (asked, switched_before, asked_again, unknown)
    assert [language_of(answer) for answer in answers] == ["nn", "nn", "en", "en"]


ERRORS = {
    404: ("There is nothing here", "GET", "/nothing"),
    405: ("This address cannot be used that way", "POST", "/"),
    400: ("The form could not be read", "POST", "/sign-in"),
}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_speaks_the_visitors_language_and_has_its_number(app: Flask, status: int, language: str) -> None:
    english, method, address = ERRORS[status]
    message = read_catalogue(language).get(english) if language != "en" else None
    with switched(app, WTF_CSRF_ENABLED=status == 400):
        answer = visitor(app).open(address, method=method, headers={"Accept-Language": language})
    page = Page(answer.get_data(as_text=True))
    numbers = re.findall(r"<code>([0-9a-f]{12})</code>", answer.get_data(as_text=True))
    title = str(message.string) if message else english
    assert (answer.status_code, page.language, page.titles, len(numbers)) == (status, language, [title], 1)


def test_two_errors_have_two_numbers(client: Visitor) -> None:
    numbers = [re.findall(r"<code>(\w+)</code>", client.get("/nothing").get_data(as_text=True)) for _time in range(2)]
    assert numbers[0] != numbers[1]


def test_an_unforeseen_error_tells_its_number_and_nothing_of_itself(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path}/never-upgraded.db"))
    app.testing = False
    answer = visitor(app).get("/events/anything", headers={"Accept-Language": "en"})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, Page(text).titles) == (500, ["Something went wrong here"])
    assert re.search(r"<code>[0-9a-f]{12}</code>", text)
    assert not re.search(r"sqlite|Traceback|no such table|SELECT", text)


def test_a_page_that_is_the_same_is_not_sent_again(client: Visitor) -> None:
    world = build()
    for address in ("/", f"/events/{world.events['seminar'].slug}", "/calendars/"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert {"Accept-Language", "Cookie"} <= set(first.vary)


def test_a_page_that_has_changed_is_sent_again(client: Visitor) -> None:
    world = build()
    tag = client.get("/").headers["ETag"]
    in_english = client.get("/", headers={"If-None-Match": tag, "Accept-Language": "en"})
    with transaction() as session:
        events.cancel(session, session.merge(world.events["conference"]), base_url=BASE_URL, now=NOW)
    changed = client.get("/", headers={"If-None-Match": tag})
    assert (in_english.status_code, changed.status_code) == (200, 200)


def test_pages_of_a_person_or_an_organiser_are_kept_nowhere(app: Flask, site: Site) -> None:
    answers = get_all(app, sign_in(app, site.a), site)
    words = {visits.Access.TOKEN, *SIGNED_IN}
    closed = [name for name in answers if visits.declared_access(app, name) in words and name not in KEPT_A_WHILE]
    assert {answers[name].headers["Cache-Control"] for name in closed} == {"no-store"}
