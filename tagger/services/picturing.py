"""Pixels to look at: thumbnails for the grid, larger pictures for a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tagger.core.errors import UnreadablePhotoError
from tagger.images import decode_photo
from tagger.images.thumbnails import make_thumbnail, open_thumbnail, read_embedded_thumbnail
from tagger.library.thumbnails import ThumbnailStore
from tagger.services.settings import thumbnails_limit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from tagger.core.ids import PhotoId
    from tagger.library.browsing import PictureFile
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class Pixels:
    """A picture ready to be shown.

    Attributes:
        rgb: three bytes a pixel, row by row without gaps, sRGB, upright.
    """

    width: int
    height: int
    rgb: bytes

    @classmethod
    def of(cls, image: Image.Image) -> Self:
        """The pixels of an RGB image."""
        return cls(image.width, image.height, image.tobytes())


class PictureSource:
    """Pictures of the photos in one library. Safe to use from any thread; close it last."""

    def __init__(self, workspace: Workspace) -> None:
        self._library = workspace.library
        self._thumbnails = ThumbnailStore(
            workspace.home / "thumbnails.db", limit_bytes=thumbnails_limit(workspace.library)
        )

    def close(self) -> None:
        """Close the cache, after running calls have ended."""
        self._thumbnails.close()

    def forget_thumbnails(self) -> None:
        """Empty the cache; thumbnails are made again when they are looked at.

        Raises:
            LibraryError: the disk refuses.
        """
        self._thumbnails.keep_only(())

    def find_files(self, photo_ids: Sequence[PhotoId]) -> dict[PhotoId, PictureFile]:
        """The files behind photos; those that are gone are left out."""
        return self._library.picture_files(photo_ids)

    def load_thumbnail(self, file: PictureFile, side_px: int) -> Pixels | None:
        """The stored thumbnail, None when none was made yet. Takes 2 ms."""
        if file.key is None:
            return None
        content = self._thumbnails.load(file.key)
        if content is None:
            return None
        try:
            return Pixels.of(open_thumbnail(content, side_px))
        except UnreadablePhotoError:
            return None

    def borrow_thumbnail(self, file: PictureFile) -> Pixels | None:
        """The small picture that the camera put into the file, until there is a better one."""
        image = read_embedded_thumbnail(file.path)
        return None if image is None else Pixels.of(image)

    def make_thumbnail(self, file: PictureFile, side_px: int) -> Pixels:
        """Decode the photo, and keep the thumbnail for next time.

        Raises:
            PhotoError: the photo can't be read.
        """
        content = make_thumbnail(file.path)
        if file.key is not None:
            self._thumbnails.save(file.key, content)
        return Pixels.of(open_thumbnail(content, side_px))

    def read_picture(self, file: PictureFile, long_side_px: int) -> Pixels:
        """Decode the photo for a closer look.

        Raises:
            PhotoError: the photo can't be read.
        """
        return Pixels.of(decode_photo(file.path, long_side_px=long_side_px))
