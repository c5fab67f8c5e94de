"""Pictures for others: presets, rendering, names, and copies that tell nobody a place."""

from tagger.export.copying import copy_photo
from tagger.export.naming import export_name
from tagger.export.preset import Preset, load_presets
from tagger.export.render import render_photo

__all__ = ["Preset", "copy_photo", "export_name", "load_presets", "render_photo"]
