"""From photos to pictures for others. Originals are only ever read."""

from tagger.export import format_preset
from tagger.services.exporting.items import name_examples
from tagger.services.exporting.presets import (
    DEFAULT_PRESET,
    add_preset,
    change_preset,
    example_name,
    find_preset,
    is_own,
    list_presets,
    name_preset,
    remove_preset,
    save_preset,
    with_template,
)
from tagger.services.exporting.preview import ExportPreview, export_chosen, preview_export
from tagger.services.exporting.request import Crop, ExportRequest, ExportResult, Sheet
from tagger.services.exporting.running import export_photos

__all__ = [
    "DEFAULT_PRESET",
    "Crop",
    "ExportPreview",
    "ExportRequest",
    "ExportResult",
    "Sheet",
    "add_preset",
    "change_preset",
    "example_name",
    "export_chosen",
    "export_photos",
    "find_preset",
    "format_preset",
    "is_own",
    "list_presets",
    "name_examples",
    "name_preset",
    "preview_export",
    "remove_preset",
    "save_preset",
    "with_template",
]
