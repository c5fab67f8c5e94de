"""From a photo's file to the bytes of its export."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.export import copy_photo, encode_picture, finish_picture, frame_picture, largest_window
from tagger.images import decode_to_size
from tagger.services.exporting.items import make_extras

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from tagger.export import Extras, Frame, Preset, Window
    from tagger.services.cropping import SubjectFinder
    from tagger.services.exporting.items import Item, Signature

    Size = tuple[int, int]


@dataclass(frozen=True)
class Rendered:
    """The bytes of a picture; `window` is the part that was kept, None where nothing was cut."""

    content: bytes
    window: Window | None


@dataclass(frozen=True)
class Renderer:
    """Makes pictures by one preset. Safe in threads.

    Attributes:
        subjects: says where to cut; None cuts in the middle.
    """

    preset: Preset
    signature: Signature
    subjects: SubjectFinder | None = None

    def render(self, path: Path, item: Item) -> bytes:
        """The bytes of one exported picture.

        Raises:
            PhotoError: it can't be read or made.
        """
        return self.compose(path, item).content

    def compose(self, path: Path, item: Item) -> Rendered:
        """The same, with the crop that was found.

        Raises:
            PhotoError: it can't be read or made.
        """
        if self.preset.fit == "copy":
            return Rendered(copy_photo(path), None)
        extras = make_extras(item, self.preset, self.signature)
        scaled, full = self._decode(path, extras)
        extras, frame = self._frame(scaled, full, extras, item)
        picture = finish_picture(scaled, self.preset, frame, extras)
        window = extras.window if self.preset.ratio is not None else None
        if self.preset.ratio is not None and window is None:
            window = largest_window(full, self.preset.ratio)
        return Rendered(encode_picture(picture, self.preset, extras), window)

    def _decode(self, path: Path, extras: Extras) -> tuple[Image.Image, Size]:
        """The whole photo at the size in which it is cut, and its full size."""
        sizes: list[Size] = []

        def choose_size(full: Size) -> Size:
            sizes.append(full)
            return frame_picture(self.preset, full, extras.window).scaled

        return decode_to_size(path, choose_size), sizes[-1]

    def _frame(
        self, scaled: Image.Image, full: Size, extras: Extras, item: Item
    ) -> tuple[Extras, Frame]:
        ratio = self.preset.ratio
        if self.subjects is not None and ratio is not None and extras.window is None:
            # The largest window of this shape wherever it lies: the picture is scaled already.
            tag = next(iter(item.tags), None)
            focus = self.subjects.find_focus(scaled, tag)
            extras = replace(extras, window=largest_window(full, ratio, focus))
        return extras, frame_picture(self.preset, full, extras.window)
