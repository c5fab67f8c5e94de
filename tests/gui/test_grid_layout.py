"""The arithmetic against the plainest way to say the same: every cell one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.gui.grid.layout import Box, GridLayout


@st.composite
def layouts(draw: st.DrawFn) -> GridLayout:
    lengths = draw(st.lists(st.integers(1, 30), max_size=8))
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    return GridLayout(
        sum(lengths), starts, draw(st.integers(50, 900)), draw(st.integers(60, 300)), 40
    )


@settings(deadline=None)
@given(layouts(), st.integers(-50, 2000), st.integers(-50, 9000))
def test_a_point_is_in_the_cell_that_holds_it(layout: GridLayout, x: int, y: int) -> None:
    holding = [row for row in range(layout.count) if _holds(layout.box(row), x, y)]

    assert layout.row_at(x, y) == (holding[0] if holding else None)


@settings(deadline=None)
@given(layouts(), st.integers(-100, 9000), st.integers(1, 2000))
def test_a_stretch_touches_exactly_the_cells_within(
    layout: GridLayout, top: int, height: int
) -> None:
    boxes = [layout.box(row) for row in range(layout.count)]
    touched = [
        row for row, box in enumerate(boxes) if box.y < top + height and box.y + box.height > top
    ]

    assert list(layout.rows_between(top, top + height)) == touched


@settings(deadline=None)
@given(layouts(), st.data())
def test_a_frame_touches_exactly_the_cells_under_it(
    layout: GridLayout, data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(0, 900)), data.draw(st.integers(0, 3000))
    frame = Box(x, y, data.draw(st.integers(1, 500)), data.draw(st.integers(1, 900)))
    touched = [row for row in range(layout.count) if _touch(layout.box(row), frame)]

    found = [row for rows in layout.rows_in(frame) for row in rows]

    assert set(touched) <= set(found)
    assert all(_touch(layout.box(row), Box(x, y, frame.width + 1, frame.height)) for row in found)


@settings(deadline=None)
@given(layouts(), st.data())
def test_down_and_up_move_by_one_line(layout: GridLayout, data: st.DataObject) -> None:
    if not layout.count:
        return
    row = data.draw(st.integers(0, layout.count - 1))

    below, above = layout.row_by_lines(row, 1), layout.row_by_lines(row, -1)

    lines = sorted({layout.box(other).y for other in range(layout.count)})
    here = lines.index(layout.box(row).y)
    assert layout.box(below).y == lines[min(here + 1, len(lines) - 1)]
    assert layout.box(above).y == lines[max(here - 1, 0)]


def test_headers_stand_above_their_sections() -> None:
    layout = GridLayout(10, [0, 4], 416, 100, 40)

    headers = dict(layout.headers_between(0, layout.height))

    assert headers[0].y == 0
    assert headers[1].y + headers[1].height == layout.box(4).y


def _holds(box: Box, x: int, y: int) -> bool:
    return box.x <= x < box.x + box.width and box.y <= y < box.y + box.height


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
