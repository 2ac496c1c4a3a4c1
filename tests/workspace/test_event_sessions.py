"""The form of a session: what it takes, what it refuses beside the field, and two who write in it at once."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.events.models import RoomBooking, Run
from eventsys.extensions import db, transaction
from tests.registrations.asking import sign_up
from tests.workspace.programmes import SESSION, add, add_rooms, event_address, sessions, speakers, text
from tests.world import World


def edit(adviser: FlaskClient, world: World, **typed: str) -> tuple[int, str]:
    """Posts the form of the one session."""
    (row,) = sessions()
    answer = adviser.post(f"{event_address(world)}/sessions/{row.public_id}", data={**SESSION, **typed})
    return answer.status_code, answer.get_data(as_text=True)


def test_a_session_has_a_room_speakers_and_its_own_texts(adviser: FlaskClient, world: World) -> None:
    rooms = add_rooms("Storsalen")
    more = {"speaker-0": "Siri Hvalkleivås, forsker", "speaker-1": "", "speaker-2": "Helge Tindhaugrud"}
    answer = add(adviser, world, room=str(rooms["Storsalen"]), description_nb="Slik *gjør* vi det.", **more)
    (row,) = sessions()
    assert (answer.status_code, answer.location) == (
        303, f"{event_address(world)}/programme#session-{row.public_id}",
    )  # fmt: skip
    assert (row.title, row.description, row.chosen, row.capacity) == (
        {"nb": "Mål som kan måles", "nn": "Mål som kan målast"}, {"nb": "Slik *gjør* vi det."}, False, None,
    )  # fmt: skip
    assert speakers() == [("Siri Hvalkleivås", "forsker"), ("Helge Tindhaugrud", "")]
    page = adviser.get(f"{event_address(world)}/sessions/{row.public_id}/edit").get_data(as_text=True)
    assert ('value="Siri Hvalkleivås, forsker"' in page, 'value="10.00"' in page) == (True, True)
    assert re.search(rf'value="{rooms["Storsalen"]}" selected', page) is not None


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"title_nb": "", "title_nn": ""}, "title_nb"),
        ({"on": "03.09.2008"}, "on"),
        ({"on": ""}, "on"),
        ({"starts": "noon"}, "starts"),
        ({"ends": "10.00"}, "ends"),
        ({"room": "anywhere"}, "room"),
        ({"speaker-1": ", forsker"}, "speaker-1"),
        ({"capacity": "0", "chosen": "1"}, "capacity"),
        ({"title_nb": "x" * 201}, "title_nb"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    adviser: FlaskClient, world: World, wrong: dict[str, str], field: str
) -> None:
    answer = add(adviser, world, **{"description_nb": "Som før", **wrong})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, "Som før" in page) == (422, True, True)
    assert sessions() == []


def test_a_room_and_a_written_place_at_once_are_refused(adviser: FlaskClient, world: World) -> None:
    rooms = add_rooms("Storsalen")
    answer = add(adviser, world, room=str(rooms["Storsalen"]), place="Foajeen")
    assert (answer.status_code, 'href="#place"' in answer.get_data(as_text=True)) == (422, True)


def test_a_break_needs_no_title_and_is_not_signed_up_for(adviser: FlaskClient, world: World) -> None:
    more = {"title_nb": "", "title_nn": "", "chosen": "1", "capacity": "5"}
    assert add(adviser, world, kind="meal", **more).status_code == 303
    (row,) = sessions()
    assert (row.title["nb"], row.title["en"], row.chosen, row.capacity) == ("Lunsj", "Lunch", False, None)


def test_a_room_that_is_taken_is_refused_with_who_has_it(adviser: FlaskClient, world: World) -> None:
    rooms = add_rooms("Storsalen")
    room = str(rooms["Storsalen"])
    add(adviser, world, room=room)
    answer = add(adviser, world, title_nb="En annen", room=room, starts="11.00", ends="12.00")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'href="#room"' in page, 'value="En annen"' in page) == (422, True, True)
    assert "Storsalen is taken 1 September 2008 10:00–11:30: Mål som kan måles (Sekretariatet)" in text(answer)
    assert [row.title["nb"] for row in sessions()] == ["Mål som kan måles"]
    assert add(adviser, world, title_nb="En annen", room=room, starts="11.30", ends="12.00").status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoomBooking)) == 2


def test_one_more_speaker_adds_a_line_and_saves_nothing(adviser: FlaskClient, world: World) -> None:
    answer = add(adviser, world, more="1", speakers="2", **{"speaker-0": "Siri Hvalkleivås"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'id="speaker-2"' in page, 'id="speaker-3"' in page) == (200, True, False)
    assert ('value="Siri Hvalkleivås"' in page, sessions()) == (True, [])


def test_speakers_who_have_spoken_are_suggested_by_name_or_what_they_are(adviser: FlaskClient, world: World) -> None:
    add(adviser, world, **{"speaker-0": "Siri Hvalkleivås, forsker"})

    def suggest(words: str) -> list[str]:
        page = adviser.get(f"{event_address(world)}/speakers/suggestions?q={words}").get_data(as_text=True)
        return re.findall(r'data-value="([^"]+)"', page)

    assert [suggest(words) for words in ("hval", "FORS siri", "per", "")] == [
        ["Siri Hvalkleivås, forsker"], ["Siri Hvalkleivås, forsker"], [], [],
    ]  # fmt: skip


def hidden(page: str) -> dict[str, str]:
    """What the form knows of the session as it was when it was opened."""
    return {
        name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])  # type: ignore[index]
        for name in ("edition", "was")
    }


def test_what_two_wrote_in_different_fields_is_kept_of_both(adviser: FlaskClient, world: World) -> None:
    add(adviser, world)
    (row,) = sessions()
    form = adviser.get(f"{event_address(world)}/sessions/{row.public_id}/edit")
    opened = hidden(form.get_data(as_text=True))
    assert edit(adviser, world, place="Foajeen", **opened)[0] == 303
    assert edit(adviser, world, starts="09.30", **opened)[0] == 303
    (row,) = sessions()
    assert (row.place, row.starts_local, row.edition) == ("Foajeen", datetime(2008, 9, 1, 9, 30), 3)


def test_where_two_wrote_in_one_field_the_second_is_asked_and_decides(adviser: FlaskClient, world: World) -> None:
    add(adviser, world)
    (row,) = sessions()
    form = adviser.get(f"{event_address(world)}/sessions/{row.public_id}/edit")
    opened = hidden(form.get_data(as_text=True))
    assert edit(adviser, world, place="Foajeen", **opened)[0] == 303
    status, page = edit(adviser, world, place="Salongen", **opened)
    assert (status, "Foajeen" in page, "Salongen" in page, sessions()[0].place) == (409, True, True, "Foajeen")
    assert edit(adviser, world, place="Salongen", **hidden(page), **{"keep-place": "mine"})[0] == 303
    assert sessions()[0].place == "Salongen"


def test_what_somebody_has_chosen_can_neither_shrink_below_them_nor_stop_being_chosen(
    adviser: FlaskClient, world: World
) -> None:
    add(adviser, world, chosen="1")
    (row,) = sessions()
    for number in (1, 2):
        sign_up(world, number, session_ids=(row.id,))
    small, none = edit(adviser, world, chosen="1", capacity="1"), edit(adviser, world)
    assert (small[0], 'href="#capacity"' in small[1]) == (422, True)
    assert (none[0], 'href="#chosen"' in none[1]) == (422, True)
    assert edit(adviser, world, chosen="1", capacity="2")[0] == 303


def test_a_room_limits_what_is_signed_up_for_where_nothing_else_does(adviser: FlaskClient, world: World) -> None:
    rooms = add_rooms("Kammerset", capacity=1)
    add(adviser, world, chosen="1", room=str(rooms["Kammerset"]))
    (row,) = sessions()
    sign_up(world, session_ids=(row.id,))
    page = text(adviser.get(f"{event_address(world)}/sessions"))
    assert "Kammerset, Plaza 1 of 1" in page


def test_a_session_of_a_run_without_days_may_have_no_time(adviser: FlaskClient, world: World) -> None:
    none = dict.fromkeys(("first_on", "last_on", "starts_local", "ends_local", "starts_at", "ends_at"))
    with transaction() as session:
        session.execute(sa.update(Run).where(Run.id == world.run_id("seminar")).values(precision="unknown", **none))
    assert add(adviser, world, on="", starts="", ends="").status_code == 303
    assert [(row.starts_local, row.ends_local) for row in sessions()] == [(None, None)]
    assert "Without a time Mål som kan måles" in text(adviser.get(f"{event_address(world)}/programme"))
    assert add(adviser, world, on="", starts="10.00", ends="").status_code == 422


def test_a_session_is_taken_away_after_a_question(adviser: FlaskClient, world: World) -> None:
    add(adviser, world)
    (row,) = sessions()
    place = f"{event_address(world)}/sessions/{row.public_id}/removal"
    assert "Its materials stay with the event." in text(adviser.get(place))
    assert [adviser.post(place).status_code for _time in range(2)] == [303, 404]
    assert sessions() == []
