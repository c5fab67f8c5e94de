"""One file's planned bytes, checked against what stood there before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagger.core.rating import NO_RATING_CHANGE, RatingChange
from tagger.metadata.spliced import NewFile, join

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.metadata.carriers import PhotoFile
    from tagger.metadata.facts import Facts


@dataclass(frozen=True, slots=True)
class CarrierEdit:
    """The new bytes of one file.

    Attributes:
        path: the photo itself or a sidecar.
        before: the bytes the plan was made from; None for a new sidecar.
        new: what is to be put in their place.
        reason: one sentence why a sidecar is used although the format holds keywords.
        rating: the change of stars and label that is part of the plan; no other may happen.
        opened: `before`, parsed already; spares doing it again.
    """

    path: Path
    before: bytes | None
    new: NewFile
    reason: str | None = None
    rating: RatingChange = NO_RATING_CHANGE
    opened: PhotoFile | None = field(default=None, repr=False, compare=False)

    @property
    def after(self) -> bytes:
        """The new file, whole."""
        return join(self.new)

    def verify(self, written: NewFile) -> Facts:
        """Check the new file; raise `MetadataRefusedError` on any harm. Returns what they say.

        Image data, other Exif tags, other IPTC datasets, other Photoshop resources and all XMP
        properties of other programs must be what they were, and the packet must parse with a
        second, independent reader.
        """
        from tagger.metadata.verifying import verify_bytes  # noqa: PLC0415 - it needs this module

        return verify_bytes(self, written)
