"""Stars and label in XMP and Exif, with the mirrors that other programs keep of them.

`xmp:Rating` and `xmp:Label` are what all read first. Windows keeps stars in percent beside them, in
XMP and in Exif; these are kept up where they are. So is IPTC urgency, which some old programs show
as stars, where it says the same as they do (`iptc_editing`).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.profiles import Extra
from tagger.metadata.rdf import Property, drop_property, find_rdf, set_simple
from tagger.metadata.tiff import PERCENT_TAG, RATING_TAG, Entry, read_block_directory
from tagger.metadata.xmp_properties import (
    LABEL,
    RATING,
    URGENCY,
    WINDOWS_RATING,
    percent_from_stars,
    read_facts,
    read_number,
    urgency_from_stars,
)

if TYPE_CHECKING:
    from lxml import etree

    from tagger.core.rating import RatingChange
    from tagger.metadata.packet import Packet
    from tagger.metadata.resolution import Resolution

_SHORT = 3
_STUCK = "The stars or the label in the XMP metadata are stored in a way that can't be edited."


def edit_rating(packet: Packet, resolution: Resolution) -> bool:
    """Set stars and label in a parsed packet; returns whether anything changed.

    Raises `MetadataRefusedError` when they are stored in a way that can't be edited.
    """
    rating = resolution.rating
    if not rating:
        return False
    rdf, is_changed = find_rdf(packet.root), False
    if rating.rating is not None:
        makes_percent = Extra.WINDOWS_RATING in resolution.makes
        is_made = bool(rating.rating or resolution.embedded.rating)
        is_changed = _set_number(rdf, (RATING,), rating.rating, is_made=is_made)
        percent = percent_from_stars(rating.rating)
        is_changed = _set_number(rdf, WINDOWS_RATING, percent, is_made=makes_percent) or is_changed
        is_changed = _set_urgency(rdf, resolution.held_rating, rating.rating) or is_changed
    if rating.label is not None:
        keeps_empty = bool(resolution.embedded.label)
        is_changed = _set_label(rdf, rating.label, keeps_empty=keeps_empty) or is_changed
    facts = read_facts(rdf)
    if rating.rating not in {None, facts.rating or 0} or rating.label not in {
        None,
        facts.label or "",
    }:
        raise MetadataRefusedError(_STUCK)
    return is_changed


def edit_exif_rating(exif: bytes, rating: RatingChange) -> bytes | None:
    """The Exif block with other stars where it has them; None without them or without change.

    Values are written over in place, so nothing in the block moves.
    """
    if rating.rating is None:
        return None
    changed = bytearray(exif)
    stars = max(rating.rating, 0)
    for tag, value in ((RATING_TAG, stars), (PERCENT_TAG, percent_from_stars(stars))):
        found = find_short(exif, tag)
        if found is not None:
            order, entry = found
            struct.pack_into(f"{order}H", changed, entry.value_offset, value)
    return bytes(changed) if changed != exif else None


def find_short(exif: bytes, tag: int) -> tuple[str, Entry] | None:
    """Byte order and entry of a single 16-bit number in the first directory, None without it."""
    try:
        directory = read_block_directory(exif)
    except MetadataRefusedError:
        return None
    entry = directory.entries.get(tag)
    if entry is None or entry.kind != _SHORT or entry.count != 1 or directory.is_big:
        return None
    return directory.order, entry


def _set_urgency(rdf: etree._Element, before: int, stars: int) -> bool:
    """What Adobe's programs keep of IPTC urgency in XMP; see `iptc_editing.edit_urgency`."""
    old, new = urgency_from_stars(before), urgency_from_stars(stars)
    if old == new or Property(rdf, (URGENCY,)).first() != old:
        return False
    set_simple(rdf, URGENCY, new)
    return True


def _set_number(rdf: etree._Element, names: tuple[str, ...], number: int, *, is_made: bool) -> bool:
    """Set a number under all of its names that are there; none is made but under the first."""
    is_changed = False
    present = [name for name in names if Property(rdf, (name,)).exists]
    for name in present or (names[:1] if is_made else ()):
        texts = Property(rdf, (name,)).texts()
        if not texts or any(read_number(text) != number for text in texts):
            set_simple(rdf, name, str(number))
            is_changed = True
    return is_changed


def _set_label(rdf: etree._Element, label: str, *, keeps_empty: bool) -> bool:
    place = Property(rdf, (LABEL,))
    if (place.first() or "") == label and (label or place.exists or not keeps_empty):
        return False
    if label or keeps_empty:
        set_simple(rdf, LABEL, label)
    else:
        drop_property(place)
    return True
