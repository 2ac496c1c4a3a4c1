"""One table of all promises, sorted and narrowed, and a picture that shows the same."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from eventsys.followup.rules.matrix import HIGH, WIDE, Line, Part, arrange, count_all, count_columns, draw, join_parts
from eventsys.obligations.rules import Cell, Kept, Standing
from eventsys.registrations.rules import Side

MET, MISSED, COMING = (Cell(one, anybody=True) for one in (Standing.MET, Standing.MISSED, Standing.COMING))
LACKS = Cell(Standing.COMING, lacking=(Side.POLITICIAN,), anybody=True)
KEPT, OPEN, LOST = Kept(2, 2, True, True), Kept(0, 2, False, True), Kept(0, 1, False, False)


def test_promises_of_one_become_one_line_and_the_worse_is_told() -> None:
    seminars = Part([10, 11], {1: [MET, COMING], 2: [MISSED, COMING]}, {1: KEPT, 2: OPEN})
    gatherings = Part([11, 12], {1: [LACKS, MET]}, {1: LOST})
    assert join_parts([seminars, gatherings], [10, 11, 12]) == [
        Line(1, (MET, LACKS, MET), (KEPT, LOST)),
        Line(2, (MISSED, COMING, None), (OPEN,)),
    ]


def test_a_table_is_narrowed_and_sorted_by_how_they_stand() -> None:
    one, two, three = Line(1, (MET, MET), (KEPT,)), Line(2, (MISSED, LACKS), (LOST,)), Line(3, (MET, COMING), (OPEN,))
    every, names = [one, two, three], [3, 2, 1]
    assert arrange(every, names, among=None, standing="", sort="name") == [three, two, one]
    assert arrange(every, names, among=None, standing="", sort="missing") == [three, two, one]
    assert arrange(every, names, among=None, standing="", sort="came") == [one, three, two]
    assert arrange(every, names, among=None, standing="needs", sort="") == [two]
    assert arrange(every, names, among=None, standing="broken", sort="") == [two]
    assert arrange(every, names, among={1}, standing="met", sort="") == [one]
    assert arrange(every, [1], among=None, standing="", sort="") == [one]


LINES = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.tuples(*[st.none() | st.sampled_from(Standing).map(Cell)] * columns).map(lambda row: Line(0, row, ())),
        max_size=12,
    )
)


@given(LINES)
def test_the_picture_covers_exactly_the_cells_there_are(lines: list[Line]) -> None:
    columns = len(lines[0].cells) if lines else 0
    drawn = {
        standing: sum(int(high) // HIGH for high in re.findall(rf"M\d+ \d+h{WIDE}v(\d+)h-{WIDE}z", path))
        for standing, path in draw(lines, columns).items()
    }
    assert drawn == dict(count_all(lines))
    assert sum(count_columns(lines, columns), start=count_all([])) == count_all(lines)
