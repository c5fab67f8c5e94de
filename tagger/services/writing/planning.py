"""What writing does to one photo, down to the bytes.

Helpers load this module, so it needs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.rating import RatingChange, normal_rating
from tagger.metadata import KeywordChange, PhotoFiles, plan_files
from tagger.services.rating import explain_conflict
from tagger.services.writing.merging import Merge, merge_keywords

if TYPE_CHECKING:
    from tagger.core.writes import PendingWrite
    from tagger.metadata import CarrierEdit, FileMetadata, Profile
    from tagger.metadata.exiftool import Exiftool
    from tagger.services.neighbours import Neighbours


@dataclass(frozen=True)
class Way:
    """How a run writes.

    Attributes:
        neighbours: the names of the files in each folder.
        profile: what the person chose to be written.
        exiftool: what edits the formats that are not ours, None where they get sidecars.
    """

    neighbours: Neighbours
    profile: Profile
    exiftool: Exiftool | None = None


@dataclass(frozen=True)
class PhotoPlan:
    """One photo, ready to be written.

    Attributes:
        files: the photo and its sidecars as they are.
        edits: those that change, with their new bytes.
        merge: what becomes of its keywords.
        rating: the change of stars and label.
        rating_conflict: why stars or label are not written, else None.
    """

    pending: PendingWrite
    files: PhotoFiles
    edits: tuple[CarrierEdit, ...]
    merge: Merge
    rating: RatingChange
    rating_conflict: str | None

    @property
    def conflict(self) -> str | None:
        """One sentence when another program decided otherwise than a person did here."""
        if self.merge.refused:
            return f"Another program took out {', '.join(self.merge.refused)}; it stays out."
        return self.rating_conflict


def plan_photo(pending: PendingWrite, way: Way) -> PhotoPlan:
    """Read the photo and plan its new bytes, by what the person chose to be written.

    Raises:
        PhotoError: it can't be read, or not be written without risk.
    """
    names = tuple(way.neighbours.names(pending.path))
    files = PhotoFiles.read(pending.path, names, way.exiftool)
    held = files.held
    merge = merge_keywords(pending, keywords_of(held))
    in_file = normal_rating(held.rating, held.label)
    conflict = explain_conflict(pending.rating, in_file)
    rating = pending.rating.without_conflicts(in_file)
    change = KeywordChange(add=merge.add, remove=merge.remove, rating=rating)
    edits = plan_files(files, change, now=datetime.now().astimezone(), profile=way.profile)
    return PhotoPlan(pending, files, edits, merge, rating, conflict)


def keywords_of(metadata: FileMetadata) -> tuple[str, ...]:
    """Flat keywords and full paths, as the library keeps them."""
    return (*metadata.keywords, *("|".join(names) for names in metadata.paths))
