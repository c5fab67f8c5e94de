"""What shall be exported and how, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.export import Preset, Window


class Sheet(StrEnum):
    """A contact sheet beside the pictures."""

    NONE = "none"
    PDF = "pdf"
    JPEG = "jpeg"


class Crop(StrEnum):
    """What a picture is cut around."""

    SUBJECT = "subject"
    """Where the network looked for the class, and where there is detail."""
    CENTRE = "centre"


@dataclass(frozen=True)
class ExportRequest:
    """One export.

    Attributes:
        folder: takes the pictures, or the ZIP file called after it.
        is_zip: all files go into one ZIP instead.
        has_captions: a text file with captions and hashtags is put beside them.
        tag: the class that the pictures are about: names and crops go by it. None takes each
            photo's own.
        tags: the same for single photos.
        windows: crops chosen for this export; they win over those remembered.
        crop: what presets that cut are cut around where nobody placed a crop.
    """

    preset: Preset
    folder: Path
    is_zip: bool = False
    has_captions: bool = False
    sheet: Sheet = Sheet.NONE
    tag: str | None = None
    tags: Mapping[PhotoId, str] = field(default_factory=dict)
    windows: Mapping[PhotoId, Window] = field(default_factory=dict)
    crop: Crop = Crop.SUBJECT

    def tag_of(self, photo: PhotoId) -> str | None:
        """The class that this photo is about; None for its own."""
        return self.tags.get(photo, self.tag)

    @property
    def zip_path(self) -> Path:
        """Where the ZIP goes: `florist` and `florist.zip` both mean `florist.zip`.

        Raises:
            WrongUseError: the folder is the root of a drive, which has no name.
        """
        if not self.folder.name:
            raise WrongUseError(f"Give a name for the ZIP, such as {self.folder / 'florist.zip'}.")
        has_suffix = self.folder.suffix.lower() == ".zip"
        return self.folder if has_suffix else self.folder.with_name(self.folder.name + ".zip")

    @property
    def place(self) -> Path:
        """The folder in which files are made."""
        return self.zip_path.parent if self.is_zip else self.folder


@dataclass
class ExportResult:
    """What an export did.

    Attributes:
        written: the files it made; with a ZIP that one.
        skipped: files that were there already, equal.
        failed: photo and reason for those it could not export.
        pictures: how many pictures are there now, made or met.
    """

    written: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)
    pictures: int = 0
