"""One file's planned bytes, checked against what stood there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.rating import NO_RATING_CHANGE, RatingChange

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class CarrierEdit:
    """The new bytes of one file.

    Attributes:
        path: the photo itself or a sidecar.
        before: the bytes the plan was made from; None for a new sidecar.
        after: the bytes to put in their place.
        reason: one sentence why a sidecar is used although the format holds keywords.
        rating: the change of stars and label that is part of the plan; no other may happen.
    """

    path: Path
    before: bytes | None
    after: bytes
    reason: str | None = None
    rating: RatingChange = NO_RATING_CHANGE

    def verify(self, written: bytes) -> None:
        """Check the bytes that came back from the disk; raise `MetadataRefusedError` on any harm.

        Image data, other Exif tags, other IPTC datasets, other Photoshop resources and all XMP
        properties of other programs must be what they were, and the packet must parse with a
        second, independent reader.
        """
        from tagger.metadata.verifying import verify_bytes  # noqa: PLC0415 - it needs this module

        verify_bytes(self, written)
