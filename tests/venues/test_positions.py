"""Where a place is on a map: as numbers, as a map's address, and the link that a page shows."""

from __future__ import annotations

import pytest

from eventsys.venues.rules import map_link, read_position, write_position


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", None),
        ("59.9127, 10.7461", (59.9127, 10.7461)),
        (" 59.9127 10.7461 ", (59.9127, 10.7461)),
        ("-33.9;18.4", (-33.9, 18.4)),
        ("https://www.openstreetmap.org/?mlat=59.91&mlon=10.75#map=17/60.0/11.0", (59.91, 10.75)),
        ("https://www.openstreetmap.org/#map=17/59.91273/10.74609", (59.91273, 10.74609)),
        ("https://www.openstreetmap.org/node/1#map=19/59.9/10.7&layers=N", (59.9, 10.7)),
    ],
)
def test_a_position_is_read_as_people_have_it(text: str, expected: tuple[float, float] | None) -> None:
    assert read_position(text) == expected


@pytest.mark.parametrize(
    "text", ["Oslo", "59.9", "91, 10", "59, 181", "https://www.openstreetmap.org/", "https://a.example/?mlat=x&mlon=y"]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_position(text)


def test_a_position_is_written_as_it_is_read() -> None:
    assert [write_position(place) for place in (None, (59.0, 10.5), (59.912345, -0.00001))] == [
        "", "59, 10.5", "59.912345, -0.00001",
    ]  # fmt: skip
    assert read_position(write_position((59.912345, 10.0))) == (59.912345, 10.0)


def test_the_link_has_a_pin_where_the_place_is_known_and_a_search_where_only_the_street_is() -> None:
    assert map_link((59.9127, 10.7461), "Gata 1") == (
        "https://www.openstreetmap.org/?mlat=59.9127&mlon=10.7461#map=17/59.9127/10.7461"
    )
    assert map_link(None, "Sonja Henies plass 3, Oslo & Bærum") == (
        "https://www.openstreetmap.org/search?query=Sonja%20Henies%20plass%203%2C%20Oslo%20%26%20B%C3%A6rum"
    )
    assert map_link(None, " ") == ""
