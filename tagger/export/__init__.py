"""Pictures for others: presets, rendering, names, and copies that tell nobody a place."""

from tagger.export.captions import Caption, write_captions
from tagger.export.copying import copy_photo
from tagger.export.embedding import Notes, make_xmp, select_exif
from tagger.export.focus import find_focus, measure_detail, spread_cells
from tagger.export.framing import Frame, Window, frame_picture, largest_window
from tagger.export.naming import EXAMPLE, NameFields, check_template, export_name
from tagger.export.preset import (
    Corner,
    Kept,
    Preset,
    Sharpening,
    Watermark,
    format_preset,
    load_presets,
    read_preset,
)
from tagger.export.render import Extras, draw_picture, encode_picture, finish_picture, render_photo
from tagger.export.sheet import SheetPicture, cell_size, draw_sheets, jpeg_of, pdf_of
from tagger.export.watermark import Ink

__all__ = [
    "EXAMPLE",
    "Caption",
    "Corner",
    "Extras",
    "Frame",
    "Ink",
    "Kept",
    "NameFields",
    "Notes",
    "Preset",
    "Sharpening",
    "SheetPicture",
    "Watermark",
    "Window",
    "cell_size",
    "check_template",
    "copy_photo",
    "draw_picture",
    "draw_sheets",
    "encode_picture",
    "export_name",
    "find_focus",
    "finish_picture",
    "format_preset",
    "frame_picture",
    "jpeg_of",
    "largest_window",
    "load_presets",
    "make_xmp",
    "measure_detail",
    "pdf_of",
    "read_preset",
    "render_photo",
    "select_exif",
    "spread_cells",
    "write_captions",
]
