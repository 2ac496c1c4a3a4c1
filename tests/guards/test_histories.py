"""Whatever an organiser does is told by a history: every form of every page, sent with something in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from eventsys.extensions import Base, db
from eventsys.web import SIGNED_IN, declared_access
from tests.guards.forms import Form, Forms
from tests.guards.test_roles import find_rule
from tests.guards.visits import Site, Visitor, address_of, list_rules, sign_in

HISTORIES = (
    "event_changes", "registration_changes", "invitation_changes", "sensitive_accesses", "mail_template_versions",
    "log_entries", "case_changes", "visit_changes",
)  # fmt: skip
NOT_CHANGES = {"sessions", "one_time_tokens", "form_drafts", "event_words", "person_words", "organisation_words"}
"""Of signing in, of what is typed and not saved, and words for search, which follow what they are of."""
QUIET = {
    "workspace.send_test_mail": "a mail to oneself",
    "workspace.test_call_letter": "a mail to oneself",
}
"""What leaves no history, and why."""
LAST = ("remov", "cancel", "withdraw", "end_", "leave", "merge", "succe", "withdrawal")


def read_counts() -> dict[str, list[Any]]:
    with db.engine.connect() as connection:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_CHANGES]
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)).all())) for table in tables}


def list_forms(app: Flask, client: Visitor, site: Site) -> list[tuple[str, Form, tuple[str, str] | None]]:
    """Every form of every page of the organiser's, once for each of its buttons; those that end something last."""
    found = {}
    for rule in list_rules(app):
        if declared_access(app, rule.endpoint) not in SIGNED_IN:
            continue
        answer = client.get(address_of(app, rule, site, site.a))
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        for form in Forms(page).found:
            target = find_rule(app, form.action, "POST")
            if target is None or declared_access(app, target.endpoint) not in SIGNED_IN:
                continue
            buttons: list[tuple[str, str] | None] = [*form.buttons] or [None]
            for button in buttons:
                found[target.endpoint, form.action, button] = form
    ordered = sorted(found, key=lambda key: (any(word in key[0] for word in LAST), key[0], key[1], str(key[2])))
    return [(endpoint, found[endpoint, action, button], button) for endpoint, action, button in ordered]


def fill(form: Form, button: tuple[str, str] | None) -> MultiDict[str, str]:
    """What stands in the form, its names and titles another than they were."""
    sent = MultiDict(form.fields)
    for name in ("name", "title_nb", "words", "capacity"):
        if name in sent:
            sent[name] = "77" if name == "capacity" else f"{sent[name]} annet".strip()
    if button is not None:
        sent.add(*button)
    return sent


def test_every_change_of_an_organiser_leaves_a_row_of_history(app: Flask, site: Site) -> None:
    client = sign_in(app, site.a)
    silent, told = set(), set()
    for endpoint, form, button in list_forms(app, client, site):
        before = read_counts()
        answer = client.post(form.action, data=fill(form, button))
        if answer.status_code >= 400 or endpoint in QUIET:
            continue
        changed = {name for name, rows in read_counts().items() if rows != before[name]}
        if changed & set(HISTORIES):
            told.add(endpoint)
        elif changed:
            silent.add((endpoint, *sorted(changed)))
    assert sorted(silent) == []
    assert len(told) > 40
