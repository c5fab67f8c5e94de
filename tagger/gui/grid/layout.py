"""Where each cell of the grid lies: arithmetic alone, so that a million photos cost nothing.

Coordinates are content pixels, from the top of the first section. Rows are photos, not lines.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADER_PX = 40
MARGIN_PX = 8
CAPTION_PX = 26
PICTURE_SHARE = 0.76
"""Height of the picture's place by the cell's width: between upright and landscape photos."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in content pixels."""

    x: int
    y: int
    width: int
    height: int


class GridLayout:
    """Cells of one size in lines, in sections with a header each.

    Attributes:
        count: photos.
        columns: cells in a full line.
        cell_width, cell_height: pixels; the width fills the line.
        height: of all content.
    """

    def __init__(
        self, count: int, starts: Sequence[int], width_px: int, cell_px: int, header_px: int
    ) -> None:
        """Args: `starts` is the first photo of each section, rising from 0; empty for none."""
        self.count = count
        usable = max(1, width_px - 2 * MARGIN_PX)
        self.columns = max(1, usable // max(1, cell_px))
        self.cell_width = max(1, usable // self.columns)
        self.cell_height = round(self.cell_width * PICTURE_SHARE) + CAPTION_PX
        self._left = MARGIN_PX + (usable - self.cell_width * self.columns) // 2
        self._header_px = header_px if starts else 0
        self._starts = list(starts) or [0]
        self._tops = self._section_tops()
        self.height = self._tops[-1] + MARGIN_PX if count else 0

    def box(self, row: int) -> Box:
        """The cell of a photo."""
        section = self.section_of(row)
        line, column = divmod(row - self._starts[section], self.columns)
        return Box(
            self._left + column * self.cell_width,
            self._tops[section] + self._header_px + line * self.cell_height,
            self.cell_width,
            self.cell_height,
        )

    def row_at(self, x: int, y: int) -> int | None:
        """The photo whose cell holds this point."""
        column = (x - self._left) // self.cell_width
        if not self.count or not 0 <= column < self.columns or not 0 <= y < self.height:
            return None
        section = self._section_at(y)
        line = (y - self._tops[section] - self._header_px) // self.cell_height
        row = self._starts[section] + line * self.columns + column
        return row if line >= 0 and row < self._end(section) else None

    def nearest_row(self, x: int, y: int) -> int:
        """The photo whose cell is at this point or closest before it in its section."""
        section = self._section_at(max(0, min(y, self.height - 1)))
        line = max(0, (y - self._tops[section] - self._header_px) // self.cell_height)
        column = min(max((x - self._left) // self.cell_width, 0), self.columns - 1)
        row = self._starts[section] + line * self.columns + column
        return max(self._starts[section], min(row, self._end(section) - 1))

    def rows_between(self, top: int, bottom: int) -> range:
        """Every photo whose cell touches this stretch; `bottom` is not part of it."""
        if not self.count or bottom <= top or bottom <= 0 or top >= self.height:
            return range(0)
        first = self._first_row_from(max(0, top))
        last = self._first_row_from(min(bottom - 1, self.height - 1) + self.cell_height)
        return range(first, last)

    def headers_between(self, top: int, bottom: int) -> Iterator[tuple[int, Box]]:
        """Each section whose header touches this stretch, with the header's place."""
        if not self._header_px or not self.count:
            return
        width = self.columns * self.cell_width
        section = self._section_at(max(0, top))
        while section < len(self._starts) and self._tops[section] < bottom:
            yield section, Box(self._left, self._tops[section], width, self._header_px)
            section += 1

    def rows_in(self, box: Box) -> list[range]:
        """The photos whose cells a rectangle touches, line by line."""
        first = max(0, (box.x - self._left) // self.cell_width)
        last = min(self.columns - 1, (box.x + box.width - self._left) // self.cell_width)
        found: list[range] = []
        row_range = self.rows_between(box.y, box.y + box.height)
        row = row_range.start
        while first <= last and row < row_range.stop:
            start = self._line_start(row)
            end = min(start + self.columns, self._end(self.section_of(row)))
            found.append(range(min(start + first, end), min(start + last + 1, end)))
            row = end
        return [rows for rows in found if rows]

    def row_by_lines(self, row: int, lines: int) -> int:
        """The photo so many lines below (or above, when negative), as near as there is one."""
        box = self.box(row)
        middle = box.x + box.width // 2
        step = 1 if lines > 0 else -1
        for _ in range(abs(lines)):
            here = self.box(row)
            edge = here.y + here.height if step > 0 else here.y - 1
            if edge < 0 or edge >= self.height:
                break
            landed = self._row_of_line(middle, edge, step)
            if landed is None:
                break
            row = landed
        return row

    def section_of(self, row: int) -> int:
        """The section a photo is in."""
        return bisect_right(self._starts, row) - 1

    def _row_of_line(self, x: int, y: int, step: int) -> int | None:
        """The nearest photo on the line at `y`, or past the header there."""
        section = self._section_at(y)
        if y < self._tops[section] + self._header_px:
            y += self._header_px if step > 0 else -self._header_px
        if y < 0 or y >= self.height - MARGIN_PX:
            return None
        return self.nearest_row(x, y)

    def _line_start(self, row: int) -> int:
        start = self._starts[self.section_of(row)]
        return row - (row - start) % self.columns

    def _first_row_from(self, y: int) -> int:
        """The first photo of the line at `y`, or of the next section when the line is below all."""
        section = self._section_at(min(y, self.height - 1))
        line = max(0, (y - self._tops[section] - self._header_px) // self.cell_height)
        return min(self._starts[section] + line * self.columns, self._end(section))

    def _section_at(self, y: int) -> int:
        return min(bisect_right(self._tops, y) - 1, len(self._starts) - 1)

    def _end(self, section: int) -> int:
        return self._starts[section + 1] if section + 1 < len(self._starts) else self.count

    def _section_tops(self) -> list[int]:
        """The top of each section, and the end of the last."""
        ends = [*self._starts[1:], self.count]
        return list(
            accumulate(
                (
                    self._header_px + -(-(end - start) // self.columns) * self.cell_height
                    for start, end in zip(self._starts, ends, strict=True)
                ),
                initial=0,
            )
        )
