"""A pasted programme: what each line was understood as, and the drafts that it becomes."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import selectinload

from eventsys.events.models import Event, Run
from eventsys.events.rules import ClauseKind, EventStatus, EventType, Precision, Role
from eventsys.extensions import db, transaction
from eventsys.organisers.models import Organiser
from eventsys.venues.models import Venue
from tests.accounts.people import add_account, sign_in
from tests.world import World

LINES = """\
28.-29. august: Oppstart pulje III, Thon Hotel Oslo Airport
1.-2 og 2.-3. september: Pulje II, læringsseminar 2, Radisson SAS Plaza Oslo
8.-9. september: Pulje I, læringsseminar 3,\x20
18.-19. september: Pulje III, prosjektledersamling
Oktober: Lokale nettverksamlinger
26.-27. november: Pulje I, II og III, kvalitetskonferanse, Oslo Plaza
27.-28. november: Unio arrangerer konferanse for sine tillitsvalgte, Oslo Plaza
"""
ALL = [str(number) for number in range(1, 8)]


@pytest.fixture
def empty(world: World) -> World:
    """The world without its events."""
    with transaction() as session:
        for table in ("event_changes", "event_clauses", "runs", "events"):
            session.execute(sa.text(f"DELETE FROM {table}"))
    world.events.clear()
    return world


@pytest.fixture
def both(client: FlaskClient, empty: World) -> FlaskClient:
    """Signed in for the secretariat, and a member of Unio too."""
    sign_in(client, add_account("both@program.example", empty.secretariat, empty.unio))
    return client


def drafts() -> list[Event]:
    db.session.rollback()
    db.session.expire_all()
    options = selectinload(Event.runs).joinedload(Run.venue), selectinload(Event.clauses)
    return list(db.session.scalars(sa.select(Event).options(*options).order_by(Event.id)))


def save(client: FlaskClient, text: str = LINES, lines: list[str] = ALL) -> str:
    data = {"text": text, "year": "2008", "line": lines}
    return client.post("/manage/announcements", data=data, follow_redirects=True).get_data(as_text=True)


def preview(client: FlaskClient, text: str = LINES, year: str = "2008") -> str:
    answer = client.post("/manage/announcements/preview", data={"text": text, "year": year})
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_the_preview_says_what_each_line_becomes_and_saves_nothing(both: FlaskClient) -> None:
    page = preview(both)
    assert "7 lines can be saved as drafts." in page
    assert page.count('type="checkbox"') == 7
    for understood in (
        "Thursday–Friday 28–29 August 2008",
        "Monday–Tuesday 1–2 September 2008",
        "Tuesday–Wednesday 2–3 September 2008",
        "October 2008",
        "Pulje I, II and III",
        "The regional networks",
        "Project leaders",
        "Elected representatives in Unio",
        "«nettverksamlinger» was read as «nettverkssamlinger».",
        "Only the month is known. Set the days when you know them.",
    ):
        assert understood in page, understood
    assert (drafts(), db.session.scalars(sa.select(Venue.id)).all()) == ([], [])


def test_the_seven_lines_become_seven_drafts_with_eight_runs(both: FlaskClient, empty: World) -> None:
    page = save(both)
    events = drafts()
    assert "7 drafts are saved." in page
    assert "What Unio arranges is among the drafts of Unio." in page
    assert [event.status for event in events] == [EventStatus.DRAFT] * 7
    assert sum(len(event.runs) for event in events) == 8
    assert [(event.type, event.ordinal) for event in events] == [
        (EventType.KICKOFF, None),
        (EventType.LEARNING_SEMINAR, 2),
        (EventType.LEARNING_SEMINAR, 3),
        (EventType.PROJECT_LEADERS, None),
        (EventType.NETWORK_GATHERING, None),
        (EventType.CONFERENCE, None),
        (EventType.CONFERENCE, None),
    ]
    assert [event.organiser_id for event in events] == [empty.secretariat] * 6 + [empty.unio]
    cohorts = [[clause.cohort_id for clause in event.clauses if clause.cohort_id] for event in events]
    three, two, one = empty.cohorts[3], empty.cohorts[2], empty.cohorts[1]
    assert cohorts == [[three], [two], [one], [three], [], [one, two, three], []]
    assert [clause.role for clause in events[3].clauses] == [Role.PROJECT_LEADER]
    assert [clause.kind for clause in events[4].clauses] == [ClauseKind.ANY_NETWORK]
    assert [(clause.kind, clause.organisation_id) for clause in events[6].clauses] == [
        (ClauseKind.REPRESENTATIVES, empty.confederation)
    ]
    assert [event.asks_union for event in events] == [False] * 6 + [True]
    assert [run.precision for run in events[4].runs] == [Precision.MONTH]
    places = [run.venue.name if run.venue else None for event in events for run in event.runs]
    assert places == [
        "Thon Hotel Oslo Airport", "Radisson SAS Plaza Oslo", "Radisson SAS Plaza Oslo", None, None, None,
        "Oslo Plaza", "Oslo Plaza",
    ]  # fmt: skip


def test_pasting_the_same_again_adds_nothing_and_says_so(both: FlaskClient) -> None:
    save(both)
    assert "7 were there already." in save(both)
    assert len(drafts()) == 7
    page = preview(both)
    assert ("There already" in page, 'type="checkbox"' in page) == (True, False)


def test_a_line_that_stands_twice_becomes_one_draft(both: FlaskClient) -> None:
    line = LINES.splitlines()[0]
    save(both, f"{line}\n\n{line}\n", ["1", "3"])
    assert len(drafts()) == 1


def test_the_same_days_for_another_cohort_are_another_event(both: FlaskClient) -> None:
    save(both, "8.-9. september: Pulje I, læringsseminar 3\n8.-9. september: Pulje II, læringsseminar 3\n", ["1", "2"])
    assert len(drafts()) == 2


def test_only_the_chosen_lines_are_saved(both: FlaskClient) -> None:
    save(both, lines=["1", "5"])
    assert [event.type for event in drafts()] == [EventType.KICKOFF, EventType.NETWORK_GATHERING]
    assert "Nothing was chosen, so nothing is saved." in save(both, lines=[])


def test_what_another_organiser_arranges_is_refused_to_who_is_no_member(adviser: FlaskClient, empty: World) -> None:
    page = preview(adviser)
    assert "6 lines can be saved as drafts." in page
    assert "Unio arranges this, and you do not work for Unio here. Ask them to add it." in page
    save(adviser)
    assert [event.organiser_id for event in drafts()] == [empty.secretariat] * 6


def test_read_as_2007_the_weekends_are_pointed_out(both: FlaskClient) -> None:
    page = preview(both, year="2007")
    assert "1 September 2007 is a Saturday; did you mean 2008?" in page
    assert len(set(re.findall(r"\d+ \w+ 2007 is a (?:Saturday|Sunday)", page))) >= 4


def test_an_unknown_cohort_is_remarked_on(both: FlaskClient) -> None:
    page = preview(both, "8.-9. september: Pulje IX, læringsseminar 3")
    assert "There is no cohort 9. Choose for whom it is before you publish." in page


def test_a_line_that_says_too_little_is_refused_clearly(both: FlaskClient) -> None:
    page = preview(both, "Vi ønsker alle en god sommer\n31. september: konferanse\n")
    assert page.count("Cannot be saved") == 2
    assert "No date was found." in page
    assert "There is no 31. September 2008." in page
    assert 'type="checkbox"' not in page


def test_a_time_without_an_end_is_not_guessed(both: FlaskClient) -> None:
    line = "Mandag 1. september kl. 10: konferanse for pulje II, Oslo Plaza"
    assert "It is said when it begins but not when it ends; only the days are saved." in preview(both, line)
    save(both, line, ["1"])
    assert [run.precision for event in drafts() for run in event.runs] == [Precision.DAYS]


@pytest.mark.parametrize("text, year", [("", "2008"), ("x\n" * 300, "2008"), (LINES, "abcd"), (LINES, "")])
def test_what_cannot_be_read_is_said_and_kept(both: FlaskClient, text: str, year: str) -> None:
    for path in ("/manage/announcements/preview", "/manage/announcements"):
        answer = both.post(path, data={"text": text, "year": year})
        assert answer.status_code == 422
        assert html.unescape(answer.get_data(as_text=True)).count(text.strip()[:200]) >= 1
    assert drafts() == []


def test_what_was_typed_is_shown_as_text(both: FlaskClient) -> None:
    text = "<script>alert(1)</script> 8. september: konferanse"
    answer = both.post("/manage/announcements/preview", data={"text": text, "year": "2008"})
    assert "<script>alert" not in answer.get_data(as_text=True)
    again = both.post("/manage/announcements/text", data={"text": f"\n{text}", "year": "2008"}).get_data(as_text=True)
    assert html.escape(text, quote=False) in html.unescape(again).replace(text, html.escape(text, quote=False))


def command(app: Flask, file: Path, *more: str) -> tuple[int, list[str]]:
    result = app.test_cli_runner().invoke(args=["import", "activities", str(file), "--year", "2008", *more])
    return result.exit_code, result.output.strip().splitlines()


def test_the_command_takes_in_the_same_file_once(app: Flask, empty: World, tmp_path: Path) -> None:
    file = tmp_path / "activities.txt"
    file.write_text(LINES, encoding="utf-8")
    code, lines = command(app, file, "--organiser", "sekretariatet", "--dry-run")
    last_line = "7 drafts with 8 runs, 0 there already, 0 refused"
    assert (code, lines[-1]) == (0, f"{last_line}; nothing is written (--dry-run)")
    assert "line 5: «nettverksamlinger» was read as «nettverkssamlinger»." in lines
    assert drafts() == []
    code, lines = command(app, file, "--organiser", "sekretariatet")
    assert (code, lines[-1], len(drafts())) == (0, last_line, 7)
    code, lines = command(app, file, "--organiser", "sekretariatet")
    assert (code, lines[-1], len(drafts())) == (0, "0 drafts with 0 runs, 7 there already, 0 refused", 7)


def test_the_command_asks_which_organiser_and_fails_for_a_refused_line(
    app: Flask, empty: World, tmp_path: Path
) -> None:
    file = tmp_path / "activities.txt"
    file.write_text("God sommer\n8. september: konferanse for pulje I, Oslo Plaza\n", encoding="utf-8")
    code, lines = command(app, file)
    assert (code, lines[-1]) == (1, "Error: Say --organiser SLUG. There are: sekretariatet, unio.")
    code, lines = command(app, file, "--organiser", "unio")
    assert (code, lines[-1]) == (1, "Error: 1 draft with 1 run, 0 there already, 1 refused")
    assert "line 1: not saved: God sommer" in lines


def test_an_organiser_is_added_with_its_mail_rules(app: Flask) -> None:
    arguments = ["organiser", "add", "ks", "KS", "post@ks.example"]
    result = app.test_cli_runner().invoke(args=arguments)
    assert (result.exit_code, result.output.strip()) == (
        0, "KS may arrange. Now somebody to sign in: eventsys user add EMAIL --name NAME --organiser ks",
    )  # fmt: skip
    db.session.rollback()
    organiser_id = db.session.scalars(sa.select(Organiser.id).where(Organiser.slug == "ks")).one()
    rules = db.session.execute(sa.text("SELECT count(*) FROM rules WHERE organiser_id = :id"), {"id": organiser_id})
    assert rules.scalar_one() > 5
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 1
    assert app.test_cli_runner().invoke(args=["organiser", "add", "K S", "KS", "post@ks.example"]).exit_code == 1
