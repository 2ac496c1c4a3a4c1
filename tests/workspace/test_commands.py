"""`eventsys mail preview`: what goes out about an event, from the command line."""

from __future__ import annotations

from flask import Flask

from eventsys.extensions import transaction
from eventsys.registrations import actions as registrations
from eventsys.workflows import actions
from eventsys.workflows.actions import add_default_rules
from tests.world import NOW, build, somebody


def preview(app: Flask, slug: str) -> tuple[int, list[str]]:
    result = app.test_cli_runner().invoke(args=["mail", "preview", slug])
    return result.exit_code, [" ".join(line.split()) for line in result.output.splitlines()]


def test_what_goes_out_about_an_event_is_listed_with_when_and_to_how_many(app: Flask) -> None:
    world = build()
    with transaction() as session:
        registrations.register(session, somebody(world, 1), now=NOW)
        add_default_rules(session, organiser_id=world.secretariat, now=NOW)
        actions.plan(session, now=NOW)
    code, lines = preview(app, world.events["seminar"].slug)
    assert code == 0
    assert "Monday 25 August 2008, 09:00 Reminder to 1" in lines
    assert lines[-1] == f"{len(lines) - 1} mailings are planned about {world.events['seminar'].slug}."


def test_an_event_that_is_not_there_is_named(app: Flask) -> None:
    assert preview(app, "nowhere") == (
        1,
        ["Error: There is no event 'nowhere': its name is the last part of its address."],
    )
