"""The programme of runs: how a day lies in a table, and what its verbs keep."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventsys.events.bookings.actions import RoomIsTaken, follow_run
from eventsys.events.models import EventChange, EventSession, RoomBooking, Run, Speaker
from eventsys.events.programme import actions, queries
from eventsys.events.programme.rules import (
    Cell,
    IsNobodysChoice,
    Part,
    SessionFacts,
    SpeakerFacts,
    SpeakerIsBusy,
    Table,
    lay_out,
    split_speaker,
)
from eventsys.events.rules import ChangeKind, RunFacts, SessionKind
from eventsys.extensions import db, transaction
from eventsys.venues.models import Room
from tests.events import given as there
from tests.events.given import NOW

DAY = date(2008, 9, 1)
WELCOME, LUNCH = {"nb": "Velkommen", "nn": "Velkomen"}, {"nb": "Lunsj"}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute))


def part(key: str, column: str | None, starts: int, ends: int) -> Part:
    return Part(key, column, at(starts), at(ends))


def draw(table: Table) -> list[list[str]]:
    """Each row's cells by their session's key: «+» is free, «a×2» stretches over two rows, «a-3» over three columns."""

    def write(cell: Cell) -> str:
        if cell.part is None:
            return "+"
        key = str(cell.part.key)
        return f"{key}×{cell.rows}" if cell.rows > 1 else f"{key}-{cell.columns}" if cell.columns > 1 else key

    return [[write(cell) for cell in row.cells] for row in table.rows]


def test_a_day_is_a_table_of_rooms_and_of_the_times_at_which_anything_changes() -> None:
    parts = [
        part("welcome", "hall", 10, 11), part("lunch", None, 12, 13), part("long", "hall", 13, 15),
        part("first", "small", 13, 14), part("second", "small", 14, 15),
    ]  # fmt: skip
    (table,) = lay_out(parts, ["hall", "small"])
    assert draw(table) == [["welcome", "+"], ["+", "+"], ["lunch-2"], ["long×2", "first"], ["second"]]
    assert [row.starts.hour for row in table.rows] == [10, 11, 12, 13, 14]


def test_what_is_nowhere_in_particular_at_the_same_time_as_something_else_has_a_column_of_its_own() -> None:
    (table,) = lay_out([part("walk", None, 10, 12), part("talk", "hall", 10, 11)], ["hall"])
    assert [(column.key, column.lanes) for column in table.columns] == [(None, 1), ("hall", 1)]
    assert draw(table) == [["walk×2", "talk"], ["+"]]


def test_two_in_one_place_at_once_lie_beside_each_other_under_one_head() -> None:
    (table,) = lay_out([part("a", "foyer", 10, 12), part("b", "foyer", 11, 13)], ["foyer"])
    assert [(column.key, column.lanes) for column in table.columns] == [("foyer", 2)]
    assert draw(table) == [["a×2", "+"], ["b×2"], ["+"]]


def test_a_place_has_a_column_on_the_days_that_it_is_used_and_a_room_of_the_house_always() -> None:
    later = Part("b", "tent", at(10) + timedelta(1), at(11) + timedelta(1))
    first, second = lay_out([part("a", "hall", 10, 11), later], ["house", "hall", "tent"], always=["house"])
    assert [column.key for column in first.columns] == ["house", "hall"]
    assert [column.key for column in second.columns] == ["house", "tent"]


@given(
    st.lists(
        st.tuples(st.sampled_from([None, "a", "b", "c"]), st.integers(8, 17), st.integers(1, 4)),
        min_size=1,
        max_size=12,
    )
)
def test_every_session_stands_once_and_every_row_is_full(
    drawn: list[tuple[str | None, int, int]],
) -> None:
    parts = [
        part(str(number), column, starts, starts + length) for number, (column, starts, length) in enumerate(drawn)
    ]
    (table,) = lay_out(parts, ["a", "b", "c"])
    cells = [cell for row in table.rows for cell in row.cells]
    assert sorted(str(cell.part.key) for cell in cells if cell.part) == sorted(str(one.key) for one in parts)
    width = sum(column.lanes for column in table.columns)
    covered = [0] * len(table.rows)
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            for down in range(cell.rows):
                covered[number + down] += cell.columns
    assert covered == [width] * len(table.rows)


@pytest.mark.parametrize(
    "typed, name, affiliation",
    [
        ("Siri Hvalkleivås", "Siri Hvalkleivås", ""),
        ("  Siri  Hvalkleivås ,forsker,  Bø ", "Siri Hvalkleivås", "forsker, Bø"),
        (", forsker", "", "forsker"),
    ],
)
def test_the_first_comma_parts_a_speaker_from_what_they_are(typed: str, name: str, affiliation: str) -> None:
    assert split_speaker(typed) == SpeakerFacts(name, affiliation)


class Made:
    """A published seminar on one day, at a hotel with two rooms."""

    def __init__(self, *, published: bool = True) -> None:
        with transaction() as session:
            programme = there.programme(session)
            venue_id = there.venue(session, "Hotellet")
            self.hall, self.small = (
                self._room(session, venue_id, name, place) for place, name in enumerate(("Salen", "Kammerset"))
            )
            run: RunFacts = there.exact(DAY, time(9), time(16), venue_id=venue_id)
            event = there.event(session, programme.organiser_id, run, published=published)
            self.organiser_id, self.event_id, self.run_id = event.organiser_id, event.id, event.runs[0].id

    @staticmethod
    def _room(session: sa.orm.Session, venue_id: int, name: str, place: int) -> int:
        room = Room(venue_id=venue_id, name=name, name_key=name.casefold(), position=place)
        session.add(room)
        session.flush()
        return room.id

    def write(self, title: dict[str, str] = WELCOME, row_id: int | None = None, **more: object) -> int:
        facts: dict[str, object] = {"chosen": False, "starts_local": at(10), "ends_local": at(11), **more}
        speakers = [split_speaker(text) for text in facts.pop("speakers", ())]  # type: ignore[attr-defined]
        with transaction() as session:
            row = session.get_one(EventSession, row_id) if row_id else None
            made = actions.write_session(
                session, session.get_one(Run, self.run_id), SessionFacts(title, **facts), row=row,  # type: ignore[arg-type]
                speakers=speakers, now=NOW,
            )  # fmt: skip
            return made.id

    def list_programme(self) -> list[EventSession]:
        db.session.rollback()
        return queries.list_programme(db.session(), self.event_id)

    def changes(self) -> list[EventChange]:
        db.session.rollback()
        kinds = (ChangeKind.EDITED, ChangeKind.PROGRAMME_CHANGED)
        of = EventChange.event_id == self.event_id
        return list(db.session.scalars(sa.select(EventChange).where(of, EventChange.kind.in_(kinds))))

    def bookings(self) -> list[tuple[int, int]]:
        db.session.rollback()
        rows = db.session.execute(sa.select(RoomBooking.room_id, RoomBooking.session_id).order_by(RoomBooking.id))
        return [(row.room_id, row.session_id) for row in rows]


@pytest.fixture
def made(app: Flask) -> Made:
    return Made()


def test_the_programme_is_in_order_of_time_with_rooms_and_speakers(made: Made) -> None:
    made.write(LUNCH, starts_local=at(12), ends_local=at(13), kind=SessionKind.MEAL)
    made.write(room_id=made.hall, speakers=["Siri Hvalkleivås, forsker", "Helge Tindhaugrud"])
    made.write({"nb": "Senere"}, starts_local=None, ends_local=None)
    assert [
        (one.title["nb"], one.room.name if one.room else None, [speaker.name for speaker in one.speakers])
        for one in made.list_programme()
    ] == [
        ("Velkommen", "Salen", ["Siri Hvalkleivås", "Helge Tindhaugrud"]),
        ("Lunsj", None, []),
        ("Senere", None, []),
    ]


def test_a_speaker_is_the_same_one_the_next_time_and_another_with_another_title(made: Made) -> None:
    made.write(speakers=["Siri Hvalkleivås, forsker"])
    made.write(LUNCH, starts_local=at(12), ends_local=at(13), speakers=["siri hvalkleivås"])
    made.write({"nb": "Ø"}, starts_local=at(13), ends_local=at(14), speakers=["Siri Hvalkleivås, ordfører"])
    rows = db.session.execute(sa.select(Speaker.name, Speaker.affiliation).order_by(Speaker.id))
    assert [tuple(row) for row in rows] == [("Siri Hvalkleivås", "forsker"), ("Siri Hvalkleivås", "ordfører")]
    assert [[one.affiliation for one in row.speakers] for row in made.list_programme()] == [
        ["forsker"], ["forsker"], ["ordfører"],
    ]  # fmt: skip


def test_a_session_keeps_its_room_and_lets_it_go_when_it_is_taken_away(made: Made) -> None:
    number = made.write(room_id=made.hall)
    assert made.bookings() == [(made.hall, number)]
    made.write(row_id=number, room_id=made.small)
    assert made.bookings() == [(made.small, number)]
    with transaction() as session:
        actions.erase_session(session, session.get_one(EventSession, number), now=NOW)
    assert (made.bookings(), made.list_programme()) == ([], [])


def test_two_sessions_cannot_have_one_room_at_once_and_nothing_is_kept(made: Made) -> None:
    made.write(room_id=made.hall)
    with pytest.raises(RoomIsTaken) as refused:
        made.write(LUNCH, room_id=made.hall, starts_local=at(10, 30), ends_local=at(12))
    assert refused.value.booking.session_title == WELCOME
    assert [one.title for one in made.list_programme()] == [WELCOME]


def test_every_change_of_a_published_programme_is_told_of_once(made: Made) -> None:
    number = made.write()
    made.write(row_id=number, starts_local=at(11), ends_local=at(12))
    made.write(row_id=number, starts_local=at(11), ends_local=at(12))
    changes = made.changes()
    assert [change.kind for change in changes] == [ChangeKind.PROGRAMME_CHANGED] * 2
    assert changes[1].facts["from"] == {"starts_local": "2008-09-01T10:00:00", "ends_local": "2008-09-01T11:00:00"}
    assert changes[1].facts["to"] == {"starts_local": "2008-09-01T11:00:00", "ends_local": "2008-09-01T12:00:00"}
    assert all(change.noticed_at == NOW for change in changes)

    def tell() -> EventChange | None:
        with transaction() as session:
            return actions.tell_programme(session, session.get_one(Run, made.run_id), line="Vi flyttet.", now=NOW)

    told = tell()
    assert told is not None
    assert (told.noticed_at, told.run_id, told.facts["line"], len(told.facts["told"])) == (
        None, made.run_id, "Vi flyttet.", 2,
    )  # fmt: skip
    assert (tell(), queries.list_untold(db.session(), made.event_id)) == (None, {})


def test_the_programme_of_a_draft_changes_without_anything_to_tell(app: Flask) -> None:
    made = Made(published=False)
    made.write()
    assert [change.kind for change in made.changes()] == [ChangeKind.EDITED]
    assert queries.list_untold(db.session(), made.event_id) == {}


def test_an_edition_rises_only_when_something_changed(made: Made) -> None:
    number = made.write()
    made.write(row_id=number)
    made.write(row_id=number, place="Foajeen")
    assert [one.edition for one in made.list_programme()] == [2]


def test_a_break_is_nobodys_choice(made: Made) -> None:
    with pytest.raises(IsNobodysChoice):
        made.write(kind=SessionKind.BREAK, chosen=True)


def test_a_programme_follows_its_run_with_its_rooms(made: Made) -> None:
    number = made.write(room_id=made.hall)
    with transaction() as session:
        actions.shift_sessions(session, session.get_one(Run, made.run_id), days=7, now=NOW)
    assert [one.starts_local for one in made.list_programme()] == [at(10) + timedelta(7)]
    moments = db.session.execute(sa.select(RoomBooking.session_id, RoomBooking.starts_at)).all()
    assert [(one.session_id, one.starts_at.day) for one in moments] == [(number, 8)]


def test_a_copy_has_the_sessions_and_speakers_and_no_booking(made: Made) -> None:
    made.write(room_id=made.hall, speakers=["Siri Hvalkleivås, forsker"])
    with transaction() as session:
        other = there.event(session, made.organiser_id, there.exact(DAY, time(9), time(16)))
        event_id = other.id
        mapped = actions.copy_programme(session, session.get_one(Run, made.run_id), other.runs[0], days=None, now=NOW)
    assert made.bookings() == [(made.hall, next(iter(mapped)))]
    (copy,) = queries.list_programme(db.session(), event_id)
    assert (copy.title, copy.starts_local, [speaker.name for speaker in copy.speakers], copy.room_id) == (
        WELCOME, None, ["Siri Hvalkleivås"], made.hall,
    )  # fmt: skip
    with transaction() as session:
        follow_run(session, session.get_one(Run, copy.run_id), account_id=None, now=NOW)
    assert len(made.bookings()) == 1


def test_a_speaker_who_stands_in_sessions_is_taken_out_of_them_only_when_that_was_said(made: Made) -> None:
    made.write(speakers=["Siri Hvalkleivås, forsker"])

    def remove(**how: bool) -> None:
        with transaction() as session:
            speaker = session.scalars(sa.select(Speaker)).one()
            actions.remove_speaker(session, speaker, **how)

    with pytest.raises(SpeakerIsBusy):
        remove()
    remove(from_sessions=True)
    assert [one.speakers for one in made.list_programme()] == [[]]
