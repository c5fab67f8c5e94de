"""A photo and its sidecars, read and parsed once for everything that follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError, UnreadablePhotoError
from tagger.core.formats import format_of
from tagger.metadata.carriers import (
    PhotoFile,
    is_for_exiftool,
    open_for_exiftool,
    open_photo,
)
from tagger.metadata.facts import Facts, facts_of_photo, facts_of_sidecar, merge_facts
from tagger.metadata.reading import facts_of_bytes, merge_carriers, read_photo_facts
from tagger.metadata.sidecars import find_sidecars

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tagger.metadata.exiftool import Exiftool
    from tagger.metadata.file_metadata import FileMetadata

_MAX_PHOTO_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """An XMP sidecar: its bytes and what they say."""

    path: Path
    data: bytes
    facts: Facts

    @classmethod
    def read(cls, path: Path) -> SidecarFile:
        """Raises `UnreadablePhotoError` when it can't be opened."""
        data = _read_bytes(path)
        return cls(path, data, facts_of_sidecar(data, path.name))


@dataclass(frozen=True)
class PhotoFiles:
    """A photo with its sidecars, read once.

    Attributes:
        names: of files beside the photo that may concern it.
        data: its bytes, None where keywords don't go into the file.
        opened: the same, parsed; None where it can't be edited.
        refusal: why it can't.
    """

    path: Path
    names: Collection[str]
    data: bytes | None
    opened: PhotoFile | None
    facts: Facts
    sidecars: Sequence[SidecarFile]
    refusal: MetadataRefusedError | None = None

    @classmethod
    def read(
        cls, path: Path, names: Collection[str], exiftool: Exiftool | None = None
    ) -> PhotoFiles:
        """With `exiftool` the formats that it writes count as those that hold keywords.

        Raises `UnreadablePhotoError` when the photo or a sidecar can't be opened.
        """
        tool = exiftool if is_for_exiftool(path) else None
        data = _read_bytes(path) if tool is not None or _holds_keywords(path) else None
        opened, refusal = (None, None) if data is None else _open(path, data, tool)
        if opened is not None:
            facts = facts_of_photo(opened.blocks)
        else:
            facts = read_photo_facts(path) if data is None else facts_of_bytes(data)
        sidecars = [SidecarFile.read(sidecar) for sidecar in find_sidecars(path, names)]
        return cls(path, names, data, opened, facts, sidecars, refusal)

    @property
    def is_hidden_by_sidecars(self) -> bool:
        """Whether a sidecar that speaks of keywords stands for those in the photo."""
        return not _holds_keywords(self.path)

    @cached_property
    def held(self) -> FileMetadata:
        """What the photo holds by the rules."""
        return self.held_with({})

    def held_with(self, said: Mapping[Path, Facts]) -> FileMetadata:
        """What it holds once these files say what their edits make them say."""
        sidecars = {one.path: one.facts for one in self.sidecars}
        sidecars |= {path: facts for path, facts in said.items() if path != self.path}
        return merge_carriers(self.path, said.get(self.path, self.facts), list(sidecars.values()))

    @property
    def everything(self) -> FileMetadata:
        """The same, with what the rules pass over."""
        held = self.held
        files = [replace(one, names=(*one.names, *one.overruled)) for one in self._files]
        union = merge_facts(files)
        return replace(held, keywords=union.keywords, paths=union.paths)

    @property
    def _files(self) -> list[Facts]:
        facts = [one.facts for one in self.sidecars]
        is_hidden = self.is_hidden_by_sidecars and any(one.has_keywords for one in facts)
        return facts if is_hidden else [self.facts, *facts]


def _open(
    path: Path, data: bytes, exiftool: Exiftool | None
) -> tuple[PhotoFile | None, MetadataRefusedError | None]:
    try:
        return open_photo(data) if exiftool is None else open_for_exiftool(
            path, data, exiftool
        ), None
    except MetadataRefusedError as error:
        return None, error


def _holds_keywords(path: Path) -> bool:
    fmt = format_of(path)
    return fmt is not None and fmt.holds_keywords


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_PHOTO_BYTES:
            raise MetadataRefusedError(f"{path.name} is larger than 1 GB, so it stays as it is.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadablePhotoError(f"{path.name} can't be opened: {error.strerror}.") from error
