"""How other programs read a photo: which files, which places of keywords, which stars and labels.

The rules are gathered from manuals, specifications and public sources of the programs; those of
closed programs were read about. They hold for a photo that the program sees for the first time, or
reads again; what a program keeps in its own catalogue can't be seen from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tagger.core.formats import Format
from tagger.metadata.carried import Carrier, StarsCarrier


class SidecarUse(Enum):
    """Which sidecars a program reads, and instead of what."""

    NONE = auto()
    SHORT_OF_RAW = auto()
    """`f.xmp` instead of what is in a RAW; DNG and all others carry their own."""
    SHORT = auto()
    """`f.xmp` instead of what is in the photo."""
    FULL = auto()
    """`f.ext.xmp` instead of what is in the photo."""
    FULL_OR_SHORT = auto()
    LAYERED = auto()
    """`f.ext.xmp`, or else `f.xmp`, before what is in the photo, list by list."""


@dataclass(frozen=True, slots=True)
class Program:
    """How one program reads.

    Attributes:
        lists: places of keywords, in its order.
        is_first_alone: it reads the first of these places that has any; else all together.
        stars: places of stars, in its order; none where it shows none.
        labels: the texts of labels that it shows as colours; None where it shows no labels.
        formats: the formats whose own metadata it reads; None for all.
        note: what else a person has to know.
    """

    name: str
    lists: tuple[Carrier, ...]
    is_first_alone: bool
    sidecars: SidecarUse
    stars: tuple[StarsCarrier, ...] = (StarsCarrier.XMP,)
    labels: frozenset[str] | None = None
    formats: frozenset[Format] | None = None
    note: str = ""


_LIGHTROOM_COLOURS = frozenset({"Red", "Yellow", "Green", "Blue", "Purple"})
_BRIDGE_COLOURS = frozenset({"Select", "Second", "Approved", "Review", "To Do"})

PROGRAMS = (
    Program(
        "Lightroom Classic",
        (Carrier.HIERARCHY, Carrier.RECONCILED),
        is_first_alone=False,
        sidecars=SidecarUse.SHORT_OF_RAW,
        labels=_LIGHTROOM_COLOURS,
        note="It reads a photo again on Metadata > Read Metadata from File.",
    ),
    Program(
        "Bridge",
        (Carrier.RECONCILED,),
        is_first_alone=False,
        sidecars=SidecarUse.SHORT_OF_RAW,
        labels=_BRIDGE_COLOURS,
    ),
    Program(
        "Capture One",
        (Carrier.HIERARCHY, Carrier.SUBJECT),
        is_first_alone=False,
        sidecars=SidecarUse.SHORT,
        labels=_LIGHTROOM_COLOURS,
        note="With metadata sync set to Load or Full.",
    ),
    Program(
        "Photo Mechanic",
        (Carrier.RECONCILED,),
        is_first_alone=False,
        sidecars=SidecarUse.SHORT_OF_RAW,
        labels=frozenset(),
        note="Its colours come from its own colour class, not from the label.",
    ),
    Program(
        "digiKam",
        (
            Carrier.DIGIKAM,
            Carrier.WINDOWS_LIST,
            Carrier.HIERARCHY,
            Carrier.MEDIAPRO,
            Carrier.ACDSEE,
            Carrier.SUBJECT,
            Carrier.IPTC,
            Carrier.WINDOWS_EXIF,
        ),
        is_first_alone=True,
        sidecars=SidecarUse.FULL,
        stars=(
            StarsCarrier.XMP,
            StarsCarrier.WINDOWS_XMP,
            StarsCarrier.EXIF,
            StarsCarrier.EXIF_PERCENT,
        ),
        note="With “read from sidecar files” switched on.",
    ),
    Program(
        "darktable",
        (Carrier.HIERARCHY, Carrier.SUBJECT),
        is_first_alone=True,
        sidecars=SidecarUse.FULL_OR_SHORT,
    ),
    Program(
        "Immich",
        (Carrier.DIGIKAM, Carrier.HIERARCHY, Carrier.IPTC),
        is_first_alone=True,
        sidecars=SidecarUse.LAYERED,
    ),
    Program(
        "Windows Explorer",
        (Carrier.SUBJECT, Carrier.IPTC, Carrier.WINDOWS_EXIF),
        is_first_alone=False,
        sidecars=SidecarUse.NONE,
        stars=(
            StarsCarrier.EXIF,
            StarsCarrier.EXIF_PERCENT,
            StarsCarrier.WINDOWS_XMP,
            StarsCarrier.XMP,
        ),
        formats=frozenset({Format.JPEG, Format.TIFF}),
        note="It shows a removed keyword again unless every place has lost it.",
    ),
    Program(
        "Apple Photos",
        (Carrier.SUBJECT,),
        is_first_alone=False,
        sidecars=SidecarUse.NONE,
        stars=(),
        note="At import; later changes of the file are not seen.",
    ),
)
