"""Whose programs shall find the keywords: what is written beyond what every program reads.

Everything that a photo already has is kept up in every profile; a profile says what is made where
there is none yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Extra(StrEnum):
    """A place for keywords or stars that only some programs need."""

    IPTC = "IPTC Keywords"
    DIGIKAM = "digiKam:TagsList"
    WINDOWS_LIST = "MicrosoftPhoto:LastKeywordXMP"
    WINDOWS_EXIF = "Exif XPKeywords"
    WINDOWS_RATING = "MicrosoftPhoto:Rating"


@dataclass(frozen=True, slots=True)
class Profile:
    """One choice of what to write.

    Attributes:
        name: as in settings.
        meaning: what it writes and for whom, in words.
        makes: what is made where there is none yet.
        is_in_file: JPEG, PNG and WebP carry their keywords themselves.
        has_full_names: a new sidecar of a RAW is called `f.cr3.xmp` instead of `f.xmp`.
    """

    name: str
    meaning: str
    makes: frozenset[Extra] = frozenset()
    is_in_file: bool = True
    has_full_names: bool = False


LIGHTROOM = Profile(
    "lightroom",
    "For Lightroom Classic, Bridge, Capture One and most others: XMP keywords, flat and as "
    "hierarchy, in JPEG, PNG and WebP files and in an XMP sidecar of all others; IPTC and the "
    "lists of other programs where the photo has them.",
)
DIGIKAM = Profile(
    "digikam-immich",
    "The same, and the tag list that digiKam and Immich read first; a new sidecar of a RAW is "
    "called photo.cr3.xmp, as these two and darktable want it.",
    frozenset({Extra.DIGIKAM}),
    has_full_names=True,
)
WINDOWS = Profile(
    "windows",
    "The same as lightroom, and in JPEG files what Windows Explorer writes itself: its keywords "
    "in Exif and XMP, and stars in percent.",
    frozenset({Extra.WINDOWS_LIST, Extra.WINDOWS_EXIF, Extra.WINDOWS_RATING}),
)
AGENCY = Profile(
    "agency",
    "The same as lightroom, and IPTC keywords of at most 64 bytes in every JPEG, for agencies, "
    "Photo Mechanic and old programs.",
    frozenset({Extra.IPTC}),
)
SIDECARS = Profile(
    "sidecars-only",
    "No photo is ever changed: all keywords, stars and labels go into XMP sidecars. Lightroom "
    "Classic does not read sidecars of JPEG files.",
    is_in_file=False,
    has_full_names=True,
)
PROFILES = {one.name: one for one in (LIGHTROOM, DIGIKAM, WINDOWS, AGENCY, SIDECARS)}
