"""The contact sheet beside the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.export import draw_sheets, jpeg_of, pdf_of
from tagger.services.exporting.items import FONT
from tagger.services.exporting.request import Sheet
from tagger.services.places import bundled_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.export import SheetPicture
    from tagger.services.exporting.targets import Target


def put_sheet(target: Target, pictures: Sequence[SheetPicture], sheet: Sheet) -> None:
    """Draw the pages: one PDF, or a picture a page."""
    pages = draw_sheets(pictures, bundled_folder("resources") / "fonts" / FONT)
    if sheet is Sheet.PDF:
        target.put("contact-sheet.pdf", pdf_of(pages), "contact-sheet.pdf")
        return
    for number, page in enumerate(pages, start=1):
        name = f"contact-sheet-{number:02}.jpg"
        target.put(name, jpeg_of(page), name)
