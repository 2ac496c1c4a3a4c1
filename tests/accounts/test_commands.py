"""`eventsys user`: who may sign in."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from eventsys.accounts.models import Account, Membership
from eventsys.accounts.rules import MemberRole
from eventsys.extensions import db, transaction
from eventsys.organisers.actions import add as add_organiser

ADD = ["user", "add", "Kari@Program.example", "--name", "Kari"]


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(args))
    db.session.rollback()
    return result.exit_code, result.output.strip().splitlines()[-1]


def test_a_user_is_added_for_two_organisers_and_disabled(app: Flask) -> None:
    with transaction() as session:
        for slug in ("unio", "sekretariatet"):
            add_organiser(session, slug=slug, name=slug.title(), email=f"post@{slug}.example")
    assert run(app, *ADD, "--organiser", "unio") == (0, "Kari@Program.example may sign in for Unio as organiser.")
    assert run(app, *ADD, "--organiser", "sekretariatet", "--role", "owner")[0] == 0
    rows = db.session.execute(sa.select(Account.email_key, Membership.role).join(Membership)).all()
    assert sorted(rows) == [
        ("kari@program.example", MemberRole.ORGANISER),
        ("kari@program.example", MemberRole.OWNER),
    ]
    last_line = "kari@program.example is signed out everywhere and may not sign in."
    assert run(app, "user", "disable", "kari@program.example") == (0, last_line)
    assert db.session.scalars(sa.select(Account.disabled_at)).one() is not None


def test_an_organiser_that_is_not_there_is_said_with_its_mend(app: Flask) -> None:
    assert run(app, *ADD, "--organiser", "nobody") == (
        1, "Error: There is no organiser 'nobody'. Add it first: eventsys organiser add nobody NAME EMAIL",
    )  # fmt: skip


def test_what_is_no_address_is_refused(app: Flask) -> None:
    code, last_line = run(app, "user", "add", "kari", "--name", "Kari", "--organiser", "unio")
    assert (code, last_line.startswith("Error: kari:")) == (1, True)
