from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from eventsys import clock
from eventsys.events import actions
from eventsys.events.models import Event, Run
from eventsys.events.rules import ClauseFacts, ClauseKind, EventFacts, EventType, Precision, RunFacts
from eventsys.extensions import db, transaction
from eventsys.organisations import actions as organisations
from eventsys.organisations.rules import OrganisationKind
from eventsys.organisers.models import Organiser
from eventsys.programmes.actions import place_in_cohort, place_in_network
from tests.events import given
from tests.statements import counted

LATER = given.NOW + timedelta(hours=3)
ALL = "/calendars/all.ics"
FIRST = given.exact(date(2008, 9, 1), time(10), time(15), date(2008, 9, 2))


@pytest.fixture
def programme(app: Flask) -> given.Programme:
    with transaction() as session:
        clock.set_to(session, given.NOW)
        return given.programme(session)


@pytest.fixture(autouse=True)
def real_time(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()


def add(programme: given.Programme, *runs: RunFacts, **more: Any) -> int:
    with transaction() as session:
        return given.event(session, programme.organiser_id, *(runs or (FIRST,)), **more).id


def move_to(moment: datetime) -> None:
    with transaction() as session:
        clock.set_to(session, moment)


def fetch(app: Flask, path: str, *, method: str = "GET", **headers: str) -> TestResponse:
    """As a client without any history: in an application context of its own."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with app.app_context():
        return app.test_client().open(path, method=method, headers=sent)


def titles(app: Flask, path: str) -> list[str]:
    response = fetch(app, path)
    assert (response.status_code, response.content_type) == (200, "text/calendar; charset=utf-8")
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(response.data).walk("VEVENT")]


def the_run() -> Run:
    return db.session.scalars(sa.select(Run).execution_options(populate_existing=True)).one()


def cancel(event_id: int, now: datetime = LATER) -> None:
    with transaction() as session:
        actions.cancel(session, session.get_one(Event, event_id), base_url=given.BASE, now=now)


def test_a_feed_is_its_head_the_time_zone_and_the_kept_entries_in_order(app: Flask, programme: given.Programme) -> None:
    add(programme, given.days(date(2008, 9, 8)), title="Andre", cohorts=[programme.cohorts[1]])
    add(programme, title="Første", cohorts=[programme.cohorts[1]])
    data = fetch(app, "/calendars/cohorts/pulje-ii.ics").data
    runs = db.session.scalars(sa.select(Run).order_by(Run.sort_at)).all()
    assert [run.first_on for run in runs] == [date(2008, 9, 1), date(2008, 9, 8)]
    assert data.endswith("".join(run.ics["nb"] for run in runs).encode() + b"END:VCALENDAR\r\n")
    calendar = icalendar.Calendar.from_ical(data)
    assert (str(calendar["X-WR-CALNAME"]), str(calendar["SOURCE"])) == (
        "Kvalitetskommuneprogrammet: Pulje II",
        f"{given.BASE}/calendars/cohorts/pulje-ii.ics",
    )
    assert "METHOD" not in calendar
    assert calendar["LAST-MODIFIED"].dt == given.NOW


def test_each_feed_holds_what_is_its_own_and_never_a_draft(app: Flask, programme: given.Programme) -> None:
    one, two, _three = programme.cohorts
    north, south = programme.networks
    add(programme, title="ÉN-åpen", cohorts=[one])
    add(programme, title="BEGGE", cohorts=[one, two])
    add(programme, title="NORD", networks=[north])
    add(programme, title="SØR", networks=[south])
    add(programme, title="ALLE")
    for number, (title, more) in enumerate(
        [("UTKAST-1", {"cohorts": [one]}), ("UTKAST-2", {"networks": [north]}), ("UTKAST-3", {})]
    ):
        add(programme, given.days(date(2008, 9, 1 + number)), title=title, published=False, **more)
    assert titles(app, ALL) == ["ÉN-åpen", "BEGGE", "NORD", "SØR", "ALLE"]
    assert titles(app, "/calendars/cohorts/pulje-i.ics") == ["ÉN-åpen", "BEGGE"]
    assert titles(app, "/calendars/cohorts/pulje-ii.ics") == ["BEGGE"]
    assert titles(app, "/calendars/cohorts/pulje-iii.ics") == []
    assert titles(app, "/calendars/networks/nord.ics") == ["NORD"]
    assert titles(app, "/calendars/networks/sor.ics") == ["SØR"]
    assert titles(app, "/calendars/organisers/sekretariatet.ics") == ["ÉN-åpen", "BEGGE", "NORD", "SØR", "ALLE"]
    assert titles(app, "/events/nord-nettverk-nord.ics") == ["NORD"]
    assert fetch(app, "/events/utkast-3.ics").status_code == 404


def test_what_is_for_all_networks_of_the_programme_is_in_the_feed_of_each(
    app: Flask, programme: given.Programme
) -> None:
    with transaction() as session:
        event = actions.create(
            session,
            organiser_id=programme.organiser_id,
            facts=EventFacts(EventType.NETWORK_GATHERING, {"nb": "Lokale nettverkssamlinger"}),
            clauses=[ClauseFacts(ClauseKind.ANY_NETWORK, programme_id=programme.programme_id)],
            runs=[given.OCTOBER],
            base_url=given.BASE,
            now=given.NOW,
        )
        actions.publish(session, event, now=given.NOW)
    title = "Lokale nettverkssamlinger (oktober 2008, dagen er ikke bestemt)"
    for path in ("/calendars/networks/nord.ics", "/calendars/networks/sor.ics", ALL):
        assert titles(app, path) == [title]


def municipality(programme: given.Programme, *, cohort: int | None = None, network: int | None = None) -> None:
    since = date(2008, 1, 1)
    with transaction() as session:
        row = organisations.add(
            session, kind=OrganisationKind.MUNICIPALITY, name="Bø", number="0821", county="Telemark", valid_from=since
        )
        if cohort is not None:
            place_in_cohort(session, cohort_id=cohort, organisation_id=row.id, from_on=since)
        if network is not None:
            place_in_network(session, network_id=network, organisation_id=row.id, from_on=since)


def test_a_municipality_gets_what_concerns_it_and_no_more(app: Flask, programme: given.Programme) -> None:
    municipality(programme, cohort=programme.cohorts[1], network=programme.networks[0])
    add(programme, title="ÉN", cohorts=programme.cohorts[:1])
    add(programme, title="TO", cohorts=programme.cohorts[1:2])
    add(programme, title="NORD", networks=programme.networks[:1])
    add(programme, title="SØR", networks=programme.networks[1:])
    add(programme, title="ALLE")
    add(programme, title="UTKAST", published=False)
    assert titles(app, "/calendars/organisations/0821.ics") == ["TO", "NORD", "ALLE"]


@pytest.mark.parametrize(
    "path",
    [
        "/calendars/cohorts/pulje-ix.ics",
        "/calendars/networks/vest.ics",
        "/calendars/organisers/ingen.ics",
        "/calendars/organisations/9999.ics",
        "/events/ingenting.ics",
    ],
)
def test_an_unknown_feed_is_a_plain_404(app: Flask, programme: given.Programme, path: str) -> None:
    response = fetch(app, path)
    assert (response.status_code, response.content_type, response.text) == (
        404,
        "text/plain; charset=utf-8",
        "There is no such calendar.\n",
    )


def test_an_empty_feed_still_has_its_time_zone(app: Flask, programme: given.Programme) -> None:
    data = fetch(app, ALL).data
    assert [part.name for part in icalendar.Calendar.from_ical(data).subcomponents] == ["VTIMEZONE"]


# Language


def test_texts_are_in_the_language_asked_for_else_in_the_organisers_own(app: Flask, programme: given.Programme) -> None:
    with transaction() as session:
        session.get_one(Organiser, programme.organiser_id).language = "nn"
    add(programme, given.OCTOBER, title="Samling", cohorts=programme.cohorts[:1])
    path = "/calendars/cohorts/pulje-i.ics"
    own = "Samling (oktober 2008, dagen er ikkje fastsett)"
    assert [titles(app, path), titles(app, ALL), titles(app, f"{path}?lang=xx")] == [[own], [own], [own]]
    for feed in (path, ALL):
        assert titles(app, f"{feed}?lang=nb") == ["Samling (oktober 2008, dagen er ikke bestemt)"]
        assert titles(app, f"{feed}?lang=en") == ["Samling (October 2008, the day is not set yet)"]


def test_neither_cookie_nor_browser_chooses_the_language_and_no_cookie_is_set(
    app: Flask, programme: given.Programme
) -> None:
    add(programme, given.OCTOBER)
    plain = fetch(app, ALL)
    asked = fetch(app, ALL, Cookie="language=en", Accept_Language="en")
    assert asked.data == plain.data
    english = fetch(app, f"{ALL}?lang=en")
    assert [response.headers.get("Set-Cookie") for response in (plain, asked, english)] == [None, None, None]
    assert [response.headers["Vary"] for response in (plain, asked, english)] == ["Accept-Encoding"] * 3


# The window


def test_the_window_is_from_90_days_back_to_18_months_ahead(app: Flask, programme: given.Programme) -> None:
    today = date(2008, 8, 18)
    back = today - timedelta(days=90)
    for day, title in (
        (back - timedelta(days=1), "FOR GAMMEL"),
        (back, "ELDSTE"),
        (date(2010, 2, 18), "SISTE"),
        (date(2010, 2, 19), "FOR SEN"),
    ):
        add(programme, given.days(day), title=title)
    add(programme, RunFacts(Precision.UNKNOWN), title="UKJENT")
    assert titles(app, ALL) == ["ELDSTE", "SISTE"]
    assert titles(app, f"{ALL}?from=2008-01-01") == ["FOR GAMMEL", "ELDSTE", "SISTE"]
    assert titles(app, f"{ALL}?from=2008-09-01&to=2011-01-01") == ["SISTE", "FOR SEN"]
    assert titles(app, "/events/for-gammel.ics") == ["FOR GAMMEL"]


@pytest.mark.parametrize("query", ["from=i+dag", "to=2008-13-01", "from=2008-09-02&to=2008-09-01"])
def test_impossible_days_are_refused_in_plain_text(app: Flask, programme: given.Programme, query: str) -> None:
    response = fetch(app, f"{ALL}?{query}")
    assert (response.status_code, response.mimetype) == (400, "text/plain")


def test_a_cancelled_run_stays_cancelled_in_the_feed_for_30_days_after_its_day(
    app: Flask, programme: given.Programme
) -> None:
    event = add(programme, given.days(date(2008, 9, 1), date(2008, 9, 2)), title="Seminar")
    uid = the_run().uid
    cancel(event)
    [entry] = icalendar.Calendar.from_ical(fetch(app, ALL).data).walk("VEVENT")
    assert (str(entry["STATUS"]), entry["SEQUENCE"], str(entry["UID"])) == ("CANCELLED", 1, str(uid))
    move_to(datetime(2008, 10, 2, 20, tzinfo=UTC))
    assert titles(app, ALL) == ["Avlyst: Seminar"]
    move_to(datetime(2008, 10, 3, 6, tzinfo=UTC))
    assert titles(app, ALL) == []


# Dates that are not exact


def test_ten_networks_in_october_are_one_line_in_the_overviews_and_each_networks_own(
    app: Flask, programme: given.Programme
) -> None:
    more = {"title": "Lokal nettverkssamling", "cohorts": programme.cohorts[:1]}
    for network in programme.networks * 5:
        add(programme, given.OCTOBER, networks=[network], **more)
    line = "Lokal nettverkssamling (oktober 2008, dagen er ikke bestemt)"
    for path in (ALL, "/calendars/organisers/sekretariatet.ics", "/calendars/cohorts/pulje-i.ics"):
        assert titles(app, path) == [line]
    assert titles(app, "/calendars/networks/nord.ics") == [line] * 5


def test_runs_of_one_event_in_one_long_span_are_one_line_but_short_spans_and_other_titles_are_not(
    app: Flask, programme: given.Programme
) -> None:
    week = RunFacts(Precision.WEEK, date(2008, 9, 15), date(2008, 9, 21))
    add(programme, week, week, given.OCTOBER, given.OCTOBER, title="Samling")
    add(programme, given.OCTOBER, title="Møte")
    assert [title.split(" ")[0] for title in titles(app, ALL)] == ["Samling", "Samling", "Samling", "Møte"]


def test_a_month_that_becomes_days_is_the_same_entry_with_a_higher_sequence(
    app: Flask, programme: given.Programme
) -> None:
    add(programme, given.OCTOBER, title="Samling")
    [before] = icalendar.Calendar.from_ical(fetch(app, ALL).data).walk("VEVENT")
    number = the_run().id
    with transaction() as session:
        facts = given.days(date(2008, 10, 14), date(2008, 10, 15))
        actions.change_run(session, session.get_one(Run, number), facts=facts, base_url=given.BASE, now=LATER)
    [after] = icalendar.Calendar.from_ical(fetch(app, ALL).data).walk("VEVENT")
    assert (before["UID"], before["SEQUENCE"], str(before["STATUS"])) == (after["UID"], 0, "TENTATIVE")
    assert (after["SEQUENCE"], str(after["STATUS"]), after.start) == (1, "CONFIRMED", date(2008, 10, 14))


def test_no_uid_stands_twice_in_a_feed(app: Flask, programme: given.Programme) -> None:
    municipality(programme, cohort=programme.cohorts[0], network=programme.networks[0])
    add(programme, FIRST, given.OCTOBER, cohorts=programme.cohorts, networks=programme.networks)
    for path in (ALL, "/calendars/organisations/0821.ics", "/calendars/networks/nord.ics"):
        events = icalendar.Calendar.from_ical(fetch(app, path).data).walk("VEVENT")
        assert len({str(event["UID"]) for event in events}) == len(events) == 2


# HTTP


def headers(response: TestResponse) -> Mapping[str, str]:
    names = ("ETag", "Last-Modified", "Cache-Control", "Vary", "Content-Disposition", "Content-Length")
    return {name: response.headers[name] for name in names if name in response.headers}


def test_two_gets_a_minute_apart_are_the_same_bytes_and_tag(app: Flask, programme: given.Programme) -> None:
    add(programme)
    first = fetch(app, ALL)
    move_to(given.NOW + timedelta(minutes=1))
    second = fetch(app, ALL)
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert not first.headers["ETag"].startswith("W/")


def test_a_client_that_has_it_gets_304_without_a_body_and_with_the_same_headers(
    app: Flask, programme: given.Programme
) -> None:
    add(programme)
    first = fetch(app, ALL)
    again = fetch(app, ALL, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data, again.headers.get("Set-Cookie")) == (304, b"", None)
    kept = ("ETag", "Cache-Control", "Vary")
    assert {name: again.headers[name] for name in kept} == {
        "ETag": first.headers["ETag"],
        "Cache-Control": "public, max-age=300",
        "Vary": "Accept-Encoding",
    }


def test_any_change_of_the_bytes_is_a_new_tag(app: Flask, programme: given.Programme) -> None:
    tags = [fetch(app, ALL).headers["ETag"]]

    def seen() -> None:
        tags.append(fetch(app, ALL).headers["ETag"])

    event = add(programme, given.days(date(2008, 9, 1)))
    seen()
    number = the_run().id
    with transaction() as session:
        facts = EventFacts(EventType.LEARNING_SEMINAR, {"nb": "Nytt navn"})
        row = session.get_one(Event, event)
        actions.edit(session, row, facts=facts, clauses=[], base_url=given.BASE, now=LATER)
    seen()
    with transaction() as session:
        run = session.get_one(Run, number)
        actions.change_run(session, run, facts=given.days(date(2008, 9, 9)), base_url=given.BASE, now=LATER)
    seen()
    cancel(event)
    seen()
    tags += [fetch(app, f"{ALL}?lang=en").headers["ETag"], fetch(app, f"{ALL}?lang=nn").headers["ETag"]]
    assert len(set(tags)) == len(tags) == 7


def test_the_tag_wins_over_the_time(app: Flask, programme: given.Programme) -> None:
    add(programme)
    first = fetch(app, ALL)
    since = first.headers["Last-Modified"]
    assert fetch(app, ALL, If_Modified_Since=since).status_code == 304
    assert fetch(app, ALL, If_Modified_Since=since, If_None_Match='"other"').status_code == 200
    old = "Mon, 01 Jan 2007 00:00:00 GMT"
    assert fetch(app, ALL, If_Modified_Since=old).status_code == 200
    assert fetch(app, ALL, If_Modified_Since=old, If_None_Match=first.headers["ETag"]).status_code == 304


def test_a_new_day_is_a_change_for_those_who_ask_by_time(app: Flask, programme: given.Programme) -> None:
    add(programme)
    since = fetch(app, ALL).headers["Last-Modified"]
    move_to(given.NOW + timedelta(days=1))
    assert fetch(app, ALL, If_Modified_Since=since).status_code == 200


def test_head_has_the_headers_of_get_and_no_body(app: Flask, programme: given.Programme) -> None:
    add(programme)
    got, asked = fetch(app, ALL), fetch(app, ALL, method="HEAD")
    assert (asked.status_code, asked.data, headers(asked)) == (200, b"", headers(got))


def test_gzip_is_the_same_calendar_with_a_tag_of_its_own(app: Flask, programme: given.Programme) -> None:
    add(programme)
    plain, packed = fetch(app, ALL), fetch(app, ALL, Accept_Encoding="br, gzip")
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert fetch(app, ALL, Accept_Encoding="gzip").data == packed.data
    assert fetch(app, ALL, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"]).status_code == 304
    assert fetch(app, ALL, If_None_Match=packed.headers["ETag"]).status_code == 200
    assert "Content-Encoding" not in fetch(app, ALL, Accept_Encoding="gzip;q=0").headers


def test_a_feed_is_shown_in_place_and_an_events_file_is_saved(app: Flask, programme: given.Programme) -> None:
    add(programme, title="Seminar")
    assert [
        fetch(app, path).headers["Content-Disposition"]
        for path in ("/calendars/cohorts/pulje-i.ics", ALL, "/events/seminar.ics")
    ] == ['inline; filename="pulje-i.ics"', 'inline; filename="all.ics"', 'attachment; filename="seminar.ics"']


@pytest.mark.parametrize(
    "path",
    [
        ALL,
        "/calendars/cohorts/pulje-i.ics",
        "/calendars/networks/nord.ics",
        "/calendars/organisers/sekretariatet.ics",
        "/calendars/organisations/0821.ics",
        "/events/laeringsseminar.ics",
    ],
)
def test_200_takes_three_statements_and_304_none_or_after_a_change_elsewhere_two_that_read_no_entry(
    app: Flask, programme: given.Programme, path: str
) -> None:
    municipality(programme, cohort=programme.cohorts[0])
    for _ in range(5):
        add(programme, FIRST, given.OCTOBER, cohorts=programme.cohorts, networks=programme.networks)
    path = path.replace("laeringsseminar", "laeringsseminar-2")
    with counted(db.engine) as sent:
        tag = fetch(app, path).headers["ETag"]
    assert len(sent) == 3
    with counted(db.engine) as sent:
        assert fetch(app, path, If_None_Match=tag).status_code == 304
    assert sent == []
    add(programme, given.days(date(2012, 1, 1)), title="Om lenge")
    with counted(db.engine) as sent:
        assert fetch(app, path, If_None_Match=tag).status_code == 304
    assert len(sent) == 2
    assert not any("ics" in statement for statement in sent)
